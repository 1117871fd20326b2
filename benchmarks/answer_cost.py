"""What it costs to read an answer out of candidates, beside finding them.

    python benchmarks/answer_cost.py QUESTIONS.jsonl=ARTICLES.jsonl --cache FOLDER

Two stretches of each question's trip are timed: finding (embedding it, and retrieving candidates with what is read
of their articles) and reading (from candidates to verified citations). The ratio is what tells;
times are of this machine.
"""

import argparse
import statistics
import time
from pathlib import Path

from evaluation_sets import read_whole_set

from api.evaluation.trial import archive_folder
from indexer.renewal import fill
from search.archive import LocalArchive
from search.asking.engine import Engine
from search.models import load_models
from search.models.embedding import load_embedder
from search.settings import Settings


def main() -> None:
    """Print the medians, in milliseconds, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    parser.add_argument("--cache", type=Path, help="folder to keep the archive in")
    parser.add_argument("--limit", type=int, default=200, help="most questions")
    arguments = parser.parse_args()
    judged = read_whole_set(arguments.set)
    settings = Settings.load(max_question_chars=100_000)
    embedder = load_embedder(settings)
    finding, reading = [], []
    with (
        archive_folder(arguments.cache and arguments.cache / judged.name) as folder,
        LocalArchive.create(folder, embedder.card) as archive,
    ):
        fill(judged.articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings, models=load_models(settings))
        for question in judged.questions[: arguments.limit]:
            began = time.perf_counter()
            with archive.snapshot() as snapshot:
                asked = engine.read(snapshot, question.text)
                material = engine.gather(snapshot, asked)
            found = time.perf_counter()
            engine.cite(asked, material, engine.weigh(asked, material))
            finding.append(1000 * (found - began))
            reading.append(1000 * (time.perf_counter() - found))
    found, read = statistics.median(finding), statistics.median(reading)
    print(f"{judged.name}: {len(finding)} questions")
    print(f"finding {found:.1f} ms, reading {read:.1f} ms at the median; ratio {read / found:.2f}")


if __name__ == "__main__":
    main()
