"""What is known when an expression is read: the anchor, and what the article has said so far.

The anchor is the day on which a report says it was filed: that of the dateline at its head, "SALEM, Ore., Nov. 8
(CW) -". A stamp in UTC falls on the next day for an evening in America, and a report may be sent on after
midnight; "today" is that of its dateline.
"""

from datetime import date, datetime, tzinfo
from typing import NamedTuple

from search.times.interval import Interval
from search.times.value import Modifier, TimexType, Unit, unit_of

YEARS = range(1000, 9000)
"""Years of publication in which time is read: dates some years to either side stay in the calendar."""


class Reading(NamedTuple):
    """What a rule makes of an expression.

    Attributes:
        type: The TIMEX3 type.
        value: The TIMEX3 value.
        modifier: TIMEX3's `mod`.
        interval: Its interval, where this is not simply the value's ("the past three months").
        anchor: The value it was reckoned from; empty when the words are complete in themselves.
        clock: For an expression that tells only the time of day: that time, ready to join a date (`T10:30`).
        period: The reporting period it establishes ("the third quarter"), for "a year earlier" later on.
        zone: The zone that the words name ("5 p.m. EST"); None when they leave it to the anchor.
        alone: Whether it is an expression without a neighbour; "morning" is one only beside a date.
        named: Of a length, the date that it names with it, for "the previous year" later on.
    """

    type: TimexType
    value: str
    modifier: Modifier | None = None
    interval: Interval | None = None
    anchor: str = ""
    clock: str = ""
    period: str = ""
    zone: tzinfo | None = None
    alone: bool = True
    named: str = ""


class Story(NamedTuple):
    """An article as far as it has been read.

    Attributes:
        today: The day of publication.
        moment: The publication instant, when the time of day is known.
        previous: The last dated value mentioned, for "the next day"; empty at the beginning.
        previous_token: The index of that mention's last token.
        period: The reporting period under discussion (`1989-Q3`), or empty.
        day_first: Whether "7/4/1999" is the seventh of April; None when the article does not tell.
    """

    today: date
    moment: datetime | None = None
    previous: str = ""
    previous_token: int = -1
    period: str = ""
    day_first: bool | None = None

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the publication time, if it is known."""
        return self.moment.tzinfo if self.moment else None

    def then(self, reading: Reading, last_token: int) -> "Story":
        """The story after one more expression."""
        period = reading.period or self.period
        named = reading.named or reading.value
        if unit_of(named) is None:
            return self._replace(period=period)
        return self._replace(previous=named, previous_token=last_token, period=period)


def begin(anchor: date | datetime) -> Story:
    """The story before its first word, anchored on the publication time.

    Raises:
        ValueError: If the anchor's year is no year of publication; dates around it could not be reckoned.
    """
    if anchor.year not in YEARS:
        raise ValueError(f"published in {anchor.year}: times are read from {YEARS[0]} to {YEARS[-1]}")
    if isinstance(anchor, datetime):
        return Story(anchor.date(), anchor)
    return Story(anchor)


def dated(value: str | None, **more: object) -> Reading | None:
    """A reading of type DATE (TIME when the value has a clock); None when there is no value."""
    if value is None:
        return None
    timed = unit_of(value) in (Unit.DAY_PART, Unit.HOUR, Unit.MINUTE, Unit.SECOND)
    return Reading(TimexType.TIME if timed else TimexType.DATE, value, **more)  # type: ignore[arg-type]
