"""Families in real newswire: what locality-sensitive hashing finds, against all pairs.

    python benchmarks/families.py NEWS/wire.jsonl.gz [--labels benchmarks/families.jsonl]
    python benchmarks/families.py NEWS/wire.jsonl.gz --stored 1000000 [--articles 500]

The oracle compares every two articles that share a shingle. Then every article of six paragraphs or more is
copied in four ways (its first half, its first third, itself with the last two paragraphs of another, its first
half with one), as
newspapers and later leads do. Labels are judgements of a reader on pairs of ids, without their texts: `copy` (one
text derives from the other), `reused` (a passage of background in another story), `template` (one form filled in
twice), `other`.

With `--stored` nothing of that is done. Articles are put, a hundred a commit, into an archive that holds none and
into one that holds the buckets of so many other texts, which are drawn: told is what each takes, what each commit
writes, how much memory it keeps, and that both find the same families.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from indexer.dossier import split_article
from indexer.families import buckets, either_derives, likeness, shape_of
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.archive import LocalArchive
from search.archive.records import Dossier
from search.article import Article
from search.models.embedding import ModelCard, load_embedder
from search.settings import Settings

_JACCARD = (0.3, 0.5, 0.7, 0.9)
_EMBEDDED = 150
_LEAST_PARAGRAPHS = 6
_PUT_TOGETHER = 100
_BUCKETS = 64
_CARD = ModelCard("none", "none", 8, 256, "none", "float32", 1.0, 0.06)

Pair = tuple[int, int]


def main() -> None:
    """Print what was found, what was missed, and what it costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--labels", type=Path, default=Path(__file__).with_suffix(".jsonl"))
    parser.add_argument("--stored", type=int, help="measure what joining costs beside so many other texts")
    parser.add_argument("--articles", type=int, default=500, help="how many are put with --stored")
    given = parser.parse_args()
    articles = [
        read
        for file in find_files([given.path])
        if isinstance(file, InputFile)
        for read in read_file(file, ReadOptions())
        if isinstance(read, Article)
    ]
    if given.stored:
        beside_many(articles[: given.articles], given.stored)
        return
    cost(articles)
    bodies = [article.body for article in articles]
    candidates = sharing_a_bucket(bodies)
    found = {pair for pair in candidates if either_derives(bodies[pair[0]], bodies[pair[1]])}
    families = Counter(components(len(bodies), found))
    print(f"{len(articles)} articles, {len(candidates)} candidate pairs, {len(found)} verified")
    sizes = sorted(size for size in families.values() if size > 1)
    print(f"{len(sizes)} families of more than one, the largest of {max(sizes, default=0)}")
    against_all_pairs(bodies, candidates, found)
    copies_found(bodies)
    if given.labels.is_file():
        ids = [article.id for article in articles]
        judged(given.labels, set(ids), {frozenset((ids[one], ids[other])) for one, other in found})


def sharing_a_bucket(bodies: Sequence[str]) -> set[Pair]:
    """Pairs of places in `bodies` that are candidates."""
    held = defaultdict(list)
    for place, body in enumerate(bodies):
        for bucket in buckets(body):
            held[bucket].append(place)
    return {pair for places in held.values() for pair in combinations(places, 2)}


def against_all_pairs(bodies: Sequence[str], candidates: set[Pair], found: set[Pair]) -> None:
    """Compare with every pair that shares a shingle."""
    number: dict[tuple[str, ...], int] = {}
    columns = [
        [number.setdefault(shingle, len(number)) for shingle in shape_of(body).whole.shingles] for body in bodies
    ]
    ends = np.cumsum([0, *map(len, columns)])
    ones = np.ones(ends[-1], dtype=np.int32)
    matrix = csr_matrix((ones, np.concatenate([np.array(row, dtype=np.int64) for row in columns]), ends))
    shared = (matrix @ matrix.T).tocoo()
    sizes = np.diff(ends)
    upper = shared.row < shared.col
    rows, others, common = shared.row[upper], shared.col[upper], shared.data[upper]
    jaccard = common / (sizes[rows] + sizes[others] - common)
    pairs = list(zip(rows.tolist(), others.tolist(), strict=True))
    print(f"{len(pairs)} pairs share a shingle")
    for least in _JACCARD:
        alike = [pair for pair, value in zip(pairs, jaccard, strict=True) if value >= least]
        print(f"Jaccard >= {least}: {len(alike)} pairs, {len(candidates.intersection(alike))} of them candidates")
    true = {pair for pair in pairs if either_derives(bodies[pair[0]], bodies[pair[1]])}
    together = components(len(bodies), found)
    joined = sum(together[one] == together[other] for one, other in true)
    print(f"the oracle verifies {len(true)}; {len(true & found)} were found, {joined} are in one family")


def components(count: int, pairs: set[Pair]) -> list[int]:
    """The smallest place in the component of each of `count` places."""
    label = list(range(count))
    for one, other in sorted(pairs):
        keep, drop = sorted((label[one], label[other]))
        label = [keep if value == drop else value for value in label]
    return label


