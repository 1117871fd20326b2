"""The vector view: FAISS over the stored vectors, exact while that is fast, inverted lists beyond."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys
from search.archive.local.files import sync
from search.errors import ViewDamagedError
from search.models.embedding.embedder import Vectors

_TRAINING_VECTORS_A_LIST = 50
_INDEX_FILE = "vectors.faiss"


@dataclass(frozen=True, slots=True)
class Regime:
    """Sizes at which the views change their ways.

    Attributes:
        exact_limit: Most passages that are searched exhaustively; beyond, inverted lists are faster at little loss
            of recall. At least 16: fewer vectors cannot train the lists.
        probes: Inverted lists that are looked at.
        rescored: Candidates of the inverted lists that are scored again from the stored vectors, at least.
        scanned_exactly: Most passages under a filter that are compared one by one without the index.
        words_anew: Most passages of which the lexical view is made anew when articles went. Tantivy counts deleted
            texts in its statistics until it merges them away, which changes scores a little.
    """

    exact_limit: int = 100_000
    probes: int = 64
    rescored: int = 100
    scanned_exactly: int = 2_000
    words_anew: int = 20_000


DEFAULT_REGIME = Regime()


@dataclass(slots=True)
class VectorView:
    """Nearest passages by inner product of unit vectors (cosine).

    Attributes:
        index: The FAISS index, with passage keys as ids.
        exact: Whether it compares with every vector as stored; if not, candidates should be scored again.
        regime: When it is one, when the other.
    """

    index: Any
    exact: bool
    regime: Regime = DEFAULT_REGIME

    @classmethod
    def build(
        cls,
        dimension: int,
        count: int,
        batches: Iterable[tuple[Keys, Vectors]],
        regime: Regime = DEFAULT_REGIME,
    ) -> Self:
        """Build a view over `count` vectors that come in batches of keys and rows."""
        if count <= regime.exact_limit:
            view = cls(_flat(dimension), exact=True, regime=regime)
            for keys, vectors in batches:
                view.add(keys, vectors)
            return view
        all_keys, all_vectors = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        view = cls(_inverted(dimension, all_vectors), exact=False, regime=regime)
        view.add(all_keys, all_vectors)
        return view

    @classmethod
    def load(cls, folder: Path, dimension: int, *, exact: bool, regime: Regime = DEFAULT_REGIME) -> Self:
        """Load the view saved in `folder`, whose file was verified: it is read into memory, not mapped.

        Raises:
            ViewDamagedError: If it cannot be read, or has another dimension.
        """
        path = folder / _INDEX_FILE
        try:
            index = _faiss().read_index(str(path))
        except RuntimeError as error:
            raise ViewDamagedError(f"{path} cannot be read.") from error
        if index.d != dimension:
            raise ViewDamagedError(f"{path} has {index.d} dimensions instead of {dimension}.")
        return cls(index, exact=exact, regime=regime)

    def save(self, folder: Path) -> None:
        """Write the view into a folder where there is none yet.

        Raises:
            OSError: If it cannot be written.
        """
        path = folder / _INDEX_FILE
        try:
            _faiss().write_index(self.index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} cannot be written: {error}") from error
        sync(path)

    @property
    def outgrown(self) -> bool:
        """Whether the index has the wrong kind for its size and should be built anew."""
        return self.exact != (len(self) <= self.regime.exact_limit)

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def keys(self) -> Keys:
        """List the passage keys in the index, in no order: shape (n,), int64."""
        faiss = _faiss()
        if self.exact:
            return np.array(faiss.vector_to_array(self.index.id_map), dtype=np.int64)
        lists = self.index.invlists
        parts = [
            np.array(faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)), dtype=np.int64)
            for number in range(self.index.nlist)
            if lists.list_size(number)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def decoded(self, keys: Keys) -> Vectors:
        """Give the vectors as the index has them, in the order of `keys`: shape (n, dimension), float32.

        Raises:
            RuntimeError: If one is not in the index.
        """
        if not self.exact:
            self.index.set_direct_map_type(_faiss().DirectMap.Hashtable)
        rows = [self.index.reconstruct(int(key)) for key in keys]
        if not self.exact:
            self.index.set_direct_map_type(_faiss().DirectMap.NoMap)
        return np.array(rows, dtype=np.float32).reshape(len(keys), self.index.d)

    def as_kept(self, vectors: Vectors) -> Vectors:
        """Give vectors as the index would keep them: inverted lists round, and clip what is far from the rest."""
        if self.exact or not len(vectors):
            return vectors
        decoded: Vectors = self.index.sa_decode(self.index.sa_encode(np.ascontiguousarray(vectors)))
        return decoded

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Add vectors under their passage keys: shapes (n,) and (n, dimension)."""
        if len(keys):
            self.index.add_with_ids(np.ascontiguousarray(vectors), keys)

    def remove(self, keys: Keys) -> None:
        """Remove passages by key."""
        if len(keys):
            self.index.remove_ids(keys)

    def search(
        self, question: npt.NDArray[np.float32], k: int, allowed: Keys | None = None
    ) -> list[tuple[int, float]]:
        """Find the closest passages: at most `k` pairs of key and cosine, closest first.

        Args:
            question: Unit vector, shape (dimension,).
            k: How many; at least 1.
            allowed: Passage keys to choose from; None for all.
        """
        faiss = _faiss()
        k = min(k, self.index.ntotal if allowed is None else len(allowed))
        if k < 1:
            return []
        selector = None if allowed is None else faiss.IDSelectorBatch(allowed)
        parameters = (
            faiss.SearchParameters(sel=selector)
            if self.exact
            else faiss.SearchParametersIVF(sel=selector, nprobe=self.regime.probes)
        )
        faiss.omp_set_num_threads(1)
        scores, keys = self.index.search(question[np.newaxis, :], k, params=parameters)
        if not self.exact and (keys[0] < 0).any():  # the lists looked at had too few: look at all
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=self.index.nlist)
            scores, keys = self.index.search(question[np.newaxis, :], k, params=parameters)
        found = [(int(key), float(score)) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _flat(dimension: int) -> Any:
    faiss = _faiss()
    storage = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(storage)


def _inverted(dimension: int, vectors: Vectors) -> Any:
    faiss = _faiss()
    lists = 2 ** round(math.log2(4 * math.sqrt(len(vectors))))
    index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    sample = vectors[:: max(1, len(vectors) // (lists * _TRAINING_VECTORS_A_LIST))]
    index.train(np.ascontiguousarray(sample))
    return index


def _faiss() -> Any:
    import faiss

    return faiss
