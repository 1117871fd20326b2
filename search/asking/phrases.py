"""Phrases in quotation marks: the articles whose text has them, letter case and typesetting aside."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from search.archive.protocol import Snapshot
from search.archive.records import Dossier, Frequencies, Passage
from search.article import Span
from search.asking.retrieval import LEXICAL_WEIGHT, Asked, Candidate, Method, retrieve
from search.english.quotations import quotations
from search.english.terms import content_terms
from search.quoting.folding import fold

_MARKS = frozenset('"“„«')
_MOST_PASSAGES = 2_000
_MOST_ARTICLES = 500
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding phrases to the text of articles.

    Attributes:
        phrases: As they stand in the question, without their marks.
        articles: How many articles were found that have all of them.
        complete: Whether these are all that do; otherwise so many may have them that not all were looked at.
    """

    phrases: tuple[str, ...]
    articles: int
    complete: bool


def phrases_in(question: str) -> tuple[str, ...]:
    """List what stands in double quotation marks in a question, each once."""
    found = (one for one in quotations(question) if isinstance(one, Span))
    quoted = (one.of(question) for one in found if question[: one.start].rstrip()[-1:] in _MARKS)
    return tuple(dict.fromkeys(phrase for phrase in quoted if any(map(str.isalnum, phrase))))


def holders(snapshot: Snapshot, asked: Asked, phrases: Sequence[str]) -> tuple[list[Candidate], Held]:
    """Find the articles whose bodies have all of some phrases, each with the passage that has the first of them.

    Every article with the rarest word of the phrases is looked at; where these are more than can be read at once,
    those that come nearest are, and the list is not complete.

    Returns:
        A candidate an article, best first, and what came of it.
    """
    sought = tuple(dict.fromkeys(term for phrase in phrases for term in content_terms(phrase)))
    found, complete = _likely(snapshot, asked, sought, snapshot.rarity(sought, asked.condition.as_of))
    best: dict[str, Candidate] = {}
    for candidate in found:
        best.setdefault(candidate.article, candidate)
    ids = list(best)[:_MOST_ARTICLES]
    by_passage = {candidate.passage: candidate for candidate in found}
    patterns = [_pattern(phrase) for phrase in phrases]
    held = [
        _at(passage, by_passage, best[passage.article_id])
        for dossier in _dossiers(snapshot, asked, ids)
        if (passage := _holding(dossier, patterns))
    ]
    held.sort(key=lambda one: (-one.score, one.passage))
    return held, Held(tuple(phrases), len(held), complete and len(best) <= _MOST_ARTICLES)


def _likely(
    snapshot: Snapshot, asked: Asked, sought: tuple[str, ...], frequencies: Frequencies
) -> tuple[list[Candidate], bool]:
    """Retrieve the passages of articles that may have the phrases, best first, and whether these are all."""
    if not sought:  # "to be or not to be": by such words nothing can be found
        nearest = retrieve(snapshot, asked, depth=_MOST_PASSAGES, method=Method.DENSE)
        return nearest, len(nearest) < _MOST_PASSAGES
    rarest = min(sought, key=lambda term: frequencies.passages_with[term])
    all_have_it = frequencies.passages_with[rarest] <= _MOST_PASSAGES
    terms = (rarest,) if all_have_it else sought
    question = replace(asked.question, terms=terms)
    by_words = replace(asked, question=question, frequencies=frequencies)
    found = retrieve(snapshot, by_words, depth=_MOST_PASSAGES, method=Method.LEXICAL)
    ranked = [
        replace(one, score=one.closeness / asked.unit + LEXICAL_WEIGHT * one.lexical, dense_rank=None)
        for one in found
        if one.lexical_rank is not None
    ]
    ranked.sort(key=lambda one: (-one.score, one.passage))
    return ranked, all_have_it or len(ranked) < _MOST_PASSAGES


def _dossiers(snapshot: Snapshot, asked: Asked, ids: Sequence[str]) -> Iterator[Dossier]:
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        read = snapshot.read(some, asked.condition.as_of)
        yield from (read[id_] for id_ in some if id_ in read)


def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(fold(phrase).text.strip())}(?!\w)", re.IGNORECASE)


def _holding(dossier: Dossier, patterns: Sequence[re.Pattern[str]]) -> Passage | None:
    """The passage that has the first phrase; None when the body does not have all of them."""
    folded = fold(dossier.article.body)
    places = [pattern.search(folded.text) for pattern in patterns]
    if not all(places) or not dossier.passages or not places[0]:
        return None
    span = folded.origin(*places[0].span())
    holding = min(
        dossier.passages,
        key=lambda passage: (
            not (passage.start <= span.start and span.end <= passage.end),
            not passage.start <= span.start < passage.end,
            passage.start,
        ),
    )
    return Passage(dossier.article.id, holding.start, holding.end)


def _at(passage: Passage, found: Mapping[Passage, Candidate], best: Candidate) -> Candidate:
    """The candidate of a passage; one that was not retrieved itself has no scores of its own."""
    if passage in found:
        return found[passage]
    return replace(
        best, passage=passage, closeness=0.0, dense_rank=None, lexical=0.0, lexical_rank=None, score=0.0
    )
