"""Evidence: the sentences in the best candidates that come closest to answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.article import Article, Span
from search.embedding import Embedder
from search.embedding.context import in_context
from search.retrieval import Candidate
from search.sentences import sentences
from search.words import terms

PASSAGES_READ = 10
"""How many of the best candidates are read sentence by sentence."""


COVERAGE_WEIGHT = 1.5
"""What having all of the question's terms is worth, in the units of the score."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer.

    Attributes:
        candidate: The passage it stands in.
        span: Its offsets in the article's body.
        closeness: Mean cosine between the question and the sentence, alone and under its headline.
        coverage: Share of the question's terms that the sentence has, weighted by rarity; 0 to 1.
        score: What it is ranked by: the passage's score, plus `closeness` in units of the archive's spread, plus
            `COVERAGE_WEIGHT * coverage`.
    """

    candidate: Candidate
    span: Span
    closeness: float
    coverage: float
    score: float


def read_evidence(
    candidates: Sequence[Candidate],
    articles: Mapping[int, Article],
    embedder: Embedder,
    vector: npt.NDArray[np.float32],
    *,
    unit: float,
    rarity: Mapping[str, float],
) -> list[Evidence]:
    """Rank the sentences of the best candidates.

    Args:
        candidates: Fused candidates, best first; the first `PASSAGES_READ` are read.
        articles: Their articles, by key.
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
    for candidate in candidates[:PASSAGES_READ]:
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
        score = candidate.score + near / unit + COVERAGE_WEIGHT * coverage
        evidence.append(Evidence(candidate, span, near, coverage, score))
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
