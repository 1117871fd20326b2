from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from search.article import Article, Notice, NoticeKind, Part, Precision, Publication, Span
from tests.fakes import MISSILES, RATES, published


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-09-10", date(2024, 9, 10), date(2024, 9, 10)),
        ("2024-09-10T23:59", date(2024, 9, 10), date(2024, 9, 10)),
    ],
)
def test_a_publication_spans_the_days_it_does_not_tell_apart(text: str, first: date, last: date) -> None:
    publication = published(text)
    assert (publication.first_day, publication.last_day) == (first, last)
    assert publication.isoformat() == text


def test_days_are_those_of_the_articles_own_zone() -> None:
    zone = timezone(timedelta(hours=10))
    publication = Publication(datetime(2024, 9, 10, 1, 30, 5, tzinfo=zone), Precision.SECOND, "test")
    assert publication.first_day == date(2024, 9, 10)
    assert publication.isoformat() == "2024-09-10T01:30:05+10:00"


@pytest.mark.parametrize("field", ["id", "body"])
def test_an_article_without_id_or_body_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"non-empty {field}"):
        replace(MISSILES, **{field: ""})


def test_a_body_that_is_not_normalised_is_refused() -> None:
    with pytest.raises(ValueError, match="NFC"):
        replace(MISSILES, body="e\u0301")


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Article) if field.name not in {"id", "origin", "remarks", "left_out"}]
)
def test_every_part_of_an_article_decides_its_hash(field: str) -> None:
    others = {
        "published": RATES.published,
        "version": 2,
        "notice": Notice(NoticeKind.CORRECTION, "This version corrects a name."),
        "parts": (Part(0, 6, page=1),),
        "embargo": datetime(2024, 1, 2, 6, 0, tzinfo=UTC),
    }
    other = others.get(field, "something else")
    assert replace(MISSILES, **{field: other}).content_hash != MISSILES.content_hash


def test_neither_id_nor_origin_decides_the_hash() -> None:
    assert replace(MISSILES, id="x", origin="y").content_hash == MISSILES.content_hash


def test_an_absent_part_is_not_an_empty_one() -> None:
    assert replace(MISSILES, byline="").content_hash != replace(MISSILES, byline=None).content_hash


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 3)])
def test_an_impossible_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


def test_a_span_counts_code_points_and_stays_inside() -> None:
    assert Span(1, 3).of("a\U0001f680e") == "\U0001f680e"
    with pytest.raises(ValueError, match="reaches past"):
        Span(1, 4).of("abc")
