"""Check that every quote that comes back is a slice of the stored article, over every question of every set.

    python benchmarks/exact_quotes.py SET... --cache FOLDER

Each question is asked for five citations, without a threshold, so that all evidence is shown, and put to search
as well. A quote must equal `body[start:end]`, its short answer, its times and its speaker's words must be slices,
too, and its citation id must resolve to it. Exits with 1 if a single one does not.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from evaluation_sets import read_whole_set

from api.evaluation.trial import archive_folder
from indexer.renewal import fill
from search.archive import LocalArchive
from search.archive.protocol import Snapshot, dossier_of
from search.asking.citation import Citation
from search.asking.engine import Engine
from search.models import load_models
from search.models.embedding import load_embedder
from search.quoting.citation_id import find_citation
from search.settings import Settings

CITATIONS = 5


def main() -> int:
    """Print a row for each set; the exit code tells whether all was exact."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    parser.add_argument("--cache", type=Path, help="folder to keep the archives in")
    arguments = parser.parse_args()
    settings = Settings.load(max_question_chars=100_000, wanted_precision=0)
    embedder = load_embedder(settings)
    wrong = 0
    print("| set | questions | quotes | exact | dropped |\n| --- | ---: | ---: | ---: | ---: |")
    for name in arguments.sets:
        judged = read_whole_set(name)
        counts: Counter[bool] = Counter()
        with (
            archive_folder(arguments.cache and arguments.cache / judged.name) as folder,
            LocalArchive.create(folder, embedder.card) as archive,
        ):
            fill(judged.articles, archive, embedder, lambda *_: None)
            engine = Engine(archive, embedder, settings, models=load_models(settings))
            for question in judged.questions:
                quotes = (
                    *engine.ask(question.text, CITATIONS).citations,
                    *engine.search(question.text, CITATIONS).passages,
                )
                with archive.snapshot() as snapshot:
                    counts.update(is_exact(snapshot, quote) for quote in quotes)
            verified = engine.counts_of_verification()
            dropped = sum(count for status, count in verified.items() if not status.verified)
        wrong += counts[False]
        row = (len(judged.questions), counts.total(), counts[True], dropped)
        print(f"| {judged.name} | {' | '.join(f'{value:,}' for value in row)} |", flush=True)
    return 1 if wrong else 0


def is_exact(snapshot: Snapshot, citation: Citation) -> bool:
    """Hold everything that a citation says of the text against the stored article."""
    body = dossier_of(snapshot, citation.article_id).article.body
    resolved = find_citation(snapshot, citation.id)
    words = [(citation.quote, citation.start, citation.end)]
    words += [
        (part.words, part.start, part.end) for part in (citation.answer, citation.speaker, citation.when) if part
    ]
    words += [(time.words, time.start, time.end) for time in citation.times]
    return all(body[start:end] == text for text, start, end in words) and (
        resolved.article.id,
        resolved.quote,
        resolved.moved,
    ) == (citation.article_id, citation.quote, False)


if __name__ == "__main__":
    sys.exit(main())
