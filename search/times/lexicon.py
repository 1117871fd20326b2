"""The words of time: which class each belongs to, and what it counts or names.

Rules are patterns over word classes (see `notation`), so a word that is not here is invisible to them. A few
words are read only when capitalised ("May", "March", weekdays) or only as abbreviations with their full stop
("Sat.").
"""

from search.english import calendar
from search.english.numbers import number_words
from search.english.table import table
from search.times.value import Unit

Meaning = int | float | str | Unit | None


def _numbers(named: dict[str, str]) -> dict[str, int]:
    return {word: int(number) for word, number in named.items()}


MONTHS = _numbers(calendar.named("month"))
MONTH_ABBREVIATIONS = _numbers(calendar.shortened("month"))
WEEKDAYS = _numbers(calendar.named("weekday"))
WEEKDAY_ABBREVIATIONS = _numbers(calendar.shortened("weekday"))
HOLIDAYS = calendar.holidays()

_HUNDREDS = {word: number for word, number in number_words("multiple").items() if number in (100, 1000)}
CARDINALS = (
    {word: number for word, number in number_words("one").items() if number} | number_words("ten") | _HUNDREDS
)
ORDINALS = number_words("ordinal")
UNITS = {word: Unit(unit) for word, unit in calendar.named("unit").items() if word != "second"}
PLURAL_UNITS = {word: Unit(unit) for word, unit in calendar.several("unit").items()}

_FORTNIGHTS = (*calendar.named("fortnight"), *calendar.several("fortnight"))
_VALUED: dict[str, dict[str, Meaning]] = {
    "ORDINAL": dict(ORDINALS),
    "CARDINAL": {word: number for word, number in CARDINALS.items() if word not in _HUNDREDS},
    "HUNDRED": dict(_HUNDREDS),
    "UNIT": dict(UNITS),
    "UNITS": dict(PLURAL_UNITS),
    "UNIT_LONG": {word: Unit(unit) for word, unit in calendar.named("long").items()},
    "TONIGHT": {"tonight": "NI"},
    "PART": dict(calendar.named("part")),
    "NOON": dict(calendar.named("noon")),
    "SEASON": dict(calendar.named("season")),
    "SEASONS": dict(calendar.several("season")),
    "DECADE_NAME": dict(_numbers(calendar.named("decade"))),
    "ZONE": dict(calendar.zones()),
    "DOZEN": {word: number for word, number in number_words("multiple").items() if number == 12},  # noqa: PLR2004
}


def _words() -> dict[str, tuple[str, Meaning]]:
    words: dict[str, tuple[str, Meaning]] = {}
    for row in table("time_words"):
        value = int(row["value"][0]) if row["value"] else None
        words |= dict.fromkeys(row["words"], (row["class"][0], value))
    words |= dict.fromkeys(_FORTNIGHTS, ("FORTNIGHT", None))
    for name, members in _VALUED.items():
        words |= {word: (name, value) for word, value in members.items()}
    return words


WORDS = _words()
"""Lower-case word -> (class, meaning)."""

NAMES: dict[str, tuple[str, int]] = (
    {word: ("MONTH", number) for word, number in MONTHS.items()}
    | {word: ("SHORT_MONTH", number) for word, number in MONTH_ABBREVIATIONS.items()}
    | {word: ("WEEKDAY", number) for word, number in WEEKDAYS.items()}
    | {word: ("SHORT_WEEKDAY", number) for word, number in WEEKDAY_ABBREVIATIONS.items()}
    | {word: ("WEEKDAYS", number) for word, number in _numbers(calendar.several("weekday")).items()}
)
"""Words that are times only when capitalised."""
