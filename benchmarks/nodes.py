"""Passages a second by one machine of a Ray cluster and by two, each bound to a processor of its own.

    python benchmarks/nodes.py ARTICLES_FILE --articles 200 --turns 1

Machines are network namespaces of this one (root, Linux). Each is a Ray node of one processor, and
`benchmarks/cluster.py` runs on the first: so the writer shares the processor of the first worker. One and two
machines take turns, so that what else the machine does falls on both alike; efficiency is the ratio of passages a
second to twice those of one machine.
"""

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path

from tests.cluster.drive import PATIENCE_SECONDS, REPOSITORY
from tests.cluster.machines import machines

_RATE = re.compile(r"([\d.]+) passages a second")
_ENVIRONMENT = {
    "PYTHONPATH": str(REPOSITORY),
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "5" * 64,
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",
}


def main() -> None:
    """Print what each turn gave, and the efficiency."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--turns", type=int, default=1)
    asked = parser.parse_args()
    ratios = []
    for _ in range(asked.turns):
        one, two = (_passages_a_second(asked.file, asked.articles, count) for count in (1, 2))
        ratios.append(two / one)
        print(
            f"1 machine {one:.1f}, 2 machines {two:.1f} passages a second: efficiency {two / one / 2:.2f}",
            flush=True,
        )
    print(f"median efficiency {statistics.median(ratios) / 2:.2f}")


def _passages_a_second(file: Path, articles: int, count: int) -> float:
    with tempfile.TemporaryDirectory() as scratch, machines(count, Path(scratch), _ENVIRONMENT) as made:
        for machine in made:
            machine.core = machine.number - 1
            machine.join(made[0] if machine is not made[0] else None)
        run = made[0].run(
            *(sys.executable, str(REPOSITORY / "benchmarks" / "cluster.py"), str(file.absolute())),
            *("--articles", str(articles), "--workers", str(count), "--address", f"{made[0].address}:6379"),
        )
        told, _ = run.communicate(timeout=PATIENCE_SECONDS)
        found = _RATE.search(told)
        if found is None:
            raise RuntimeError(f"{told}\n{made[0].log.read_text(encoding='utf-8')}")
        return float(found.group(1))


if __name__ == "__main__":
    main()
