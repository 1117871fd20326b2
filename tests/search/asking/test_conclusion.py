"""The first results of a search are put in order by a reader, where it is told to."""

from collections.abc import Iterator

import pytest

from search.archive import MemoryArchive
from search.asking.engine import Engine
from search.asking.retrieval import Method, Sorting
from search.models import Models
from search.settings import Settings
from tests.fakes import HashEmbedder, ReaderForAWord, make_article, store

QUESTION = "How many crates did the harbour land?"
TOLD = [
    make_article("crates", "The harbour in Porto landed crates of fresh sardines on a day.", "", "2024-01-01"),
    make_article("number", "The harbour in Porto landed crates of fresh sardines on a day: 41.", "", "2024-01-02"),
    make_article("caixas", "O porto: harbour crates 41 e mais nada.", "Porto", "2024-01-03", language="pt"),
    make_article("else", "A tulip flowered in Imra.", "Tulip", "2024-01-04"),
]


@pytest.fixture(scope="module")
def archive() -> Iterator[MemoryArchive]:
    embedder = HashEmbedder()
    with MemoryArchive.create(embedder.card) as made:
        store(made, embedder, *TOLD)
        yield made


def ranking(archive: MemoryArchive, reads: int, k: int = 10, **options: object) -> tuple[list[str], list[str]]:
    """The ids of the articles found, and the passages that were read for it."""
    reader = ReaderForAWord("41")
    engine = Engine(archive, HashEmbedder(), Settings.load(search_reads=reads), models=Models(close_reader=reader))
    found = engine.search(QUESTION, k, copies=True, **options)  # type: ignore[arg-type]
    return [one.article_id for one in found.passages], reader.passages


def test_what_answers_comes_before_what_only_has_the_words(archive: MemoryArchive) -> None:
    plain, nothing = ranking(archive, 0)
    judged, read = ranking(archive, 12)
    assert nothing == []
    assert plain.index("crates") < plain.index("number")
    assert judged.index("number") < judged.index("crates")
    assert sorted(judged) == sorted(plain)
    assert len(read) == 3


def test_what_is_in_another_language_is_not_read_and_keeps_its_place(archive: MemoryArchive) -> None:
    plain, _ = ranking(archive, 0)
    judged, read = ranking(archive, 12)
    assert judged.index("caixas") == plain.index("caixas")
    assert not any("mais nada" in text.casefold() for text in read)


def test_as_many_are_read_as_are_told_and_as_many_come_back_as_are_asked_for(archive: MemoryArchive) -> None:
    plain, _ = ranking(archive, 0)
    judged, read = ranking(archive, 1, k=3)
    assert judged == plain[:3]
    assert len(read) <= 1
    first, _ = ranking(archive, 12, k=1)
    assert first == ranking(archive, 12)[0][:1]


@pytest.mark.parametrize("options", [{"method": Method.LEXICAL}, {"sorting": Sorting.NEWEST}])
def test_an_order_that_is_asked_for_is_kept(archive: MemoryArchive, options: dict[str, object]) -> None:
    assert ranking(archive, 12, **options) == (ranking(archive, 0, **options)[0], [])
