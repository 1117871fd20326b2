"""Numbers in words and digits, read exactly: "1.7 billion" is 1700000000."""

import re
from fractions import Fraction
from functools import cache

from search.english.parted_numbers import PARTED_NUMBER, closed_up
from search.english.table import table


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
