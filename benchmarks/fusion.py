"""Compare ways to fuse dense and lexical candidates, by nDCG@10.

    python benchmarks/fusion.py $DATELINE_EVAL/cranfield QUESTIONS.jsonl=ARTICLES.jsonl --cache FOLDER

The candidates are those that a question is answered from: the hundred best passages by meaning and the hundred
best by words. Only how they are ranked differs:

- `rrf`: reciprocal rank fusion, 1 / (60 + rank) summed (Cormack et al. 2009);
- `min-max w`: w times cosine plus 1 - w times BM25, each scaled to 0..1 over the candidates (Bruch et al. 2022);
- `spread w`: closeness in units of its spread plus w times BM25, which is what `search.asking.retrieval` does.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from evaluation_sets import ndcg, read_set

from api.evaluation.judged import JudgedSet
from api.evaluation.trial import archive_folder
from indexer.renewal import fill
from search.archive import LocalArchive
from search.asking.engine import Engine
from search.asking.retrieval import Candidate, retrieve
from search.filters import Filter
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings

DEPTH = 100
RRF_CONSTANT = 60
WEIGHTS = (0.08, 0.1, 0.12, 0.15, 0.2)
SHARES = (0.4, 0.5, 0.6, 0.7, 0.8)

Fusion = Callable[[Sequence[Candidate], float], list[float]]
"""Scores candidates, given how much of a cosine counts as one."""


def reciprocal_ranks(candidates: Sequence[Candidate], _: float) -> list[float]:
    """Sum 1 / (60 + rank) over the two rankings; a candidate counts only where it was retrieved."""
    scores = [0.0] * len(candidates)
    for retrieved, value in (
        ([candidate.dense_rank is not None for candidate in candidates], [c.closeness for c in candidates]),
        ([candidate.lexical_rank is not None for candidate in candidates], [c.lexical for c in candidates]),
    ):
        order = sorted((place for place, found in enumerate(retrieved) if found), key=lambda place: -value[place])
        for rank, place in enumerate(order, start=1):
            scores[place] += 1 / (RRF_CONSTANT + rank)
    return scores


def convex(candidates: Sequence[Candidate], _: float, *, share: float) -> list[float]:
    """Weigh cosine and BM25, each scaled to 0..1."""
    dense = _scaled([candidate.closeness for candidate in candidates])
    lexical = _scaled([candidate.lexical for candidate in candidates])
    return [share * near + (1 - share) * words for near, words in zip(dense, lexical, strict=True)]


def in_spreads(candidates: Sequence[Candidate], unit: float, *, weight: float) -> list[float]:
    """Add BM25 to closeness in units of its spread."""
    return [candidate.closeness / unit + weight * candidate.lexical for candidate in candidates]


FUSIONS: dict[str, Fusion] = {
    "dense": lambda candidates, _: [candidate.closeness for candidate in candidates],
    "lexical": lambda candidates, _: [candidate.lexical for candidate in candidates],
    "rrf": reciprocal_ranks,
    **{f"min-max {share}": partial(convex, share=share) for share in SHARES},
    **{f"spread {weight}": partial(in_spreads, weight=weight) for weight in WEIGHTS},
}


def main() -> None:
    """Print a row for each fusion and a column for each set."""
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
    print("| fusion |", " | ".join([*columns, "mean"]), "|")
    print("| --- |", " | ".join("---:" for _ in (*columns, "mean")), "|")
    for fusion in FUSIONS:
        row = [column[fusion] for column in columns.values()]
        print(f"| {fusion} |", " | ".join(f"{value:.3f}" for value in (*row, sum(row) / len(row))), "|")


def measure(judged: JudgedSet, folder: Path, embedder: Embedder, settings: Settings) -> dict[str, float]:
    """Mean nDCG@10 of every fusion over a set."""
    ranked: dict[str, dict[str, list[str]]] = {fusion: {} for fusion in FUSIONS}
    with LocalArchive.create(folder, embedder.card) as archive:
        fill(judged.articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings)
        for question in judged.questions:
            with archive.snapshot() as snapshot:
                asked = engine.read(snapshot, question.text)
                candidates = retrieve(snapshot, replace(asked, condition=Filter()), depth=DEPTH)
            for fusion, score in FUSIONS.items():
                scores = score(candidates, asked.unit)
                best_first = sorted(range(len(candidates)), key=lambda place: -scores[place])
                ids = (candidates[place].article for place in best_first)
                ranked[fusion][question.id] = list(dict.fromkeys(ids))
    return {fusion: ndcg(ranking, judged.questions) for fusion, ranking in ranked.items()}


def _scaled(values: Sequence[float]) -> list[float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]


if __name__ == "__main__":
    main()
