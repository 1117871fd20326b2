"""What is told of how well an archive covers what is asked."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.archive.records import Days, Facts
from search.asking.coverage import Calendar, Coverage, Gap, Silence
from search.filters import Filter, Period

FIRST = date(2024, 1, 1)


def days(*steps: int, first: date = FIRST) -> list[date]:
    """A day and those that follow it after so many days each."""
    found = [first]
    for step in steps:
        found.append(found[-1] + timedelta(days=step))
    return found


def facts(**sources: Iterable[date]) -> Facts:
    names, counted = tuple(sources), sorted({(source, day) for source, found in sources.items() for day in found})
    published = sorted(day for _, day in counted)
    numbers = np.array([names.index(source) for source, _ in counted], dtype=np.int32)
    return Facts(
        articles=len(counted),
        passages=len(counted),
        superseded=0,
        withdrawn=0,
        families=0,
        first_published=published[0] if published else None,
        last_published=published[-1] if published else None,
        undated=0,
        sources={},
        sections={},
        languages={},
        days=Days(names, numbers, np.array([day.toordinal() for _, day in counted], dtype=np.int32)),
        readings={},
    )


def covered(condition: Filter = Filter(), **sources: Iterable[date]) -> Coverage:  # noqa: B008 - frozen
    return Calendar.of(facts(**sources)).coverage(condition)


def test_an_empty_archive_has_nothing_newest_and_nobody_silent() -> None:
    assert covered() == Coverage()


def test_a_source_is_silent_when_it_is_for_more_than_twice_as_long_as_usual() -> None:
    daily, weekly = days(*[1] * 60), days(*[7] * 8)
    assert covered(Daily=daily, Weekly=weekly).silent == ()
    stopped = daily[:40]
    assert covered(Daily=daily, Stopped=stopped).silent == (Silence("Stopped", stopped[-1], days=21, usual=1),)
    assert covered(Daily=daily, Paused=daily[:59]).silent == ()


def test_a_source_of_few_days_has_nothing_that_is_usual() -> None:
    assert covered(Daily=days(*[1] * 60), Seldom=days(1, 1, 1)).silent == ()


def test_weekends_without_a_paper_are_usual() -> None:
    weekdays = days(*[1, 1, 1, 1, 3] * 6)
    assert covered(Daily=days(*[1] * 43), Weekday=weekdays[:-2]).silent == ()


def test_only_sources_that_are_asked_are_told_of() -> None:
    daily, stopped = days(*[1] * 60), days(*[1] * 20)
    asked = covered(Filter(sources=("stopped",)), Daily=daily, Stopped=stopped)
    assert asked.newest == stopped[-1]
    assert [one.source for one in asked.silent] == ["Stopped"]
    assert covered(Filter(sources=("Daily",)), Daily=daily, Stopped=stopped).silent == ()


def test_gaps_are_told_only_of_a_period_that_is_asked_for() -> None:
    wire = [*days(*[1] * 9), *days(*[1] * 9, first=date(2024, 2, 1))]
    assert (covered(Wire=wire).in_period, covered(Wire=wire).gaps) == (None, ())
    gap = Gap(date(2024, 1, 11), date(2024, 1, 31))
    winter = covered(Filter(published_from=date(2024, 1, 5), published_to=date(2024, 2, 5)), Wire=wire)
    assert (winter.in_period, winter.gaps) == (11, (gap,))
    asked = Filter(from_or_about=Period(date(2024, 1, 5), date(2024, 2, 5)))
    assert covered(asked, Wire=wire).gaps == (gap,)


def test_a_period_without_any_article_is_one_gap() -> None:
    march = Period(date(2024, 3, 1), date(2024, 3, 31))
    found = covered(Filter(from_or_about=march), Wire=days(1, 2, 3))
    assert (found.in_period, found.gaps) == (0, (Gap(date(2024, 3, 1), date(2024, 3, 31)),))


def test_of_few_days_only_a_period_without_any_article_is_told() -> None:
    early = Filter(published_from=FIRST, published_to=date(2024, 1, 31))
    assert covered(early, Wire=days(1, 2, 3)).gaps == ()


def test_the_day_as_of_which_is_asked_ends_what_is_looked_at() -> None:
    daily = days(*[1] * 60)
    told = covered(Filter().until(daily[10]), Wire=daily)
    assert (told.newest, told.in_period, told.gaps) == (daily[10], None, ())


@given(st.lists(st.integers(1, 40), max_size=40), st.integers(0, 400), st.integers(0, 400))
def test_no_article_was_published_in_a_gap(steps: list[int], begin: int, length: int) -> None:
    published = days(*steps)
    first = FIRST + timedelta(days=begin)
    period = Period(first, first + timedelta(days=length))
    told = covered(Filter(from_or_about=period), Wire=published)
    assert told.in_period == sum(period.first <= day <= period.last for day in published)
    for gap in told.gaps:
        assert first <= gap.first <= gap.last <= first + timedelta(days=length)
        assert not any(gap.first <= day <= gap.last for day in published)
