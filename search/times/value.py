"""TIMEX3 values: what a time expression means, written as a short string.

A value is ISO 8601 with the additions of TIMEX3 (Saurí et al., TimeML Annotation Guidelines 1.2.1, and the
guidelines of TempEval-3): `1998`, `1998-04`, `1998-04-13`, `1998-W21`, `1998-W21-WE`, `1998-Q3`, `1998-H1`,
`1998-SU`, `199` (a decade), `19` (a century), `1998-04-13TMO`, `1998-04-13T10:00`, `P3W`, `PXD`, `PAST_REF`,
`XXXX-WXX-7`, `XXXX-09-11`; and, for a stretch of years, `2022/2023` as ISO 8601 writes intervals. This module
writes such strings and moves them through the calendar; `interval` reads them.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class TimexType(StrEnum):
    """The four types of TIMEX3."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


class Modifier(StrEnum):
    """TIMEX3's `mod`: how the words narrow or blur the value."""

    START = "START"
    MID = "MID"
    END = "END"
    APPROX = "APPROX"
    MORE_THAN = "MORE_THAN"
    LESS_THAN = "LESS_THAN"
    EQUAL_OR_MORE = "EQUAL_OR_MORE"
    EQUAL_OR_LESS = "EQUAL_OR_LESS"


