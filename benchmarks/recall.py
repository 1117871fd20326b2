"""How many of the passages closest in meaning an archive finds, against comparing all of them one by one.

    python benchmarks/recall.py ARCHIVE... --questions 200
    python benchmarks/recall.py ARCHIVE --made 100000 200000

For each archive, a folder or an address, questions are vectors of stored passages that were moved as far as a
question is from what answers it. Told are the shares of the closest ten and hundred that are found, the lowest
share of any question, and what the archive itself measured when its lists were made (`dateline status` tells it).

With `--made`, Lance tables of so many vectors are made of those of the archive, moved as `benchmarks/scale.py`
does, put into inverted lists as the upkeep of an archive does, and asked by them as an archive asks.
"""

import argparse
import heapq
import math
import statistics
import tempfile
import time

import lance
import numpy as np
import pyarrow as pa
from scale import perturbed, questions_of, stored_vectors

from indexer.renewal import all_ids
from search.archive import Snapshot, open_archive
from search.archive.lance.place import Place
from search.archive.lance.tables import Tables, nearest
from search.archive.lance.upkeep import DEFAULT_REGIME, choose_probes, make_lists
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
    parser.add_argument("--made", type=int, nargs="+", default=[], metavar="VECTORS")
    asked = parser.parse_args()
    for count in asked.made:
        _measure_made(asked.archives[0], count, asked.questions)
    for address in asked.archives if not asked.made else ():
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


def _measure_made(address: str, count: int, most: int) -> None:
    """Make tables of vectors alone, and measure what their inverted lists find."""
    with open_archive(address) as archive, archive.snapshot() as snapshot:
        given = np.concatenate([some for _, some in stored_vectors(snapshot, list(all_ids(snapshot)))])
    generator = np.random.default_rng(5)
    vectors = np.concatenate(
        [given, *(perturbed(given, generator) for _ in range(math.ceil(count / len(given)) - 1))]
    )[:count]
    asked = perturbed(vectors[:: max(1, count // most)], generator)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(f"lance://{folder}")
        made = Tables.create(place, vectors.shape[1])
        columns = {
            "key": pa.array(np.arange(1, count + 1)),
            "vector": pa.FixedSizeListArray.from_arrays(vectors.astype(np.float16).ravel(), vectors.shape[1]),
        }
        schema = made.schemas["passages"]
        lacking = {field.name: pa.nulls(count, field.type) for field in schema if field.name not in columns}
        rows = pa.table(lacking | columns).select(schema.names)
        began = time.process_time()
        written = lance.write_dataset(rows, place.dataset("passages"), mode="append")
        make_lists(written, count, DEFAULT_REGIME)
        spent = time.process_time() - began
        tables = made.at(made.versions | {"passages": place.dataset("passages").version})
        probes, told = choose_probes(tables, asked, count, DEFAULT_REGIME)
        lists = count // DEFAULT_REGIME.rows_of_a_list
        found = f"{count:,} vectors, {lists} lists made in {spent:.0f} s, {probes} looked at, told {told:.3f}:"
        cosines = asked @ vectors.T
        for depth in _DEPTHS:
            least = -np.partition(-cosines, depth - 1, axis=1)[:, depth - 1] - _ROUNDING
            shares, took = [], []
            for place_of, vector in enumerate(asked):
                at = time.perf_counter()
                keys = tables.keys("passages", nearest=nearest(vector, depth, probes))
                took.append((time.perf_counter() - at) * 1e3)
                shares.append(min(1.0, float((cosines[place_of, keys - 1] >= least[place_of]).sum()) / depth))
            found += f" of {depth} {statistics.mean(shares):.4f} (lowest {min(shares):.2f}, "
            found += f"{statistics.median(took):.0f} ms),"
        print(found.removesuffix(","), flush=True)


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
