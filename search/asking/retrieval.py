"""Candidates for a question: dense and lexical retrieval under one filter, fused.

The fused score is `closeness / spread + LEXICAL_WEIGHT * lexical`: the cosine in units of its own standard
deviation over the archive, and BM25 as it is. BM25 grows with the number and rarity of the question's terms, so
a question full of names and figures leans on words, one in general terms on meaning: each question sets its own
balance. Measured against reciprocal rank fusion and convex combinations on six collections
(docs/measurements.md).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from search.archive import Archive
from search.article import Article, Span
from search.asking.question import Question
from search.family import Family
from search.filters import Filter, Period
from search.statements import Statement
from search.times import TimeMention

LEXICAL_WEIGHT = 0.12
"""Standard deviations of cosine that a point of BM25 is worth."""

RECENCY_WEIGHT = 2.0
"""What being the newest of the candidates is worth to a question that wants the latest."""

PUBLISHED_IN_WEIGHT = 2.0
"""What being published in the time that the question names is worth."""

_PRIOR_PASSAGES = 200


class Method(StrEnum):
    """How candidates are found and ranked."""

    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage retrieved for a question.

    Attributes:
        passage: Its key in the archive.
        article: Its article's key.
        span: Its offsets in the article's body.
        closeness: Cosine between question and passage.
        dense_rank: Its place by closeness, from 1; None when it was not among those retrieved by it.
        lexical: BM25 score (see `search.archive.local.lexical`).
        lexical_rank: Its place among those retrieved by words, from 1; None when it was not among them.
        score: What it is ranked by.
    """

    passage: int
    article: int
    span: Span
    closeness: float
    dense_rank: int | None
    lexical: float
    lexical_rank: int | None
    score: float


def retrieve(
    archive: Archive,
    question: Question,
    vector: npt.NDArray[np.float32],
    unit: float,
    *,
    depth: int,
    condition: Filter,
    method: Method = Method.FUSED,
) -> list[Candidate]:
    """Retrieve candidates, best first.

    Args:
        archive: Where to look.
        question: The question.
        vector: Its unit vector.
        unit: See `unit_of_closeness`.
        depth: How many passages each way of retrieval contributes.
        condition: Which articles count.
        method: How to rank.

    Returns:
        At least as many candidates as there are passages under the filter, up to `depth` (by words alone: that
        share a word with the question); ties are broken by the order in which passages were stored.
    """
    dense = archive.dense(vector, depth, condition) if method is not Method.LEXICAL else []
    lexical = archive.lexical(question.terms, depth, condition) if method is not Method.DENSE else []
    dense_ranks = {key: rank for rank, (key, _) in enumerate(dense, start=1)}
    lexical_ranks = {key: rank for rank, key in enumerate(lexical, start=1)}
    passages = archive.fetch(dense_ranks | lexical_ranks, condition.as_of)
    closeness = dict(dense) | archive.closeness(vector, [key for key in passages if key not in dense_ranks])
    articles = {key: stored.article for key, stored in passages.items()}
    words = archive.lexical_scores(question.terms, articles, condition.as_of)
    match method:
        case Method.FUSED:
            score = {key: closeness[key] / unit + LEXICAL_WEIGHT * words[key] for key in passages}
        case Method.DENSE:
            score = closeness
        case Method.LEXICAL:
            score = words
    return [
        Candidate(
            passage=key,
            article=passages[key].article,
            span=passages[key].span,
            closeness=closeness[key],
            dense_rank=dense_ranks.get(key),
            lexical=words[key],
            lexical_rank=lexical_ranks.get(key),
            score=score[key],
        )
        for key in sorted(passages, key=lambda key: (-score[key], key))
    ]


def unit_of_closeness(archive: Archive, vector: npt.NDArray[np.float32], model_spread: float) -> float:
    """How much cosine counts as one: its standard deviation over the archive, for this question.

    A small archive, all of it about one subject perhaps, tells little about that; the model's own spread
    counts as much as `_PRIOR_PASSAGES` passages.
    """
    spread, passages = archive.spread(vector)
    pooled = (passages * spread**2 + _PRIOR_PASSAGES * model_spread**2) / (passages + _PRIOR_PASSAGES)
    return math.sqrt(pooled)


def best_of_each_article(candidates: list[Candidate]) -> list[Candidate]:
    """Keep the first candidate of every article."""
    first: dict[int, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.article, candidate)
    return list(first.values())


def one_member_of_each_family(candidates: Sequence[Candidate], families: Mapping[int, str]) -> list[Candidate]:
    """Keep, of each family, the candidates from the member that comes first.

    Args:
        candidates: Best first.
        families: What names the family of each article, by article key.
    """
    kept: dict[str, int] = {}
    return [
        candidate
        for candidate in candidates
        if kept.setdefault(families[candidate.article], candidate.article) == candidate.article
    ]


def favour_the_latest(candidates: Sequence[Candidate], articles: Mapping[int, Article]) -> list[Candidate]:
    """Rank candidates again, each raised by how late its article was published among them.

    For questions that want the latest only: the newest gains `RECENCY_WEIGHT`, the oldest and the undated nothing.
    """
    days = {key: article.published.first_day for key, article in articles.items() if article.published}
    places = {day: place for place, day in enumerate(sorted(set(days.values())))}
    latest = max(1, len(places) - 1)
    return _raised(candidates, {key: RECENCY_WEIGHT * places[day] / latest for key, day in days.items()})


def favour_published_in(
    candidates: Sequence[Candidate], articles: Mapping[int, Article], period: Period
) -> list[Candidate]:
    """Rank candidates again, those from articles published in a period raised by `PUBLISHED_IN_WEIGHT`.

    For questions that name a time: a report of that time is a better witness than a later mention of it.
    """
    first, last = period.first or date.min, period.last or date.max
    return _raised(
        candidates,
        {
            key: PUBLISHED_IN_WEIGHT
            for key, article in articles.items()
            if article.published and first <= article.published.first_day and article.published.last_day <= last
        },
    )


def _raised(candidates: Sequence[Candidate], gains: Mapping[int, float]) -> list[Candidate]:
    """Add what each article gains to its candidates' scores, and rank them again."""
    raised = [
        replace(candidate, score=candidate.score + gains.get(candidate.article, 0.0)) for candidate in candidates
    ]
    return sorted(raised, key=lambda candidate: (-candidate.score, candidate.passage))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read and ready to be put to an archive.

    Attributes:
        question: What was read out of it.
        condition: What restricts it.
        vector: Its unit vector, shape (dimension,).
        unit: How much cosine counts as one; see `search.asking.retrieval.unit_of_closeness`.
        rarity: Inverse document frequency of each of its terms.
    """

    question: Question
    condition: Filter
    vector: npt.NDArray[np.float32]
    unit: float
    rarity: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Material:
    """Candidates, and what is read of their articles to judge and cite them.

    Attributes:
        candidates: Best first.
        articles: Their articles, by key.
        mentions: The time mentions of the articles, by key.
        statements: The statements of the articles, by key.
        families: The families of the articles, by key.
    """

    candidates: Sequence[Candidate]
    articles: Mapping[int, Article]
    mentions: Mapping[int, Sequence[TimeMention]]
    statements: Mapping[int, Sequence[Statement]]
    families: Mapping[int, Family]

    def text_of(self, candidate: Candidate) -> str:
        """Cut a candidate out of its article."""
        return candidate.span.of(self.articles[candidate.article].body)
