"""Words that tell which of several reports is wanted, or that one is overtaken (`recency.tsv`)."""

import re
from functools import cache

from search.english.table import table

_MAY_BE_LEFT_OUT = r"(?:[\w'’-]+\s+)?"


def wants_the_latest(question: str) -> bool:
    """Tell whether a question says that it wants what was reported last."""
    return _pattern("latest").search(question) is not None


def wants_the_oldest(question: str) -> bool:
    """Tell whether a question says that it wants what was reported at first."""
    return _pattern("at_first").search(question) is not None


def is_of_the_past(question: str) -> bool:
    """Tell whether a question says that it is about what was so before, or came first, and does not change."""
    return _pattern("first").search(question) is not None


def says_former(text: str) -> bool:
    """Tell whether a text speaks of somebody or something as what no longer is."""
    return _pattern("former").search(text) is not None


def says_corrected(text: str) -> bool:
    """Tell whether a text says that a figure was put lower than before."""
    return _pattern("corrected").search(text) is not None


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    phrases = [_phrase(words) for row in table("recency") if row["kind"] == (kind,) for words in row["words"]]
    return re.compile(rf"\b(?:{'|'.join(sorted(phrases, key=len, reverse=True))})\b", re.IGNORECASE)


def _phrase(words: str) -> str:
    pattern = ""
    *others, last = words.split()
    for word in others:
        pattern += _MAY_BE_LEFT_OUT if word == ".." else rf"(?:{_forms(word)})\s+"
    return f"{pattern}(?:{_forms(last)})"


def _forms(word: str) -> str:
    return "|".join(map(re.escape, word.split("/")))
