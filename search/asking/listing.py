"""Lists that are asked for ("which countries ..."): the things that citations name, collected across articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from search.article import Span
from search.asking.citation import Citation
from search.asking.question import Question
from search.english.table import words_of
from search.english.terms import STOP_WORDS, terms

AS_STRONG = 0.5
"""A citation adds to a list when it is at least so many times as probable to show the answer as the best one."""

_BETWEEN = re.compile(r"\s*[,;]\s*(?:(?:and|or)\s+)?(?:also\s+)?|\s+(?:and|or|as well as)\s+", re.IGNORECASE)
_OPENING = re.compile(r"(?:(?:the|an?|both|including|such as|like|namely)\s+)+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing of a list.

    Attributes:
        quote: `body[start:end]` of the article, where the best citation names it.
        article_id: Id of the article.
        start: First code point in its body.
        end: One past the last.
        articles: Ids of all cited articles that name it, in the order of their citations.
    """

    quote: str
    article_id: str
    start: int
    end: int
    articles: tuple[str, ...]


def collect(question: Question, citations: Sequence[Citation]) -> tuple[Listed, ...]:
    """Collect the things that the short answers of citations name, each once, in the order of the citations.

    What the question names itself is left out, and a citation that is much less sure than the first. "Ana Souza"
    and "Souza" are one; it is given as it is named first.

    Args:
        question: Asks for a list.
        citations: Best first.
    """
    least = AS_STRONG * (citations[0].probability_alone or 0.0) if citations else 0.0
    found: dict[tuple[str, ...], Listed] = {}
    for citation in citations:
        if citation.answer is None or (citation.probability_alone or 0.0) < least:
            continue
        for span in members(citation.answer.words):
            words = span.of(citation.answer.words)
            key = tuple(term for term in terms(words) if term not in STOP_WORDS)
            if not key or set(question.terms).issuperset(key):
                continue
            known = next((other for other in found if _same(other, key)), None)
            if known is None:
                start = citation.answer.start + span.start
                found[key] = Listed(words, citation.article_id, start, start + len(words), (citation.article_id,))
            elif citation.article_id not in found[known].articles:
                one = found[known]
                found[known] = replace(one, articles=(*one.articles, citation.article_id))
    return tuple(found.values())


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return tuple(longer[-len(shorter) :]) == tuple(shorter)


def members(words: str) -> list[Span]:
    """Part words at commas and "and"; a country's name that has one stays whole.

    Returns:
        Offsets of the members, without an article or "both" before the first, in order.
    """
    kept = [Span(*match.span()) for match in _of_several_words().finditer(words)]
    places = [0]
    for match in _BETWEEN.finditer(words):
        if not any(one.start < match.start() and match.end() < one.end for one in kept):
            places += [match.start(), match.end()]
    places.append(len(words))
    found = []
    for start, end in zip(places[::2], places[1::2], strict=True):
        opening = _OPENING.match(words, start, end)
        begin = opening.end() if opening else start
        if begin < end and _LETTER.search(words, begin, end):
            found.append(Span(begin, end))
    return found


@cache
def _of_several_words() -> re.Pattern[str]:
    joined = sorted(words_of("names", "joined"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, joined))})\b", re.IGNORECASE)
