"""Whatever an answer says to stand in an article, the product itself verifies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas import AnswerResponse, SearchResponse, TimelineResponse
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import LocalArchive
from search.article import Span
from search.asking.engine import Engine
from search.quoting.alignment import may_be_marked, verify_quote
from search.quoting.claims import Report, read_claims, read_json_claims, verify_claims
from search.settings import Settings
from tests.fakes import NEWS, HashEmbedder, make_article, store

CORPUS = Path(__file__).parents[3] / "corpus" / "markdown"
WIRE = make_article(
    "wire",
    "LARVIK, March 4 - Ida Moen won Sunday's two-day regatta off Larvik by 7. 25 seconds, the club said on "
    "Monday.\n\n"
    "Two-thirds of the 5bn-krone prize went to this year's oldest crew. The club's five-year-old pier lost 66.40m "
    "of planks in 1976’s storm, and temperatures fell to -15 degrees by 10. 45 p.m. on Friday.\n\n"
    "\"Next month's race will be a mid-week one,\" Moen's coach, Per Dahl, told Tuesday's Post. "
    "Some 15-20 boats, among them U.S.-built ones, were damaged at a cost of $3. 75 million.",
    "Regatta",
    "2024-03-04",
)
KINDS = (
    *("When did", "When will", "Since when has", "How long did", "Who", "Where did", "How many", "How much did"),
    *("What percentage of", "By how much did", "Why did", "What did", "Whose", "How old is"),
)
SUBJECTS = (
    *("the regatta off Larvik end", "Moen win", "the pier lose", "the prize go to crews", "boats get damaged"),
    *("temperatures fall", "the next race take place", "the bridge collapse", "the Federal Reserve cut rates"),
    *("the cathedral reopen", "Artemis fly", "NATO members join", "the earthquake kill", "Iran send missiles"),
    *("Blinken say", "the Olympics open", "fossil fuels end"),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path_factory.mktemp("own") / "archive", embedder.card) as archive:
        store(archive, embedder, *NEWS, WIRE)
        index([CORPUS], archive, embedder, ReadOptions(now=datetime(2026, 1, 1, tzinfo=UTC)))
        yield Engine(archive, embedder, Settings.load(wanted_precision=0))


def verified(engine: Engine, answer: str) -> Report:
    with engine.archive.snapshot() as snapshot:
        return verify_claims(snapshot, read_claims(answer), Settings.load(max_claims=10_000))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KINDS), st.sampled_from(SUBJECTS))
def test_every_answer_of_ours_is_verified(engine: Engine, kind: str, subject: str) -> None:
    question = f"{kind} {subject}?"
    for answer in (
        AnswerResponse.of(engine.ask(question)).to_json(),
        SearchResponse.of(engine.search(question, 3)).to_json(),
        TimelineResponse.of(engine.timeline(subject, 5)).to_json(),
    ):
        report = verified(engine, answer)
        assert report.refused == ()
        assert [checked for checked in report.checked if not checked.verification.verified] == []


@pytest.mark.parametrize(
    ("marked", "stands"),
    [
        ("Sunday", True),
        ("Sunday's", True),
        ("Two-thirds", True),
        ("five-year-old", True),
        ("66.40m", True),
        ("1976", True),
        ("Next month", True),
        ("U.S.", True),
        ("15-20", True),
        ("10. 45 p.m.", True),
        ("-15", True),
        ("Sund", False),
        ("Two", False),
        ("thirds of the 5bn", False),
        ("66.40", False),
        ("66", False),
        ("25 seconds", False),
        ("45 p.m.", False),
        ("15 degrees", False),
        ("20 boats", True),
        ("75 million", False),
    ],
)
def test_marked_words_are_whole_words_and_figures(engine: Engine, marked: str, stands: bool) -> None:  # noqa: FBT001
    start = WIRE.body.index(marked) if marked != "Two" else WIRE.body.index("Two-thirds")
    span = Span(start, start + len(marked))
    assert may_be_marked(WIRE.body, span) is stands
    claim = {
        "quote": WIRE.body,
        "article_id": "wire",
        "answer": {"words": marked, "start": span.start, "end": span.end},
    }
    with engine.archive.snapshot() as snapshot:
        report = verify_claims(snapshot, read_json_claims(claim), Settings.load())
    assert report.verified is stands


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Moen won Sunday", False),
        ("Moen won Sunday regatta", False),
        ("by 7", False),
        ("25 seconds, the club said", False),
        ("regatta off Larvik by 7. 25 seconds", True),
        ("Moen won Sunday's two-day regatta", True),
    ],
)
def test_a_quote_is_held_to_more_than_a_mark(quote: str, stands: bool) -> None:  # noqa: FBT001
    assert verify_quote(WIRE.body, quote).status.verified is stands


def test_a_mark_keeps_what_a_prefix_turns_round() -> None:
    body = "The non-compliant, ex-navy ferry is half-empty."
    for word, stands in (("compliant", False), ("navy", False), ("empty", False), ("half", True), ("ferry", True)):
        start = body.index(word)
        assert may_be_marked(body, Span(start, start + len(word))) is stands
