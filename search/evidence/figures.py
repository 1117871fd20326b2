"""Figures as they can be compared: how much of what, a range or a score, as finely as they were given.

Two figures agree or differ only when they are of one unit: of one currency, of the same things counted, to which
the same happened. Whatever cannot be told to be one unit is never compared ("20 people" with "20 tanks",
"5 million euros" with "5 million dollars"). The rules read English; of other languages less is compared.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from search.article import Span
from search.words import STOP_WORDS, terms

_WORDS_OF_NUMBERS = {
    word: value
    for value, word in enumerate(
        """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen
        """.split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_MULTIPLES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_SHORT_MULTIPLES = {"k": 1_000, "m": 10**6, "bn": 10**9}
_FRACTION = re.compile(r"\b(?:half|halves|thirds?|quarters?|fifths?|tenths?|twice|once)\b", re.IGNORECASE)
_MOST_DIGITS = 30
_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")

_WORD = rf"(?:{'|'.join((*_WORDS_OF_NUMBERS, *_TENS))})"
_MULTIPLE = rf"(?:(?:{'|'.join(_MULTIPLES)})s?)"
_NUMBER = (
    rf"(?:\d+(?:[.,]\d+)*(?:\s?(?:bn|m|k)\b)?|\b{_WORD}\b|\b{_MULTIPLE}\b)"
    rf"(?:[\s-](?:and\s)?(?:{_WORD}|{_MULTIPLE})\b)*"
)
_NUMBERS = re.compile(_NUMBER, re.IGNORECASE)
_SYMBOL = r"(?:US|HK|NZ|NT|A|C|S)?[$€£¥]"
_PAIR = re.compile(
    rf"(?<![\d.,])(?P<first>{_NUMBER})(?:\s?{_SYMBOL}|\s?%)?"
    rf"(?P<link>\s?[-\u2010-\u2015]\s?(?={_SYMBOL}?\d)|\s(?:to|and)\s){_SYMBOL}?(?P<second>{_NUMBER})",
    re.IGNORECASE,
)
_CONTEST = re.compile(
    r"\b(?:vot(?:e[ds]?|ing)|beat(?:s|en|ing)?|defeat(?:s|ed|ing)?|w[io]ns?|winning|los(?:t|e|es|ing)|victory|"
    r"scores?|scored|dr[ae]w|drawn|triumph(?:ed)?|shootout|passed|approved)\b",
    re.IGNORECASE,
)
_BEFORE_FIGURE = rf"\s+(?:an estimated\s+|some\s+)?{_SYMBOL}?$"
_AT_LEAST = re.compile(
    r"\b(?:more than|over|at least|no fewer than|no less than|not less than|above|upwards? of|exceed(?:s|ed|ing)?|"
    rf"a minimum of|as many as or more than){_BEFORE_FIGURE}",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:less than|fewer than|up to|at most|no more than|not more than|under|below|as many as|as much as|"
    rf"a maximum of){_BEFORE_FIGURE}",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b(?:about|around|nearly|almost|roughly|approximately|close to|just over|estimated)\s+{_SYMBOL}?$",
    re.IGNORECASE,
)
_BETWEEN, _FROM = (re.compile(rf"\b{word}\s+{_SYMBOL}?$", re.IGNORECASE) for word in ("between", "from"))
_APPROXIMATE = Fraction(1, 20)

_DOLLARS = {
    "us": "USD",
    "u.s.": "USD",
    "a": "AUD",
    "australian": "AUD",
    "c": "CAD",
    "canadian": "CAD",
    "hk": "HKD",
    "hong kong": "HKD",
    "s": "SGD",
    "singapore": "SGD",
    "nz": "NZD",
    "new zealand": "NZD",
    "nt": "TWD",
    "taiwan": "TWD",
}
_CURRENCIES = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "yen",
    "usd": "USD",
    "eur": "EUR",
    "gbp": "GBP",
    "rmb": "yuan",
}
_SYMBOL_BEFORE = re.compile(r"(?P<whose>US|HK|NZ|NT|A|C|S)?(?P<name>[$€£¥])\s?$")
_CURRENCY_AFTER = re.compile(
    r"[\s-]?(?:(?P<whose>US|U\.S\.|Australian|Canadian|Hong Kong|Singapore|New Zealand|Taiwan)\s?)?"
    r"(?P<name>[$€£¥]|(?:dollar|euro|pound|franc|mark|rupee|rouble|ruble|peso|shekel|dinar|riyal|crown|cent)s?\b"
    r"|(?:yen|yuan|baht|ringgit|rand|lire|lira|usd|eur|gbp|rmb)\b)",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(r"\s?%|[\s-](?:per\s?cent|pct)\b(?!age)", re.IGNORECASE)
_POINTS_AFTER = re.compile(r"[\s-](?:percentage|basis) points?\b", re.IGNORECASE)

_CLAUSE_ENDS = re.compile(r"[.;:!?()\"“”\n]|,(?!\d)|\s[-\u2010-\u2015]\s|\b(?:and|but|while)\b", re.IGNORECASE)
_WORD_OF_TEXT = re.compile(r"[^\W\d_][\w'’-]*")
_LEADING = frozenset("more other further additional or so of the its their his her these those such as".split())
_PLURALS = frozenset(
    "people men women children police personnel staff cattle aircraft sheep feet kg km cm mm ft mph kph".split()
)
_SINGULARS = re.compile(r"(?:ss|us|is|'s|’s)$")
_MOST_WORDS = 5
_FATES = {
    word: fate
    for fate, words in {
        "dead": "killed kill kills killing dead die died dies dying death deaths fatalities lives bodies toll",
        "hurt": "wounded wounding wounds injured injuring injuries injury hurt",
        "missing": "missing unaccounted",
        "held": "arrested arresting arrests detained detaining jailed",
        "saved": "rescued rescuing saved survived survivors survive freed released",
        "displaced": "evacuated evacuating displaced fled homeless",
        "ill": "infected infections sickened hospitalized hospitalised",
    }.items()
    for word in words.split()
}
_MEASURES = frozenset(
    "toll temperature magnitude population price rate index score age speed number total height depth".split()
)
_DIRECTIONS = {
    word: way
    for way, words in {
        1: "rose rise rises rising risen grew grow grows growing grown increased up gained gain climbed",
        -1: "fell fall falls falling fallen dropped drop drops declined down lost slid decreased",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure is a number of.

    Attributes:
        measure: A currency's code or name, `percent` or `point`; None for things counted.
        counted: The analysed noun that follows the figure; None when none could be told.
        fates: What became of those counted: `dead`, `hurt` and so on.
        measured: What the figure is said to measure in the words before it ("toll", "temperature").
        direction: 1 when it is said to have risen by that, -1 fallen; 0 when neither.
    """

    measure: str | None = None
    counted: str | None = None
    fates: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    direction: int = 0

    def is_of(self, other: "Unit") -> bool:
        """Whether the two are certainly of one kind, so that their figures can be compared."""
        if self.measure != other.measure or self.direction * other.direction < 0:
            return False
        if self.fates and other.fates and self.fates != other.fates:
            return False
        if self.measure is not None:
            return True
        if self.counted and other.counted:
            return self.counted == other.counted
        return bool(self.fates & other.fates) or (
            self.counted is other.counted and bool(self.measured & other.measured)
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure.

    Attributes:
        low: The least that it may be; None when it is open below ("up to 20").
        high: The most; None when it is open above ("at least 20").
        unit: What it is a number of.
        score: The two numbers of a score or a vote; `low` and `high` then say nothing.
        approximate: Whether it is said to be about that.
    """

    low: Fraction | None
    high: Fraction | None
    unit: Unit
    score: tuple[Fraction, Fraction] | None = None
    approximate: bool = False

    def agrees_with(self, other: "Figure") -> bool | None:
        """Whether two figures are the same; None when that cannot be told.

        A range agrees with what overlaps it. One number that may be another's rounded, and an open range that
        reaches the other figure, leave it open.
        """
        if self.score or other.score:
            return sorted(self.score) == sorted(other.score) if self.score and other.score else None
        if not self.unit.is_of(other.unit):
            return None
        if (self.low, self.high) == (other.low, other.high):
            return True
        if _below(self, other) or _below(other, self):
            return None if self._may_be_rounded(other) else False
        return None if None in {self.low, self.high, other.low, other.high} else True

    def _may_be_rounded(self, other: "Figure") -> bool:
        """Whether both are one number, and one may be the other rounded."""
        ours, theirs = self.low, other.low
        if ours is None or theirs is None or ours != self.high or theirs != other.high:
            return False
        coarse, fine = max(_step(ours), _step(theirs)), min(_step(ours), _step(theirs))
        slack = coarse / 2 if coarse > fine else Fraction(0)
        if self.approximate or other.approximate:
            slack = max(slack, _APPROXIMATE * max(ours, theirs))
        return abs(ours - theirs) <= slack


def read_figure(text: str, words: Span) -> Figure | None:
    """Read the figure that stands in, or begins in, some words of a sentence or two, with its unit.

    Args:
        text: The sentence or two.
        words: Offsets into it.

    Returns:
        The figure; None if there is none, or it cannot be told what it is ("rose from 10 to 20").
    """
    for pair in _PAIR.finditer(text):
        if pair.start() < words.end and words.start < pair.end():
            before = text[: pair.start()]
            if "and" not in pair["link"] or _BETWEEN.search(before):
                return _read_pair(text, pair)
    number = next((found for found in _NUMBERS.finditer(text) if _overlap(found, words)), None)
    value = figure_value(number.group()) if number else None
    if number is None or value is None or _FRACTION.search(words.of(text)):
        return None
    before = text[: number.start()]
    at_least, at_most = _AT_LEAST.search(before), _AT_MOST.search(before)
    return Figure(
        low=None if at_most and not at_least else value,
        high=None if at_least else value,
        unit=_unit(text, number.start(), number.end()),
        approximate=_ABOUT.search(before) is not None,
    )


def figure_value(words: str) -> Fraction | None:
    """Read the number that words or digits mean: "1.7 billion dollars" is 1700000000.

    Exact, so that equal figures are equal however they are written. None if there is none, or if it cannot be told
    which one number is meant ("1.2.3", "2-1", "half a million").
    """
    if _FRACTION.search(words):
        return None
    total, current, seen, after_number = Fraction(0), Fraction(0), False, False
    for token in re.findall(r"\d+(?:[.,]\d+)*|[a-z]+", words.casefold()):
        number: Fraction | int | None = None
        if token[0].isdigit():
            number = _digits_value(token)
            if number is None or after_number:
                return None
            after_number = True
        elif token in _TENS or token in _WORDS_OF_NUMBERS:
            number = _TENS.get(token, _WORDS_OF_NUMBERS.get(token))
            # Only "twenty" takes a number after it without a multiple between.
            if after_number and not (token in _WORDS_OF_NUMBERS and current % 100 in _TENS.values()):
                return None
            after_number = True
        elif (multiple := _MULTIPLES.get(token.removesuffix("s"), _SHORT_MULTIPLES.get(token))) is not None:
            current, seen, after_number = (current or Fraction(1)) * multiple, True, False
            if multiple >= _MULTIPLES["thousand"]:
                total, current = total + current, Fraction(0)
        if number is not None:
            current, seen = current + number, True
    return total + current if seen else None


def _digits_value(digits: str) -> Fraction | None:
    """Read digits with groups of thousands or decimals; None when they are neither, or absurdly many."""
    if len(digits) > _MOST_DIGITS or not digits.isascii():
        return None
    for pattern, grouping in ((_GROUPED_BY_COMMA, ","), (_GROUPED_BY_POINT, ".")):
        if pattern.fullmatch(digits):
            return Fraction(digits.replace(grouping, "").replace(",", "."))
    return Fraction(digits.replace(",", ".")) if _DECIMAL.fullmatch(digits) else None


def _read_pair(text: str, pair: re.Match[str]) -> Figure | None:
    """Two numbers that make a range or a score."""
    first, second = figure_value(pair["first"]), figure_value(pair["second"])
    before = text[: pair.start()]
    if first is None or second is None or (_FROM.search(before) and "to" in pair["link"]):
        return None
    unit = _unit(text, pair.start(), pair.end())
    contest = _CONTEST.search(text) is not None
    hyphen = pair["link"].strip() not in {"to", "and"}
    has_unit = unit.measure is not None or unit.counted is not None
    if not _BETWEEN.search(before) and (first >= second or (not has_unit and (hyphen or contest))):
        multiple = _multiple_of(pair["second"])
        if multiple == 1 or first * multiple >= second:
            return Figure(None, None, Unit(), score=(first, second)) if hyphen or contest else None
    if _multiple_of(pair["first"]) == 1:
        scaled = first * _multiple_of(pair["second"])
        first = scaled if scaled < second else first
    return Figure(first, second, unit) if first < second else None


def _multiple_of(words: str) -> int:
    multiple = 1
    for token in re.findall(r"[a-z]+", words.casefold()):
        multiple *= _MULTIPLES.get(token.removesuffix("s"), _SHORT_MULTIPLES.get(token, 1))
    return multiple


def _unit(text: str, start: int, end: int) -> Unit:
    """Read what the figure `text[start:end]` is a number of."""
    after, before = _clause_after(text, end), _clause_before(text, start)
    words_after, words_before = _words(after), _words(before)
    fates = _fates(words_after) or _fates(words_before)
    directions = [_DIRECTIONS[word] for word in _words(text[:start]) if word in _DIRECTIONS]
    measure = _measure(text, start, end)
    return Unit(
        measure=measure,
        counted=None if measure else _counted(after),
        fates=fates,
        measured=frozenset(word for word in words_before if word in _MEASURES),
        direction=directions[-1] if directions and measure in {"percent", "point"} else 0,
    )


def _measure(text: str, start: int, end: int) -> str | None:
    after, before = text[end:], text[:start]
    if _POINTS_AFTER.match(after):
        return "point"
    if _PERCENT_AFTER.match(after):
        return "percent"
    currency = _SYMBOL_BEFORE.search(before) or _CURRENCY_AFTER.match(after)
    if currency is None:
        return None
    name = currency["name"].casefold().removesuffix("s")
    if name in {"$", "dollar"}:
        return _DOLLARS[(currency["whose"] or "us").casefold()]
    return _CURRENCIES.get(name, {"euro": "EUR", "pound": "GBP"}.get(name, name))


def _counted(after: str) -> str | None:
    """The first plural noun of the words after a figure: what is counted."""
    words = _WORD_OF_TEXT.findall(after.removeprefix("-"))
    while words and words[0].casefold() in _LEADING:
        words.pop(0)
    if after.startswith("-") and words:  # "a 20-mile walk"
        return terms(words[0].partition("-")[0])[0]
    for word in words[:_MOST_WORDS]:
        plain = word.casefold()
        if plain in STOP_WORDS:
            return None
        if plain in _PLURALS or (plain.endswith("s") and not _SINGULARS.search(plain)):
            return None if plain in _FATES else " ".join(terms(word))
    return None


def _fates(words: list[str]) -> frozenset[str]:
    return frozenset(_FATES[word] for word in words if word in _FATES)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD_OF_TEXT.findall(text)]


def _clause_after(text: str, end: int) -> str:
    stop = _CLAUSE_ENDS.search(text, end)
    number = _NUMBERS.search(text, end)
    ends = [match.start() for match in (stop, number) if match]
    return text[end : min(ends, default=len(text))]


def _clause_before(text: str, start: int) -> str:
    begin = 0
    for pattern in (_CLAUSE_ENDS, _NUMBERS):
        for match in pattern.finditer(text, 0, start):
            begin = max(begin, match.end())
    return text[begin:start]


def _step(value: Fraction) -> Fraction:
    """How finely a number is given, told by its last digit that is not zero; below 100 by its last digit."""
    step = Fraction(1)
    if value.denominator == 1:
        while value >= 10 * step and value % (10 * step) == 0:
            step *= 10
        return step if value >= 100 else Fraction(1)  # noqa: PLR2004
    while (value / step).denominator != 1 and step.denominator < 10**_MOST_DIGITS:
        step /= 10
    return step


def _below(one: Figure, other: Figure) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _overlap(found: re.Match[str], words: Span) -> bool:
    return found.start() < words.end and words.start < found.end()
