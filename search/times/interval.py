"""Intervals: the stretch of the calendar that a value covers.

Intervals are half-open, `[start, end)`. Bounds are both dates, or both datetimes when the value names an hour
or a part of the day; a missing bound (None) is not known. Nothing finer than the value's own granularity is
claimed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TypeAlias

from search.times.value import LAST_YEAR, Modifier, Unit, first_day, last_year_of, move, unit_of

Moment: TypeAlias = date | datetime

_DAY_PARTS = {"MO": (0, 12), "AF": (12, 18), "EV": (18, 24), "NI": (18, 24), "DT": (6, 18)}
_LENGTH_IN_DAYS = {Unit.WEEKEND: 2, Unit.WEEK: 7}
_LENGTH_IN_MONTHS = {
    Unit.MONTH: 1,
    Unit.QUARTER: 3,
    Unit.SEASON: 3,
    Unit.HALF_YEAR: 6,
    Unit.YEAR: 12,
    Unit.DECADE: 120,
    Unit.CENTURY: 1200,
}
_LONGEST = {
    Unit.SECOND: timedelta(seconds=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY_PART: timedelta(hours=12),
    Unit.DAY: timedelta(days=1),
    Unit.WEEKEND: timedelta(days=2),
    Unit.WEEK: timedelta(days=7),
    Unit.MONTH: timedelta(days=31),
    Unit.QUARTER: timedelta(days=92),
    Unit.SEASON: timedelta(days=92),
    Unit.HALF_YEAR: timedelta(days=184),
    Unit.YEAR: timedelta(days=366),
    Unit.DECADE: timedelta(days=3_653),
    Unit.CENTURY: timedelta(days=36_525),
}
"""How long one of each unit lasts at most."""
_SEVERAL = {Unit.DAY_PART: "parts of day", Unit.CENTURY: "centuries"}


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time.

    Attributes:
        start: The first day or instant, or None when it is not known.
        end: The first day or instant after it, or None when it is not known.
        granularity: The unit that the words spoke in: how finely the bounds may be read.
    """

    start: Moment | None
    end: Moment | None
    granularity: Unit

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None:
            if isinstance(self.start, datetime) != isinstance(self.end, datetime):
                raise ValueError(f"one bound is a date and one an instant: {self.start} and {self.end}")
            if not self.start < self.end:
                raise ValueError(f"not an interval: [{self.start}, {self.end})")

    @property
    def first_day(self) -> date | None:
        """The first day touched."""
        return self.start.date() if isinstance(self.start, datetime) else self.start

    @property
    def last_day(self) -> date | None:
        """The last day touched (inclusive)."""
        if isinstance(self.end, datetime):
            return (self.end - timedelta(microseconds=1)).date()
        return self.end - timedelta(days=1) if self.end else None

    @property
    def precision(self) -> str:
        """How finely the bounds may be read, in a word: `week`, or `weeks` where it lasts longer than one."""
        unit = self.granularity
        if self.start is None or self.end is None or self.end - self.start <= _LONGEST[unit]:
            return unit.value
        return _SEVERAL.get(unit, f"{unit}s")

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share a day; unknown bounds reach without limit."""
        return (
            (self.first_day or date.min) <= (other.last_day or date.max)
            and (other.first_day or date.min) <= (self.last_day or date.max)
        )  # fmt: skip

    def in_days(self) -> "Interval":
        """The same stretch, widened to whole days."""
        last = self.last_day
        return Interval(self.first_day, last + timedelta(days=1) if last else None, self.granularity)


@lru_cache(maxsize=4096)
def interval_of(value: str, modifier: Modifier | None = None, zone: tzinfo | None = None) -> Interval | None:
    """The interval of a dated value, narrowed by its modifier.

    `START`, `MID` and `END` take the first ten days, days 11 to 20 and the days from 21 of a month, and about
    a third (of a year: a quarter, as "early next year" is used) of anything longer; a day or less is not
    divided.

    Args:
        value: A TIMEX3 value.
        modifier: The modifier of the words.
        zone: The zone of the clock, for values with a time of day.

    Returns:
        The interval, or None when the value names no place in the calendar.
    """
    unit, start = unit_of(value), first_day(value)
    if unit is None or start is None or start.year > LAST_YEAR:
        return None
    if "T" in value:
        return _instants(start, value.partition("T")[2], unit, zone)
    if last := last_year_of(value):
        return Interval(start, date(last + 1, 1, 1), unit) if start.year <= last < LAST_YEAR else None
    months = _LENGTH_IN_MONTHS.get(unit)
    end = move(start, months, Unit.MONTH) if months else start + timedelta(days=_LENGTH_IN_DAYS.get(unit, 1))
    return narrowed(Interval(start, end, unit), modifier) if end else None


def _instants(day: date, clock: str, unit: Unit, zone: tzinfo | None) -> Interval | None:
    """The instants of a part of the day (`MO`) or of a clock time (`10`, `10:30`, `10:30:15`)."""
    midnight = datetime.combine(day, time(), zone)
    if clock in _DAY_PARTS:
        first, last = _DAY_PARTS[clock]
        return Interval(midnight + timedelta(hours=first), midnight + timedelta(hours=last), unit)
    if not re.fullmatch(r"\d\d(:\d\d){0,2}", clock):
        return None
    hour, minute, second = ([int(part) for part in clock.split(":")] + [0, 0])[:3]
    start = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    length = {Unit.HOUR: timedelta(hours=1), Unit.MINUTE: timedelta(minutes=1)}.get(unit, timedelta(seconds=1))
    return Interval(start, start + length, unit)


def narrowed(whole: Interval, modifier: Modifier | None) -> Interval:
    """The part of an interval that "early", "mid" or "late" leaves."""
    start, end = whole.first_day, whole.end
    if start is None or end is None or modifier not in (Modifier.START, Modifier.MID, Modifier.END):
        return whole
    match whole.granularity:
        case Unit.MONTH:
            cuts = [start + timedelta(days=10), start + timedelta(days=20)]
        case Unit.YEAR:
            cuts = [date(start.year, 4, 1), date(start.year, 10, 1)]
        case Unit.WEEK | Unit.QUARTER | Unit.SEASON | Unit.HALF_YEAR | Unit.DECADE | Unit.CENTURY:
            days = ((end.date() if isinstance(end, datetime) else end) - start).days
            cuts = [start + timedelta(days=round(days / 3)), start + timedelta(days=round(2 * days / 3))]
        case _:
            return whole
    bounds = [start, *cuts, end]
    if modifier is Modifier.MID and whole.granularity is Unit.YEAR:
        bounds = [start, date(start.year, 5, 1), date(start.year, 9, 1), end]
    part = (Modifier.START, Modifier.MID, Modifier.END).index(modifier)
    return Interval(bounds[part], bounds[part + 1], whole.granularity)


def hull(intervals: "list[Interval]") -> Interval | None:
    """The smallest interval that covers all: "Friday and Saturday", "from April 15 to 20".

    The granularity is the finest of them; the bounds are whole days when some of them are.
    """
    if not intervals:
        return None
    if len({isinstance(bound, datetime) for i in intervals for bound in (i.start, i.end) if bound}) > 1 or (
        len({bound.tzinfo is None for i in intervals for bound in (i.start, i.end) if isinstance(bound, datetime)})
        > 1
    ):
        intervals = [interval.in_days() for interval in intervals]
    starts = [interval.start for interval in intervals]
    ends = [interval.end for interval in intervals]
    order = list(Unit)
    return Interval(
        None if None in starts else min(start for start in starts if start is not None),
        None if None in ends else max(end for end in ends if end is not None),
        min((interval.granularity for interval in intervals), key=order.index),
    )
