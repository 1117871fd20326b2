"""What reading times costs of a whole indexing run.

    python benchmarks/time_cost.py NEWS/wire.jsonl.gz

Articles are indexed into a temporary archive, and their times are read once more on their own. Only the ratio
counts.
"""

import sys
import tempfile
import time
from pathlib import Path

from indexer.dossier import tag_article
from indexer.pipeline import index
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.archive import Archive
from search.article import Article
from search.models.embedding import load_embedder
from search.settings import Settings


def main(path: str) -> None:
    """Print the seconds of indexing and of reading times, and the share."""
    embedder = load_embedder(Settings.load())
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder), embedder.card) as archive:
        report = index([Path(path)], archive, embedder, ReadOptions())
    articles = [
        read
        for file in find_files([Path(path)])
        if isinstance(file, InputFile)
        for read in read_file(file, ReadOptions())
        if isinstance(read, Article)
    ]
    began = time.perf_counter()
    mentions = sum(len(tag_article(article)) for article in articles)
    tagging = time.perf_counter() - began
    print(f"{report.added} articles, {report.passages} passages, {mentions} time expressions")
    print(
        f"indexing {report.seconds:.1f} s, of which reading times {tagging:.2f} s: {tagging / report.seconds:.1%}"
    )


if __name__ == "__main__":
    main(sys.argv[1])
