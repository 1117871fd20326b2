"""Figures and times of a sentence, held against those of quotes."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from search.article import Span
from search.asking.evidence.figures import Figure, read_figure
from search.asking.wording.evidence import Evidence, blanked, time_spans
from search.english.numbers import FRACTIONS, NUMBERS, number_words
from search.times import TimeMention, tag

_ANY_DAY = date(2000, 1, 1)
"""From which times are reckoned where no cited article has a day; such count by their words alone."""

_DIGITS = re.compile(r"\d+(?:[.,:/\u2010-\u2015-]\d+)*")
_ODD_NUMBER = re.compile(r"[^\W_]*(?:(?!\d)[\u00b2\u00b3\u00b9\u2150-\u218b\u0660-\u0dff])[^\W_]*")


def unknown_time(text: str, evidence: Evidence) -> TimeMention | None:
    """Find a time in a sentence that none of its quotes speaks of; None when there is none.

    A time is known by its words, or by its value as reckoned from the day of the article that is quoted; one that
    is given more coarsely ("in September" for a day of it) is known, too.
    """
    for mention in times_in(text, evidence):
        if not _is_known(mention, evidence):
            return mention
    return None


def times_in(text: str, evidence: Evidence) -> list[TimeMention]:
    """Read the times in a sentence as the first article that is cited, of those with a day, would mean them."""
    days = [one.published.first_day for one in evidence.citations if one.published]
    return tag(text, days[0] if days else _ANY_DAY)


def without_times(text: str, evidence: Evidence) -> str:
    """Blank the times of a sentence, which are names of none; its length stays."""
    return blanked(text, [Span(one.start, one.end) for one in times_in(text, evidence)])


def _is_known(mention: TimeMention, evidence: Evidence) -> bool:
    for citation, quote in zip(evidence.citations, evidence.quotes, strict=True):
        for other in citation.times:
            if other.words not in quote or other.relation is not mention.relation:
                continue
            if other.words.casefold() == mention.words.casefold():
                return True
            if citation.published is None and mention.anchor:
                continue
            if mention.interval and (other.value, other.modifier) == (mention.value, mention.modifier):
                return True
            if mention.modifier is None and mention.interval and other.value.startswith(f"{mention.value}-"):
                return True
    return False


def unknown_number(text: str, evidence: Evidence) -> str | None:
    """Find a number in a sentence that its quotes do not have, or not of the same things; None when there is none.

    Numbers are compared by their value, their unit, what is counted, what became of it, and their bound. Digits
    that are no number, ordinals and fractions are known where they stand in a quote as they are.
    """
    times = [Span(one.start, one.end) for one in times_in(text, evidence)]
    known = list(_known_figures(evidence))
    compared: list[Span] = []
    for found in NUMBERS.finditer(text):
        words = Span(*found.span())
        if _within(words, times):
            continue
        figure = read_figure(text, words)
        if figure is None or figure.score is not None:
            if not _stands(found.group(), evidence.quotes):
                return found.group()
        elif not any(_is_same(figure, other) for other in known):
            return found.group()
        compared.append(words)
    for pattern in (_DIGITS, FRACTIONS, _ordinals(), _ODD_NUMBER):
        for found in pattern.finditer(text):
            words = Span(*found.span())
            if not _within(words, [*times, *compared]) and not _stands(found.group(), evidence.quotes):
                return found.group()
    return None


def _ordinals() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(number_words('ordinal'))}|\d+(?:st|nd|rd|th))\b", re.IGNORECASE)


def _known_figures(evidence: Evidence) -> Iterator[Figure]:
    for citation, quote in zip(evidence.citations, evidence.quotes, strict=True):
        times = time_spans(citation, quote)
        for found in NUMBERS.finditer(quote):
            words = Span(*found.span())
            figure = None if _within(words, times) else read_figure(quote, words)
            if figure is not None:
                yield figure


def _is_same(ours: Figure, theirs: Figure) -> bool:
    """Tell whether a figure says no more than another one does."""
    if (ours.low, ours.high) != (theirs.low, theirs.high) or ours.unit.measure != theirs.unit.measure:
        return False
    if theirs.approximate and not ours.approximate:
        return False
    if not ours.unit.fates <= theirs.unit.fates or ours.unit.direction * theirs.unit.direction < 0:
        return False
    return not (ours.unit.counted and theirs.unit.counted) or ours.unit.counted == theirs.unit.counted


def _stands(words: str, quotes: Sequence[str]) -> bool:
    pattern = re.compile(rf"(?<![\w.,:/-]){re.escape(words)}(?![\w%]|[.,:/-]\d)", re.IGNORECASE)
    return any(pattern.search(quote) for quote in quotes)


def _within(words: Span, spans: Collection[Span]) -> bool:
    return any(span.start <= words.start and words.end <= span.end for span in spans)
