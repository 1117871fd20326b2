"""Evidence: the sentences in the best candidates that come closest to answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.article import Article, Span
from search.embedding import Embedder
from search.embedding.context import in_context
from search.question import Question
from search.retrieval import Candidate
from search.sentences import sentences
from search.times import TimeMention
from search.when import TimeAnswer, answering_time
from search.words import terms

PASSAGES_READ = 10
"""How many of the best candidates are read sentence by sentence."""


COVERAGE_WEIGHT = 1.5
"""What having all of the question's terms is worth, in the units of the score."""


TIME_WEIGHT = 3.0
"""What a time expression that belongs to the event is worth, when a time is asked for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer.

    Attributes:
        candidate: The passage it stands in.
        span: Its offsets in the article's body.
        closeness: Mean cosine between the question and the sentence, alone and under its headline.
        coverage: Share of the question's terms that the sentence has, weighted by rarity; 0 to 1.
        when: The time expression in it that answers, if a time was asked for and it bounds one.
        score: What it is ranked by: the passage's score, plus `closeness` in units of the archive's spread, plus
            `COVERAGE_WEIGHT * coverage`, plus `TIME_WEIGHT` times the fitness of `when`.
    """

    candidate: Candidate
    span: Span
    closeness: float
    coverage: float
    when: TimeAnswer | None
    score: float


def read_evidence(
    question: Question,
    candidates: Sequence[Candidate],
    articles: Mapping[int, Article],
    mentions: Mapping[int, Sequence[TimeMention]],
    embedder: Embedder,
    vector: npt.NDArray[np.float32],
    *,
    unit: float,
    rarity: Mapping[str, float],
) -> list[Evidence]:
    """Rank the sentences of the best candidates.

    Args:
        question: The question.
        candidates: The candidates to read, best first.
        articles: Their articles, by key.
        mentions: The time mentions of their bodies, by the articles' keys.
        embedder: The model that the archive was made with.
        vector: The question's unit vector.
        unit: How much cosine counts as one; see `search.retrieval.unit_of_closeness`.
        rarity: Inverse document frequency of each of the question's terms.

    Returns:
        Evidence, best first; a sentence that stands in two articles appears once, where it ranks best.
    """
    found: list[tuple[Candidate, Span]] = []
    alone: list[str] = []
    under_headline: list[str] = []
    for candidate in candidates:
        article = articles[candidate.article]
        passage = candidate.span.of(article.body)
        for sentence in sentences(passage):
            text = sentence.of(passage)
            found.append(
                (candidate, Span(candidate.span.start + sentence.start, candidate.span.start + sentence.end))
            )
            alone.append(text)
            under_headline.append(in_context(article.headline, text))
    closeness = (embedder.embed_passages(alone + under_headline) @ vector).reshape(2, -1).mean(axis=0)
    evidence = []
    for (candidate, span), text, near in zip(found, alone, closeness.tolist(), strict=True):
        coverage = _coverage(text, rarity)
        when = None
        if question.time_asked:
            body, told = articles[candidate.article].body, mentions.get(candidate.article, ())
            when = answering_time(body, span, told, question.terms, question.time_asked)
        score = candidate.score + near / unit + COVERAGE_WEIGHT * coverage
        score += TIME_WEIGHT * when.fitness if when else 0.0
        evidence.append(Evidence(candidate, span, near, coverage, when, score))
    ranked = sorted(
        evidence,
        key=lambda piece: (-piece.score, piece.candidate.passage, piece.span.start),
    )
    first: dict[str, Evidence] = {}
    for piece in ranked:
        first.setdefault(piece.span.of(articles[piece.candidate.article].body), piece)
    return list(first.values())


def _coverage(text: str, rarity: Mapping[str, float]) -> float:
    total = sum(rarity.values())
    present = rarity.keys() & set(terms(text))
    return sum(rarity[term] for term in sorted(present)) / total if total else 0.0
