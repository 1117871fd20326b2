"""Segments: passages of consecutive keys with their vectors and their terms, in files that are never changed.

Keys are never used twice and passages never change, so what a segment holds stays right under every later commit
of one line of snapshots. A commit adds a segment of what is new, with which the small ones before it are joined.
What went, or cannot be found, is passed over in a search until a segment is made anew.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys
from search.archive.local.database import Database
from search.archive.local.files import map_arrays, write_arrays
from search.archive.local.marks import Contents
from search.archive.local.terms import Counts, TermColumns
from search.archive.local.vectors import (
    TRAINING_VECTORS_A_LIST,
    Regime,
    VectorPart,
    lists_for,
    lists_like,
    selector_of,
    trained_lists,
)
from search.errors import ViewDamagedError
from search.models.embedding.embedder import Vectors

SEGMENT_FOLDER = "segments"
_VECTORS = "vectors.faiss"
_ARRAYS = "terms.arrays"
_BATCH = 4_096
_ASKED = 100
_NEAREST = 10
_MOVED = 0.75
_MOST_PROBES = 8
_FALLEN = 2
_SHARE_OUTSIDE = 8
_MOST_GONE = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Passages of consecutive keys.

    Attributes:
        vectors: Of the passages.
        passages: Their terms, in the same order.
        articles: The terms of their articles, which no other segment need have.
    """

    vectors: VectorPart
    passages: TermColumns
    articles: TermColumns

    @classmethod
    def load(cls, folder: Path, dimension: int) -> Self:
        """Map the segment saved in a folder.

        Raises:
            ViewDamagedError: If it cannot be read, or has another dimension.
        """
        arrays = map_arrays(folder / _ARRAYS)
        try:
            passages, articles = (TermColumns.of_arrays(arrays, name) for name in ("passage", "article"))
        except KeyError as error:
            raise ViewDamagedError(f"{folder / _ARRAYS} lacks {error}.") from error
        vectors = VectorPart.load(folder / _VECTORS, passages.keys, arrays.get("places"), dimension)
        return cls(vectors, passages, articles)

    def save(self, folder: Path) -> None:
        """Write the segment into a new folder.

        Raises:
            OSError: If it cannot be written.
        """
        folder.mkdir(parents=True)
        self.vectors.save(folder / _VECTORS)
        arrays = self.passages.arrays("passage") | self.articles.arrays("article")
        if self.vectors.places is not None:
            arrays["places"] = self.vectors.places
        write_arrays(folder / _ARRAYS, arrays)

    @property
    def keys(self) -> Keys:
        """The keys of the passages, in order: shape (n,), int64."""
        return self.passages.keys


def make_segment(
    database: Database, keys: Keys, dimension: int, regime: Regime, like: VectorPart | None = None
) -> Segment:
    """Make a segment of stored passages, given by key, from the database.

    Args:
        database: In a transaction.
        keys: In order; at least one.
        dimension: Of the vectors.
        regime: From which size on there are inverted lists.
        like: A part whose centroids are taken if it has as many lists as are wanted; so fewer passages change
            their lists, and none has to be trained.
    """
    vectors = _vectors_of(database, keys, dimension, regime, like)
    articles = database.articles_of_passages(int(keys[0]), int(keys[-1]))
    return Segment(
        vectors,
        TermColumns.joined(
            [TermColumns.of(some, database.passage_terms(some.tolist())) for some in _batches(keys)]
        ),
        TermColumns.joined(
            [TermColumns.of(some, database.article_terms(some.tolist())) for some in _batches(articles)]
        ),
    )


