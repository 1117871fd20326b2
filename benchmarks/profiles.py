"""What reading less costs, and what reading brings to a search: time, evidence and rankings, question by question.

    python benchmarks/profiles.py ARCHIVE SET [--most 100]

SET is a question file (`questions.jsonl`) or a BEIR folder whose articles are in ARCHIVE. Each question is
answered with every effort in turn, so that what else the machine does falls on all alike: the ratio is what tells.
Then its first twelve search results are read, and put in order by their score and what the reader says of them,
with several weights. `evidence@1` is of answers at any probability.
"""

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation_sets import ndcg

from api.evaluation.beir import read_beir
from api.evaluation.judged import JudgedQuestion, read_questions
from api.evaluation.measures import shows_evidence
from search.archive import open_archive
from search.article import Span
from search.asking.engine import Engine
from search.asking.evidence import EFFORTS, Effort
from search.asking.retrieval import Method, material_of, ranked
from search.models import load_models
from search.models.close_reading import CloseReader, heading
from search.models.embedding import load_embedder
from search.settings import Settings

READ = 12
DEEP = 40
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0)
TRIED: dict[str, tuple[str, Effort]] = {
    **{profile: (profile, effort) for profile, effort in EFFORTS.items()},
    "careful, 3 passages": ("careful", replace(EFFORTS["careful"], closely=3)),
    "careful, 8 passages": ("careful", replace(EFFORTS["careful"], closely=8)),
    "fast, 8 passages": ("fast", replace(EFFORTS["fast"], closely=8)),
}
"""By name: with which profile's close reader, and how much is read."""


@dataclass
class Cost:
    """What answering with one effort took and found."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    third: list[bool] = field(default_factory=list)


def main() -> None:
    """Print a line for each effort, and one for each weight."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("--most", type=int, default=100, help="questions, evenly of the set")
    arguments = parser.parse_args()
    read = read_beir(arguments.set).questions if arguments.set.is_dir() else read_questions(arguments.set)
    usable = [question for question in read if question.answerable and question.relevant]
    questions = usable[:: max(1, len(usable) // arguments.most)][: arguments.most]
    settings = Settings.load(index=arguments.archive, wanted_precision=0.0, max_question_chars=100_000)
    embedder = load_embedder(settings)
    models = {name: load_models(settings.model_copy(update={"profile": name})) for name in EFFORTS}
    with open_archive(settings.index) as archive:
        engines = {name: Engine(archive, embedder, settings, models=models[name]) for name in EFFORTS}
        costs = measure_efforts(engines, questions)
        reader = models["careful"].close_reader
        assert reader is not None
        rankings, reading = measure_search(engines["careful"], reader, questions)
    print(f"{arguments.set}: {len(questions)} questions")
    told(costs)
    print(f"reading {READ} results: {1000 * statistics.median(reading):.0f} ms of processor at the median")
    for weight, ranking in rankings.items():
        first = [question.relevance.get(ranking[question.id][0], 0) > 0 for question in questions]
        found = ndcg(ranking, questions)
        print(f"search, weight {weight}: nDCG@10 {found:.3f}, article@1 {statistics.mean(first):.3f}")


def told(costs: Mapping[str, Cost]) -> None:
    """Print what each effort cost and found."""
    careful = costs["careful"]
    for name, cost in costs.items():
        ratio = statistics.median(one / other for one, other in zip(cost.wall, careful.wall, strict=True))
        print(
            f"{name}: {1000 * statistics.median(cost.wall):.0f} ms ({ratio:.2f} of careful), "
            f"{1000 * statistics.median(cost.processor):.0f} ms of processor; "
            f"evidence@1 {statistics.mean(cost.first):.3f}, @3 {statistics.mean(cost.third):.3f}"
        )


def measure_efforts(engines: Mapping[str, Engine], questions: Sequence[JudgedQuestion]) -> dict[str, Cost]:
    """Answer every question with every effort in turn."""
    costs = {name: Cost() for name in TRIED}
    for engine in engines.values():
        engine.ask(questions[0].text)  # what is loaded only once
    for question in questions:
        for name, (profile, effort) in TRIED.items():
            engine = engines[profile]
            engine.effort = effort
            began, used = time.perf_counter(), time.process_time()
            citations = engine.ask(question.text).citations
            costs[name].wall.append(time.perf_counter() - began)
            costs[name].processor.append(time.process_time() - used)
            shown = [shows_evidence(one, question) for one in citations[:3]]
            costs[name].first.append(any(shown[:1]))
            costs[name].third.append(any(shown))
    return costs


def measure_search(
    engine: Engine, reader: CloseReader, questions: Sequence[JudgedQuestion]
) -> tuple[dict[float, dict[str, list[str]]], list[float]]:
    """Rank the articles of every question with every weight of what the reader says; and the time of reading."""
    rankings: dict[float, dict[str, list[str]]] = {weight: {} for weight in WEIGHTS}
    took = []
    for question in questions:
        with engine.archive.snapshot() as snapshot:
            asked = engine.read(snapshot, question.text)
            found = ranked(snapshot, asked, DEEP, Method.FUSED, every_passage=False, copies=False)
            material = material_of(snapshot, asked, found[:READ])
        articles = [material.article(one.article) for one in found[:READ]]
        texts = [
            (heading(article.headline, article.published), material.text_of(one))
            for article, one in zip(articles, found[:READ], strict=True)
        ]
        used = time.process_time()
        readings = reader.read(asked.question.text, texts)
        took.append(time.process_time() - used)
        said = [one.answers(Span(0, len(text[1]))) for one, text in zip(readings, texts, strict=True)]
        for weight, ranking in rankings.items():
            worth = [one.score + weight * odds for one, odds in zip(found[:READ], said, strict=True)]
            order = sorted(range(len(worth)), key=lambda place: -worth[place])
            ranking[question.id] = [found[place].article for place in order] + [
                one.article for one in found[READ:]
            ]
    return rankings, took


if __name__ == "__main__":
    main()
