"""How passages are scored: cosines, and BM25 from term counts, lengths and document frequencies.

A passage's score is its own BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75), plus a share that depends only on
which of the question's terms it has, plus a share of its article's BM25. Against plain BM25 the second helps short
passages, where repetition says little, and the third helps passages of articles that are on the subject throughout
(docs/measurements.md).

A term is kept as a number of 32 bits that is made of it. Two terms of one number would be taken for each other: of
a text of a hundred terms, one in forty million questions meets such a pair.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, repeat
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.records import Frequencies, Retrieved
from search.article import Article, Span
from search.english.terms import terms, terms_of_slices
from search.models.embedding.embedder import Vectors

PRESENCE_WEIGHT = 0.3
"""Of the inverse document frequency of each term that a passage has, however often, in its score by words."""

_MOST = np.iinfo(np.uint16).max
_REMEMBERED = 1 << 18
K1 = 1.2
B = 0.75
ARTICLE_WEIGHT = 0.6
"""Weight of the BM25 score of the passage's whole article."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The terms of a text.

    Attributes:
        numbers: Of its distinct terms, in rising order: shape (n,), uint32; see `term_number`.
        counts: How often each stands in it, 65,535 at most: shape (n,), uint16.
        length: How many terms it has, repetitions counted.
    """

    numbers: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint16]
    length: int

    @classmethod
    def of(cls, analysed: Iterable[str]) -> Self:
        """Count analysed terms (`search.english.terms`)."""
        return cls._of_numbers(_numbers(analysed))

    @classmethod
    def of_passage(cls, article: Article, span: Span) -> Self:
        """Count the terms of a passage; the headline counts as part of it."""
        return cls.of(terms(passage_text(article, span)))

    @classmethod
    def of_article(cls, article: Article) -> Self:
        """Count the terms of a whole article."""
        return cls.of(terms("\n".join((article.headline, article.standfirst or "", article.body))))

    @classmethod
    def of_all(cls, article: Article, spans: Sequence[Span]) -> tuple[Self, list[Self]]:
        """Count the terms of an article and of its passages, the headline as part of each."""
        headline = _numbers(terms(article.headline))
        body, *parts = map(_numbers, terms_of_slices(article.body, (Span(0, len(article.body)), *spans)))
        whole = cls._of_numbers(headline + _numbers(terms(article.standfirst or "")) + body)
        return whole, [cls._of_numbers(headline + part) for part in parts]

    @classmethod
    def _of_numbers(cls, numbers: Sequence[int]) -> Self:
        distinct, counts = np.unique(np.array(numbers, dtype=np.uint32), return_counts=True)
        return cls(distinct, np.minimum(counts, _MOST).astype(np.uint16), len(numbers))

    def look_up(self, wanted: Sequence[int]) -> tuple[int, ...]:
        """Tell how often terms, given by number, stand in the text."""
        if not len(self.numbers):
            return (0,) * len(wanted)
        sought = np.array(wanted, dtype=np.uint32)
        places = np.minimum(np.searchsorted(self.numbers, sought), len(self.numbers) - 1)
        return tuple(np.where(self.numbers[places] == sought, self.counts[places], 0).tolist())

    def words(self) -> str:
        """The terms as an engine indexes them: tokens parted by spaces, repetitions behind one another."""
        pairs = zip(self.numbers.tolist(), self.counts.tolist(), strict=True)
        return " ".join(chain.from_iterable(repeat(token(number), count) for number, count in pairs))

    def packed(self) -> bytes:
        """Pack numbers and counts, little-endian, one after the other; the length is kept beside them."""
        return self.numbers.astype("<u4").tobytes() + self.counts.astype("<u2").tobytes()

    @classmethod
    def unpacked(cls, stored: bytes, length: int) -> Self:
        """Unpack what `packed` made.

        Raises:
            ValueError: If it is no such thing.
        """
        terms_stored, rest = divmod(len(stored), 6)
        if rest:
            raise ValueError(f"{len(stored)} bytes are no counts of terms")
        numbers = np.frombuffer(stored, dtype="<u4", count=terms_stored)
        counts = np.frombuffer(stored, dtype="<u2", offset=4 * terms_stored)
        return cls(numbers, counts, length)


def passage_text(article: Article, span: Span) -> str:
    """What of a passage is looked at for words: its headline and itself."""
    return f"{article.headline}\n{span.of(article.body)}"


@lru_cache(maxsize=_REMEMBERED)
def term_number(term: str) -> int:
    """Make a number of 32 bits of an analysed term, the same on every machine."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little")


def token(number: int) -> str:
    """A term, given by number, as it stands in an index: ten digits, which no tokenizer changes."""
    return f"{number:010d}"


def _numbers(analysed: Iterable[str]) -> list[int]:
    return list(map(term_number, analysed))


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

    def of_passages(
        self, counts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.float64]:
        """Score many passages by themselves: shape (n,).

        Args:
            counts: How often each term stands in each, shape (n, terms).
            lengths: How many terms each has, shape (n,).
        """
        rarity = np.array(self._rarity)
        norms = K1 * (1 - B + B * lengths / self._mean_length) if self._mean_length else np.full(len(lengths), K1)
        own = (rarity * counts * (K1 + 1) / (counts + norms[:, np.newaxis])).sum(axis=1)
        scores: npt.NDArray[np.float64] = own + PRESENCE_WEIGHT * (rarity * (counts > 0)).sum(axis=1)
        return scores

    def of(self, found: Retrieved) -> float:
        """Score a passage in its article."""
        return self.in_article(found, self.of_passage(found))

    def in_article(self, found: Retrieved, own: float) -> float:
        """Score a passage in its article, given what `of_passage` has come to."""
        whole = _bm25(
            found.article_counts, found.article_length, self._mean_article_length, self._rarity_in_articles
        )
        return own + ARTICLE_WEIGHT * whole


def cosines(vectors: Vectors, question: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Cosine between each row of unit vectors, shape (n, dimension), and a question: shape (n,).

    Not by `@`: the threads of BLAS go on spinning for milliseconds, which slows what is read next, and the sums
    depend on how many there are.
    """
    found: npt.NDArray[np.float32] = np.einsum("ij,j->i", vectors, question)
    return found


def _bm25(counts: Sequence[int], length: int, mean_length: float, rarity: Sequence[float]) -> float:
    norm = K1 * (1 - B + B * length / mean_length) if mean_length else K1
    return sum(
        weight * count * (K1 + 1) / (count + norm) for weight, count in zip(rarity, counts, strict=True) if count
    )
