"""Indexing against what tutorials show: `SentenceTransformer.encode` and FAISS, the same articles and model.

    python benchmarks/indexing.py NEWS/wire.jsonl.gz [--articles 200] [--turns 2]
    python benchmarks/indexing.py NEWS/wire.jsonl.gz --articles 200 --stages

Each runs as a process of its own, in turns, from the file to what can be asked: `dateline index` to a committed
archive with passages, readings, families, vectors and words; the other to a saved FAISS index of passages cut at
1,000 characters. Times are of whole processes; what the other took without loading is told beside it.
With `--stages` nothing is compared: told is what each stage of ours takes of the processor, one after the other.
"""

import argparse
import gzip
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from indexer.dossier import prepare, read_article_statements, split_article, tag_article
from indexer.families import likeness
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.archive import LocalArchive
from search.article import Article
from search.models.embedding import load_embedder
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings

Result = TypeVar("Result")

TUTORIAL = """
import json, sys, time
import faiss
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer
records = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=100)
model = SentenceTransformer(sys.argv[2])
began = time.perf_counter()
passages = [part for record in records for part in splitter.split_text(record["text"])]
vectors = model.encode(passages, normalize_embeddings=True)
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
faiss.write_index(index, sys.argv[3])
print(len(passages), time.perf_counter() - began)
"""


def main() -> None:
    """Print what each took, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--stages", action="store_true", help="tell where our time goes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        news = folder / "news.jsonl"
        with gzip.open(arguments.file, "rt", encoding="utf-8") as file:
            news.write_text("".join(itertools.islice(file, arguments.articles)), encoding="utf-8")
        if arguments.stages:
            tell_stages(news, folder / "index")
            return
        ours, theirs, stages = [], [], []
        for turn in range(arguments.turns):
            command = [
                sys.executable,
                "-m",
                "dateline",
                "index",
                str(news),
                "--index",
                str(folder / f"index{turn}"),
            ]
            ours.append(timed(command)[0])
            model = str(find_model(BUNDLED_MODEL).folder)
            wall, said = timed([sys.executable, "-c", TUTORIAL, str(news), model, str(folder / f"faiss{turn}")])
            theirs.append(wall)
            stages.append(float(said.split()[-1]))
            print(
                f"turn {turn + 1}: dateline index {ours[-1]:.1f} s; encode and FAISS {wall:.1f} s, {said.strip()}"
            )
    passages = json.loads(said.split()[0])
    mine, other, stage = map(statistics.median, (ours, theirs, stages))
    print(
        f"{arguments.articles} articles, {passages} passages of theirs: {mine:.1f} s against {other:.1f} s "
        f"({other / mine:.2f} times), {stage:.1f} s of it without loading ({stage / mine:.2f} times)"
    )


def tell_stages(news: Path, folder: Path) -> None:
    """Index a file stage by stage."""
    spent: dict[str, float] = {}

    def during(name: str, stage: Callable[[], Result]) -> Result:
        began = time.process_time()
        try:
            return stage()
        finally:
            spent[name] = time.process_time() - began

    (file,) = find_files([news])
    assert isinstance(file, InputFile)
    found = during("reading", lambda: list(read_file(file, ReadOptions())))
    articles = [read for read in found if isinstance(read, Article)]
    embedder = load_embedder(Settings.load())
    for rule in (tag_article, read_article_statements):
        rule(articles[0])  # what is loaded only once
    during("cutting, counting tokens", lambda: [split_article(one, embedder) for one in articles])
    during("times", lambda: list(map(tag_article, articles)))
    during("statements", lambda: list(map(read_article_statements, articles)))
    during("signatures for families", lambda: list(map(likeness, articles)))
    prepared = [prepare(one, embedder) for one in articles]
    texts = [text for one in prepared for text in one.texts]
    vectors = during("embedding", lambda: embedder.embed_passages(texts))
    with LocalArchive.create(folder, embedder.card) as archive, archive.write() as writer:
        ends = list(itertools.accumulate(len(one.texts) for one in prepared))
        cut = [vectors[end - len(one.texts) : end] for one, end in zip(prepared, ends, strict=True)]
        during("storing", lambda: [writer.put(one.dossier, some) for one, some in zip(prepared, cut, strict=True)])
        during("one commit", writer.commit)
    whole = sum(spent.values())
    print(f"{len(articles)} articles, {len(texts)} passages, {whole:.1f} s of the processor")
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        print(f"{name:26s}{seconds:6.2f} s {seconds / whole:5.1%}")


def timed(command: list[str]) -> tuple[float, str]:
    """Run a command; gives its seconds and its output."""
    environment = os.environ | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603 - ours
    return time.perf_counter() - began, done.stdout


if __name__ == "__main__":
    main()
