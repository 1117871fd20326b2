"""Families in real newswire: what locality-sensitive hashing finds, against all pairs.

    python benchmarks/families.py NEWS/wire.jsonl.gz [--labels benchmarks/families.jsonl]

The oracle compares every two articles that share a shingle. Then every article of six paragraphs or more is
copied in four ways (its first half, its first third, itself with the last two paragraphs of another, its first
half with one), as
newspapers and later leads do. Labels are judgements of a reader on pairs of ids, without their texts: `copy` (one
text derives from the other), `reused` (a passage of background in another story), `template` (one form filled in
twice), `other`.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from indexer.dossier import split_article
from indexer.families import buckets, either_derives, likeness, shape_of
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article
from search.models.embedding import load_embedder
from search.settings import Settings

_JACCARD = (0.3, 0.5, 0.7, 0.9)
_EMBEDDED = 150
_LEAST_PARAGRAPHS = 6

Pair = tuple[int, int]


def main() -> None:
    """Print what was found, what was missed, and what it costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--labels", type=Path, default=Path(__file__).with_suffix(".jsonl"))
    given = parser.parse_args()
    articles = [
        read
        for file in find_files([given.path])
        if isinstance(file, InputFile)
        for read in read_file(file, ReadOptions())
        if isinstance(read, Article)
    ]
    bodies = [article.body for article in articles]
    candidates = sharing_a_bucket(bodies)
    found = {pair for pair in candidates if either_derives(bodies[pair[0]], bodies[pair[1]])}
    families = Counter(components(len(bodies), found))
    print(f"{len(articles)} articles, {len(candidates)} candidate pairs, {len(found)} verified")
    sizes = sorted(size for size in families.values() if size > 1)
    print(f"{len(sizes)} families of more than one, the largest of {max(sizes, default=0)}")
    against_all_pairs(bodies, candidates, found)
    copies_found(bodies)
    cost(articles)
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
    shape_of.cache_clear()
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


def judged(labels: Path, ids: set[str], found: set[frozenset[str]]) -> None:
    """Print what a reader thought of the pairs that were found, and of near misses."""
    lines = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    known = {frozenset(line["pair"]): line["label"] for line in lines if ids.issuperset(line["pair"])}
    said = Counter(known.get(pair, "not judged") for pair in found)
    missed = Counter(label for pair, label in known.items() if pair not in found)
    print(f"labels of what was found: {dict(said)}; of what was not: {dict(missed)}")


if __name__ == "__main__":
    main()
