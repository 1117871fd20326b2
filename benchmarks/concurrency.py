"""What it brings to ask a server several questions at once.

    python benchmarks/concurrency.py ARCHIVE QUESTIONS.jsonl

Asks `/v1/ask` by 1, 2 and 4 clients at a time, in turns, so that what else the machine does falls on all alike.
Then the engine itself is asked by as many threads, with one archive for all of them and with an archive each,
which tells what sharing one costs from what the interpreter's lock costs; and by as many processes. With
`--no-models` the questions are told apart by their words alone, so that nothing is measured but the archive and
Python. `cores` is processor time by wall time; of processes it is not told.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path

import httpx2

from search.archive import LocalArchive, open_archive
from search.asking.engine import Engine
from search.models import Models, load_models
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings
from tests.fakes import HashEmbedder

AT_ONCE = (1, 2, 4)
PATIENCE = 600
SERVE = (
    "import sys; from api.http.server import serve; from api.http import HttpSettings; "
    "serve(HttpSettings.load(http_port=0, http_workers=sys.argv[1]))"
)
TICKS = os.sysconf("SC_CLK_TCK")

Ask = Callable[[str], object]


def main() -> None:
    """Print a line for each number of clients."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--limit", type=int, default=40, help="questions in a turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--no-models", action="store_true", help="leave models and HTTP out")
    arguments = parser.parse_args()
    lines = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines][: arguments.limit]
    if not arguments.no_models:
        measure_http(arguments.archive, questions, arguments.turns)
    settings = Settings.load(index=arguments.archive)
    embedder, models = loaded(settings, plain=arguments.no_models)
    with ExitStack() as stack:
        engines = [
            Engine(stack.enter_context(open_archive(settings.index)), embedder, settings, models=models)
            for _ in range(max(AT_ONCE))
        ]
        ways: dict[str, dict[int, list[Ask]]] = {
            "one archive": {count: [engines[0].ask] * count for count in AT_ONCE},
            "an archive each": {count: [engine.ask for engine in engines[:count]] for count in AT_ONCE},
        }
        measure("in process", ways, questions, arguments.turns, os.getpid())
    for count in AT_ONCE:
        rates = [
            by_processes(count, settings, questions, plain=arguments.no_models) for _ in range(arguments.turns)
        ]
        print(f"in processes: {count} at once: {statistics.median(rates):.1f} questions/s")


def measure_http(archive: Path, questions: Sequence[str], turns: int) -> None:
    """Ask a server by 1, 2 and 4 clients at a time."""
    with served(archive) as (address, pid), httpx2.Client(timeout=PATIENCE, trust_env=False) as client:

        def ask(question: str) -> None:
            client.get(f"{address}/v1/ask", params={"q": question}).raise_for_status()

        measure("over HTTP", {"": {count: [ask] * count for count in AT_ONCE}}, questions, turns, pid)


def loaded(settings: Settings, *, plain: bool) -> tuple[Embedder, Models]:
    """Load the models, or what takes their place."""
    if not plain:
        return load_embedder(settings), load_models(settings)
    with open_archive(settings.index) as archive:
        return HashEmbedder(archive.card.fingerprint, archive.card.dimension), Models()


def by_processes(count: int, settings: Settings, questions: Sequence[str], *, plain: bool) -> float:
    """Have processes share out the questions, each with an archive of its own; gives questions a second."""
    context = multiprocessing.get_context("spawn")
    begin, end = context.Barrier(count + 1), context.Barrier(count + 1)
    started = [
        context.Process(target=_ask_all, args=(settings.index, questions[place::count], plain, begin, end))
        for place in range(count)
    ]
    for process in started:
        process.start()
    begin.wait(PATIENCE)
    began = time.perf_counter()
    end.wait(PATIENCE)
    wall = time.perf_counter() - began
    for process in started:
        process.join(PATIENCE)
    return len(questions) / wall


def _ask_all(index: Path, questions: Sequence[str], plain: bool, begin: Barrier, end: Barrier) -> None:  # noqa: FBT001
    settings = Settings.load(index=index)
    embedder, models = loaded(settings, plain=plain)
    with LocalArchive.open(index) as archive:
        engine = Engine(archive, embedder, settings, models=models)
        engine.ask(questions[0])  # what is loaded only once
        begin.wait(PATIENCE)
        for question in questions:
            engine.ask(question)
        end.wait(PATIENCE)


def measure(
    title: str, ways: dict[str, dict[int, list[Ask]]], questions: Sequence[str], turns: int, pid: int
) -> None:
    """Ask all questions in every way, by every number at once, in turns; print medians over the turns."""
    for way in ways.values():
        run(way[max(AT_ONCE)], questions)  # what is loaded only once
    results: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    for _ in range(turns):
        for name, way in ways.items():
            for count, asking in way.items():
                before, began = processor_seconds(pid), time.perf_counter()
                waited = run(asking, questions)
                wall = time.perf_counter() - began
                cores = (processor_seconds(pid) - before) / wall
                results.setdefault((name, count), []).append(
                    (len(questions) / wall, statistics.median(waited), cores)
                )
    for (name, count), measured in results.items():
        rate, wait, cores = (statistics.median(column) for column in zip(*measured, strict=True))
        where = f"{title}, {name}" if name else title
        print(f"{where}: {count} at once: {rate:.1f} questions/s, {1000 * wait:.0f} ms each, {cores:.2f} cores")


def run(asking: Sequence[Ask], questions: Sequence[str]) -> list[float]:
    """Have the askers share out the questions; gives how long each question took, in seconds."""
    waiting = iter(questions)
    lock = threading.Lock()

    def work(ask: Ask) -> list[float]:
        took: list[float] = []
        while True:
            with lock:
                question = next(waiting, None)
            if question is None:
                return took
            began = time.perf_counter()
            ask(question)
            took.append(time.perf_counter() - began)

    with ThreadPoolExecutor(len(asking)) as pool:
        return [seconds for took in pool.map(work, asking) for seconds in took]


@contextmanager
def served(archive: Path | str, workers: int = 1, before: Sequence[str] = ()) -> Iterator[tuple[str, int]]:
    """Serve an archive in a process of its own, or in several; gives its address and the id of the first.

    Args:
        archive: Its folder or address.
        workers: How many processes.
        before: What the command begins with: `taskset`, say.
    """
    environment = os.environ | {"DATELINE_INDEX": str(archive), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603 - our own server
        [*before, sys.executable, "-c", SERVE, str(workers)], stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stderr
            address = next(line.split()[-1].rstrip("/") for line in server.stderr if "answers on" in line)
            threading.Thread(target=server.stderr.read, daemon=True).start()
            end = time.monotonic() + PATIENCE
            while not httpx2.get(f"{address}/readyz", timeout=PATIENCE, trust_env=False).is_success:
                if time.monotonic() > end:
                    raise TimeoutError(f"{address} does not become ready")
                time.sleep(0.2)
            yield address, server.pid
        finally:
            server.terminate()


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / TICKS


if __name__ == "__main__":
    main()
