"""A text as tokens, and as its shape: one letter for the class of each token.

Rules are regular expressions over the shape, which is short, and where almost every token is the same letter
(the class of words that have nothing to do with time). Offsets are 0-based, end-exclusive code points.

The words of time say which class each belongs to, and what it counts or names. Rules are patterns over word
classes (see `notation`), so a word that is not here is invisible to them. A few words are read only when
capitalised ("May", "March", weekdays) or only as abbreviations with their full stop ("Sat.").
"""

import re
import string
from dataclasses import dataclass
from itertools import accumulate

from search.english import calendar
from search.english.numbers import PARTED_NUMBER, number_words
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


_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_LAST_DAY_OF_MONTH = 31

_PUNCTUATION = {
    ".": "STOP", ",": "COMMA", "-": "HYPHEN", "\u2010": "HYPHEN", "\u2011": "HYPHEN", "\u2013": "HYPHEN",
    "'": "APOSTROPHE", "\u2019": "APOSTROPHE", "'s": "POSSESSIVE", "\u2019s": "POSSESSIVE",
    "(": "OPEN", ")": "CLOSE", "[": "OPEN", "]": "CLOSE", "/": "SLASH", "%": "PERCENT",
    "$": "MONEY", "\u00a3": "MONEY", "\u20ac": "MONEY", "\u00a5": "MONEY", "#": "MONEY",
    '"': "QUOTE", "\u201c": "QUOTE", "\u201d": "QUOTE",
}  # fmt: skip
_NUMBERS = (
    "YEAR", "DAY", "INTEGER", "DECIMAL", "NTH", "CLOCK", "ISO", "NUMERIC_DATE", "DECADE", "SHORT_YEAR",
    "QUARTER_NUMBER", "HALF_NUMBER", "FISCAL_YEAR",
)  # fmt: skip
_NAMES = {name for name, _ in (*WORDS.values(), *NAMES.values())} | {"HOLIDAY"}

_CLASSES = ["OTHER", "PARAGRAPH", *_NUMBERS, *sorted(set(_PUNCTUATION.values())), *sorted(_NAMES)]
_ALPHABET = string.ascii_letters + string.digits + "".join(c for c in map(chr, range(0xC0, 0x180)) if c.isalpha())
LETTERS = dict(zip(_CLASSES, _ALPHABET, strict=False))
"""Class -> the letter that stands for it in a shape."""


def letters_of(names: str) -> frozenset[str]:
    """The letters of classes, given by their names with spaces between."""
    return frozenset(map(LETTERS.__getitem__, names.split()))


_ABBREVIATIONS = NAMES | {
    f"{word}.": (name, number)
    for name, words in (("MONTH", MONTH_ABBREVIATIONS), ("WEEKDAY", WEEKDAY_ABBREVIATIONS))
    for word, number in words.items()
}
_NUMERIC = {
    "ISO": r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d",
    "NUMERIC_DATE": r"(?<![\d./-])\d{1,2}(?:/\d{1,2}/(?:\d{4}|\d\d)|\.\d{1,2}\.\d{4}|-\d{1,2}-\d{4})",
    "CLOCK": r"\d{1,2}:\d\d(?::\d\d)?",
    "DECADE": r"(?:\d\d)?\d0s",
    "NTH": r"\d{1,3}(?:st|nd|rd|th)",
    "SHORT_YEAR": r"(?<!\d)['\u2019]\d\ds?",
    "NUMBER": PARTED_NUMBER + r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}
_SHORT = "|".join([*MONTH_ABBREVIATIONS, *WEEKDAY_ABBREVIATIONS])
_HOLIDAYS = "|".join(
    re.sub("['\u2019]S", "['\u2019]s", name.title()).replace(" ", r"\s")
    for name in sorted(HOLIDAYS, key=len, reverse=True)
)
# The order is for speed too: most tokens are plain words, commas, full stops and names.
_KINDS = (
    r"(?P<PLAIN>[a-z]++(?=[\s,;]))|(?P<POINT>,|\.(?!\d))"
    rf"|(?P<HOLIDAY>\b(?=[A-Z])(?:{_HOLIDAYS})\b)"
    rf"|(?P<ABBREVIATION>\b(?=[A-Za-z]{{3,5}}+\.)(?i:{_SHORT})\.)|(?P<NAME>[A-Z][a-z]++(?=[ ,.]))"
    r"|(?P<MERIDIEM>\b(?:[ap]\.\s?m\b\.?|[AP]\.\s?M\b\.?))"
    r"|(?P<QUARTER_NUMBER>\bQ[1-4]\b|\b[1-4]Q\b)|(?P<HALF_NUMBER>\bH[12]\b|\b[12]H\b)|(?P<FISCAL_YEAR>\bFY(?:\d\d)?\d\d\b)"
    r"|(?P<WORD>[^\W\d_]+(?:['\u2019](?!s\b)[^\W\d_]+)*)"
    + "".join(rf"|(?P<{name}>(?:{pattern})(?!\d))" for name, pattern in _NUMERIC.items())
    + r"|(?P<PARAGRAPH>\n[ \t]*\n\s*)|(?P<FRACTION>\.\d+)|(?P<MARK>['\u2019]s\b|[^\w\s])|(?P<OTHER>\w)"
)
_ONE_WORD_HOLIDAYS = frozenset(name.title() for name in HOLIDAYS if name.isalpha())
_KIND = re.compile(_KINDS)
_SPACE = r" *(?:(?=\s)(?:[^\S\n]|\n(?![ \t]*\n))*)"
_LEADING = re.compile(_SPACE)
_PIECE = re.compile(rf"[a-z]++ (?=\S)|(?:{re.sub('[?]P<[A-Z_]+>', '?:', _KINDS)}){_SPACE}?")
"""A token with the white space after it: pieces laid end to end are the text."""

