"""Counts of articles by source and day, and by name."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from search.archive.columns import Ordinals

_DAY_BITS = 23
_DAYS = (1 << _DAY_BITS) - 1


class Days(Mapping[tuple[str, date], int]):
    """Articles by source ("" where there is none) and day, in order; counted when it is first looked at."""

    def __init__(self, names: Sequence[str], sources: npt.NDArray[np.int32], days: Ordinals) -> None:
        """Count articles.

        Args:
            names: Of the sources.
            sources: The number of each article's; -1 for none.
            days: The day of each, a proleptic Gregorian ordinal.
        """
        self._names = names
        self._sources = sources
        self._days = days

    @cached_property
    def by_source(self) -> dict[str, npt.NDArray[np.int64]]:
        """Ordinals of days, in order, and numbers of articles by source: shape (2, n) each."""
        pairs, counts = np.unique((self._sources + np.int64(1)) << _DAY_BITS | self._days, return_counts=True)
        numbers, days = pairs >> _DAY_BITS, pairs & _DAYS
        begins = np.flatnonzero(np.diff(numbers, prepend=-1))
        parts = zip(np.split(days, begins[1:]), np.split(counts, begins[1:]), strict=True)
        names = ["", *self._names]
        return {names[numbers[begin]]: np.stack(part) for begin, part in zip(begins, parts, strict=False)}

    @property
    def by_year(self) -> dict[int, int]:
        """Articles by year, in order; those without a day are not among them."""
        return by_year(self._days)

    @cached_property
    def _counts(self) -> dict[tuple[str, date], int]:
        return {
            (source, date.fromordinal(day)): count
            for source, pairs in sorted(self.by_source.items())
            for day, count in pairs.T.tolist()
        }

    def __getitem__(self, place: tuple[str, date]) -> int:
        return self._counts[place]

    def __iter__(self) -> Iterator[tuple[str, date]]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


def speaker_name(folded_speaker: str) -> str:
    """The name in what `search.statements.folded_speaker` makes of name and role."""
    return folded_speaker.partition("|")[0].strip()


def most_frequent(counts: npt.NDArray[np.int64], names: Sequence[str]) -> dict[str, int]:
    """Name what is counted, the most frequent first, then in order of names; what there is none of is left out."""
    found = {names[number]: int(counts[number]) for number in np.flatnonzero(counts).tolist()}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def by_year(days: Ordinals) -> dict[int, int]:
    """Count days, given as ordinals, by year, in order; 0 is no day."""
    years: Counter[int] = Counter()
    distinct, counts = np.unique(days[days > 0], return_counts=True)
    for day, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        years[date.fromordinal(day).year] += count
    return dict(sorted(years.items()))
