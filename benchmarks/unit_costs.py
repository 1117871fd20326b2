"""What an article costs on its way into an archive, step by step, to reckon with what many would.

    python benchmarks/unit_costs.py ARTICLES_FILE --articles 600 --engine local

Each step is done for all articles, in one process with one thread: what a worker of `dateline index --ray` does
(read, prepare, embed, stage) and what the writer does (take from the staging, put and commit). Told are seconds of
the processor and bytes for each thousand passages.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import accumulate, islice
from pathlib import Path

from indexer.cluster.partitions import Partition, shares_of
from indexer.cluster.staging import Staged, Staging
from indexer.dossier import prepare, readings_fingerprint
from indexer.preparation import Due
from indexer.readers import InputFile, ReadOptions, read_file
from search.archive import create_archive
from search.article import Article
from search.models.embedding import load_embedder
from search.settings import Settings

_ROUND = 300


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Note how long a step keeps the processor."""
    began = time.process_time()
    yield
    seconds[step] = time.process_time() - began


def main() -> None:
    """Print the cost of each step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--engine", choices=["local", "lance"], default="local")
    arguments = parser.parse_args()
    seconds: dict[str, float] = {}
    embedder = load_embedder(Settings.load(threads=1))
    readings_fingerprint()  # what is made once is no cost of an article
    status = arguments.file.stat()
    file = InputFile(arguments.file, status.st_size, status.st_mtime_ns)
    with timed(seconds, "read"):
        readings = (one for one in read_file(file, ReadOptions()) if isinstance(one, Article))
        articles = list(islice(readings, arguments.articles))
    with timed(seconds, "prepare"):
        prepared = [prepare(article, embedder) for article in articles]
    texts = [text for one in prepared for text in one.texts]
    with timed(seconds, "embed"):
        vectors = embedder.embed_passages(texts)
    ends = list(accumulate(len(one.texts) for one in prepared))
    staged = [
        (0, Staged(number, one.article, one, vectors[end - len(one.texts) : end]))
        for number, (one, end) in enumerate(zip(prepared, ends, strict=True))
    ]
    with tempfile.TemporaryDirectory() as scratch:
        staging = Staging(f"{scratch}/staging")
        partition = Partition((shares_of(Due(file, ""), "")[0],))
        with timed(seconds, "stage"):
            size = staging.put(partition, [""], staged)
        with timed(seconds, "take from the staging"):
            taken = list(staging.rows(partition.name))
        mark = "lance://" if arguments.engine == "lance" else ""
        archive = create_archive(f"{mark}{scratch}/archive", embedder.card)
        with closing(archive), archive.write() as writer, timed(seconds, "put and commit"):
            for number, one in enumerate(taken, 1):
                if one.prepared and one.vectors is not None:
                    writer.put(one.prepared.dossier, one.vectors)
                if number % _ROUND == 0 or number == len(taken):
                    writer.commit()
        stored = sum(path.stat().st_size for path in Path(scratch, "archive").rglob("*") if path.is_file())
    passages = len(texts)
    characters = sum(len(article.body) for article in articles)
    print(f"{len(articles)} articles, {passages} passages, {characters / len(articles):.0f} characters an article")
    for step, taken_seconds in seconds.items():
        print(f"{step:24} {taken_seconds * 1000 / passages:8.2f} s of the processor for 1,000 passages")
    print(f"{'staged':24} {size / passages:8.0f} bytes a passage")
    print(f"{'stored':24} {stored / passages:8.0f} bytes a passage")


if __name__ == "__main__":
    main()
