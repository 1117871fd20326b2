"""The words of time: which class each belongs to, and what it counts or names.

Rules are patterns over word classes (see `notation`), so a word that is not here is invisible to them. A few
words are read only when capitalised ("May", "March", weekdays) or only as abbreviations with their full stop
("Sat.").
"""

from search.times.value import Unit
from search.times.wordlist import words

Meaning = int | float | str | Unit | None

MONTHS = words("january february march april may june july august september october november december")
MONTH_ABBREVIATIONS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
WEEKDAY_ABBREVIATIONS = {
    "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6,
}  # fmt: skip
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}

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
DECADES = {word: number for number, word in enumerate(
    words("twenties thirties forties fifties sixties seventies eighties nineties"), 2)}  # fmt: skip

_SINGULAR = {
    "second": Unit.SECOND, "minute": Unit.MINUTE, "hour": Unit.HOUR, "day": Unit.DAY, "weekend": Unit.WEEKEND,
    "week": Unit.WEEK, "month": Unit.MONTH, "quarter": Unit.QUARTER, "year": Unit.YEAR, "decade": Unit.DECADE,
    "century": Unit.CENTURY,
}  # fmt: skip
UNITS = {word: unit for word, unit in _SINGULAR.items() if word != "second"}
PLURAL_UNITS = {f"{word}s": unit for word, unit in _SINGULAR.items() if word != "century"} | {
    "centuries": Unit.CENTURY
}

ZONES = {
    "gmt": 0, "utc": 0, "bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "msk": 3, "hkt": 8,
    "sgt": 8, "aest": 10, "aedt": 11, "et": None, "ct": None, "pt": None, "ist": None,
}  # fmt: skip
"""Hours ahead of UTC, None where that depends; CST is the American one, as news wires use it."""

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
    "TODAY": {"today": 0, "yesterday": -1, "tomorrow": 1},
    "TONIGHT": {"tonight": "NI"},
    "PART": {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "dawn": "MO", "dusk": "EV"},
    "NOON": {"noon": "12:00", "midday": "12:00", "midnight": "24:00"},
    "SEASON": dict(SEASONS),
    "DECADE_NAME": dict(DECADES),
    "ZONE": dict(ZONES),
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
    {word: ("MONTH", number) for number, word in enumerate(MONTHS, 1)}
    | {word: ("SHORT_MONTH", number) for word, number in MONTH_ABBREVIATIONS.items()}
    | {word: ("WEEKDAY", number) for number, word in enumerate(WEEKDAYS, 1)}
    | {f"{word}s": ("WEEKDAYS", number) for number, word in enumerate(WEEKDAYS, 1)}
)
"""Words that are times only when capitalised."""