def copies_found(bodies: Sequence[str]) -> None:
    """Make copies and count how many are candidates and verified."""
    long = [parts for body in bodies if len(parts := body.split("\n\n")) >= _LEAST_PARAGRAPHS]
    made = {
        "first half": [parts[: len(parts) // 2] for parts in long],
        "first third": [parts[: len(parts) // 3] for parts in long],
        "two paragraphs more": [
            [*parts, *other[-2:]] for parts, other in zip(long, long[1:] + long[:1], strict=True)
        ],
        "first half, one more": [
            [*parts[: len(parts) // 2], other[-1]] for parts, other in zip(long, long[1:] + long[:1], strict=True)
        ],
    }
    for name, copies in made.items():
        candidate = verified = 0
        for parts, copy in zip(long, copies, strict=True):
            body, other = "\n\n".join(parts), "\n\n".join(copy)
            alike = not set(buckets(body)).isdisjoint(buckets(other))
            candidate += alike
            verified += alike and either_derives(body, other)
        shares = f"{candidate / len(long):.1%} candidates, {verified / len(long):.1%} verified"
        print(f"{name}: of {len(long)} copies {shares}")


def cost(articles: Sequence[Article]) -> None:
    """Time the comparing of articles against the embedding of some."""
    embedder = load_embedder(Settings.load())
    some = articles[:: max(1, len(articles) // _EMBEDDED)]
    began = time.perf_counter()
    for article in some:
        likeness(article)
    comparing = time.perf_counter() - began
    texts = [text for article in some for text in split_article(article, embedder)[1]]
    embedder.embed_passages(texts[:32])
    began = time.perf_counter()
    embedder.embed_passages(texts)
    embedding = time.perf_counter() - began
    print(
        f"{len(some)} articles: signatures {comparing:.2f} s, embedding {embedding:.1f} s, "
        f"ratio {comparing / embedding:.3f}"
    )


def beside_many(articles: Sequence[Article], stored: int) -> None:
    """Tell what it takes to put articles into an archive of nothing and into one of so many texts."""
    dossiers = [Dossier(article, likeness=likeness(article)) for article in articles]
    found = []
    for others in (0, stored):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "archive"
            with LocalArchive.create(folder, _CARD):
                pass
            began = time.perf_counter()
            fill_buckets(folder, others)
            print(f"{others:,} other texts: filled in {time.perf_counter() - began:.0f} s", end="; ")
            found.append(put_all(folder, dossiers))
    print(f"the same families: {found[0] == found[1]}, {len(found[0])} of more than one")


def fill_buckets(folder: Path, texts: int) -> None:
    """Put the buckets of so many texts, drawn evenly, into an archive that is closed, in their order."""
    drawn = np.random.default_rng(1).integers(0, 1 << 32, (texts, _BUCKETS), dtype=np.uint32)
    with closing(sqlite3.connect(folder / "archive.sqlite")) as connection, connection:
        connection.executemany(
            "INSERT INTO texts VALUES (?, ?, ?, ?)",
            (
                (key, key.to_bytes(16, "little"), key, row.astype("<u4").tobytes())
                for key, row in enumerate(drawn, 1)
            ),
        )
        order = np.argsort(drawn, axis=None)
        rows = zip(drawn.ravel()[order].tolist(), (order // _BUCKETS + 1).tolist(), strict=True)
        connection.executemany("INSERT OR IGNORE INTO buckets VALUES (?, ?)", rows)


def put_all(folder: Path, dossiers: Sequence[Dossier]) -> list[tuple[str, ...]]:
    """Put articles, tell what that took; gives the families of more than one."""
    nothing = np.empty((0, _CARD.dimension), dtype=np.float32)
    put, committed, written, before = [], [], [], anonymous_memory()
    with LocalArchive.create(folder, _CARD) as archive:
        with archive.write() as writer:
            for begin in range(0, len(dossiers), _PUT_TOGETHER):
                for dossier in dossiers[begin : begin + _PUT_TOGETHER]:
                    at = time.process_time()
                    writer.put(dossier, nothing)
                    put.append((time.process_time() - at) * 1e3)
                at = time.process_time()
                writer.commit()
                committed.append((time.process_time() - at) * 1e3)
                written.append((folder / "archive.sqlite-wal").stat().st_size / 1e6)
        with archive.snapshot() as snapshot:
            read = snapshot.read([dossier.article.id for dossier in dossiers])
    print(
        f"milliseconds of the processor: an article {statistics.median(put):.1f} at the median, "
        f"{statistics.mean(put):.1f} on average; a commit of {_PUT_TOGETHER} {statistics.median(committed):.0f}; "
        f"the log of changes {max(written):.0f} MB at most; "
        f"{anonymous_memory() - before:,.0f} MB more of memory"
    )
    return sorted(
        {
            tuple(sorted((id_, *(copy.id for copy in dossier.copies))))
            for id_, dossier in read.items()
            if dossier.copies
        }
    )


def anonymous_memory() -> float:
    """Memory of this process that no file backs, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1e3 for line in lines if line.startswith("RssAnon"))


def judged(labels: Path, ids: set[str], found: set[frozenset[str]]) -> None:
    """Print what a reader thought of the pairs that were found, and of near misses."""
    lines = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    known = {frozenset(line["pair"]): line["label"] for line in lines if ids.issuperset(line["pair"])}
    said = Counter(known.get(pair, "not judged") for pair in found)
    missed = Counter(label for pair, label in known.items() if pair not in found)
    print(f"labels of what was found: {dict(said)}; of what was not: {dict(missed)}")


if __name__ == "__main__":
    main()
