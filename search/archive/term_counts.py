"""How often each term stands in a text: what BM25 is computed from, packed for storage.

A term is kept as a number of 32 bits that is made of it. Two terms of one number would be taken for each other: of
a text of a hundred terms, one in forty million questions meets such a pair.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Self

import numpy as np
import numpy.typing as npt

from search.article import Article, Span
from search.english.terms import terms

PRESENCE_WEIGHT = 0.3
"""Of the inverse document frequency of each term that a passage has, however often, in its score by words."""

_MOST = np.iinfo(np.uint16).max
_REMEMBERED = 1 << 16


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
        counted = Counter(analysed)
        numbers = np.fromiter(map(term_number, counted), dtype=np.uint32, count=len(counted))
        counts = np.fromiter(
            (min(count, _MOST) for count in counted.values()), dtype=np.uint16, count=len(counted)
        )
        order = np.argsort(numbers, kind="stable")
        return cls(numbers[order], counts[order], counted.total())

    @classmethod
    def of_passage(cls, article: Article, span: Span) -> Self:
        """Count the terms of a passage; the headline counts as part of it."""
        return cls.of(terms(passage_text(article, span)))

    @classmethod
    def of_article(cls, article: Article) -> Self:
        """Count the terms of a whole article."""
        return cls.of(terms("\n".join((article.headline, article.standfirst or "", article.body))))

    def look_up(self, wanted: Sequence[int]) -> tuple[int, ...]:
        """Tell how often terms, given by number, stand in the text."""
        if not len(self.numbers):
            return (0,) * len(wanted)
        sought = np.array(wanted, dtype=np.uint32)
        places = np.minimum(np.searchsorted(self.numbers, sought), len(self.numbers) - 1)
        return tuple(np.where(self.numbers[places] == sought, self.counts[places], 0).tolist())

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
