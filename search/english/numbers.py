"""Numbers in words and digits, read exactly ("1.7 billion" is 1700000000), and what they are numbers of, as data.

A wire parts some with a blank behind their point, as in "52. 6 billion" and "10. 45 a.m.". A full stop between
digits ends a sentence as often ("It was founded in 1961. 40 years later it closed."). One number is read only
where what stands around it says so; years, days of a month and numbers of things ("No. 7") go before a full
stop, not before a point.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from search.article import Span
from search.english.calendar import month_numbers, named
from search.english.table import table


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency.

    Attributes:
        name: What its figures are compared by: "USD".
        words: Its words, lower case: "dollar".
        sign: Its sign; empty when it has none.
        whose: Whose it is, where several share its words: "Hong Kong".
        prefix: Letters before the sign that say whose: "HK"; empty when none do.
    """

    name: str
    words: tuple[str, ...]
    sign: str
    whose: tuple[str, ...]
    prefix: str


@cache
def currencies() -> tuple[Currency, ...]:
    """The currencies; of those that share a word or a sign, the first is meant where nothing tells."""
    return tuple(
        Currency(row["name"][0], row["words"], "".join(row["sign"]), row["whose"], "".join(row["prefix"]))
        for row in table("currencies")
    )


@cache
def currency_words() -> tuple[str, ...]:
    """The words of all currencies, lower case, the longest first."""
    return _longest_first({word for currency in currencies() for word in currency.words})


@cache
def measure_words(*kinds: str) -> tuple[str, ...]:
    """List the words of some kinds of `measures.tsv`, lower case, the longest first: "percentage points"."""
    words = {
        word for row in table("measures") if row["kind"][0] in kinds for word in (*row["singular"], *row["plural"])
    }
    return _longest_first(words)


def any_of(words: Collection[str]) -> str:
    """Build the pattern of any of some words, with any white space or a hyphen between their parts."""
    patterns = (r"[\s-]".join(map(re.escape, word.split())) for word in words)
    return f"(?:{'|'.join(patterns)})"


