"""Figures as they can be compared (how much of what, a range or a score), as they stand.

Two figures agree or differ only when they are of one unit: of one currency, of the same things counted, to which
the same happened. Whatever cannot be told to be one unit is never compared ("20 people" with "20 tanks",
"5 million euros" with "5 million dollars"). The rules read English; of other languages less is compared.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from search.article import Span
from search.english.numbers import FRACTIONS, MOST_DIGITS, NUMBER, NUMBERS, multiple_of, number_value
from search.english.units import SYMBOL, Unit, read_unit

_PAIR = re.compile(
    rf"(?<![\d.,])(?P<first>{NUMBER})(?:\s?{SYMBOL}|\s?%)?"
    rf"(?P<link>\s?[-\u2010-\u2015]\s?(?={SYMBOL}?\d)|\s(?:to|and)\s){SYMBOL}?(?P<second>{NUMBER})",
    re.IGNORECASE,
)
_CONTEST = re.compile(
    r"\b(?:vot(?:e[ds]?|ing)|beat(?:s|en|ing)?|defeat(?:s|ed|ing)?|w[io]ns?|winning|los(?:t|e|es|ing)|victory|"
    r"scores?|scored|dr[ae]w|drawn|triumph(?:ed)?|shootout|passed|approved)\b",
    re.IGNORECASE,
)
_BEFORE_FIGURE = rf"\s+(?:an estimated\s+|some\s+)?{SYMBOL}?$"
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
    rf"\b(?:about|around|nearly|almost|roughly|approximately|close to|just over|estimated)\s+{SYMBOL}?$",
    re.IGNORECASE,
)
_BETWEEN, _FROM = (re.compile(rf"\b{word}\s+{SYMBOL}?$", re.IGNORECASE) for word in ("between", "from"))
_APPROXIMATE = Fraction(1, 20)


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
    number = next((found for found in NUMBERS.finditer(text) if _overlap(found, words)), None)
    value = number_value(number.group()) if number else None
    if number is None or value is None or FRACTIONS.search(words.of(text)):
        return None
    before = text[: number.start()]
    at_least, at_most = _AT_LEAST.search(before), _AT_MOST.search(before)
    return Figure(
        low=None if at_most and not at_least else value,
        high=None if at_least else value,
        unit=read_unit(text, number.start(), number.end()),
        approximate=_ABOUT.search(before) is not None,
    )


def bounded(text: str, figure: Span) -> Span:
    """Widen the offsets of a figure by the words before it that bound it: "at least 12", "about 40"."""
    before = text[: figure.start]
    found = next((found for found in (_AT_LEAST, _AT_MOST, _ABOUT) if found.search(before)), None)
    match = found.search(before) if found else None
    return Span(match.start(), figure.end) if match else figure


def _read_pair(text: str, pair: re.Match[str]) -> Figure | None:
    """Two numbers that make a range or a score."""
    first, second = number_value(pair["first"]), number_value(pair["second"])
    before = text[: pair.start()]
    if first is None or second is None or (_FROM.search(before) and "to" in pair["link"]):
        return None
    unit = read_unit(text, pair.start(), pair.end())
    contest = _CONTEST.search(text) is not None
    hyphen = pair["link"].strip() not in {"to", "and"}
    has_unit = unit.measure is not None or unit.counted is not None
    if not _BETWEEN.search(before) and (first >= second or (not has_unit and (hyphen or contest))):
        multiple = multiple_of(pair["second"])
        if multiple == 1 or first * multiple >= second:
            return Figure(None, None, Unit(), score=(first, second)) if hyphen or contest else None
    if multiple_of(pair["first"]) == 1:
        scaled = first * multiple_of(pair["second"])
        first = scaled if scaled < second else first
    return Figure(first, second, unit) if first < second else None


def _step(value: Fraction) -> Fraction:
    """How finely a number is given, told by its last digit that is not zero; below 100 by its last digit."""
    step = Fraction(1)
    if value.denominator == 1:
        while value >= 10 * step and value % (10 * step) == 0:
            step *= 10
        return step if value >= 100 else Fraction(1)  # noqa: PLR2004
    while (value / step).denominator != 1 and step.denominator < 10**MOST_DIGITS:
        step /= 10
    return step


def _below(one: Figure, other: Figure) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _overlap(found: re.Match[str], words: Span) -> bool:
    return found.start() < words.end and words.start < found.end()
