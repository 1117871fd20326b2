"""How fast each backend embeds real passages, and how much it agrees with torch in fp32.

    python benchmarks/embedding.py NEWS/wire.jsonl.gz [ARTICLES]

Rates differ from machine to machine and from minute to minute; only their ratio within one run counts.
"""

import gzip
import itertools
import json
import sys
import time

from indexer.dossier import split_article
from search.article import Article
from search.models.embedding import load_embedder
from search.settings import Settings

CONFIGURATIONS = (("torch", "auto"), ("openvino", "f32"), ("openvino", "bf16"))


def main(path: str, articles: int = 300) -> None:
    """Print passages a second, milliseconds a question and agreement, for each backend."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in itertools.islice(file, articles)]
    passages: list[str] = []
    reference = None
    for backend, precision in CONFIGURATIONS:
        embedder = load_embedder(Settings.load(backend=backend, precision=precision))
        if not passages:
            for record in records:
                article = Article(id=record["_id"], headline=record["title"], body=record["text"])
                passages += split_article(article, embedder)[1]
        embedder.embed_passages(passages[:64])
        began = time.perf_counter()
        vectors = embedder.embed_passages(passages)
        rate = len(passages) / (time.perf_counter() - began)
        began = time.perf_counter()
        for passage in passages[:50]:
            embedder.embed_question(passage[:80])
        milliseconds = (time.perf_counter() - began) / 50 * 1000
        reference = vectors if reference is None else reference
        cosine = float((vectors * reference).sum(axis=1).min())
        print(f"{backend:9} {precision:5} {rate:6.1f} passages/s {milliseconds:5.1f} ms/question {cosine:.6f}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
