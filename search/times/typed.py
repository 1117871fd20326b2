"""Texts as people type them, without capitals: months, weekdays and holidays are found by what stands beside them.

"In december 2006", "on 9 february" and "last sat" name times; "may", "march" and "sat" do so only where nothing
else can be meant: not in "who may use it", nor the first of the two in "did they march in may".
"""

import re
from functools import cache

from search.english.table import words_of
from search.times.tokens import HOLIDAYS, MONTH_ABBREVIATIONS, MONTHS, WEEKDAY_ABBREVIATIONS, WEEKDAYS

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\d+[^\W\d_]*|[^\w\s]")
_ORDINARY = words_of("time_context", "typed ordinary")
"""Words that mean something else as well, or in another language."""
_PERIODS = re.compile(r"\b(?:q[1-4]|[1-4]q|h[12]|[12]h|fy(?:\d\d)?\d\d)\b")
_SURELY = words_of("time_context", "typed surely")
_MAYBE = words_of("time_context", "typed maybe")
_CLOSING = words_of("time_context", "typed closing") | frozenset("?.,!;:)")
"""Words that can follow a time; a name or a verb seldom does."""
_SUBJECTS = words_of("time_context", "typed subjects")
_JOINING = words_of("time_context", "typed joining") | frozenset("-")
_LOOSE = words_of("time_context", "typed loose")
_PARTS = words_of("time_context", "typed parts")
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|(?:1[0-9]|20|21)\d\d|['\u2019]\d\d")


def with_capitals(text: str) -> str:
    """The text with its times written as in print: as long as before, nothing else changed."""
    text = _PERIODS.sub(lambda found: found.group().upper(), text)
    text = _holidays().sub(lambda found: _capitalised(found.group()), text)
    tokens = list(_TOKEN.finditer(text))
    written = list(text)
    named: set[int] = set()
    for index, token in enumerate(tokens):
        if token.group().islower() and _is_time(tokens, index, named):
            named.add(index)
            written[token.start()] = written[token.start()].upper()
    return "".join(written)


@cache
def _holidays() -> re.Pattern[str]:
    names = sorted(HOLIDAYS, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(name.replace("'", "['\u2019]") for name in names) + r")\b")


def _capitalised(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def _is_time(tokens: list[re.Match[str]], index: int, named: set[int]) -> bool:
    """Whether a word in small letters is a month or a weekday."""
    word = tokens[index].group()
    before = tokens[index - 1].group().lower() if index else ""
    if word in WEEKDAYS or (word.endswith("s") and word[:-1] in WEEKDAYS):
        return before not in words_of("names", "before")
    if word in WEEKDAY_ABBREVIATIONS:
        following = _word(tokens, index + 1)
        placed = before in ("on", "last", "next", "this", "since", "until", "by")
        return placed and (following in _CLOSING or not following or bool(_NUMBER.fullmatch(following)))
    if word not in MONTHS and word not in MONTH_ABBREVIATIONS:
        return False
    sure = word not in _ORDINARY and word not in words_of("names", "given") and word in MONTHS
    return sure or _is_month(tokens, index, named)


def _is_month(tokens: list[re.Match[str]], index: int, named: set[int]) -> bool:
    """Whether what stands beside a word makes a month of it."""
    word = tokens[index].group()
    before, following = _word(tokens, index - 1), _word(tokens, index + 1)
    if following == "." and word in MONTH_ABBREVIATIONS:
        following = _word(tokens, index + 2)
    ends = not following or following in _CLOSING
    dated = bool(_NUMBER.fullmatch(following)) and not (before in _SUBJECTS and word in _ORDINARY)
    numbered = _NUMBER.fullmatch(_word(tokens, index - 2) if before == "of" else before)
    if dated or (numbered and (before == "of" or ends or word not in _ORDINARY)):
        return True
    if before in _SURELY:
        return ends or word not in MONTH_ABBREVIATIONS or word not in _ORDINARY
    if before in _JOINING and index - 2 in named:
        return True
    if before == "of" and _word(tokens, index - 2) in _PARTS:
        return True
    return ends and before in _MAYBE and (word not in _ORDINARY or before not in _LOOSE)


def _word(tokens: list[re.Match[str]], index: int) -> str:
    return tokens[index].group().lower() if 0 <= index < len(tokens) else ""
