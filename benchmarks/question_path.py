"""What of a question is the models', and what is not.

    python benchmarks/question_path.py ARCHIVE QUESTIONS.jsonl [--profile fast] [--most 40] [--filter "a day"]

Each question is asked once, so that nothing but what questions have in common is remembered. Told are the medians
of the time that a question takes and that it is not in a model, and the means of the processor's: of the embedder,
of the close reader and the second one, and of all else. On a machine that does other things the processor's time
is nearer the truth, and still too long. Filters are those of `conditions.py`.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conditions import filters_of

from search.archive import open_archive
from search.asking.engine import Engine
from search.filters import Filter
from search.models import load_models
from search.models.embedding import load_embedder
from search.settings import Settings


class Timed:
    """A model, how much of the processor's time it has used, and how long it took by the clock."""

    def __init__(self, model: Any, second: "Timed | None" = None) -> None:
        self.second = second
        self.seconds = self.taken = 0.0
        self._model = model

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return self._timed(found) if callable(found) else found

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            began, at = time.process_time(), time.perf_counter()
            try:
                return method(*arguments, **named)
            finally:
                self.seconds += time.process_time() - began
                self.taken += time.perf_counter() - at

        return call


@dataclass(frozen=True, slots=True)
class Took:
    """What questions took, in milliseconds.

    Attributes:
        questions: How many there were.
        median: Of a question, by the clock.
        apart: Median of what of it was not in a model, by the clock.
        whole: Of the processor, a question on average.
        embedder: The embedder's share of that.
        reader: The close reader's.
        second: The second reader's.
    """

    questions: int
    median: float
    apart: float
    whole: float
    embedder: float
    reader: float
    second: float

    def __str__(self) -> str:
        rest = self.whole - self.embedder - self.reader - self.second
        return (
            f"{self.questions} questions: {self.median:.0f} ms at the median, {self.apart:.1f} not in a model; of "
            f"the processor {self.whole:.0f} ms, embedder {self.embedder:.0f}, close reader {self.reader:.0f}, "
            f"second reader {self.second:.0f}, all else {rest:.0f}"
        )


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--profile", choices=["careful", "fast"], default="careful")
    parser.add_argument("--most", type=int, default=40, help="questions, evenly of the file")
    parser.add_argument("--filter", default="no filter")
    arguments = parser.parse_args()
    settings = Settings.load(index=arguments.archive, profile=arguments.profile)
    print(measured(settings, read_questions(arguments.questions, arguments.most), arguments.filter))


def read_questions(path: Path, most: int) -> list[str]:
    """Read one question more than so many, evenly of a file of JSON lines."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines]
    return questions[:: max(1, len(questions) // (most + 1))][: most + 1]


def measured(settings: Settings, questions: Sequence[str], name: str) -> Took:
    """Ask under a filter, given by name; the first question is not counted."""
    embedder, models = Timed(load_embedder(settings)), load_models(settings)
    again = models.close_reader.second if models.close_reader else None
    second = Timed(again)
    reader = Timed(models.close_reader, second if again else None)
    with open_archive(settings.index) as archive:
        with archive.snapshot() as snapshot:
            condition = filters_of(snapshot)[name]
        engine = Engine(archive, embedder, settings, models=replace(models, close_reader=reader))
        engine.ask(questions[0], condition=condition)  # what is loaded only once
        return _took(engine, (embedder, reader, second), questions[1:], condition)


def _took(engine: Engine, timed: Sequence[Timed], questions: Sequence[str], condition: Filter) -> Took:
    gc.collect()
    gc.freeze()  # as a server does
    for model in timed:
        model.seconds = 0.0
    took, apart, used = [], [], time.process_time()
    for question in questions:
        for model in timed:
            model.taken = 0.0
        began = time.perf_counter()
        engine.ask(question, condition=condition)
        took.append(time.perf_counter() - began)
        apart.append(took[-1] - sum(model.taken for model in timed))
    each = 1000 / len(questions)
    return Took(
        len(questions),
        1000 * statistics.median(took),
        1000 * statistics.median(apart),
        each * (time.process_time() - used),
        *(each * model.seconds for model in timed),
    )


if __name__ == "__main__":
    main()
