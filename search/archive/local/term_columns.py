"""The terms of many texts as arrays: looked up for hundreds of texts at once, without the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys, Places
from search.archive.local.files import Array
from search.archive.scoring import TermCounts

Counts = npt.NDArray[np.int64]
"""How often each of some terms stands in each of some texts: shape (texts, terms)."""


@dataclass(frozen=True, slots=True)
class TermColumns:
    """The terms of texts; see `search.archive.scoring.TermCounts`.

    Attributes:
        keys: Of the texts, in order: shape (n,), int64.
        ends: Where the terms of each begin and, one further, end: shape (n + 1,), int64.
        numbers: The distinct terms of each text, one text behind the other: uint32.
        counts: How often each stands in its text: uint16.
        lengths: How many terms each text has: shape (n,), int32.
    """

    keys: Keys
    ends: Places
    numbers: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int32]

    @classmethod
    def of(cls, keys: Keys, texts: Iterable[TermCounts]) -> Self:
        """Lay out the terms of texts, given in the order of their keys."""
        given = list(texts)
        return cls(
            keys,
            np.cumsum([0, *(len(text.numbers) for text in given)], dtype=np.int64),
            _joined([text.numbers for text in given], np.uint32),
            _joined([text.counts for text in given], np.uint16),
            np.array([text.length for text in given], dtype=np.int32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Lay parts one behind the other, the keys of each larger than those of the one before."""
        begins = np.cumsum([0, *(part.ends[-1] for part in parts)], dtype=np.int64)
        ends = [part.ends[1:] + begin for part, begin in zip(parts, begins[:-1], strict=True)]
        return cls(
            _joined([part.keys for part in parts], np.int64),
            np.concatenate([np.zeros(1, dtype=np.int64), *ends]),
            _joined([part.numbers for part in parts], np.uint32),
            _joined([part.counts for part in parts], np.uint16),
            _joined([part.lengths for part in parts], np.int32),
        )

    def arrays(self, prefix: str) -> dict[str, Array]:
        """Name the arrays, to be written."""
        return {f"{prefix}_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], prefix: str) -> Self:
        """Take them up again.

        Raises:
            KeyError: If one is missing.
        """
        return cls(*(arrays[f"{prefix}_{name}"] for name in cls.__dataclass_fields__))

    def look_up(self, rows: Places, terms: npt.NDArray[np.uint32]) -> Counts:
        """Tell how often terms, given by distinct numbers in rising order, stand in the texts of some rows."""
        begins = self.ends[rows]
        sizes = self.ends[rows + 1] - begins
        found = np.zeros((len(rows), len(terms)), dtype=np.int64)
        if not len(terms) or not sizes.sum():
            return found
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1]) + np.repeat(begins - (ends - sizes), sizes)
        numbers = self.numbers[places]
        columns = np.minimum(np.searchsorted(terms, numbers), len(terms) - 1)
        hits = np.flatnonzero(terms[columns] == numbers)
        found[np.repeat(np.arange(len(rows)), sizes)[hits], columns[hits]] = self.counts[places[hits]]
        return found


def _joined(arrays: Sequence[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=kind)
