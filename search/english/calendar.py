"""The calendar as English names it: months, weekdays, seasons, parts of the day, units, zones, holidays.

Nothing here reads a text or knows what a name means in a sentence; `search.times` does.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from search.english.table import table

_Row = dict[str, tuple[str, ...]]


def named(kind: str) -> dict[str, str]:
    """The full names of a kind, lower case, and what each counts or names: "april" -> "4"."""
    return {name: row["value"][0] for row in _rows(kind) for name in row["name"]}


def shortened(kind: str) -> dict[str, str]:
    """The short forms of a kind, lower case, without a full stop: "apr" -> "4"."""
    return {short: row["value"][0] for row in _rows(kind) for short in row["short"]}


def several(kind: str) -> dict[str, str]:
    """The plurals of a kind, lower case: "sundays" -> "7"."""
    return {plural: row["value"][0] for row in _rows(kind) for plural in row["plural"]}


def _rows(kind: str) -> list[_Row]:
    return [row for row in table("calendar") if row["kind"] == (kind,)]


def month_numbers() -> dict[str, int]:
    """Every name of a month, short ones too, lower case, without a full stop."""
    return {name: int(value) for name, value in (named("month") | shortened("month")).items()}


def zones() -> dict[str, int | None]:
    """Zones' abbreviations, lower case, and their hours ahead of UTC; None where that depends."""
    return {row["name"][0]: int(row["hours"][0]) if row["hours"] else None for row in table("zones")}


@cache
def holidays() -> dict[str, Callable[[int], date]]:
    """Holidays by their names, lower case, and the day each falls on in a year."""
    return {name: _falling(row) for row in table("holidays") for name in row["name"]}


def _falling(row: _Row) -> Callable[[int], date]:
    if row["day"]:
        month, day = map(int, row["day"][0].split("-"))
        return lambda year: date(year, month, day)
    if row["easter"]:
        after = timedelta(days=int(row["easter"][0]))
        return lambda year: easter(year) + after
    month, weekday, nth = map(int, row["weekday"][0].split())
    return lambda year: _weekday_of(year, month, weekday, nth)


def _weekday_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` ISO weekday of a month; the last one for -1."""
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    if nth > 0:
        return found + timedelta(weeks=nth - 1)
    return max(day for week in range(5) if (day := found + timedelta(weeks=week)).month == month)


def easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian algorithm (Nature, 20 April 1876; Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)
