"""How a server bears many askers at once, by one worker and by several, while a writer commits.

    python benchmarks/serving.py ARCHIVE QUESTIONS.jsonl --workers 1 2 --askers 1 4 64 --seconds 60
    python benchmarks/serving.py ARCHIVE QUESTIONS.jsonl --acceptance

A copy of ARCHIVE is served. For each number of workers, after a round that is not counted, so many askers put the
questions to `/v1/ask`, each the next one as soon as the last is answered; an asker that is turned away (429, 503)
waits as long as it is told. One request in ten names the answer that was given before, if there was one (304);
times are those of answers (200). With `--commits` what was read into an article is stored anew every so many
seconds. Memory is what the processes hold that no file backs (`RssAnon`), at the beginning and at the end.

With `--acceptance`, 64 askers ask for 60 seconds and 4 for ten minutes, of 2 workers, with a commit every five
seconds. It ends with status 1 unless every response is 200, 304, 429 or a 503 that tells when to come again,
memory has grown by no more than a tenth in the ten minutes, and the 99th percentile of 4 askers is at most three
times their median. The machine must have nothing else to do.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from concurrency import PATIENCE, processor_seconds, served

from indexer.renewal import all_ids
from search.archive import LocalArchive

LONGEST_WAIT = 5.0
REVALIDATED = 10
OK, NOT_MODIFIED, TOO_MANY, UNAVAILABLE = 200, 304, 429, 503
NO_ANSWER = "no answer"
UNTOLD = "503 without Retry-After"
DELIBERATE = frozenset({OK, NOT_MODIFIED, TOO_MANY, UNAVAILABLE})
FEW = 4
MOST_TIMES_MEDIAN = 3
MOST_GROWTH = 0.1


class Load:
    """What askers saw of a server."""

    def __init__(self, address: str, questions: Sequence[str]) -> None:
        self.statuses: Counter[int | str] = Counter()
        self.took: list[float] = []
        self._address = address
        self._questions = itertools.cycle(questions)
        self._tags: dict[str, str] = {}
        self._asked = itertools.count(1)
        self._guard = threading.Lock()

    def ask_until(self, end: float) -> None:
        """Ask until a time of the monotonic clock."""
        with httpx2.Client(timeout=PATIENCE, trust_env=False) as client:
            while time.monotonic() < end:
                self._wait(self._ask(client), end)

    def _ask(self, client: httpx2.Client) -> float:
        """Ask the next question; gives how many seconds to wait after it."""
        with self._guard:
            question = next(self._questions)
            known = self._tags.get(question, "") if next(self._asked) % REVALIDATED == 0 else ""
        began = time.monotonic()
        try:
            answer = client.get(
                f"{self._address}/v1/ask",
                params={"q": question},
                headers={"If-None-Match": known} if known else {},
            )
        except httpx2.HTTPError:
            with self._guard:
                self.statuses[NO_ANSWER] += 1
            return LONGEST_WAIT
        took, status, told = time.monotonic() - began, answer.status_code, answer.headers.get("Retry-After")
        with self._guard:
            self.statuses[UNTOLD if status == UNAVAILABLE and told is None else status] += 1
            if status == OK:
                self.took.append(took)
                self._tags[question] = answer.headers.get("ETag", "")
        return 0.0 if status in {OK, NOT_MODIFIED} else float(told or LONGEST_WAIT)

    @staticmethod
    def _wait(seconds: float, end: float) -> None:
        if seconds:
            time.sleep(max(0.0, min(LONGEST_WAIT, seconds, end - time.monotonic())))


@dataclass(frozen=True, slots=True)
class Round:
    """What came of so many askers.

    Attributes:
        askers: How many.
        seconds: How long they asked.
        statuses: Of responses, and what else there was.
        took: Seconds until each answer, in rising order.
        spent: Seconds of processor.
        memory: What the processes held at the beginning and at the end, in megabytes.
    """

    askers: int
    seconds: float
    statuses: Counter[int | str]
    took: Sequence[float]
    spent: float
    memory: tuple[float, float]

    @property
    def median(self) -> float:
        """Of the seconds until an answer."""
        return statistics.median(self.took) if self.took else float("nan")

    @property
    def p99(self) -> float:
        """The 99th percentile of the same."""
        return self.took[min(len(self.took) - 1, int(0.99 * len(self.took)))] if self.took else float("nan")

    def told(self) -> str:
        """In a line."""
        answered = len(self.took)
        statuses = dict(sorted(self.statuses.items(), key=str))
        return (
            f"{answered / self.seconds:.1f} answers/s, p50 {1000 * self.median:.0f} ms, "
            f"p99 {1000 * self.p99:.0f} ms, {1000 * self.spent / max(1, answered):.0f} ms of processor an answer, "
            f"statuses {statuses}, memory {self.memory[0]:.0f} -> {self.memory[1]:.0f} MB"
        )

    def faults(self) -> list[str]:
        """What should not be; see the module."""
        found = [f"{count} of status {one}" for one, count in self.statuses.items() if one not in DELIBERATE]
        if not self.took:
            return [*found, "no answer"]
        if self.askers == FEW:
            before, after = self.memory
            if self.p99 > MOST_TIMES_MEDIAN * self.median:
                found.append(f"p99 is {self.p99 / self.median:.1f} times the median")
            if after > (1 + MOST_GROWTH) * before:
                found.append(f"memory grew from {before:.0f} to {after:.0f} MB")
        return found


def main() -> int:
    """Print a line for each number of workers and askers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 4, 64])
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[20], help="for all askers, or for each number"
    )
    parser.add_argument("--commits", type=float, default=0, help="seconds between two commits; 0 for none")
    parser.add_argument("--acceptance", action="store_true", help="what a release must bear; see above")
    arguments = parser.parse_args()
    if arguments.acceptance:
        arguments.workers, arguments.askers, arguments.seconds, arguments.commits = [2], [64, FEW], [60, 600], 5
    if len(arguments.seconds) == 1:
        arguments.seconds *= len(arguments.askers)
    lines = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines]
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        shutil.copytree(arguments.archive, archive)
        for workers in arguments.workers:
            with served(archive, workers) as (address, pid), committing(archive, arguments.commits):
                warm(address, questions, workers)
                for askers, seconds in zip(arguments.askers, arguments.seconds, strict=True):
                    found = asked(address, pid, questions, askers, seconds)
                    print(f"{workers} workers, {askers} askers: {found.told()}", flush=True)
                    faults += [f"{askers} askers: {fault}" for fault in found.faults()]
    if arguments.acceptance:
        print("\n".join(faults) or "all of it holds")
    return int(arguments.acceptance and bool(faults))


def warm(address: str, questions: Sequence[str], workers: int) -> None:
    """Have every worker answer a few times."""
    load = Load(address, questions)
    with ThreadPoolExecutor(2 * workers) as pool:
        list(pool.map(load.ask_until, [time.monotonic() + 5] * 2 * workers))


def asked(address: str, pid: int, questions: Sequence[str], askers: int, seconds: float) -> Round:
    """Let so many ask for so long."""
    load = Load(address, questions)
    processes = [pid, *children(pid)]
    held, used, began = memory(processes), sum(map(processor_seconds, processes)), time.monotonic()
    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(load.ask_until, [began + seconds] * askers))
    wall = time.monotonic() - began
    spent = sum(map(processor_seconds, processes)) - used
    return Round(askers, wall, load.statuses, sorted(load.took), spent, (held, memory(processes)))


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
    sys.exit(main())
