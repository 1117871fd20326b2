"""What an archive takes on disk and in memory, by 1,000 articles, and how long it takes to open.

    python benchmarks/footprint.py                                    # the news in the folder $DATELINE_NEWS
    python benchmarks/footprint.py NEWS.jsonl.gz... --limit 1000 --copies 25

With `--copies`, what was indexed is stored that often again under other ids, with vectors that are a little off
instead of embedded again: the way to a large archive that takes minutes. Families are left out then. Memory and
times are those of new processes, one each, that open the archive and ask it 50 questions; files that are mapped
into memory count as far as they were touched, and can be dropped by the system. Linux only.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.dossier import prepare
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from indexer.renewal import all_ids, articles_of
from search.archive import LocalArchive
from search.archive.local.vectors import DEFAULT_REGIME
from search.archive.records import Query
from search.article import Article
from search.english.terms import content_terms
from search.filters import Filter
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings

QUESTIONS = 50
_NOISE = 0.02


def main() -> None:
    """Index, store copies, and print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", type=Path, nargs="*", help="files and folders of articles")
    parser.add_argument("--limit", type=int, default=1_000, help="most articles to embed")
    parser.add_argument("--copies", type=int, default=0, help="how often each is stored again")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    paths = arguments.files or sorted(Path(os.environ["DATELINE_NEWS"]).glob("*.jsonl.gz"))
    embedder = load_embedder(Settings.load())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        with LocalArchive.create(folder, embedder.card) as archive:
            fill(archive, embedder, sample_of(paths, arguments.limit), arguments.copies)
        report(folder, time.perf_counter() - began)


def sample_of(paths: list[Path], size: int) -> list[Article]:
    """Read articles, and take so many of them evenly."""
    articles = [
        read
        for file in find_files(paths)
        if isinstance(file, InputFile)
        for read in read_file(file, ReadOptions())
        if isinstance(read, Article)
    ]
    return articles[:: max(1, len(articles) // size)][:size]


def fill(archive: LocalArchive, embedder: Embedder, articles: list[Article], copies: int) -> None:
    """Store articles as indexing does, and copies of them."""
    random = np.random.default_rng(0)
    with archive.write() as writer:
        for article in articles:
            prepared = prepare(article, embedder)
            dossier = replace(prepared.dossier, likeness=None) if copies else prepared.dossier
            vectors = embedder.embed_passages(prepared.texts)
            writer.put(dossier, vectors)
            for number in range(copies):
                moved = vectors + _NOISE * random.normal(size=vectors.shape).astype(np.float32)
                moved /= np.linalg.norm(moved, axis=1, keepdims=True)
                writer.put(replace(dossier, article=replace(article, id=f"{article.id}#{number}")), moved)
        writer.commit()


def report(folder: Path, seconds: float) -> None:
    """Print sizes, memory and times."""
    with LocalArchive.open(folder) as archive, archive.snapshot() as snapshot:
        facts = snapshot.facts
    exact = facts.passages <= DEFAULT_REGIME.exact_limit
    print(f"{facts.articles} articles, {facts.passages} passages, made in {seconds:.0f} s; vectors: ", end="")
    print("compared one by one" if exact else "in inverted lists")
    sizes = {
        "database": sum(path.stat().st_size for path in folder.glob("archive.sqlite*")),
        "vector view": sum(path.stat().st_size for path in folder.glob("views/*/vectors.faiss")),
        "lexical view": sum(path.stat().st_size for path in folder.glob("views/*/*/*")),
    }
    sizes["on disk in all"] = sum(sizes.values())
    command = [sys.executable, __file__, "--measure", str(folder)]
    found = json.loads(subprocess.check_output(command, text=True))  # noqa: S603 - our own
    print("\n| | MB | MB by 1,000 articles |\n| --- | ---: | ---: |")
    for name, size in {**sizes, **found["bytes"]}.items():
        print(f"| {name} | {size / 1e6:.1f} | {size / 1e3 / facts.articles:.2f} |")
    print("\n| | ms |\n| --- | ---: |")
    for name, milliseconds in found["ms"].items():
        print(f"| {name} | {milliseconds:.1f} |")


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Open an archive and ask it; memory is told without what the process has before."""
    import faiss  # noqa: F401 - what the libraries take is not the archive's
    import tantivy  # noqa: F401

    before = resident()
    began = time.perf_counter()
    archive = LocalArchive.open(folder)
    with archive.snapshot():
        opened = time.perf_counter()
    dense, lexical = [], []
    with archive.snapshot() as snapshot:
        ids = list(all_ids(snapshot))
        asked = articles_of(snapshot, ids[:: max(1, len(ids) // QUESTIONS)][:QUESTIONS])
        for article, vector in zip(asked, snapshot.sample, strict=False):
            terms = tuple(content_terms(article.headline)[:8])
            start = time.perf_counter()
            snapshot.candidates(Query(vector, (), by_words=False), 100, Filter())
            between = time.perf_counter()
            snapshot.candidates(Query(None, terms), 100, Filter())
            dense.append(between - start)
            lexical.append(time.perf_counter() - between)
    after = resident()
    start = time.perf_counter()
    problems = archive.check_views().problems
    checked = time.perf_counter() - start
    if problems:
        raise SystemExit("\n".join(problems))
    milliseconds = {
        "opening: every file of the views is verified and loaded": opened - began,
        "dense candidates, median of 50": statistics.median(dense),
        "lexical candidates, median of 50": statistics.median(lexical),
        "thorough check of the views against the database": checked,
    }
    return {
        "bytes": {f"memory, {kind}": after[kind] - before[kind] for kind in after},
        "ms": {name: 1_000 * seconds for name, seconds in milliseconds.items()},
    }


def resident() -> dict[str, int]:
    """Resident bytes of this process: of its own, and of files that are mapped."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    names = {"of its own": "RssAnon", "mapped files": "RssFile"}
    return {name: 1_024 * int(fields[field].split()[0]) for name, field in names.items()}


if __name__ == "__main__":
    main()
