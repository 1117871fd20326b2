"""How many of the passages closest in meaning an archive finds, against comparing all of them one by one.

    python benchmarks/recall.py ARCHIVE... --questions 200

For each archive, a folder or an address, questions are vectors of stored passages that were moved as far as a
question is from what answers it. Told are the shares of the closest ten and hundred that are found, the lowest
share of any question, and what the archive itself measured when its lists were made (`dateline status` tells it).
"""

import argparse
import heapq
import statistics
import time

import numpy as np
from scale import questions_of, stored_vectors

from indexer.renewal import all_ids
from search.archive import Snapshot, open_archive
from search.archive.records import Query
from search.filters import Filter

_DEPTHS = (10, 100)
_ROUNDING = 1e-3
_BATCH = 20_000


def main() -> None:
    """Print a line for each archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+")
    parser.add_argument("--questions", type=int, default=200)
    asked = parser.parse_args()
    for address in asked.archives:
        with open_archive(address) as archive, archive.snapshot() as snapshot:
            vectors = np.stack(
                [one.vector for one in questions_of(snapshot, asked.questions) if one.vector is not None]
            )
            exact = _exact(snapshot, vectors)
            told = f"{snapshot.facts.passages:,} passages, {len(vectors)} questions, {address}:"
            for depth in _DEPTHS:
                shares, took = [], []
                for vector, best in zip(vectors, exact, strict=True):
                    at = time.perf_counter()
                    found = snapshot.candidates(Query(vector, ()), depth, Filter()).passages
                    took.append((time.perf_counter() - at) * 1e3)
                    least = heapq.nlargest(depth, best)[-1] - _ROUNDING
                    close = sum(one.cosine >= least for one in found if one.near)
                    shares.append(min(1.0, close / min(depth, len(best))))
                told += f" of {depth} {statistics.mean(shares):.4f} (lowest {min(shares):.2f}, "
                told += f"{statistics.median(took):.0f} ms),"
            print(f"{told} told {snapshot.card.recall:.3f}")


def _exact(snapshot: Snapshot, asked: np.ndarray) -> list[list[float]]:
    """The cosines of the passages closest to each question, of all that can be found."""
    best: list[list[float]] = [[] for _ in asked]
    ids = list(all_ids(snapshot))
    batch: list[np.ndarray] = []

    def compare() -> None:
        cosines = asked @ np.concatenate(batch).T
        deepest = min(max(_DEPTHS), cosines.shape[1])
        top = -np.partition(-cosines, deepest - 1, axis=1)[:, :deepest]
        for place, row in enumerate(top):
            best[place] = heapq.nlargest(max(_DEPTHS), [*best[place], *row.tolist()])
        batch.clear()

    for _, vectors in stored_vectors(snapshot, ids):
        batch.append(vectors)
        if sum(map(len, batch)) >= _BATCH:
            compare()
    if batch:
        compare()
    return best


if __name__ == "__main__":
    main()
