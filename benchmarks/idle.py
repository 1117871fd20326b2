"""What only an idle machine can tell: questions without their models by filter, HTTP beside them, two workers.

    python benchmarks/idle.py ARCHIVE QUESTIONS.jsonl [--large LARGER_ARCHIVE] >> measured.md

It takes about half an hour on two cores, and refuses where something else uses them. Every figure is the median of
three turns, each in processes of its own: of what a question takes that is not in a model, for each filter of
`conditions.py`; of what HTTP adds to the same questions, asked one after the other; of what four askers get of two
workers, beside what two cores could give at one asker's cost, and of what a question costs the processor.
`--large` has the first of these measured for another archive, too, one of `scale.py` for instance.
"""

import argparse
import multiprocessing
import platform
import statistics
import sys
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from concurrency import PATIENCE, served
from conditions import filters_of
from question_path import Took, measured, read_questions
from serving import Round, asked, warm

from search.archive import open_archive
from search.settings import Settings

_TURNS = 3
_QUESTIONS = 40
_SECONDS = 30
_WATCHED_SECONDS = 5
_MOST_BUSY = 0.05
_ASKERS, _WORKERS = 4, 2


def main() -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--large", type=Path, help="another archive to ask under each filter")
    parser.add_argument("--turns", type=int, default=_TURNS)
    parser.add_argument("--most", type=int, default=_QUESTIONS, help="questions; the first does not count")
    parser.add_argument("--filters", nargs="+", help="only these of conditions.py")
    parser.add_argument("--busy", action="store_true", help="measure all the same where other things run")
    given = parser.parse_args()
    busy = share_of_others()
    if busy > _MOST_BUSY and not given.busy:
        raise SystemExit(f"Other processes use {busy:.0%} of the processors. Come again when they are idle.")
    questions = read_questions(given.questions, given.most)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.processor() or platform.machine()}, {busy:.0%} used by others")
    for archive in filter(None, (given.archive, given.large)):
        by_filter(archive, questions, given.turns, given.filters)
    over_http(given.archive, questions, given.turns)
    by_workers(given.archive, questions, given.turns)


def share_of_others() -> float:
    """What share of all processors is used while this one waits, from 0 to 1."""

    def read() -> tuple[int, int]:
        ticks = list(map(int, Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]))
        return sum(ticks), ticks[3] + ticks[4]

    whole, idle = read()
    time.sleep(_WATCHED_SECONDS)
    later, later_idle = read()
    return 1 - (later_idle - idle) / (later - whole)


def by_filter(archive: Path, questions: Sequence[str], turns: int, only: Collection[str] | None = None) -> None:
    """Print what a question takes that is not in a model, under each filter or only some."""
    settings = Settings.load(index=archive)
    with open_archive(archive) as opened, opened.snapshot() as snapshot:
        names = [name for name in filters_of(snapshot) if only is None or name in only]
        passages = snapshot.facts.passages
    print(f"\n{passages:,} passages, {len(questions) - 1} questions, milliseconds:\n")
    print("| filter | not in a model | a question |\n| --- | ---: | ---: |")
    for name in names:
        took = [asked_alone(settings, questions, name) for _ in range(turns)]
        apart, whole = (statistics.median(getattr(one, part) for one in took) for part in ("apart", "median"))
        print(f"| {name} | {apart:.1f} | {whole:.0f} |")
        sys.stdout.flush()


def over_http(archive: Path, questions: Sequence[str], turns: int) -> None:
    """Print what HTTP adds to a question."""
    added = []
    for _ in range(turns):
        took = asked_alone(Settings.load(index=archive), questions, "no filter")
        with served(archive) as (address, _):
            added.append(_asked(address, questions) - took.median)
    print(f"\nHTTP adds {statistics.median(added):.1f} ms to the median of {len(questions) - 1} questions")


def _asked(address: str, questions: Sequence[str]) -> float:
    """Median of what questions take over HTTP, in milliseconds; the first is not counted."""
    took = []
    with httpx2.Client(timeout=PATIENCE, trust_env=False) as client:
        for question in questions:
            began = time.perf_counter()
            client.get(f"{address}/v1/ask", params={"q": question}).raise_for_status()
            took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took[1:])


def by_workers(archive: Path, questions: Sequence[str], turns: int) -> None:
    """Print what several askers get of several workers, beside one asker of one."""

    def load(workers: int, askers: int) -> list[Round]:
        found = []
        for _ in range(turns):
            with served(archive, workers) as (address, pid):
                warm(address, questions, workers)
                found.append(asked(address, pid, questions, askers, _SECONDS))
                print(f"{workers} workers, {askers} askers: {found[-1].told()}")
        return found

    print()
    alone_, together = load(1, 1), load(_WORKERS, _ASKERS)
    cost, shared = (statistics.median(one.spent / len(one.took) for one in found) for found in (alone_, together))
    rate = statistics.median(len(one.took) / one.seconds for one in together)
    print(
        f"\n{_ASKERS} askers of {_WORKERS} workers get {rate * cost / _WORKERS:.0%} of what {_WORKERS} cores allow"
    )
    print(f"for the processor a question costs {shared / cost - 1:+.1%} of what it costs one asker")


def asked_alone(settings: Settings, questions: Sequence[str], name: str) -> Took:
    """Ask in a process of its own, so that nothing is remembered."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, settings, questions, name).result()


if __name__ == "__main__":
    main()