class Unit(StrEnum):
    """Units of the calendar, from the finest; also the granularity of an interval."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY_PART = "part of day"
    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    HALF_YEAR = "half-year"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


PAST, PRESENT, FUTURE = "PAST_REF", "PRESENT_REF", "FUTURE_REF"

FIRST_YEAR, LAST_YEAR = 1, 9998
"""Years that are resolved: the calendar of `datetime`, less the year whose end it cannot express."""

_DURATION_LETTER = {
    Unit.SECOND: "TS",
    Unit.MINUTE: "TM",
    Unit.HOUR: "TH",
    Unit.DAY: "D",
    Unit.WEEKEND: "WE",
    Unit.WEEK: "W",
    Unit.MONTH: "M",
    Unit.QUARTER: "Q",
    Unit.YEAR: "Y",
    Unit.DECADE: "DE",
    Unit.CENTURY: "CE",
}
_MONTHS_IN = {
    Unit.MONTH: 1,
    Unit.QUARTER: 3,
    Unit.HALF_YEAR: 6,
    Unit.YEAR: 12,
    Unit.DECADE: 120,
    Unit.CENTURY: 1200,
}
_DAYS_IN = {Unit.DAY: 1, Unit.WEEKEND: 7, Unit.WEEK: 7}

_DATED = re.compile(
    r"(?P<year>\d{4})(?:/(?P<last_year>\d{4})|-(?:W(?P<week>\d\d)(?P<weekend>-WE)?|Q(?P<quarter>\d)|H(?P<half>\d)|(?P<season>SP|SU|FA|WI)"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<time>T.+)?)?))?"
)


def for_year(year: int) -> str:
    """`1998`."""
    return f"{year:04d}"


def for_years(first: int, last: int) -> str:
    """`2022/2023`, both years in."""
    return f"{first:04d}/{last:04d}"


def last_year_of(value: str) -> int | None:
    """The last year of a stretch of years (`2022/2023`); None for any other value."""
    found = _DATED.fullmatch(value)
    return int(found["last_year"]) if found and found["last_year"] else None


def for_month(year: int, month: int) -> str:
    """`1998-04`."""
    return f"{year:04d}-{month:02d}"


def for_quarter(year: int, quarter: int) -> str:
    """`1998-Q3`."""
    return f"{year:04d}-Q{quarter}"


def for_season(year: int, season: str) -> str:
    """`1998-SU`; seasons are SP, SU, FA and WI, and a winter is named by the year in which it begins."""
    return f"{year:04d}-{season}"


def for_week(day: date) -> str:
    """The ISO week of a day: `1998-W21`."""
    iso = day.isocalendar()
    return f"{iso.year:04d}-W{iso.week:02d}"


def containing(day: date, unit: Unit) -> str | None:
    """The value of the `unit` that holds `day`; None for units finer than a day."""
    values = {
        Unit.DAY: day.isoformat(),
        Unit.WEEK: for_week(day),
        Unit.WEEKEND: f"{for_week(day)}-WE",
        Unit.MONTH: for_month(day.year, day.month),
        Unit.QUARTER: for_quarter(day.year, (day.month + 2) // 3),
        Unit.YEAR: for_year(day.year),
        Unit.DECADE: f"{day.year // 10:03d}",
        Unit.CENTURY: f"{day.year // 100:02d}",
    }
    return values.get(unit)


def duration(count: float | None, unit: Unit) -> str:
    """A length of time: `P3W`, `PT4H`, `P2.5Y`; `PXW` when the count is not told."""
    letter = _DURATION_LETTER[unit]
    time, letter = ("T", letter[1:]) if letter.startswith("T") else ("", letter)
    return f"P{time}{'X' if count is None else format(count, 'g') if count < 10**6 else int(count)}{letter}"


def move(day: date, count: int, unit: Unit) -> date | None:
    """The day `count` units away; a day that its month lacks becomes the month's last (31 January + 1 month).

    None when the result leaves the calendar, or the unit is finer than a day.
    """
    if unit in _DAYS_IN:
        ordinal = day.toordinal() + count * _DAYS_IN[unit]
        in_calendar = date(FIRST_YEAR, 1, 1).toordinal() <= ordinal <= date(LAST_YEAR, 12, 31).toordinal()
        return date.fromordinal(ordinal) if in_calendar else None
    if unit not in _MONTHS_IN:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + count * _MONTHS_IN[unit], 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def unit_of(value: str) -> Unit | None:
    """The granularity of a dated value; None for durations, sets, references and unknown parts."""
    if re.fullmatch(r"\d\d", value):
        return Unit.CENTURY
    if re.fullmatch(r"\d{3}", value):
        return Unit.DECADE
    found = _DATED.fullmatch(value)
    if not found:
        return None
    if found["time"]:
        clock = found["time"]
        return Unit.DAY_PART if clock[1].isalpha() else (Unit.HOUR, Unit.MINUTE, Unit.SECOND)[clock.count(":")]
    named = {
        "day": Unit.DAY,
        "month": Unit.MONTH,
        "weekend": Unit.WEEKEND,
        "week": Unit.WEEK,
        "quarter": Unit.QUARTER,
        "half": Unit.HALF_YEAR,
        "season": Unit.SEASON,
    }
    return next((unit for part, unit in named.items() if found[part]), Unit.YEAR)


@lru_cache(maxsize=4096)
def first_day(value: str) -> date | None:
    """The first calendar day of a dated value; None when it has none (durations, impossible dates)."""
    if re.fullmatch(r"\d{2,3}", value):
        year = int(value.ljust(4, "0"))
        return date(year, 1, 1) if year else None
    found = _DATED.fullmatch(value)
    if not found:
        return None
    try:
        year = int(found["year"])
        if found["week"]:
            monday = date.fromisocalendar(year, int(found["week"]), 1)
            return monday + timedelta(days=5) if found["weekend"] else monday
        month = int(found["month"] or 1)
        if found["quarter"]:
            month = 3 * int(found["quarter"]) - 2
        elif found["half"]:
            month = 6 * int(found["half"]) - 5
        elif found["season"]:
            month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[found["season"]]
        return date(year, month, int(found["day"] or 1))
    except (ValueError, OverflowError):
        return None


def shift(value: str, count: int, unit: Unit) -> str | None:
    """Move a dated value by whole units, keeping its granularity: `1989-Q3` a year back is `1988-Q3`.

    A value coarser than the unit takes the unit's granularity (`1989`, one month on, is `1989-02`).
    None when the value has no place in the calendar or would leave it.
    """
    own, start = unit_of(value), first_day(value)
    if own is None or start is None:
        return None
    moved = move(start, count, unit)
    if moved is None:
        return None
    if own is Unit.SEASON:
        return for_season(moved.year, value[-2:])
    if own is Unit.HALF_YEAR:
        return f"{moved.year:04d}-H{1 if moved.month <= 6 else 2}"  # noqa: PLR2004 - June ends the first half
    order = list(Unit)
    return containing(moved, min(max(own, Unit.DAY, key=order.index), unit, key=order.index))
