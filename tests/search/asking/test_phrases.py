from dataclasses import replace

import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.phrases import Held, phrases_in
from search.asking.retrieval import Sorting
from search.filters import Filter
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store

WIRE = make_article(
    "wire",
    "The harbour board met.\n\nIt spoke of a “Slow Boat” to Madeira, and of nothing else.",
    "Board meets",
    "2024-05-02",
)
COPY = replace(WIRE, id="wire-copy", source="Courier")
LATER = make_article(
    "later", "A slow\u00a0boat sank off Porto. Nobody was hurt by it.", "Boat sinks", "2024-06-01"
)
APART = make_article("apart", "The boat was slow, and so was the crew of the boat.", "Crew", "2024-07-01")
LONGER = make_article("longer", "Slow boating is a fashion of the rich. A boat is slow.", "Fashion", "2024-08-01")
UNDATED = make_article("undated", "They took the slow boat home.", "Home")


@pytest.fixture
def engine(archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    store(archive, hash_embedder, WIRE, COPY, LATER, APART, LONGER, UNDATED)
    return Engine(archive, hash_embedder, Settings.load())


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('"slow boat" to Madeira', ("slow boat",)),
        ("“slow boat” and „langsam“ and «lent», “slow boat”", ("slow boat", "langsam", "lent")),
        ("who's the boys' captain", ()),
        ("a 6' boat, said 'slowly'", ()),
        ('an open " mark', ()),
        ('"…" nothing', ()),
    ],
)
def test_phrases_stand_in_double_quotation_marks(question: str, phrases: tuple[str, ...]) -> None:
    assert phrases_in(question) == phrases


def found(engine: Engine, question: str, **options: object) -> list[str]:
    return [passage.article_id for passage in engine.search(question, **options).passages]  # type: ignore[arg-type]


def test_only_articles_whose_text_has_the_phrase_are_found(engine: Engine) -> None:
    result = engine.search('the "slow boat" of Madeira')
    assert result.held == Held(("slow boat",), 4, complete=True)
    assert {passage.article_id for passage in result.passages} == {"wire", "later", "undated"}
    assert all("boat" in passage.quote.lower() for passage in result.passages)
    assert len(found(engine, '"slow boat"', copies=True)) == 4
    assert engine.search("slow boat").held is None
    assert len(found(engine, "slow boat")) == 5


def test_every_phrase_must_stand_there(engine: Engine) -> None:
    assert found(engine, '"slow boat" "off Porto"') == ["later"]
    nothing = engine.search('"slow boat" "off Lisbon"')
    assert (nothing.passages, nothing.held) == ((), Held(("slow boat", "off Lisbon"), 0, complete=True))


def test_a_phrase_is_looked_for_under_the_filter(engine: Engine) -> None:
    assert found(engine, '"slow boat"', condition=Filter(sources=("courier",))) == ["wire-copy"]


@pytest.mark.parametrize("phrase", ["slow boat", "of the"])
def test_where_not_all_are_looked_at_this_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, phrase: str
) -> None:
    held = engine.search(f'"{phrase}"').held
    assert held
    assert held.complete
    monkeypatch.setattr("search.asking.phrases._MOST_PASSAGES", 2)
    cut = engine.search(f'"{phrase}"').held
    assert cut
    assert not cut.complete
    assert cut.articles <= held.articles


def test_results_come_by_date(engine: Engine) -> None:
    newest = found(engine, '"slow boat"', sorting=Sorting.NEWEST)
    assert newest == ["later", "wire", "undated"]
    assert found(engine, '"slow boat"', sorting=Sorting.OLDEST) == ["wire", "later", "undated"]
    assert found(engine, '"slow boat"', k=1, sorting=Sorting.NEWEST) == ["later"]
    assert found(engine, "slow boat", sorting=Sorting.NEWEST)[:2] == ["longer", "apart"]
    assert sorted(found(engine, "slow boat", k=3, sorting=Sorting.OLDEST)) == sorted(
        found(engine, "slow boat", k=3)
    )
