import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from search.archive import LocalArchive
from search.archive.liveness import is_stored
from search.archive.rows import mention_from_row, mention_to_row, statements_from_rows, statements_to_rows
from search.statements import Standing, read_statements
from search.times import TimeMention, tag
from tests.fakes import HashEmbedder, make_article, store
from tests.search.archive.glances import read, remove

PHRASES = (
    "on Sunday",
    "by 10:30 a.m. GMT on Friday",
    "at noon",
    "until the end of May",
    "within weeks",
    "every Monday",
    "for several days",
    "since late 2003",
    "after March 26, 1999",
    "before next year",
    "from April 15 to 20",
    "in early December 2006",
    "last night",
    "in the third quarter",
    "in the 1990s",
    "recently",
    "three months ago",
    "on February 29, 2024",
)
ZONES = st.none() | st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ANCHORS = st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.builds(
    lambda moment, zone: moment.replace(tzinfo=zone),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is drawn on its own
    ZONES,
)
BODIES = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=8).map(
    lambda phrases: " ".join(f"The ferry sailed {phrase}." for phrase in phrases)
)


def in_order(mentions: Sequence[TimeMention]) -> bool:
    return [m.start for m in mentions] == sorted(m.start for m in mentions)


@given(BODIES, ANCHORS)
def test_a_row_tells_all_that_the_mention_told(body: str, anchor: date | datetime) -> None:
    for mention in tag(body, anchor):
        read = mention_from_row(body, mention_to_row(mention))
        assert read == mention
        assert not read.interval or not mention.interval or _offsets(read) == _offsets(mention)


@given(st.text(max_size=120) | BODIES, ANCHORS)
def test_whatever_is_tagged_can_be_laid_out(body: str, anchor: date | datetime) -> None:
    for mention in tag(body, anchor):
        assert mention_from_row(body, mention_to_row(mention)) == mention


def test_a_row_holds_whole_days_for_what_is_bounded_only() -> None:
    bounded, lasting = tag("It closed on May 5, 1999 for several days.", date(2024, 9, 12))
    assert mention_to_row(bounded)[9:11] == (date(1999, 5, 5).toordinal(),) * 2
    assert mention_to_row(lasting)[6:11] == (None,) * 5


def test_the_archive_gives_back_what_was_stored(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    body = " ".join(f"The ferry sailed {phrase}." for phrase in PHRASES)
    store(archive, hash_embedder, make_article("ferry", body, day="2024-09-12"), make_article("none", "Nothing."))
    mentions = read(archive, "ferry").mentions
    assert list(mentions) == tag(body, date(2024, 9, 12))
    assert in_order(mentions)
    assert read(archive, "none").mentions == ()


def test_replaced_and_removed_articles_leave_no_mention(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, make_article("ferry", "The ferry sailed on Sunday.", day="2024-09-12"))
    store(archive, hash_embedder, make_article("ferry", "The ferry sailed in May.", day="2024-09-12"))
    assert [mention.words for mention in read(archive, "ferry").mentions] == ["May"]
    remove(archive, "ferry")
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        assert database.execute("SELECT * FROM mentions").fetchall() == []


def _offsets(mention: TimeMention) -> list[timedelta | None]:
    """Instants of two zones can be equal; their zones must be, too."""
    interval = mention.interval
    bounds = (interval.start, interval.end) if interval else ()
    return [bound.utcoffset() if isinstance(bound, datetime) else None for bound in bounds]


SENTENCES = (
    "The ferry sailed at noon.",
    'Ana Souza, mayor of Porto, said: "The bridge will open in May."',
    '"It is safe," she said. "It always was."',
    "The union threatened to strike.",
    "The company denied that the bridge was unsafe.",
    "If it rains, the bridge would close.",
    "Police said two cars collided.",
    "Will it ever open?",
    "Ana Souza said that the mayor of Tull, Jan Holt, had denied it, but police said it was true.",
)
SENTENCE_BODIES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(" ".join)


@given(SENTENCE_BODIES | st.text(max_size=120))
def test_a_row_tells_all_that_the_statement_told(body: str) -> None:
    statements = read_statements(body)
    assert statements_from_rows(body, statements_to_rows(statements)) == list(statements)


def test_the_archive_gives_back_what_says_more_than_that_it_is_so(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    body = " ".join(SENTENCES)
    store(archive, hash_embedder, make_article("bridge", body), make_article("none", "Nothing happened."))
    statements = read(archive, "bridge").statements
    assert list(statements) == [one for one in read_statements(body) if is_stored(one)]
    assert {one.standing for one in statements} == set(Standing)
    assert body[: len(SENTENCES[0])] not in {body[one.start : one.end] for one in statements}
    assert read(archive, "none").statements == ()


def test_replaced_and_removed_articles_leave_no_statement(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, make_article("bridge", "Police said two cars collided."))
    store(archive, hash_embedder, make_article("bridge", "The mayor said two cars collided."))
    assert [one.speaker.name for one in read(archive, "bridge").statements if one.speaker] == ["mayor"]
    remove(archive, "bridge")
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        assert database.execute("SELECT * FROM statements").fetchall() == []
