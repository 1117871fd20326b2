"""The calendar as English names it: months, weekdays, seasons, units, zones, holidays, days that name an event.

And what moves something in it: "postponed", "put off", "an extension".
Nothing here reads a text or knows what a name means in a sentence; `search.times` does.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

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


def in_print(kind: str, *, short: bool = False) -> str:
    """Alternatives of the names of a kind as print has them: "Monday|Tuesday"; short ones without a full stop."""
    return "|".join(name.capitalize() for name in (shortened(kind) if short else named(kind)))


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


class NamedDay(NamedTuple):
    """The event that a month and a day before a noun name.

    Attributes:
        year: When it happened.
        always: Whether it is meant without an article, too.
    """

    year: int
    always: bool


@cache
def named_days() -> dict[tuple[int, int, str], NamedDay]:
    """Events whose year everybody knows, by month, day and noun, lower case."""
    found: dict[tuple[int, int, str], NamedDay] = {}
    for row in table("named_days"):
        month, day = map(int, row["day"][0].split("-"))
        known = NamedDay(int(row["year"][0]), bool(row["always"]))
        found |= {(month, day, noun): known for noun in row["nouns"]}
    return found


@cache
def always_named() -> dict[tuple[int, int], NamedDay]:
    """Those of them that are meant without an article, by month and day."""
    return {(month, day): known for (month, day, _), known in named_days().items() if known.always}


class Move(NamedTuple):
    """A word that moves something in time.

    Attributes:
        particles: Words of which one must follow it ("put off"); none when it needs none.
        way: 1 when it moves to a later time, -1 to an earlier one, 0 when it may be either.
    """

    particles: frozenset[str]
    way: int


_WAYS = {"later": 1, "earlier": -1, "either": 0}


@cache
def moves() -> dict[str, Move]:
    """The forms of the verbs and their nouns, lower case."""
    found: dict[str, Move] = {}
    for row in table("moves"):
        way = _WAYS[row["way"][0]]
        found |= {noun: Move(frozenset(), way) for noun in row["nouns"]}
        found |= {form: Move(frozenset(row["particles"]), way) for form in row["forms"]}
    return found
