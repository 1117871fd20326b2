"""What reading times costs beside embedding, in one run.

    python benchmarks/time_cost.py NEWS/wire.jsonl.gz [ARTICLES]

Only the ratio counts.
"""

import gzip
import itertools
import json
import sys
import time
from datetime import datetime

from indexer.pipeline import split_article
from indexer.tagging import tag_article
from search.article import Article, Precision, Publication
from search.embedding import load_embedder
from search.settings import Settings


def main(path: str, articles: int = 1_000) -> None:
    """Print the seconds of splitting, tagging and embedding, and the share of tagging."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in itertools.islice(file, articles)]
    read = [
        Article(
            id=record["_id"],
            headline=record["title"],
            body=record["text"],
            published=Publication(datetime.fromisoformat(record["published_at"]), Precision.DAY, "record"),
        )
        for record in records
    ]
    embedder = load_embedder(Settings.load())
    tag_article(read[0])
    moments = [time.perf_counter()]
    passages = [text for article in read for text in split_article(article, embedder)[1]]
    moments.append(time.perf_counter())
    mentions = sum(len(tag_article(article)) for article in read)
    moments.append(time.perf_counter())
    embedder.embed_passages(passages)
    moments.append(time.perf_counter())
    splitting, tagging, embedding = (after - before for before, after in itertools.pairwise(moments))
    print(f"{len(read)} articles, {len(passages)} passages, {mentions} time expressions")
    print(f"splitting {splitting:.2f} s, tagging {tagging:.2f} s, embedding {embedding:.2f} s")
    print(f"tagging is {tagging / (splitting + tagging + embedding):.1%} of the three")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
