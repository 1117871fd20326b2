"""The words of time: which class each belongs to, and what it counts or names.

Rules are patterns over word classes (see `notation`), so a word that is not here is invisible to them. A few
words are read only when capitalised ("May", "March", weekdays) or only as abbreviations with their full stop
("Sat.").
"""

from search.english import calendar
from search.times.value import Unit
from search.times.wordlist import words

Meaning = int | float | str | Unit | None


def _numbers(named: dict[str, str]) -> dict[str, int]:
    return {word: int(number) for word, number in named.items()}


MONTHS = _numbers(calendar.named("month"))
MONTH_ABBREVIATIONS = _numbers(calendar.shortened("month"))
WEEKDAYS = _numbers(calendar.named("weekday"))
WEEKDAY_ABBREVIATIONS = _numbers(calendar.shortened("weekday"))
HOLIDAYS = calendar.holidays()

_ONES = words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_HUNDREDS = {"hundred": 100, "thousand": 1000}
CARDINALS = (
    {word: number for number, word in enumerate(_ONES, 1)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | _HUNDREDS
)
ORDINALS = {
    word: number
    for number, word in enumerate(
        words(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        1,
    )
}
UNITS = {word: Unit(unit) for word, unit in calendar.named("unit").items() if word != "second"}
PLURAL_UNITS = {word: Unit(unit) for word, unit in calendar.several("unit").items()}

_CLASSES: dict[str, str] = {
    "THE": "the",
    "A": "a an",
    "THIS": "this",
    "THAT": "that",
    "THESE": "these",
    "ITS": "its their his her our my your",
    "PRESENT": "current present",
    "RECENT": "recent",
    "LATEST": "latest",
    "SAME": "same corresponding comparable",
    "OF": "of",
    "IN": "in during throughout",
    "INTO": "into",
    "ON": "on",
    "AT": "at",
    "BY": "by",
    "FOR": "for",
    "TO": "to",
    "AND": "and",
    "OR": "or",
    "FROM": "from",
    "SINCE": "since",
    "UNTIL": "until till til",
    "THROUGH": "through thru",
    "WITHIN": "within",
    "BETWEEN": "between",
    "BEFORE": "before",
    "AFTER": "after",
    "STARTING": "starting beginning",
    "ENDED": "ended ending",
    "AGO": "ago",
    "EARLIER": "earlier",
    "LATER": "later",
    "HENCE": "hence",
    "EARLY": "early",
    "LATE": "late",
    "MID": "mid",
    "END": "end close",
    "START": "start outset",
    "MIDDLE": "middle midpoint",
    "ABOUT": "about around approximately roughly some",
    "NEARLY": "nearly almost",
    "OVER": "over",
    "MORE": "more longer",
    "LESS": "less fewer",
    "THAN": "than",
    "LEAST": "least",
    "MOST": "most",
    "UP": "up",
    "NO": "no",
    "AS": "as",
    "MUCH": "much long",
    "HALF": "half",
    "FISCAL": "fiscal",
    "FULL": "full",
    "PERIOD": "period periods",
    "EVERY": "every each",
    "NOW": "now",
    "RIGHT": "right",
    "CURRENTLY": "currently presently nowadays",
    "RECENTLY": "recently lately",
    "SOON": "soon",
    "SHORTLY": "shortly",
    "FUTURE": "future",
    "NEAR": "near foreseeable",
    "MOMENT": "moment",
    "TIME": "time",
    "ONCE": "once",
    "SO": "so",
    "OLD": "old",
    "OCLOCK": "o'clock oclock",
    "LOCAL": "local",
    "COUPLE": "couple",
    "FEW": "few several",
    "MANY": "many",
    "TRADING": "trading business working calendar",
    "BEYOND": "beyond",
    "WHILE": "while",
    "FORTNIGHT": " ".join((*calendar.named("fortnight"), *calendar.several("fortnight"))),
}

_VALUED: dict[str, dict[str, Meaning]] = {
    "LAST": {"last": -1},
    "PAST": {"past": -1},
    "PREVIOUS": {"previous": -1, "preceding": -1, "prior": -1},
    "NEXT": {"next": 1, "coming": 1, "upcoming": 1},
    "FOLLOWING": {"following": 1},
    "ORDINAL": dict(ORDINALS),
    "CARDINAL": {word: number for word, number in CARDINALS.items() if word not in _HUNDREDS},
    "HUNDRED": dict(_HUNDREDS),
    "UNIT": dict(UNITS),
    "UNITS": dict(PLURAL_UNITS),
    "UNIT_LONG": {word: Unit(unit) for word, unit in calendar.named("long").items()},
    "TODAY": {"today": 0, "yesterday": -1, "tomorrow": 1},
    "TONIGHT": {"tonight": "NI"},
    "PART": dict(calendar.named("part")),
    "NOON": dict(calendar.named("noon")),
    "SEASON": dict(calendar.named("season")),
    "DECADE_NAME": dict(_numbers(calendar.named("decade"))),
    "ZONE": dict(calendar.zones()),
    "MERIDIEM": {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12},
    "DOZEN": {"dozen": 12},
}


def _words() -> dict[str, tuple[str, Meaning]]:
    words: dict[str, tuple[str, Meaning]] = {
        word: (name, None) for name, members in _CLASSES.items() for word in members.split()
    }
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
