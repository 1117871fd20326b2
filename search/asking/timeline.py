"""Timelines: evidence in the order of the time that it speaks of, not of its publication."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from search.asking.citation import Citation

_DAYS_GROUPED_BY_DAY = 92
_DAYS_GROUPED_BY_MONTH = 3 * 366


class Grouping(StrEnum):
    """The unit that a timeline is grouped by."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A citation and the days that it speaks of.

    Attributes:
        first: First day.
        last: Last day.
        citation: The evidence; its `when` tells the words that were read.
    """

    first: date
    last: date
    citation: Citation


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """The entries that begin in one day, month or year.

    Attributes:
        begins: First day of the unit.
        entries: In the order of the days they speak of.
    """

    begins: date
    entries: tuple[TimelineEntry, ...]


def grouped(
    citations: Iterable[Citation], k: int, grouping: Grouping | None
) -> tuple[tuple[TimelineGroup, ...], Grouping]:
    """Group the `k` best citations that bound a time by the unit in which that time begins.

    Args:
        citations: Best first; those without a bounded time are left out.
        k: How many at most.
        grouping: The unit; None chooses it by the stretch that the entries cover.

    Returns:
        The groups in order, and the unit they are grouped by.
    """
    entries = sorted(
        _entries(citations)[:k],
        key=lambda entry: (entry.first, entry.last, entry.citation.article_id, entry.citation.start),
    )
    chosen = grouping or _fitting(entries)
    groups = tuple(
        TimelineGroup(begins, tuple(together))
        for begins, together in groupby(entries, key=lambda entry: _begin(entry.first, chosen))
    )
    return groups, chosen


def _entries(citations: Iterable[Citation]) -> list[TimelineEntry]:
    found = []
    for citation in citations:
        interval = citation.when.interval if citation.when else None
        if interval and interval.first_day and interval.last_day:
            found.append(TimelineEntry(interval.first_day, interval.last_day, citation))
    return found


def _fitting(entries: Sequence[TimelineEntry]) -> Grouping:
    if not entries:
        return Grouping.DAY
    covered = (entries[-1].first - entries[0].first).days
    if covered <= _DAYS_GROUPED_BY_DAY:
        return Grouping.DAY
    return Grouping.MONTH if covered <= _DAYS_GROUPED_BY_MONTH else Grouping.YEAR


def _begin(day: date, grouping: Grouping) -> date:
    match grouping:
        case Grouping.DAY:
            return day
        case Grouping.MONTH:
            return day.replace(day=1)
        case Grouping.YEAR:
            return day.replace(month=1, day=1)
