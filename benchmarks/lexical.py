"""Compare weights of the lexical score's parts, by nDCG@10 of words alone.

    python benchmarks/lexical.py $DATELINE_EVAL/cranfield QUESTIONS.jsonl=ARTICLES.jsonl --cache FOLDER

A passage's lexical score is its BM25, plus `presence` times the rarity of each term that it has, plus `article`
times the BM25 of its whole article (see `search.archive.local.lexical`). With both weights at 0 it is plain BM25
over stemmed passages.
"""

import argparse
from pathlib import Path

from evaluation_sets import ndcg, read_set

from api.evaluation.judged import JudgedSet
from api.evaluation.trial import archive_folder
from indexer.renewal import fill
from search.archive import LocalArchive, scoring
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings

WEIGHTS = ((0.0, 0.0), (0.3, 0.0), (0.0, 0.6), (0.3, 0.3), (0.3, 0.6), (0.3, 1.0), (0.6, 0.6))


def main() -> None:
    """Print a row for each pair of weights and a column for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    parser.add_argument("--cache", type=Path, help="folder to keep the archives in")
    arguments = parser.parse_args()
    settings = Settings.load(max_question_chars=100_000)
    embedder = load_embedder(settings)
    columns = {}
    for name in arguments.sets:
        judged = read_set(name)
        with archive_folder(arguments.cache and arguments.cache / judged.name) as folder:
            columns[judged.name] = measure(judged, folder, embedder, settings)
    print("| presence | article |", " | ".join([*columns, "mean"]), "|")
    print("| ---: | ---: |", " | ".join("---:" for _ in (*columns, "mean")), "|")
    for place, (presence, article) in enumerate(WEIGHTS):
        row = [column[place] for column in columns.values()]
        cells = " | ".join(f"{value:.3f}" for value in (*row, sum(row) / len(row)))
        print(f"| {presence} | {article} | {cells} |")


def measure(judged: JudgedSet, folder: Path, embedder: Embedder, settings: Settings) -> list[float]:
    """Mean nDCG@10 of every pair of weights over a set."""
    found = []
    with LocalArchive.create(folder, embedder.card) as archive:
        fill(judged.articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings)
        for presence, article in WEIGHTS:
            # They are read at every search, so that setting them is enough.
            vars(scoring).update(PRESENCE_WEIGHT=presence, ARTICLE_WEIGHT=article)
            ranked = {
                asked.id: [
                    passage.article_id for passage in engine.search(asked.text, method=Method.LEXICAL).passages
                ]
                for asked in judged.questions
            }
            found.append(ndcg(ranked, judged.questions))
    return found


if __name__ == "__main__":
    main()