def _vectors_of(
    database: Database, keys: Keys, dimension: int, regime: Regime, like: VectorPart | None
) -> VectorPart:
    def read(some: Keys) -> Vectors:
        return database.vectors(some.tolist(), dimension)

    if len(keys) <= regime.exact_limit:
        return VectorPart.flat(keys, np.concatenate([read(some) for some in _batches(keys)]))
    lists = lists_for(len(keys))
    if like is not None and like.lists == lists:
        empty = lists_like(like)
    else:
        sample = keys[:: max(1, len(keys) // (lists * TRAINING_VECTORS_A_LIST))]
        empty = trained_lists(np.concatenate([read(some) for some in _batches(sample)]), len(keys))
    return VectorPart.inverted(keys, ((some, read(some)) for some in _batches(keys)), empty)


def _batches(keys: Keys) -> Iterator[Keys]:
    return (keys[begin : begin + _BATCH] for begin in range(0, len(keys), _BATCH))


@dataclass(frozen=True)
class Segments:
    """All segments of a snapshot, in the order of their keys.

    Attributes:
        parts: The segments.
        dimension: Of their vectors.
        regime: How they are searched.
        probes: Inverted lists that are looked at.
    """

    parts: Sequence[Segment]
    dimension: int
    regime: Regime
    probes: int

    @cached_property
    def keys(self) -> Keys:
        """The keys of all passages, in order: shape (n,), int64."""
        return np.concatenate([part.keys for part in self.parts]) if self.parts else np.empty(0, dtype=np.int64)

    @cached_property
    def article_keys(self) -> Keys:
        """The keys of all articles of passages, in order: shape (n,), int64."""
        return np.concatenate([part.articles.keys for part in self.parts]) if self.parts else self.keys

    @property
    def exact(self) -> bool:
        """Whether every vector is compared with a question."""
        return all(part.vectors.exact for part in self.parts)

    def search(self, question: npt.NDArray[np.float32], k: int, allowed: "Allowed") -> list[int]:
        """Find the keys of the closest passages, at most `k`, closest first.

        Args:
            question: Unit vector, shape (dimension,).
            k: How many; at least 1.
            allowed: Which passages count.
        """
        if not self.exact and len(allowed.keys) <= self.regime.scanned_exactly:
            scores = np.einsum("ij,j->i", self.vectors(allowed.keys), question)
            closest: list[int] = allowed.keys[np.lexsort((allowed.keys, -scores))[:k]].tolist()
            return closest
        found = self._search(question, k, allowed, self.probes)
        if len(found) < min(k, len(allowed.keys)):  # the lists looked at had too few: look at all
            found = self._search(question, k, allowed, max(part.vectors.lists for part in self.parts))
        return found

    def vectors(self, keys: Keys) -> Vectors:
        """Give the vectors of passages, given by key in order: shape (n, dimension), float32.

        Raises:
            ViewDamagedError: If one is in no segment.
        """
        found = np.empty((len(keys), self.dimension), dtype=np.float32)
        for part, which, rows in self._split(keys, [part.passages for part in self.parts]):
            found[which] = self.parts[part].vectors.at(rows)
        return found

    def passage_terms(self, keys: Keys, terms: npt.NDArray[np.uint32]) -> tuple[Counts, npt.NDArray[np.int32]]:
        """Tell how often terms stand in passages, given by key in order, and how many terms those have.

        Args:
            keys: Of the passages.
            terms: Distinct numbers in rising order.

        Raises:
            ViewDamagedError: If a passage is in no segment.
        """
        return self._terms(keys, terms, [part.passages for part in self.parts])

    def article_terms(self, keys: Keys, terms: npt.NDArray[np.uint32]) -> tuple[Counts, npt.NDArray[np.int32]]:
        """The same for articles."""
        return self._terms(keys, terms, [part.articles for part in self.parts])

    def passage_holders(self, keys: Keys, terms: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """Tell in how many of some passages terms stand, shape (terms,); arguments as of `passage_terms`."""
        return self._holders(keys, terms, [part.passages for part in self.parts])

    def article_holders(self, keys: Keys, terms: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """The same for articles."""
        return self._holders(keys, terms, [part.articles for part in self.parts])

    def count_terms(self, passages: Keys, articles: Keys) -> tuple[int, int]:
        """Count the terms that passages, and that articles, given by key in order, have together."""
        own, whole = [part.passages for part in self.parts], [part.articles for part in self.parts]
        return (
            sum(int(own[part].lengths[rows].sum()) for part, _, rows in self._split(passages, own)),
            sum(int(whole[part].lengths[rows].sum()) for part, _, rows in self._split(articles, whole)),
        )

    def _holders(
        self, keys: Keys, terms: npt.NDArray[np.uint32], columns: Sequence[TermColumns]
    ) -> npt.NDArray[np.int64]:
        found = np.zeros(len(terms), dtype=np.int64)
        for some in _batches(keys):
            for part, _, rows in self._split(some, columns):
                found += np.count_nonzero(columns[part].look_up(rows, terms), axis=0)
        return found

    def _search(self, question: npt.NDArray[np.float32], k: int, allowed: "Allowed", probes: int) -> list[int]:
        selector = None if len(allowed.keys) == len(self.keys) else allowed.selector
        found = [pair for part in self.parts for pair in part.vectors.search(question, k, selector, probes)]
        return [key for _, key in sorted(found, key=lambda pair: (-pair[0], pair[1]))[:k]]

    def _terms(
        self, keys: Keys, terms: npt.NDArray[np.uint32], columns: Sequence[TermColumns]
    ) -> tuple[Counts, npt.NDArray[np.int32]]:
        counts = np.empty((len(keys), len(terms)), dtype=np.int64)
        lengths = np.empty(len(keys), dtype=np.int32)
        for part, which, rows in self._split(keys, columns):
            counts[which] = columns[part].look_up(rows, terms)
            lengths[which] = columns[part].lengths[rows]
        return counts, lengths

    def _split(
        self, keys: Keys, columns: Sequence[TermColumns]
    ) -> Iterator[tuple[int, slice, npt.NDArray[np.int64]]]:
        """The keys by part: its number, which of the keys are in it, and their rows there."""
        begin = 0
        for number, column in enumerate(columns):
            last = column.keys[-1] if len(column.keys) else -1
            end = begin + int(np.searchsorted(keys[begin:], last, side="right"))
            if end > begin:
                rows = np.searchsorted(column.keys, keys[begin:end])
                if not np.array_equal(column.keys[rows], keys[begin:end]):
                    break
                yield number, slice(begin, end), rows
            begin = end
        if begin < len(keys):
            raise ViewDamagedError("The index lacks a passage that is stored.")


class Allowed:
    """Passages that count in a search."""

    def __init__(self, keys: Keys) -> None:
        """Allow passages, given by key in order."""
        self.keys = keys

    @cached_property
    def _made(self) -> tuple[Any, object]:
        return selector_of(self.keys)

    @property
    def selector(self) -> Any:
        """For FAISS."""
        return self._made[0]


def kept_segments(contents: Contents, new: int, stored: int, regime: Regime) -> int:
    """Decide how many of the segments, from the first on, stay as they are; one is made of all that follows.

    The last of those that are there are joined with what is new for as long as each is no larger than twice all of
    that and few enough to be made at once; so a passage is written no more often than the logarithm of these.
    All are made anew when there are lists and should be none, when more than half of what they hold is gone, and
    when they should be put into lists and are few, or most of them are new.

    Args:
        contents: What is there.
        new: Passages that are stored and in none of the segments.
        stored: All passages that are stored.
        regime: From which sizes on there are lists.
    """
    marks = contents.segments
    held = sum(mark.passages for mark in marks)
    wrong_kind = not contents.exact and stored <= regime.exact_limit
    at_once = stored <= regime.merged_at_once or 2 * new > stored
    if wrong_kind or held > _MOST_GONE * stored or (at_once and should_merge(contents, stored, regime, new)):
        return 0
    kept, count = len(marks), new
    while new and kept and not marks[kept - 1].lists:
        size = marks[kept - 1].passages
        if size > max(_FALLEN * count, regime.joined_below) or size + count > regime.merged_at_once:
            break
        kept, count = kept - 1, count + size
    return kept


def should_merge(contents: Contents, stored: int, regime: Regime, new: int = 0) -> bool:
    """Tell whether all segments should be one with inverted lists; arguments as of `kept_segments`.

    So they should once an eighth of the passages stands outside of the lists, or, if there are none, more than are
    searched exhaustively; if lists were refused, once there are twice as many passages.
    """
    held = sum(mark.passages for mark in contents.segments)
    listed = sum(mark.passages for mark in contents.segments if mark.lists)
    most = max(regime.merged_at_once, listed // _SHARE_OUTSIDE) if listed else regime.exact_limit
    most = max(most, _MOST_GONE * contents.refused)
    return stored > regime.exact_limit and held - listed + new > most


def measured(part: VectorPart, regime: Regime) -> tuple[int, float]:
    """Choose how many inverted lists are looked at, and tell what share of the ten nearest passages they find.

    Asked are stored vectors that were moved as far as a question is from what answers it.
    """
    generator = np.random.default_rng(len(part.keys))
    asked = part.at(np.sort(generator.choice(len(part.keys), min(_ASKED, len(part.keys)), replace=False)))
    noise = generator.standard_normal(asked.shape, dtype=np.float32)
    asked = asked + noise * np.float32(_MOVED / math.sqrt(asked.shape[1]))
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    nearest = [{key for _, key in part.search(one, _NEAREST, None, part.lists)} for one in asked]
    probes = regime.probes
    while True:
        found = [{key for _, key in part.search(one, _NEAREST, None, probes)} for one in asked]
        hits = sum(len(one & other) for one, other in zip(found, nearest, strict=True))
        recall = hits / sum(map(len, nearest))
        if recall >= regime.recall_wanted or probes >= min(part.lists, _MOST_PROBES * regime.probes):
            return probes, recall
        probes *= 2
