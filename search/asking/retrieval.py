"""Candidates for a question: dense and lexical retrieval under one filter, fused.

The fused score is `closeness / spread + LEXICAL_WEIGHT * lexical`: the cosine in units of its own standard
deviation over the archive, and BM25 as it is. BM25 grows with the number and rarity of the question's terms, so
a question full of names and figures leans on words, one in general terms on meaning: each question sets its own
balance. Measured against reciprocal rank fusion and convex combinations on six collections
(docs/measurements.md).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from search.archive.protocol import Snapshot
from search.archive.records import Dossier, Frequencies, Passage, Query, Retrieved
from search.archive.scoring import Scoring, cosines, inverse_document_frequency
from search.article import Article, Span
from search.asking.question import Question
from search.asking.question_time import Side, side_asked
from search.filters import Filter, Period, resolved

LEXICAL_WEIGHT = 0.12
"""Standard deviations of cosine that a point of BM25 is worth."""

RECENCY_WEIGHT = 2.0
"""What being the newest of the candidates is worth to a question that wants the latest."""

PUBLISHED_IN_WEIGHT = 2.0
"""What being published in the time that the question names is worth."""

_PRIOR_PASSAGES = 200
_LEAST_DEPTH = 100
_AS_MUCH, _AS_NEAR = 0.2, 0.5
"""Of the best lexical score and closeness, what a report of the time has to reach to be on the same."""


class Method(StrEnum):
    """How candidates are found and ranked."""

    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"


class Sorting(StrEnum):
    """The order of results that were found."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage retrieved for a question.

    Attributes:
        passage: Which one.
        closeness: Cosine between question and passage.
        dense_rank: Its place by closeness, from 1; None when it was not among those retrieved by it.
        lexical: BM25 score (see `search.archive.scoring`).
        lexical_rank: Its place among those retrieved by words, from 1; None when it was not among them.
        score: What it is ranked by.
        published: First and last day on which its article may have been published; None when it does not say.
        family: Names the family of its article within the snapshot.
    """

    passage: Passage
    closeness: float
    dense_rank: int | None
    lexical: float
    lexical_rank: int | None
    score: float
    published: tuple[date, date] | None = None
    family: str = ""

    @property
    def article(self) -> str:
        """The id of its article."""
        return self.passage.article_id

    @property
    def span(self) -> Span:
        """Its offsets in the article's body."""
        return self.passage.span


def retrieve(snapshot: Snapshot, asked: "Asked", *, depth: int, method: Method = Method.FUSED) -> list[Candidate]:
    """Retrieve candidates, best first.

    Args:
        snapshot: Where to look.
        asked: The question.
        depth: How many passages each way of retrieval contributes.
        method: How to rank.

    Returns:
        At least as many candidates as there are passages under the filter, up to `depth` (by words alone: that
        share a word with the question); of equal ones the first published comes first.
    """
    terms = asked.question.terms
    query = Query(asked.vector, terms, near=method is not Method.LEXICAL, by_words=method is not Method.DENSE)
    found = snapshot.candidates(query, depth, asked.condition).passages
    scoring = Scoring(terms, asked.frequencies)
    own = {one.passage: scoring.of_passage(one) for one in found}
    words = {one.passage: scoring.in_article(one, own[one.passage]) for one in found}
    dense_ranks = _ranks(((one.cosine, one.passage) for one in found if one.near), depth)
    lexical_ranks = _ranks(((own[one.passage], one.passage) for one in found if one.has_words), depth)

    def score(one: Retrieved) -> float:
        match method:
            case Method.FUSED:
                return one.cosine / asked.unit + LEXICAL_WEIGHT * words[one.passage]
            case Method.DENSE:
                return one.cosine
            case Method.LEXICAL:
                return words[one.passage]

    candidates = [
        Candidate(
            passage=one.passage,
            closeness=one.cosine,
            dense_rank=dense_ranks.get(one.passage),
            lexical=words[one.passage],
            lexical_rank=lexical_ranks.get(one.passage),
            score=score(one),
            published=one.published,
            family=one.family,
        )
        for one in found
    ]
    return _ranked(candidates)


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Order candidates by score; of equal ones, as copies are, the first published comes first."""

    def order(candidate: Candidate) -> tuple[float, date, Passage]:
        day = candidate.published[0] if candidate.published else date.max
        return -candidate.score, day, candidate.passage

    return sorted(candidates, key=order)


def _ranks(scored: Iterable[tuple[float, Passage]], most: int) -> dict[Passage, int]:
    """Places of passages by score, from 1; ties are broken by article id and place."""
    ordered = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:most]
    return {passage: rank for rank, (_, passage) in enumerate(ordered, start=1)}


def unit_of_closeness(snapshot: Snapshot, vector: npt.NDArray[np.float32], model_spread: float) -> float:
    """How much cosine counts as one: its standard deviation over the archive, for this question.

    A small archive, all of it about one subject perhaps, tells little about that; the model's own spread
    counts as much as `_PRIOR_PASSAGES` passages.
    """
    sample = snapshot.sample
    spread, passages = (float(cosines(sample, vector).std()) if len(sample) else 0.0), len(sample)
    pooled = (passages * spread**2 + _PRIOR_PASSAGES * model_spread**2) / (passages + _PRIOR_PASSAGES)
    return math.sqrt(pooled)


def best_of_each_article(candidates: list[Candidate]) -> list[Candidate]:
    """Keep the first candidate of every article."""
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.article, candidate)
    return list(first.values())


def one_member_of_each_family(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep, of each family, the candidates (best first) from the member that comes first."""
    kept: dict[str, str] = {}
    return [
        candidate
        for candidate in candidates
        if kept.setdefault(candidate.family, candidate.article) == candidate.article
    ]


