from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from search.article import Article, Precision, Publication, Withdrawal
from search.versions import is_older, last_of, stands, takes_the_place, was_earlier
from tests.fakes import make_article, published


def version(number: int | None, day: str | None = None, **fields: str | None) -> Article:
    return replace(make_article("a", "The quay is open.", day=day, **fields), version=number)


@pytest.mark.parametrize(
    ("first", "second", "earlier"),
    [
        ("2024-05-02", "2024-05-03", True),
        ("2024-05-02", "2024-05-02", False),
        ("2024-05-02", "2024-05-02T10:00", False),
        ("2024-05-02T09:59", "2024-05-02T10:00", True),
        ("2024-05-02T10:00", "2024-05-02T09:59", False),
        ("2024-05", "2024-05-31", False),
        ("2024-04", "2024-05-01", True),
        ("2023", "2024-01", True),
    ],
)
def test_one_publication_is_earlier_only_when_that_is_certain(first: str, second: str, earlier: bool) -> None:  # noqa: FBT001
    assert was_earlier(published(first), published(second)) is earlier


def test_moments_are_compared_across_zones_and_by_day_without_one() -> None:
    def at(hour: int, zone: timezone | None) -> Publication:
        return Publication(datetime(2024, 5, 2, hour, tzinfo=zone), Precision.SECOND, "the test")

    assert was_earlier(at(10, timezone(timedelta(hours=9))), at(2, UTC))
    assert not was_earlier(at(2, UTC), at(10, None))
    assert not was_earlier(None, at(2, UTC))
    assert not was_earlier(at(2, UTC), None)


def test_seconds_decide_nothing_against_a_minute() -> None:
    minute = Publication(datetime(2024, 5, 2, 10, 0), Precision.MINUTE, "the test")  # noqa: DTZ001
    second = Publication(datetime(2024, 5, 2, 10, 0, 30), Precision.SECOND, "the test")  # noqa: DTZ001
    assert not was_earlier(minute, second)
    assert not was_earlier(second, minute)


def test_numbers_of_versions_decide_before_dates() -> None:
    assert is_older(version(1, "2024-05-03"), version(2, "2024-05-02"))
    assert not is_older(version(2, "2024-05-02"), version(1, "2024-05-03"))
    assert is_older(version(2, "2024-05-02"), version(2, "2024-05-03"))
    assert is_older(version(None, "2024-05-02"), version(7, "2024-05-03"))
    assert not is_older(version(None), version(7))


@pytest.mark.parametrize(
    ("notice", "article", "holds"),
    [
        (Withdrawal(("a",), "wrong"), version(None, "2024-05-02"), True),
        (Withdrawal(("a",), "wrong", published("2024-05-02")), version(None, "2024-05-02"), True),
        (Withdrawal(("a",), "wrong", published("2024-05-02")), version(None, "2024-05-03"), False),
        (Withdrawal(("a",), "wrong", published("2024-05-02")), version(None), True),
        (Withdrawal(("a",), "wrong", published("2024-05-02"), 3), version(2, "2024-05-03"), True),
        (Withdrawal(("a",), "wrong", published("2024-05-04"), 3), version(4, "2024-05-03"), False),
        (Withdrawal(("a",), "wrong", version=3), version(3), True),
        (Withdrawal(("a",), "wrong", source="wire"), version(None, source="Wire"), True),
        (Withdrawal(("a",), "wrong", source="Gazette"), version(None, source="Wire"), False),
    ],
)
def test_a_withdrawal_holds_for_all_but_later_versions_of_its_source(
    notice: Withdrawal,
    article: Article,
    holds: bool,  # noqa: FBT001
) -> None:
    assert stands(notice, article) is holds


def test_an_article_takes_the_place_of_the_one_it_names_unless_it_is_older_or_of_another_source() -> None:
    first = make_article("a", "The quay is open.", day="2024-05-02", source="Wire")
    second = replace(first, id="b", published=published("2024-05-03"), supersedes="a")
    assert takes_the_place(second, first)
    assert takes_the_place(replace(second, published=None), first)
    assert not takes_the_place(replace(second, supersedes="c"), first)
    assert not takes_the_place(replace(second, source="Gazette"), first)
    assert not takes_the_place(replace(second, published=published("2024-05-01")), first)
    assert not takes_the_place(replace(first, supersedes="a"), first)


@pytest.mark.parametrize(
    ("days", "stays"),
    [
        ((None, None, None), "c"),
        (("2024-05-02", "2024-05-02", "2024-05-02"), "c"),
        (("2024-05-03", "2024-05-02", "2024-05-02"), "a"),
        (("2024-05-03", None, "2024-05-02"), "b"),
    ],
)
def test_of_several_the_last_stays(days: tuple[str | None, ...], stays: str) -> None:
    versions = [make_article(id_, "The quay is open.", day=day) for id_, day in zip("abc", days, strict=True)]
    assert last_of(versions).id == last_of(versions[::-1]).id == stays
