"""Indexing against what tutorials show: `SentenceTransformer.encode` and FAISS, the same articles and model.

    python benchmarks/indexing.py NEWS/wire.jsonl.gz [--articles 200] [--turns 2]

Each runs as a process of its own, in turns, from the file to what can be asked: `dateline index` to a committed
archive with passages, readings, families, vectors and words; the other to a saved FAISS index of passages cut at
1,000 characters. Times are of whole processes; what the other took without loading is told beside it.
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
from pathlib import Path

from search.models.source import find_model
from search.settings import BUNDLED_MODEL

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
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        news = folder / "news.jsonl"
        with gzip.open(arguments.file, "rt", encoding="utf-8") as file:
            news.write_text("".join(itertools.islice(file, arguments.articles)), encoding="utf-8")
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


def timed(command: list[str]) -> tuple[float, str]:
    """Run a command; gives its seconds and its output."""
    environment = os.environ | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603 - ours
    return time.perf_counter() - began, done.stdout


if __name__ == "__main__":
    main()
