"""Measure the words that are marked in the best evidence: by rules alone, and with the close reader.

    python benchmarks/short_answers.py SET... [--limit N] [--cache FOLDER]

A set is a folder in BEIR form, or `QUESTIONS=ARTICLES`. Every answerable question is put to the set's own
articles, and the short answer in the best piece of evidence, refused or not, is held against the known ones: exact
match and token F1 as in SQuAD. The evidence is the same for both; so is, in the last columns, the choice of the
questions whose best evidence is right.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from evaluation_sets import read_whole_set

from api.evaluation.judged import JudgedSet, evenly
from api.evaluation.measures import shows_evidence
from api.evaluation.short_answers import agreement
from indexer.renewal import fill
from search.archive import LocalArchive
from search.asking.citation import cite
from search.asking.citing import trail_of
from search.asking.engine import Engine
from search.asking.evidence.short_answer import ReadPassage, ShortAnswer, short_answer
from search.models import Models
from search.models.close_reading import load_close_reader
from search.models.embedding import load_embedder
from search.settings import Settings

Row = tuple[float, float, float, float, bool]


def main() -> None:
    """Print a table with a row for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--limit", type=int, help="most questions of a set, evenly spaced")
    parser.add_argument("--cache", type=Path, help="keep the archives here, for the next run")
    arguments = parser.parse_args()
    settings = Settings.load(max_question_chars=100_000)
    print("| set | questions | F1 rules | F1 reader | EM rules | EM reader | right | F1 rules | F1 reader |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in arguments.sets:
        judged = read_whole_set(name)
        with tempfile.TemporaryDirectory() as folder:
            kept = arguments.cache / judged.name if arguments.cache else Path(folder)
            rows = np.array(list(_rows(judged, arguments.limit, kept, settings)), dtype=np.float64)
        right = rows[rows[:, 4] > 0]
        figures = [*rows[:, :4].mean(axis=0), len(right) / len(rows), *right[:, :2].mean(axis=0)]
        print(f"| {judged.name} | {len(rows)} | {' | '.join(f'{figure:.3f}' for figure in figures)} |", flush=True)


def _rows(judged: JudgedSet, limit: int | None, folder: Path, settings: Settings) -> Iterator[Row]:
    """F1 and exact match by rules and by the reader, and whether the best evidence is right."""
    usable = tuple(question for question in judged.questions if question.answerable and question.answers)
    embedder = load_embedder(settings)
    models = Models(close_reader=load_close_reader(settings))
    with LocalArchive.create(folder, embedder.card) as archive:
        fill(judged.articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings, models=models)
        for question in evenly(usable, limit):
            with archive.snapshot() as snapshot:
                asked = engine.read(snapshot, question.text)
                material = engine.gather(snapshot, asked)
            evidence = engine.weigh(asked, material)
            if not evidence:
                yield (0.0, 0.0, 0.0, 0.0, False)
                continue
            best = evidence[0]
            dossier = material.dossiers[best.candidate.article]
            where = (asked.question, dossier.article.body, best.span, best.when, dossier.mentions)
            read = ReadPassage(best.reading, best.candidate.span.start, best.sentences) if best.reading else None
            rules, reader = (
                agreement(_words(found), question.answers)
                for found in (short_answer(*where), short_answer(*where, read))
            )
            quote = cite(dossier.article, best.span, best.score, trail_of(best.candidate), family=dossier.family)
            yield (rules.f1, reader.f1, rules.exact, reader.exact, shows_evidence(quote, question))


def _words(found: ShortAnswer | None) -> str:
    return found.words if found else ""


if __name__ == "__main__":
    main()
