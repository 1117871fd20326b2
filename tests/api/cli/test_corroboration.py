import io

from rich.console import Console

from api.cli.answers import render_answer
from api.schemas import AnswerResponse
from search.archive import Archive
from search.asking.engine import Engine
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store

QUESTION = "How many boats left the harbour of Porto at first?"
FIRST = make_article("first", "In all 41 boats left the harbour of Porto.", day="2024-05-02", source="Wire")
LONG = (
    "The council of Porto voted to rebuild the old quay, which a storm tore apart in January, and set aside much "
    "money for the work, the mayor of the town told reporters after a long debate. "
)


def shown(archive: Archive, embedder: HashEmbedder) -> str:
    answer = Engine(archive, embedder, Settings.load(wanted_precision=0)).ask(QUESTION, 1)
    console = Console(file=io.StringIO(), width=200)
    render_answer(console, AnswerResponse.of(answer))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_contradicts_is_kept_apart_from_reports_of_other_days(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(
        archive,
        hash_embedder,
        FIRST,
        make_article("same", "In all 45 boats left the harbour of Porto.", day="2024-05-02", source="Ledger"),
        make_article("later", "In all 47 boats left the harbour of Porto.", day="2024-05-04", source="Gazette"),
        make_article("too", "In all 41 boats left the harbour of Porto then.", day="2024-05-03", source="Post"),
    )
    text = shown(archive, hash_embedder)
    same_day, other_days = text.index("Reports of the same day differ:"), text.index("Reports of other days say")
    assert same_day < text.index("45 boats") < other_days < text.index("47 boats")
    assert "another number, later" in text
    assert "2 reports say so, none a copy of another or of the same known source: also Post 2024-05-03" in text


def test_a_copy_without_the_quote_is_another_version(archive: Archive, hash_embedder: HashEmbedder) -> None:
    whole = f"{LONG}\n\n{FIRST.body}"
    store(
        archive,
        hash_embedder,
        make_article("whole", whole, day="2024-05-02", source="Wire"),
        make_article("print", whole, day="2024-05-02", source="Ledger"),
        make_article("cut", LONG, day="2024-05-03", source="Gazette"),
    )
    text = shown(archive, hash_embedder)
    assert "other versions: Gazette" in text
    assert "also in: " in text
    assert "(first)" not in text, "two were published on one day"


def test_what_was_reported_before_is_told_in_order_and_no_second_time(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(
        archive,
        hash_embedder,
        make_article("first", "At least 41 boats left the harbour of Porto.", day="2024-05-02", source="Wire"),
        make_article("later", "In all 47 boats left the harbour of Porto.", day="2024-05-04", source="Gazette"),
        make_article("last", "In all 52 boats left the harbour of Porto.", day="2024-05-06", source="Post"),
    )
    answer = Engine(archive, hash_embedder, Settings.load(wanted_precision=0)).ask(
        "How many boats left the harbour of Porto?"
    )
    assert answer.citations[0].article_id == "last"
    response = AnswerResponse.of(answer)
    assert [(one.words, one.published.value) for one in response.history] == [
        ("47", "2024-05-04"),
        ("At least 41", "2024-05-02"),
    ]
    console = Console(file=io.StringIO(), width=200)
    render_answer(console, response)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert text.index("earlier: 47 (4 May 2024)") < text.index("earlier: At least 41 (2 May 2024)")
    assert "Reports of other days" not in text
