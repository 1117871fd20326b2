"""Numbers that a wire has parted with a blank behind their point, as in "52. 6 billion" and "10. 45 a.m.".

A full stop between digits ends a sentence as often ("It was founded in 1961. 40 years later it closed."). One
number is read only where what stands around it says so; years, days of a month and numbers of things ("No. 7") go
before a full stop, not before a point.
"""

import re
from collections.abc import Iterator

from search.article import Span
from search.english.calendar import month_numbers, named
from search.english.measures import any_of, currency_words, measure_words

_MULTIPLES = r"(?:hundred|thousand|million|billion|trillion|bn|mn)"
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
    rf"(?:\s?%|\s?{_MULTIPLES}\b|[\s-]?{_SURE_MEASURES}(?!\w)"
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
