"""Measure the words that are marked in the best evidence: by rules alone, with one close reader, and with both.

    python benchmarks/short_answers.py SET... [--limit N] [--cache FOLDER] [--profile careful|fast]

A set is a folder in BEIR form, or `QUESTIONS=ARTICLES`. Every answerable question is put to the set's own
articles, and the short answer in the best piece of evidence, refused or not, is held against the known ones: exact
match and token F1 as in SQuAD. The evidence is the same for all three; so is, in the last columns, the choice of
the questions whose best evidence is right. The fast profile has no second reader: there both are one.
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
from search.asking.citing import read_for_marks, trail_of
from search.asking.engine import Engine
from search.asking.evidence.short_answer import short_answer
from search.models import Models
from search.models.close_reading import load_close_reader
from search.models.embedding import load_embedder
from search.settings import Settings

Row = tuple[float, float, float, float, float, float, bool]
"""F1 by rules, by one close reader and by both, exact match by each, and whether the best evidence is right."""

_MARKED_BY = ("rules", "one reader", "both")


def main() -> None:
    """Print a table with a row for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--limit", type=int, help="most questions of a set, evenly spaced")
    parser.add_argument("--profile", choices=("careful", "fast"), default="careful")
    parser.add_argument("--cache", type=Path, help="keep the archives here, for the next run")
    arguments = parser.parse_args()
    settings = Settings.load(max_question_chars=100_000, profile=arguments.profile)
    f1 = " | ".join(f"F1 {name}" for name in _MARKED_BY)
    print(f"| set | questions | {f1} | {' | '.join(f'EM {name}' for name in _MARKED_BY)} | right | {f1} |")
    print(f"| --- |{' ---: |' * 11}")
    for name in arguments.sets:
        judged = read_whole_set(name)
        with tempfile.TemporaryDirectory() as folder:
            kept = arguments.cache / judged.name if arguments.cache else Path(folder)
            rows = np.array(list(_rows(judged, arguments.limit, kept, settings)), dtype=np.float64)
        right = rows[rows[:, 6] > 0]
        figures = [*rows.mean(axis=0), *right[:, :3].mean(axis=0)]
        print(f"| {judged.name} | {len(rows)} | {' | '.join(f'{figure:.3f}' for figure in figures)} |", flush=True)


def _rows(judged: JudgedSet, limit: int | None, folder: Path, settings: Settings) -> Iterator[Row]:
    usable = tuple(question for question in judged.questions if question.answerable and question.answers)
    embedder = load_embedder(settings)
    reader = load_close_reader(settings)
    with LocalArchive.create(folder, embedder.card) as archive:
        fill(judged.articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings, models=Models(close_reader=reader))
        for question in evenly(usable, limit):
            with archive.snapshot() as snapshot:
                asked = engine.read(snapshot, question.text)
                material = engine.gather(snapshot, asked)
            evidence = engine.weigh(asked, material)
            if not evidence:
                yield (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, False)
                continue
            best = evidence[0]
            dossier = material.dossiers[best.candidate.article]
            where = (asked.question, dossier.article.body, best.span, best.when, dossier.mentions)
            one, both = (
                read_for_marks(asked.question, [best], material, second)[0] for second in (None, reader.second)
            )
            found = (short_answer(*where, read) for read in (None, one, both))
            rules, alone, together = (
                agreement(answer.words if answer else "", question.answers) for answer in found
            )
            quote = cite(dossier.article, best.span, best.score, trail_of(best.candidate), family=dossier.family)
            f1, exact = (rules.f1, alone.f1, together.f1), (rules.exact, alone.exact, together.exact)
            yield (*f1, *exact, shows_evidence(quote, question))


if __name__ == "__main__":
    main()