def in_order(candidates: Iterable[Candidate], sorting: Sorting) -> list[Candidate]:
    """Put candidates, best first, in another order; of one day the best first, those without a day last."""
    kept = list(candidates)
    if sorting is Sorting.RELEVANCE:
        return kept
    dated = [candidate for candidate in kept if candidate.published]
    turn = -1 if sorting is Sorting.NEWEST else 1
    dated.sort(key=lambda one: turn * one.published[0].toordinal() if one.published else 0)
    return [*dated, *(candidate for candidate in kept if not candidate.published)]


def favour_the_latest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Rank candidates again, each raised by how late its article was published among them.

    For questions that want the latest only: the newest gains `RECENCY_WEIGHT`, the oldest and the undated nothing.
    """
    days = {candidate.published[0] for candidate in candidates if candidate.published}
    places = {day: place for place, day in enumerate(sorted(days))}
    latest = max(1, len(places) - 1)
    return _raised(
        candidates, lambda one: RECENCY_WEIGHT * places[one.published[0]] / latest if one.published else 0.0
    )


def favour_published_in(candidates: Sequence[Candidate], period: Period) -> list[Candidate]:
    """Rank candidates again, those from articles published in a period raised by `PUBLISHED_IN_WEIGHT`.

    For questions that name a time: a report of that time is a better witness than a later mention of it.
    """
    first, last = period.first or date.min, period.last or date.max

    def gain(candidate: Candidate) -> float:
        published = candidate.published
        return PUBLISHED_IN_WEIGHT if published and first <= published[0] and published[1] <= last else 0.0

    return _raised(candidates, gain)


def told_until_then(candidates: Sequence[Candidate], period: Period) -> list[Candidate]:
    """Leave out what was published after a period, where something on the same was published within.

    For figures as they stood on a day: a later report that looks back gives the figure of its own day.
    """
    last = period.last or date.max

    def is_later(candidate: Candidate) -> bool:
        return candidate.published is not None and candidate.published[0] > last

    words = max((one.lexical for one in candidates), default=0.0)
    near = max((one.closeness for one in candidates), default=0.0)
    known = any(
        one.lexical > 0 and one.lexical >= _AS_MUCH * words and one.closeness >= _AS_NEAR * near
        for one in candidates
        if one.published and not is_later(one)
    )
    return [one for one in candidates if not (known and is_later(one))]


def _raised(candidates: Sequence[Candidate], gain: Callable[[Candidate], float]) -> list[Candidate]:
    """Add to each candidate's score what it gains, and rank them again."""
    return _ranked(replace(candidate, score=candidate.score + gain(candidate)) for candidate in candidates)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read and ready to be put to an archive.

    Attributes:
        question: What was read out of it.
        condition: What restricts it.
        vector: Its unit vector, shape (dimension,).
        unit: How much cosine counts as one; see `search.asking.retrieval.unit_of_closeness`.
        rarity: Inverse document frequency of each of its terms.
        frequencies: In how many passages and articles its terms stand.
    """

    question: Question
    condition: Filter
    vector: npt.NDArray[np.float32]
    unit: float
    rarity: Mapping[str, float]
    frequencies: Frequencies


def applied(
    snapshot: Snapshot,
    question: Question,
    vector: npt.NDArray[np.float32],
    model_spread: float,
    condition: Filter,
    as_of: date | None,
) -> Asked:
    """Put a question to a state of the archive; its time steers the filter where the filter leaves that open.

    Args:
        snapshot: The state.
        question: The question.
        vector: Its unit vector, shape (dimension,).
        model_spread: Of the model that it is of; see `ModelCard.spread`.
        condition: Which articles and passages count.
        as_of: The archive as it stood on this day.
    """
    facts = snapshot.facts
    condition = resolved(condition, facts)
    named = question.constraint
    if named and not condition.any_time and side_asked(question.text) is not Side.AHEAD:
        named = named.within(facts.first_published, facts.last_published)
        question = replace(question, constraint=named)
    if (
        named
        and not condition.restricts_time
        and not condition.any_time
        and not named.lies_outside(facts.first_published, facts.last_published)
    ):
        condition = replace(condition, from_or_about=named.period)
    if as_of is not None:
        condition = condition.until(as_of)
    frequencies = snapshot.rarity(question.terms, condition.as_of)
    rarity = {
        term: inverse_document_frequency(frequencies.passages, frequencies.passages_with[term])
        for term in question.terms
    }
    unit = unit_of_closeness(snapshot, vector, model_spread)
    return Asked(question, condition, vector, unit, rarity, frequencies)


@dataclass(frozen=True, slots=True)
class Material:
    """Candidates, and what is read of their articles to judge and cite them.

    Attributes:
        candidates: Best first.
        dossiers: Their articles with what was read into them, by article id.
        snapshot: Number of the snapshot that all of it is of.
    """

    candidates: Sequence[Candidate]
    dossiers: Mapping[str, Dossier]
    snapshot: int

    def article(self, article_id: str) -> Article:
        """The article of a candidate."""
        return self.dossiers[article_id].article

    def text_of(self, candidate: Candidate) -> str:
        """Cut a candidate out of its article."""
        return candidate.span.of(self.article(candidate.article).body)


def material_of(
    snapshot: Snapshot, asked: Asked, candidates: list[Candidate], known: dict[str, Dossier] | None = None
) -> Material:
    """Read the articles of candidates, as they stood when the question asks.

    Args:
        snapshot: Where they were found.
        asked: The question.
        candidates: Best first.
        known: What was read of this state, as of the same day, before; what is read now is added.
    """
    known = {} if known is None else known
    ids = dict.fromkeys(candidate.article for candidate in candidates)
    known |= snapshot.read({id_ for id_ in ids if id_ not in known}, asked.condition.as_of)
    return Material(candidates, {id_: known[id_] for id_ in ids}, snapshot.number)


def gather(snapshot: Snapshot, asked: Asked, passages: int) -> list[Candidate]:
    """Collect the best candidates for a question, as many as are read to judge them.

    Of each family only the passages of one member are read, or copies would crowd out everything else.
    """
    depth = _LEAST_DEPTH
    while True:
        candidates = retrieve(snapshot, asked, depth=depth)
        exhausted = len(candidates) < depth
        if asked.question.latest:
            candidates = favour_the_latest(candidates)
        if asked.condition.from_or_about:
            candidates = favour_published_in(candidates, asked.condition.from_or_about)
        if (
            asked.question.constraint
            and asked.question.constraint.until_then
            and asked.question.expected.is_figure
        ):
            candidates = told_until_then(candidates, asked.question.constraint.period)
        candidates = one_member_of_each_family(candidates)
        if len(candidates) >= passages or exhausted:
            return candidates[:passages]
        depth *= 4


def ranked(
    snapshot: Snapshot, asked: Asked, k: int, method: Method, *, every_passage: bool, copies: bool
) -> list[Candidate]:
    """Retrieve ever deeper until there are `k` results, or no more passages."""
    depth = max(_LEAST_DEPTH, k)
    while True:
        candidates = retrieve(snapshot, asked, depth=depth, method=method)
        results = candidates if every_passage else best_of_each_article(candidates)
        if not every_passage and not copies:
            results = one_member_of_each_family(results)
        if len(results) >= k or len(candidates) < depth:
            return results[:k]
        depth *= 4
