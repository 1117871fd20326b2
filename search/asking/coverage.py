"""How well an archive covers what is asked: how new it is, who has fallen silent, when nothing was published.

All of it is reckoned from a snapshot's own days of publication, never from today's clock, so that the same
question to the same snapshot is told the same. What is usual is learnt from the days themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.records import Facts
from search.filters import Filter

_TIMES_AS_LONG = 2
_NINE_IN_TEN = 0.9
_LEAST_DAYS = 10  # on which a source published, or nothing can be said of what is usual
_MOST = 10
_CALENDARS = 8  # of snapshots and scopes that are asked at once

_Days = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Silence:
    """A source of which nothing has come for longer than usual.

    Attributes:
        source: Its name.
        last: The last day on which it published.
        days: How many days later the newest article of the archive was published.
        usual: How many days lie between two of its days of publication at most, nine times in ten.
    """

    source: str
    last: date
    days: int
    usual: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of days on which nothing was published.

    Attributes:
        first: Its first day.
        last: Its last day.
    """

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well an archive covers what is asked.

    Attributes:
        newest: The last day of publication, of the sources that are asked and until the day as of which is asked;
            None when there is none.
        silent: Sources silent for longer than usual, of those that are asked; those with most days first.
        in_period: How many articles were published in the period that is asked for; None when none is.
        gaps: Where nothing was in that period for longer than usual, or at all, in order.
    """

    newest: date | None = None
    silent: tuple[Silence, ...] = ()
    in_period: int | None = None
    gaps: tuple[Gap, ...] = ()


NOTHING_KNOWN = Coverage()
"""Of an archive whose days nobody has looked at."""


def coverage_of(facts: Facts, condition: Filter) -> Coverage:
    """Tell how well an archive of these facts covers what a filter asks for; its calendar is made once."""
    return _calendar_of(_Same(facts)).coverage(condition)


class _Same:
    """Facts, told from others by identity: a snapshot has them made once, and they are long."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.facts is self.facts

    def __hash__(self) -> int:
        return id(self.facts)


@lru_cache(_CALENDARS)
def _calendar_of(same: _Same) -> "Calendar":
    return Calendar.of(same.facts)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which an archive's articles were published, by source; made once for a snapshot's facts.

    An article whose day is not known counts for the first on which it may have been published.

    Attributes:
        facts: What it was made of.
        days: Ordinals of days and numbers of articles, shape (2, n), by source, in order.
    """

    facts: Facts
    days: Mapping[str, _Days]

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Make the calendar of a snapshot."""
        return cls(facts, facts.days.by_source)

    def coverage(self, condition: Filter) -> Coverage:
        """Tell how well it covers what a filter asks for; of sections and languages nothing is known by day."""
        until = condition.as_of.toordinal() if condition.as_of else None
        known = {source: _until(days, until) for source, days in self.days.items()}
        wanted = {source.casefold() for source in condition.sources}
        asked = {source: days for source, days in known.items() if not wanted or source.casefold() in wanted}
        newest_of_all = max((int(days[0, -1]) for days in known.values() if days.size), default=None)
        merged = _merged(asked.values())
        newest = date.fromordinal(int(merged[0, -1])) if merged.size else None
        if not until and not wanted:
            newest = self.facts.last_published  # of an article whose day is not known the last that it may be
        within, gaps = self._in_period(condition, merged)
        return Coverage(
            newest=newest,
            silent=_silences(asked, newest_of_all) if newest_of_all else (),
            in_period=within,
            gaps=gaps,
        )

    def _in_period(self, condition: Filter, days: _Days) -> tuple[int | None, tuple[Gap, ...]]:
        """Count the articles in the period that is asked for, and find its gaps."""
        period = condition.from_or_about
        first = condition.published_from or (period.first if period else None)
        last = condition.published_to or (period.last if period else None)
        if last == condition.as_of:
            last = None  # a day as of which is asked is no end that was asked for
        if first is None and last is None:
            return None, ()
        newest = condition.as_of or self.facts.last_published
        begin = (first or self.facts.first_published or last or date.min).toordinal()
        end = (last or newest or first or date.min).toordinal()
        within = days[:, (days[0] >= begin) & (days[0] <= end)]
        edges = np.concatenate(([begin - 1], within[0], [end + 1]))
        empty = np.diff(edges) - 1
        long = 1.0
        if within.size:
            long = _TIMES_AS_LONG * _usual(days[0]) if days.shape[1] >= _LEAST_DAYS else np.inf
        found = [
            (int(length), int(edge)) for length, edge in zip(empty, edges[:-1], strict=True) if length >= long
        ]
        longest = sorted(sorted(found, reverse=True)[:_MOST], key=lambda gap: gap[1])
        gaps = tuple(Gap(date.fromordinal(edge + 1), date.fromordinal(edge + length)) for length, edge in longest)
        return int(within[1].sum()), gaps


def _until(days: _Days, last: int | None) -> _Days:
    return days if last is None else days[:, days[0] <= last]


def _merged(several: Iterable[_Days]) -> _Days:
    """Days of several sources as those of one, shape (2, n)."""
    parts: Sequence[_Days] = [*several]
    if not parts:
        return np.empty((2, 0), dtype=np.int64)
    joined = np.concatenate(parts, axis=1)
    ordinals, places = np.unique(joined[0], return_inverse=True)
    return np.stack([ordinals, np.bincount(places, weights=joined[1], minlength=len(ordinals)).astype(np.int64)])


def _usual(days: _Days) -> int:
    """How many days lie between two days of publication at most, nine times in ten."""
    return int(np.quantile(np.diff(days), _NINE_IN_TEN, method="higher"))


def _silences(by_source: Mapping[str, _Days], newest: int) -> tuple[Silence, ...]:
    found: list[tuple[int, Silence]] = []
    for source, days in by_source.items():
        if not source or days.shape[1] < _LEAST_DAYS:
            continue
        last, usual = int(days[0, -1]), _usual(days[0])
        if newest - last > _TIMES_AS_LONG * usual:
            silence = Silence(source, date.fromordinal(last), newest - last, usual)
            found.append((days.shape[1], silence))
    found.sort(key=lambda pair: (-pair[0], pair[1].source))
    return tuple(silence for _, silence in found[:_MOST])
