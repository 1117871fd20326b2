"""Everything that an article says of itself is stored and read as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from search.archive import LocalArchive, Outcome
from search.archive.care.doctor import examine
from search.archive.rows import article_from_row, article_to_row
from search.article import Article, Notice, NoticeKind, Part, Precision, Publication, Withdrawal
from tests.fakes import MISSILES, NEWS, HashEmbedder, make_article, published, put, store

EAST = timezone(timedelta(hours=9))
SENT = Publication(datetime(2024, 3, 4, 23, 30, tzinfo=UTC), Precision.MINUTE, "the test", date(2024, 3, 5))
LIVE = make_article(
    "live", "Votes are counted.\n\nThe minister has conceded.\n\nThe hall is empty.", "Election night"
)
FULL = replace(
    LIVE,
    published=SENT,
    label="URGENT",
    parts=(
        Part(0, 18, published("2024-03-04T21:05"), heading="21.05"),
        Part(20, 46, SENT, page=2, heading='A "heading"'),
        Part(48, 66, page=3),
    ),
    embargo=datetime(2024, 3, 5, 6, 0, tzinfo=EAST),
    rights="© Wire. “No archiving” after 30 days.",
    notice=Notice(NoticeKind.CORRECTION, "Corrects the hour."),
    version=3,
    remarks=("page 4 has no text", "the headline stood in the body"),
)


def stored(archive: LocalArchive, article: Article) -> Article:
    with archive.snapshot() as snapshot:
        return snapshot.read([article.id])[article.id].article


@pytest.mark.parametrize(
    "article",
    [
        *NEWS,
        FULL,
        replace(FULL, published=None),
        replace(FULL, embargo=datetime(2024, 3, 5, 6, 0)),  # noqa: DTZ001 - of no stated zone
        replace(LIVE, published=replace(SENT, local_day=SENT.moment.date())),
        replace(LIVE, parts=(Part(20, 46),)),
    ],
)
def test_an_article_is_read_as_it_was_stored(
    archive: LocalArchive, hash_embedder: HashEmbedder, article: Article
) -> None:
    store(archive, hash_embedder, article)
    read = stored(archive, article)
    assert (read, read.remarks, read.content_hash) == (article, article.remarks, article.content_hash)
    assert examine(archive.folder).sound


def test_of_many_parts_the_order_is_that_of_the_text(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    posts = [f"Post {number} of the evening." for number in range(120)]
    body, parts, at = "\n\n".join(posts), [], 0
    for number, post in enumerate(posts):
        parts.append(
            Part(at, at + len(post), published(f"2024-03-04T{23 - number // 60:02}:{59 - number % 60:02}"))
        )
        at += len(post) + 2
    article = replace(make_article("blog", body), parts=tuple(parts))
    store(archive, hash_embedder, article)
    assert stored(archive, article).parts == tuple(parts)


def test_the_day_where_it_was_written_counts_for_filters(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, FULL)
    with archive.snapshot() as snapshot:
        assert snapshot.facts.first_published == snapshot.facts.last_published == date(2024, 3, 5)


def test_parts_go_with_their_article(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, FULL)
    store(archive, hash_embedder, replace(FULL, parts=FULL.parts[:1]))
    assert stored(archive, FULL).parts == FULL.parts[:1]
    with archive.write() as writer:
        writer.remove(FULL.id)
        writer.commit()
    store(archive, hash_embedder, LIVE)
    assert stored(archive, LIVE).parts == ()
    assert examine(archive.folder).sound


def test_what_its_reader_says_now_is_kept_of_an_unchanged_article(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, FULL)
    with archive.write() as writer:
        assert put(writer, replace(FULL, remarks=(), origin="elsewhere"), hash_embedder) is Outcome.UNCHANGED
        writer.commit()
    assert (stored(archive, FULL).remarks, stored(archive, FULL).origin) == ((), "elsewhere")


def test_a_withdrawal_is_known_again_with_the_day_where_it_was_written(
    archive: LocalArchive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, MISSILES)
    sent = replace(SENT, moment=datetime(2024, 11, 4, 23, 30, tzinfo=UTC), local_day=date(2024, 11, 5))
    withdrawal = Withdrawal((MISSILES.id,), "It was wrong.", sent, source="Wire")
    with archive.write() as writer:
        assert writer.withdraw(withdrawal) == [MISSILES.id]
        assert writer.withdraw(withdrawal) == []
        writer.commit()
    with archive.snapshot() as snapshot:
        assert snapshot.read([MISSILES.id])[MISSILES.id].withdrawal == withdrawal


def test_rows_hold_nothing_of_what_an_article_does_not_have() -> None:
    row = article_to_row(LIVE, None)
    assert row[-5:] == (None,) * 5
    assert article_from_row((*row, "[]")) == LIVE
