from datetime import date

import pytest

from search.errors import QueryError
from search.filters import Filter, Period, period


def test_a_filter_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(QueryError, match="begins on 2024-02-01, after it ends on 2024-01-01"):
        Filter(date(2024, 2, 1), date(2024, 1, 1))


def test_a_single_day_is_a_filter() -> None:
    assert Filter(date(2024, 2, 1), date(2024, 2, 1))


def test_an_empty_filter_is_false() -> None:
    assert not Filter()
    assert Filter(languages=("en",))


@pytest.mark.parametrize(
    ("given", "applied"),
    [
        (None, date(2024, 2, 1)),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (date(2024, 3, 1), date(2024, 2, 1)),
    ],
    ids=["open", "earlier", "later"],
)
def test_the_earlier_end_counts(given: date | None, applied: date) -> None:
    day = date(2024, 2, 1)
    assert Filter(published_to=given).until(day) == Filter(published_to=applied, as_of=day)


def test_a_filter_that_begins_after_the_day_asked_as_of_is_refused() -> None:
    with pytest.raises(QueryError, match="after it ends on 2024-01-31"):
        Filter(published_from=date(2024, 2, 1)).until(date(2024, 1, 31))


def test_a_period_is_bounded_on_one_side_at_least_and_in_order() -> None:
    with pytest.raises(QueryError, match="needs a first or a last day"):
        Period(None, None)
    with pytest.raises(QueryError, match="begins on 2024-02-01, after it ends on 2024-01-01"):
        Period(date(2024, 2, 1), date(2024, 1, 1))
    assert period(None, None) is None
    assert period(None, date(2024, 1, 1)) == Period(None, date(2024, 1, 1))


def test_each_kind_of_time_restricts_time() -> None:
    day = date(2024, 2, 1)
    assert not Filter(sources=("Wire",)).restricts_time
    assert Filter(published_from=day).restricts_time
    assert Filter(published_to=day).restricts_time
    assert Filter(about=Period(day, None)).restricts_time
    assert Filter(from_or_about=Period(day, None)).restricts_time


def test_time_and_speaker_tell_passages_of_one_article_apart() -> None:
    day = date(2024, 2, 1)
    assert not Filter(published_from=day, sources=("Wire",)).tells_passages_apart
    assert Filter(about=Period(day, None)).tells_passages_apart
    assert Filter(from_or_about=Period(day, None)).tells_passages_apart
    assert Filter(said_by=("Blinken",)).tells_passages_apart


@pytest.mark.parametrize("name", ["%_", "", "the", "of the"])
def test_somebody_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="names nobody"):
        Filter(said_by=("Blinken", name))
