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

PASSAGES_READ = 10
"""How many of the best candidates are read sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer.

    Attributes:
        candidate: The passage it stands in.
        span: Its offsets in the article's body.
        closeness: Mean cosine between the question and the sentence, alone and under its headline.
        score: What it is ranked by: the passage's score plus `closeness` in units of the archive's spread.
    """

    candidate: Candidate
    span: Span
    closeness: float
    score: float


def read_evidence(
    candidates: Sequence[Candidate],
    articles: Mapping[int, Article],
    embedder: Embedder,
    vector: npt.NDArray[np.float32],
    spread: float,
) -> list[Evidence]:
    """Rank the sentences of the best candidates.

    Args:
        candidates: Fused candidates, best first; the first `PASSAGES_READ` are read.
        articles: Their articles, by key.
        embedder: The model that the archive was made with.
        vector: The question's unit vector.
        spread: Standard deviation of cosine over the archive; positive.

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
    ranked = sorted(
        (
            Evidence(candidate, span, float(near), candidate.score + float(near) / spread)
            for (candidate, span), near in zip(found, closeness, strict=True)
        ),
        key=lambda evidence: (-evidence.score, evidence.candidate.passage, evidence.span.start),
    )
    first: dict[str, Evidence] = {}
    for evidence in ranked:
        first.setdefault(evidence.span.of(articles[evidence.candidate.article].body), evidence)
    return list(first.values())
