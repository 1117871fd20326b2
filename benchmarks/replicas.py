"""Questions a second by one replica and by several over one archive, each bound to a processor of its own.

    python benchmarks/replicas.py lance://FOLDER QUESTIONS.jsonl --replicas 1 2 --seconds 15 --turns 3

Replicas are servers (`dateline serve`) with models of one thread each. So many of them as are told answer
`/v1/ask` of two askers each, by turns, so that what else the machine does falls on all alike; what is told are the
medians of the turns and the ratio within each turn. The askers run on the same processors.
"""

import argparse
import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from concurrency import served
from serving import Load

_ASKERS = 2


def main() -> None:
    """Print a line for each number of replicas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", help="folder or address")
    parser.add_argument("questions", type=Path, help="JSON lines with a text or a question each")
    parser.add_argument("--replicas", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--turns", type=int, default=3)
    asked = parser.parse_args()
    os.environ["DATELINE_THREADS"] = "1"
    lines = [json.loads(line) for line in asked.questions.read_text(encoding="utf-8").splitlines()]
    questions = [line.get("text") or line["question"] for line in lines]
    rates: dict[int, list[float]] = {count: [] for count in asked.replicas}
    with ExitStack() as stack:
        addresses = [
            stack.enter_context(served(asked.archive, before=("taskset", "-c", str(core))))[0]
            for core in range(max(asked.replicas))
        ]
        _rate(addresses, questions, asked.seconds)  # what is loaded only once
        for _ in range(asked.turns):
            for count, found in rates.items():
                found.append(_rate(addresses[:count], questions, asked.seconds))
    least = min(rates)
    for count, found in rates.items():
        ratios = [one / first for one, first in zip(found, rates[least], strict=True)]
        turns = ", ".join(f"{rate:.2f}" for rate in found)
        print(
            f"{count} replicas: {statistics.median(found):.2f} questions/s ({turns}), "
            f"{statistics.median(ratios):.2f} times that of {least}"
        )


def _rate(addresses: list[str], questions: list[str], seconds: float) -> float:
    """Answers a second of some replicas together."""
    # Nobody asks what another has asked, so that nothing is remembered.
    loads = [Load(address, questions[place :: len(addresses)]) for place, address in enumerate(addresses)]
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(_ASKERS * len(loads)) as pool:
        list(pool.map(lambda load: load.ask_until(end), loads * _ASKERS))
    return sum(len(load.took) for load in loads) / seconds


if __name__ == "__main__":
    main()
