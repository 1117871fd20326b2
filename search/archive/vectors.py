"""The vector view: FAISS over the stored vectors, exact while that is fast, inverted lists beyond."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from search.archive.database import Keys
from search.archive.stamp import Stamp, checksum, write_atomically
from search.embedding.embedder import Vectors

EXACT_LIMIT = 100_000
"""Most passages that are searched exhaustively; beyond, inverted lists are faster at little loss of recall."""

_PROBES = 64
_TRAINING_VECTORS_A_LIST = 50
_INDEX_FILE = "vectors.faiss"
_STAMP_FILE = "vectors.json"


@dataclass(slots=True)
class VectorView:
    """Nearest passages by inner product of unit vectors (cosine).

    Attributes:
        index: The FAISS index, with passage keys as ids.
        exact: Whether it compares with every vector as stored; if not, candidates should be scored again.
    """

    index: Any
    exact: bool

    @classmethod
    def build(cls, dimension: int, count: int, batches: Iterable[tuple[Keys, Vectors]]) -> Self:
        """Build a view over `count` vectors that come in batches of keys and rows."""
        if count <= EXACT_LIMIT:
            view = cls(_flat(dimension), exact=True)
            for keys, vectors in batches:
                view.add(keys, vectors)
            return view
        all_keys, all_vectors = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        view = cls(_inverted(dimension, all_vectors), exact=False)
        view.add(all_keys, all_vectors)
        return view

    @classmethod
    def load(cls, folder: Path, stamp: Stamp) -> tuple[Self, int] | None:
        """Load the view saved in `folder` and the snapshot it reflects.

        None if there is none, it is damaged, or it belongs to another archive or model.
        """
        faiss = _faiss()
        try:
            saved = json.loads((folder / _STAMP_FILE).read_text(encoding="utf-8"))
            if not stamp.fits(saved) or saved["checksum"] != checksum(folder / _INDEX_FILE):
                return None
            view = cls(faiss.read_index(str(folder / _INDEX_FILE)), exact=bool(saved["exact"]))
        except (OSError, ValueError, KeyError, RuntimeError):
            return None
        return (view, int(saved["snapshot"])) if view.index.d == stamp.dimension else None

    @staticmethod
    def discard(folder: Path) -> None:
        """Make the view saved in `folder` invalid."""
        (folder / _STAMP_FILE).unlink(missing_ok=True)

    def save(self, folder: Path, stamp: Stamp) -> None:
        """Write the view, each file whole or not at all, the one that makes it valid last."""
        faiss = _faiss()
        (folder / _STAMP_FILE).unlink(missing_ok=True)
        write_atomically(folder / _INDEX_FILE, faiss.serialize_index(self.index).tobytes())
        facts = stamp.as_dict() | {"exact": self.exact, "checksum": checksum(folder / _INDEX_FILE)}
        write_atomically(folder / _STAMP_FILE, json.dumps(facts).encode())

    @property
    def outgrown(self) -> bool:
        """Whether the index has the wrong kind for its size and should be built anew."""
        return self.exact != (len(self) <= EXACT_LIMIT)

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
            else faiss.SearchParametersIVF(sel=selector, nprobe=_PROBES)
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
