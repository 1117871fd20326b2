"""What of a question is the models', and what is not.

    python benchmarks/question_path.py ARCHIVE QUESTIONS.jsonl [--profile fast] [--most 40]

Each question is asked once, so that nothing but what questions have in common is remembered. Told are the median
of the time that a question takes, and the means of the processor's: of the embedder, of the close reader, and of
all else. On a machine that does other things the processor's time is nearer the truth, and still too long.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from search.archive import open_archive
from search.asking.engine import Engine
from search.models import load_models
from search.models.embedding import load_embedder
from search.settings import Settings


class Timed:
    """A model, and how much of the processor's time it has used."""

    def __init__(self, model: Any) -> None:
        self.seconds = 0.0
        self._model = model

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return self._timed(found) if callable(found) else found

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return method(*arguments, **named)
            finally:
                self.seconds += time.process_time() - began

        return call


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--profile", choices=["careful", "fast"], default="careful")
    parser.add_argument("--most", type=int, default=40, help="questions, evenly of the file")
    arguments = parser.parse_args()
    lines = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines]
    settings = Settings.load(index=arguments.archive, profile=arguments.profile)
    embedder, models = Timed(load_embedder(settings)), load_models(settings)
    reader = Timed(models.close_reader)
    with open_archive(settings.index) as archive:
        engine = Engine(archive, embedder, settings, models=replace(models, close_reader=reader))
        first, *rest = questions[:: max(1, len(questions) // (arguments.most + 1))]
        print(told(engine, embedder, reader, first, rest[: arguments.most]))


def told(engine: Engine, embedder: Timed, reader: Timed, first: str, questions: Sequence[str]) -> str:
    """Ask, and tell what it took; the first question is not counted."""
    engine.ask(first)  # what is loaded only once
    gc.collect()
    gc.freeze()  # as a server does
    embedder.seconds = reader.seconds = 0.0
    took, used = [], time.process_time()
    for question in questions:
        began = time.perf_counter()
        engine.ask(question)
        took.append(time.perf_counter() - began)
    each = 1000 / len(questions)
    whole = time.process_time() - used
    rest = whole - embedder.seconds - reader.seconds
    return (
        f"{len(questions)} questions: {1000 * statistics.median(took):.0f} ms at the median; of the processor "
        f"{each * whole:.0f} ms, embedder {each * embedder.seconds:.0f}, "
        f"close reader {each * reader.seconds:.0f}, all else {each * rest:.0f}"
    )


if __name__ == "__main__":
    main()
