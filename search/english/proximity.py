"""How near two slices of a sentence stand to each other, and where it has the question's words."""

import re
from collections.abc import Collection

from search.article import Span
from search.english.terms import terms

_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
_COMMA_DISTANCE = 40


def places_of(body: str, sentence: Span, wanted: Collection[str]) -> list[Span]:
    """List the words of a sentence that have any of the wanted terms: offsets into the body, in order."""
    sought = set(wanted)
    return [
        Span(match.start(), match.end())
        for match in _WORD.finditer(body, sentence.start, sentence.end)
        if sought.intersection(terms(match.group()))
    ]


def distance(body: str, one: Span, other: Span) -> int:
    """Code points between two slices that do not overlap, more across commas; 0 when they touch."""
    first, second = (one, other) if one.end <= other.start else (other, one)
    between = body[first.end : second.start]
    return len(between) + _COMMA_DISTANCE * between.count(",")
