"""How a server bears many askers at once, by one worker and by several, while a writer commits.

    python benchmarks/serving.py ARCHIVE QUESTIONS.jsonl --workers 1 2 --askers 1 4 64 --seconds 60

A copy of ARCHIVE is served. For each number of workers, after a round that is not counted, so many askers put the
questions to `/v1/ask`, each the next one as soon as the last is answered; an asker that is turned away (503) waits
as long as it is told. With `--commits` what was read into an article is stored anew every so many seconds. Memory
is what the processes hold that no file backs (`RssAnon`), at the beginning and at the end.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
from concurrency import PATIENCE, processor_seconds, served

from indexer.renewal import all_ids
from search.archive import LocalArchive

LONGEST_WAIT = 5.0


class Load:
    """What askers saw of a server."""

    def __init__(self, address: str, questions: Sequence[str]) -> None:
        self.statuses: Counter[int] = Counter()
        self.took: list[float] = []
        self._address = address
        self._questions = itertools.cycle(questions)
        self._guard = threading.Lock()

    def ask_until(self, end: float) -> None:
        """Ask until a time of the monotonic clock."""
        with httpx2.Client(timeout=PATIENCE, trust_env=False) as client:
            while time.monotonic() < end:
                with self._guard:
                    question = next(self._questions)
                began = time.monotonic()
                answer = client.get(f"{self._address}/v1/ask", params={"q": question})
                with self._guard:
                    self.statuses[answer.status_code] += 1
                    if answer.is_success:
                        self.took.append(time.monotonic() - began)
                if not answer.is_success:
                    time.sleep(min(LONGEST_WAIT, float(answer.headers.get("Retry-After", LONGEST_WAIT))))


def main() -> None:
    """Print a line for each number of workers and askers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 4, 64])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--commits", type=float, default=0, help="seconds between two commits; 0 for none")
    arguments = parser.parse_args()
    lines = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        shutil.copytree(arguments.archive, archive)
        for workers in arguments.workers:
            with served(archive, workers) as (address, pid), committing(archive, arguments.commits):
                warm(address, questions, workers)
                for askers in arguments.askers:
                    print(
                        f"{workers} workers, {askers} askers: {told(address, pid, questions, askers, arguments)}"
                    )


def warm(address: str, questions: Sequence[str], workers: int) -> None:
    """Have every worker answer a few times."""
    load = Load(address, questions)
    with ThreadPoolExecutor(2 * workers) as pool:
        list(pool.map(load.ask_until, [time.monotonic() + 5] * 2 * workers))


def told(address: str, pid: int, questions: Sequence[str], askers: int, arguments: argparse.Namespace) -> str:
    """Let so many ask, and tell what came of it."""
    load = Load(address, questions)
    processes = [pid, *children(pid)]
    held, used, began = memory(processes), sum(map(processor_seconds, processes)), time.monotonic()
    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(load.ask_until, [began + arguments.seconds] * askers))
    wall = time.monotonic() - began
    spent = sum(map(processor_seconds, processes)) - used
    answered = len(load.took)
    ordered = sorted(load.took)
    p99 = ordered[min(answered - 1, int(0.99 * answered))]
    return (
        f"{answered / wall:.1f} questions/s, p50 {1000 * statistics.median(ordered):.0f} ms, "
        f"p99 {1000 * p99:.0f} ms, {1000 * spent / answered:.0f} ms of processor a question, "
        f"statuses {dict(sorted(load.statuses.items()))}, memory {held:.0f} -> {memory(processes):.0f} MB"
    )


@contextmanager
def committing(folder: Path, seconds: float) -> Iterator[None]:
    """Store an article anew every so many seconds, in a thread of this process."""
    stop = threading.Event()

    def commit() -> None:
        with LocalArchive.open(folder) as archive:
            with archive.snapshot() as snapshot:
                ids = all_ids(snapshot)
            for id_ in itertools.cycle(ids):
                if stop.wait(seconds):
                    return
                with archive.snapshot() as snapshot:
                    dossier = snapshot.read([id_])[id_]
                with archive.write() as writer:
                    writer.put_readings(id_, dossier.mentions, dossier.statements, dossier.readings)
                    writer.commit()

    thread = threading.Thread(target=commit)
    if seconds:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if seconds:
            thread.join()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def memory(processes: Sequence[int]) -> float:
    """What processes hold that no file backs, in megabytes."""
    kilobytes = 0
    for pid in processes:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon:"):
                kilobytes += int(line.split()[1])
    return kilobytes * 1024 / 1e6


if __name__ == "__main__":
    if os.name != "posix":
        raise SystemExit("what processes use can be told on Linux only")
    main()
