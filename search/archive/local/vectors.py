"""Vectors of consecutive passages in FAISS: compared one by one, or by inverted lists where there are many.

Either keeps them as they are stored, in half precision. The file is mapped into memory and never changed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys
from search.archive.engines import EXACT_LIMIT
from search.archive.local.files import Array, sync
from search.errors import ViewDamagedError
from search.models.embedding.embedder import Vectors

TRAINING_VECTORS_A_LIST = 50
_OFFSET_BITS = 32


@dataclass(frozen=True, slots=True)
class Regime:
    """Sizes at which the views change their ways.

    Attributes:
        exact_limit: Most passages that are all searched exhaustively; beyond, inverted lists are faster at little
            loss of recall. At least 16: fewer vectors cannot train the lists.
        probes: Inverted lists that are looked at, at least.
        scanned_exactly: Most passages under a filter that are compared one by one without the lists.
        words_anew: Most passages of which the lexical view is made anew when articles went. Tantivy counts deleted
            texts in its statistics until it merges them away, which changes a little which are found; making 9,000
            passages anew takes a second of every commit that replaces an article.
        joined_below: Passages of a segment below which it is always joined with what is new.
        merged_at_once: Passages that are put into lists by a commit; where there are more, that is done beside the
            writer (`search.archive.local.merging`). At least so many stand outside of the lists before.
        merged_behind: Whether it is done without being asked for, when a writer has ended.
        recall_wanted: Share of the ten nearest passages that the lists have to find; more are looked at until they
            do.
        recall_needed: Share below which lists are not used at all.
        columns_saved: Articles from which on the columns of a snapshot are saved with the views. Fewer are read
            from the database when the archive is opened.
        verified_first: Bytes of files not yet verified up to which they are verified before anybody is answered.
    """

    exact_limit: int = 100_000
    probes: int = 64
    scanned_exactly: int = EXACT_LIMIT
    words_anew: int = 2_000
    joined_below: int = 64
    merged_at_once: int = 20_000
    merged_behind: bool = True
    recall_wanted: float = 0.97
    recall_needed: float = 0.9
    columns_saved: int = 5_000
    verified_first: int = 64_000_000


DEFAULT_REGIME = Regime()


@dataclass(frozen=True, slots=True)
class VectorPart:
    """Vectors under passage keys.

    Attributes:
        index: The FAISS index, with passage keys as ids.
        keys: The keys, in order: shape (n,), int64.
        places: The list of each and, in the lower 32 bits, its place there: shape (n,), int64. None where there
            are no lists.
    """

    index: Any
    keys: Keys
    places: npt.NDArray[np.int64] | None

    @classmethod
    def flat(cls, keys: Keys, vectors: Vectors) -> Self:
        """Make a part that is searched exhaustively of vectors in the order of their keys."""
        faiss = _faiss()
        dimension = vectors.shape[1]
        half = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexIDMap(faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT))
        if len(keys):
            index.add_with_ids(np.ascontiguousarray(vectors), keys)
        return cls(index, keys, None)

    @classmethod
    def inverted(cls, keys: Keys, batches: Iterator[tuple[Keys, Vectors]], trained: Any) -> Self:
        """Make a part of inverted lists of vectors that come in batches, in the order of their keys."""
        for some, vectors in batches:
            trained.add_with_ids(np.ascontiguousarray(vectors), some)
        return cls(trained, keys, _places(trained, keys))

    @classmethod
    def load(cls, path: Path, keys: Keys, places: Array | None, dimension: int) -> Self:
        """Map the part saved in a file.

        Raises:
            ViewDamagedError: If it cannot be read, or is of another dimension or size.
        """
        faiss = _faiss()
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise ViewDamagedError(f"{path} cannot be read.") from error
        if index.d != dimension:
            raise ViewDamagedError(f"{path} has {index.d} dimensions instead of {dimension}.")
        if index.ntotal != len(keys):
            raise ViewDamagedError(f"{path} has {index.ntotal} vectors instead of {len(keys)}.")
        if places is not None:
            # Else each search starts threads that read the lists ahead, at ten times what the search takes.
            faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
        return cls(index, keys, places)

    def save(self, path: Path) -> None:
        """Write the part into a file where there is none yet.

        Raises:
            OSError: If it cannot be written.
        """
        try:
            _faiss().write_index(self.index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} cannot be written: {error}") from error
        sync(path)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return self.places is None

    @property
    def lists(self) -> int:
        """How many inverted lists there are."""
        return 0 if self.places is None else int(self.index.nlist)

    def at(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """Give the vectors of some rows: shape (n, dimension), float32."""
        faiss, bytes_each = _faiss(), 2 * self.index.d
        if not len(rows):
            return np.empty((0, self.index.d), dtype=np.float32)
        if self.places is None:
            codes = faiss.downcast_index(self.index.index).codes
            stored = faiss.rev_swig_ptr(codes.data(), codes.size()).reshape(-1, bytes_each)[rows]
        else:
            places, lists = self.places[rows], self.index.invlists
            stored = np.empty((len(rows), bytes_each), dtype=np.uint8)
            numbers, behind = np.unique(places >> _OFFSET_BITS, return_inverse=True)
            offsets = places & ((1 << _OFFSET_BITS) - 1)
            for number, which in zip(numbers.tolist(), _groups(behind), strict=True):
                size = lists.list_size(number) * bytes_each
                codes = faiss.rev_swig_ptr(lists.get_codes(number), size).reshape(-1, bytes_each)
                stored[which] = codes[offsets[which]]
        vectors: Vectors = stored.view("<f2").astype(np.float32)
        return vectors

    def search(
        self, question: npt.NDArray[np.float32], k: int, selector: Any | None, probes: int
    ) -> list[tuple[float, int]]:
        """Find the closest passages: at most `k` pairs of cosine and key.

        Args:
            question: Unit vector, shape (dimension,).
            k: How many; at least 1.
            selector: Of FAISS; None for all.
            probes: Lists that are looked at.
        """
        faiss = _faiss()
        if not len(self.keys):
            return []
        parameters = (
            faiss.SearchParameters(sel=selector)
            if self.exact
            else faiss.SearchParametersIVF(sel=selector, nprobe=min(probes, self.lists))
        )
        faiss.omp_set_num_threads(1)
        scores, keys = self.index.search(question[np.newaxis, :], min(k, len(self.keys)), params=parameters)
        return [(score, key) for score, key in zip(scores[0].tolist(), keys[0].tolist(), strict=True) if key >= 0]


def trained_lists(sample: Vectors, count: int) -> Any:
    """Train empty inverted lists for `count` vectors on a sample of them, shape (n, dimension)."""
    faiss = _faiss()
    return _lists(faiss.IndexFlatIP(sample.shape[1]), sample.shape[1], lists_for(count), sample)


def lists_like(part: VectorPart) -> Any:
    """Make empty inverted lists with the centroids of others."""
    faiss = _faiss()
    centroids = faiss.IndexFlatIP(part.index.d)
    centroids.add(part.index.quantizer.reconstruct_n(0, part.lists))
    return _lists(centroids, part.index.d, part.lists, np.empty((0, part.index.d), dtype=np.float32))


def lists_for(count: int) -> int:
    """How many inverted lists `count` vectors are put into."""
    return int(2 ** round(math.log2(4 * math.sqrt(count))))


def selector_of(keys: Keys) -> tuple[Any, object]:
    """Make a selector of FAISS of keys in order; gives what it reads, too, which has to be kept with it."""
    last = int(keys[-1]) if len(keys) else 0
    marked = np.zeros(last + 1, dtype=np.bool_)
    marked[keys] = True
    bits = np.packbits(marked, bitorder="little")
    faiss = _faiss()
    return faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits)), bits


def _lists(centroids: Any, dimension: int, lists: int, sample: Vectors) -> Any:
    faiss = _faiss()
    half = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexIVFScalarQuantizer(centroids, dimension, lists, half, faiss.METRIC_INNER_PRODUCT, False)
    index.referenced_objects = [centroids]
    if len(sample):
        index.train(np.ascontiguousarray(sample))
    index.is_trained = True
    return index


def _places(index: Any, keys: Keys) -> npt.NDArray[np.int64]:
    faiss, lists = _faiss(), index.invlists
    places = np.empty(len(keys), dtype=np.int64)
    for number in range(index.nlist):
        if size := lists.list_size(number):
            ids = faiss.rev_swig_ptr(lists.get_ids(number), size)
            places[np.searchsorted(keys, ids)] = (number << _OFFSET_BITS) + np.arange(size)
    return places


def _groups(numbers: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The places of each number, from 0 on, that there is."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.cumsum(np.bincount(numbers))[:-1])


def _faiss() -> Any:
    import faiss

    return faiss