PARAGRAPH = ""
"""The word that stands for the break between paragraphs."""

_REMEMBERED = 1 << 16
"""Words whose letters are remembered: as many as a few weeks of a newspaper use."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text.

    Attributes:
        text: The text itself.
        words: Each token, as it stands in the text; a break between paragraphs is empty.
        starts: Where each begins, in code points; and at last the end of the text.
        shape: One letter for each token: the class it belongs to.
    """

    text: str
    words: list[str]
    starts: list[int]
    shape: str

    def end(self, index: int) -> int:
        """Where a token ends."""
        return self.starts[index] + len(self.words[index])


def tokenise(text: str) -> Tokens:
    """Cut a text into tokens; white space but the blank line between paragraphs belongs to none."""
    leading = _LEADING.match(text)
    begin = leading.end() if leading else 0
    pieces = _PIECE.findall(text, begin)
    starts = list(accumulate(map(len, pieces), initial=begin))
    words = list(map(str.rstrip, pieces))
    return Tokens(text, words, starts, "".join(map(_letter_of, words)))


class _Letters(dict[str, str]):
    """Word -> letter of its class, found when a word is first met; begun anew when full."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        letter = self[word] = _letter(word)
        return letter


_letter_of = _Letters().__getitem__


def _letter(word: str) -> str:
    """The letter of a word's class, which the word alone tells."""
    if word == PARAGRAPH:
        return LETTERS["PARAGRAPH"]
    if not word.isalpha() or word in _ONE_WORD_HOLIDAYS:
        found = _KIND.match(word)
        kind = (found.lastgroup if found else None) or "OTHER"
        if kind != "WORD":
            return LETTERS[_class_of(kind, word)]
    lower = word.lower()
    known = WORDS.get(lower) or (NAMES.get(lower) if word[0].isupper() else None)
    return LETTERS[known[0] if known else "OTHER"]


def _class_of(kind: str, word: str) -> str:
    """The class of a token that is not a plain word."""
    if kind in ("POINT", "MARK", "FRACTION"):
        return _PUNCTUATION.get(word, "OTHER")
    if kind == "ABBREVIATION":
        return _ABBREVIATIONS[word.lower()][0] if word[0].isupper() else "OTHER"
    if kind != "NUMBER":
        return kind
    if not word.isdecimal():
        return "DECIMAL"
    if len(word) == 4 and _FIRST_YEAR <= int(word) <= _LAST_YEAR:  # noqa: PLR2004 - a year has four digits
        return "YEAR"
    # Not the number of any word: Python refuses those of more than 4,300 digits.
    return "DAY" if len(word) <= 2 and 1 <= int(word) <= _LAST_DAY_OF_MONTH else "INTEGER"  # noqa: PLR2004


def meaning(word: str) -> Meaning:
    """What a word of the lexicon counts or names."""
    lower = word.lower()
    known = WORDS.get(lower) or _ABBREVIATIONS.get(lower)
    return known[1] if known else None


_SENTENCE_END = frozenset(["?", "!", ";", PARAGRAPH])
_ABBREVIATED = re.compile(
    r"(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Rep|Sen|Gov|Corp|Inc|Co|Ltd|Jr|Sr|No|U|vs|Prof|Rev)"
)


def closes(tokens: Tokens, index: int) -> bool:
    """Whether a sentence ends with this token, as far as the tense of a date needs to know."""
    word = tokens.words[index]
    if word != ".":
        return word in _SENTENCE_END
    if index == 0:
        return True
    following = tokens.words[index + 1] if index + 1 < len(tokens.words) else ""
    return not (_ABBREVIATED.fullmatch(tokens.words[index - 1]) or following[:1].islower() or following == ",")
