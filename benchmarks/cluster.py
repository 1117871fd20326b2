"""Measure what more workers of a Ray cluster bring: passages a second by their number, and against one machine.

    python benchmarks/cluster.py ARTICLES_FILE --articles 600 --workers 1 2

The first articles of the file are indexed without a cluster, and by a cluster that is started on this machine for
each number of workers, into archives of their own; each has one thread. Seconds are from when all workers are
ready to the end, so that starting a cluster and loading models is told apart. With `--address` the cluster there
is used, with all workers that it has room for, and nothing is measured without it (`benchmarks/nodes.py` makes
machines).
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from indexer import pipeline
from indexer.cluster import run
from indexer.progress import IndexReport, Progress
from indexer.readers import InputFile, IsolatedReader, ReadOptions, read_file
from indexer.settings import ClusterSettings
from search.archive import create_archive
from search.article import Article
from search.models.embedding import load_embedder

_FILES = 40


def main() -> None:
    """Print a line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--address", default="", help="of a cluster that is there; else one is started here")
    arguments = parser.parse_args()
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    with tempfile.TemporaryDirectory() as scratch:
        news = Path(scratch, "news")
        _write(arguments.file, arguments.articles, news)
        for workers in (*([] if arguments.address else [0]), *arguments.workers):
            index = Path(scratch, f"archive-{workers}")
            settings = ClusterSettings.load(
                index=index,
                threads=1,
                ray_workers=workers or None,
                ray_spare_cpus=0.0,
                ray_partition_bytes=50_000,
            )
            _measure(news, settings, workers, arguments.address or "local")


def _measure(news: Path, settings: ClusterSettings, workers: int, address: str) -> None:
    ready: list[float] = []

    def note(progress: Progress) -> None:
        if progress.workers == workers and not ready:
            ready.append(time.perf_counter())

    embedder = load_embedder(settings)
    began = time.perf_counter()
    with create_archive(settings.index, embedder.card) as archive, IsolatedReader() as read:
        options = settings.read_options()
        if workers:
            report = run.index(
                [news],
                archive,
                embedder,
                options,
                note,
                address=address,
                settings=settings,
                load=run.loader_of(settings),
            )
        else:
            report = pipeline.index([news], archive, embedder, options, note, read=read)
    ended = time.perf_counter()
    _tell(workers, report, ready[0] - began, ended - ready[0])


def _tell(workers: int, report: IndexReport, before: float, after: float) -> None:
    name = f"{workers} workers" if workers else "no cluster"
    print(
        f"{name}: {report.passages} passages of {report.added} articles, ready after {before:.1f} s, then "
        f"{after:.1f} s: {report.passages / after:.1f} passages a second"
    )


def _write(file: Path, most: int, folder: Path) -> None:
    """Write the first articles of a file into some files of JSON Lines."""
    folder.mkdir()
    status = file.stat()
    readings = read_file(InputFile(file, status.st_size, status.st_mtime_ns), ReadOptions())
    articles = [one for one in readings if isinstance(one, Article)][:most]
    for number in range(_FILES):
        records = (
            {"id": one.id, "headline": one.headline, "text": one.body, "source": one.source}
            | ({"published": one.published.isoformat()} if one.published else {})
            for one in articles[number::_FILES]
        )
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{number:02}.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