def _longest_first(words: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


_MULTIPLES_BEHIND = r"(?:hundred|thousand|million|billion|trillion|bn|mn)"
_NOT_BEHIND = r"(?<![\w.,/:'’])(?<![\w.]-)" + "".join(
    rf"(?<!\b{word}\s)(?<!\b{word}\.\s)" for word in (*month_numbers(), "no", "nos", "number")
)
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_BEGUN = rf"{_NOT_BEHIND}(?!{_YEAR})\d{{1,3}}(?:(?:,\d{{3}})+|\d{{0,6}})\s?\.(?:[^\S\n]{{1,2}}|\n)"
_DECIMALS = r"\d{1,4}(?!\d|[.,:]\d)"

_SURE_MEASURES = any_of(
    measure_words("length", "area", "volume", "weight", "power", "heat", "speed", "clock", "share")
)
_MEASURES_OF_STORIES = any_of(measure_words("point", "duration"))  # "24 hours later" goes on with the story
_MEASURE = (
    rf"(?:\s?%|\s?{_MULTIPLES_BEHIND}\b|[\s-]?{_SURE_MEASURES}(?!\w)"
    rf"|\s(?:(?:U\.S\.|\w+|(?:Hong|New|Sri)\s\w+)\s)?{any_of(currency_words())}\b"
    rf"|[\s-]{_MEASURES_OF_STORIES}\b(?![\s,]+(?:later|earlier|before|after|ago|old)\b))"
    r"(?!\s+of\s+(?:them|these|those)\b)"
)
_END = r"[^\S\n]*(?:[,;)]|\.(?!\d)|\Z)"
_DAY = rf"\s(?:(?:on|by|last|this)\s)?{any_of(tuple(named('weekday')))}\b"
_OTHER_FIGURE = r"\s(?:to|from|against|versus)\s[$€£¥]?\d"
_FUNCTION_WORD = (
    r"(?=\s(?:on|at|in|from|to|and|by|during|after|against|an?|per|the|he|she|they|it|local|extending)\b)"
)
PARTED_NUMBER = (
    rf"(?=\d)(?i:{_BEGUN}{_DECIMALS}(?={_MEASURE}|{_DAY}|{_OTHER_FIGURE}|\son\sthe\srichter\b|{_END})"
    rf"|{_NOT_BEHIND}0\.\s{_DECIMALS}"
    rf"|(?:(?<=[$€£¥])|(?<=[$€£¥]\s))\d{{1,3}}\.\s{_DECIMALS}{_FUNCTION_WORD}"  # $3. 75 a share
    rf"|(?<![\d.,:])\d?\d:\d\d\.\s\d\d?(?!\d)(?:{_FUNCTION_WORD}|(?={_END}))"  # 2:27. 14 in the final
    rf"|(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{5,9}})\.\s\d\d?(?!\d){_FUNCTION_WORD}"  # 14,555. 96 at noon
    rf"|(?<=\bat\s)(?:[01]?\d|2[0-3])\.\s[0-5]\d(?!\d){_FUNCTION_WORD})"  # at 10. 45 in the morning
)
"""Pattern of a number that is parted, from its first digit to its last."""

_LONGEST = 40
"""Code points on either side of a cut that are looked at: more than a number and what tells that it is one."""

_PARTED_NUMBERS = re.compile(PARTED_NUMBER)


def parted_numbers(text: str) -> Iterator[Span]:
    """Find the parted numbers of a text, in order: offsets into it, from their first digit to their last."""
    return (Span(*found.span()) for found in _PARTED_NUMBERS.finditer(text))


def parts_a_number(text: str, place: int) -> bool:
    """Tell whether a cut before `text[place]` goes through a parted number."""
    around = _PARTED_NUMBERS.finditer(text, max(0, place - _LONGEST), place + _LONGEST)
    return any(number.start() < place < number.end() for number in around)


def closed_up(text: str) -> str:
    """Write the parted numbers of a text as they are meant: "52.6 billion"."""
    for number in reversed(list(parted_numbers(text))):
        text = text[: number.start] + "".join(number.of(text).split()) + text[number.end :]
    return text


@cache
def number_words(kind: str) -> dict[str, int]:
    """The words of a kind of `numbers.tsv`, each with its number: "one", "ten", "multiple", "ordinal"."""
    return {row["word"][0]: int(row["value"][0]) for row in table("numbers") if row["kind"] == (kind,)}


_WORDS_OF_NUMBERS = number_words("one")
_TENS = number_words("ten")
_MULTIPLES = number_words("multiple")
_SHORT_MULTIPLES = number_words("short")
FRACTIONS = re.compile(r"\b(?:half|halves|thirds?|quarters?|fifths?|tenths?|twice|once)\b", re.IGNORECASE)
"""Finds words of fractions, which are not read."""

MOST_DIGITS = 30
"""A number of more digits is not read."""

_GROUPED_BY_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")

_WORD = rf"(?:{'|'.join((*_WORDS_OF_NUMBERS, *_TENS))})"
_MULTIPLE = rf"(?:(?:{'|'.join(_MULTIPLES)})s?)"
FIGURE_WORDS = rf"{_WORD}|{_MULTIPLE}|half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?"
"""Alternatives of the words that figures are made of."""

NUMBER = (
    rf"(?:(?:{PARTED_NUMBER}|\d+(?:[.,]\d+)*)(?:\s?(?:bn|m|k)\b)?|\b{_WORD}\b|\b{_MULTIPLE}\b)"
    rf"(?:[\s-](?:and\s)?(?:{_WORD}|{_MULTIPLE})\b)*"
)
"""Pattern of a number."""

NUMBERS = re.compile(NUMBER, re.IGNORECASE)
"""Finds them."""


def number_value(words: str) -> Fraction | None:
    """Read the number that words or digits mean: "1.7 billion dollars" is 1700000000.

    Exact, so that equal figures are equal however they are written. None if there is none, or if it cannot be told
    which one number is meant ("1.2.3", "2-1", "half a million").
    """
    if FRACTIONS.search(words):
        return None
    total, current, seen, after_number = Fraction(0), Fraction(0), False, False
    for token in re.findall(r"\d+(?:[.,]\d+)*|[a-z]+", closed_up(words).casefold()):
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
    if len(digits) > MOST_DIGITS or not digits.isascii():
        return None
    for pattern, grouping in ((_GROUPED_BY_COMMA, ","), (_GROUPED_BY_POINT, ".")):
        if pattern.fullmatch(digits):
            return Fraction(digits.replace(grouping, "").replace(",", "."))
    return Fraction(digits.replace(",", ".")) if _DECIMAL.fullmatch(digits) else None


def multiple_of(words: str) -> int:
    """Multiply the words of multiples among some words: "2 million" has 1000000, "2" has 1."""
    multiple = 1
    for token in re.findall(r"[a-z]+", words.casefold()):
        multiple *= _MULTIPLES.get(token.removesuffix("s"), _SHORT_MULTIPLES.get(token, 1))
    return multiple
