"""How passages are scored: cosines, and BM25 from term counts, lengths and document frequencies.

A passage's score is its own BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75), plus a share that depends only on
which of the question's terms it has, plus a share of its article's BM25. Against plain BM25 the second helps short
passages, where repetition says little, and the third helps passages of articles that are on the subject throughout
(docs/measurements.md).
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.archive.records import Frequencies, Retrieved
from search.archive.term_counts import PRESENCE_WEIGHT
from search.models.embedding.embedder import Vectors

K1 = 1.2
B = 0.75

ARTICLE_WEIGHT = 0.6
"""Weight of the BM25 score of the passage's whole article."""


def inverse_document_frequency(total: int, holders: int) -> float:
    """How telling a term is that `holders` of `total` texts have: `ln(1 + (N - n + 0.5) / (n + 0.5))`."""
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


class Scoring:
    """BM25 for the terms of one question."""

    def __init__(self, terms: Sequence[str], frequencies: Frequencies) -> None:
        """Weigh the terms by how rare they are."""
        of_passages, of_articles = frequencies.passages, frequencies.articles
        self._rarity = [inverse_document_frequency(of_passages, frequencies.passages_with[term]) for term in terms]
        self._rarity_in_articles = [
            inverse_document_frequency(of_articles, frequencies.articles_with[term]) for term in terms
        ]
        self._mean_length = frequencies.passage_terms / of_passages if of_passages else 1.0
        self._mean_article_length = frequencies.article_terms / of_articles if of_articles else 1.0

    def of_passage(self, found: Retrieved) -> float:
        """Score a passage by itself: its own BM25 and what its terms are worth for being there."""
        own = _bm25(found.counts, found.length, self._mean_length, self._rarity)
        present = sum(rarity for rarity, count in zip(self._rarity, found.counts, strict=True) if count)
        return own + PRESENCE_WEIGHT * present

    def of(self, found: Retrieved) -> float:
        """Score a passage in its article."""
        whole = _bm25(
            found.article_counts, found.article_length, self._mean_article_length, self._rarity_in_articles
        )
        return self.of_passage(found) + ARTICLE_WEIGHT * whole


def cosines(vectors: Vectors, question: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Cosine between each row of unit vectors, shape (n, dimension), and a question: shape (n,).

    Not by `@`: the threads of BLAS go on spinning for milliseconds, which slows what is read next, and the sums
    depend on how many there are.
    """
    found: npt.NDArray[np.float32] = np.einsum("ij,j->i", vectors, question)
    return found


def _bm25(counts: Sequence[int], length: int, mean_length: float, rarity: Sequence[float]) -> float:
    norm = K1 * (1 - B + B * length / mean_length) if mean_length else K1
    return sum(weight * count * (K1 + 1) / (count + norm) for weight, count in zip(rarity, counts, strict=True))
