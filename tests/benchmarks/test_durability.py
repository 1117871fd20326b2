"""Short runs of what the benchmarks do at length."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lengths import examples

ROOT = Path(__file__).parents[2]
SUBJECTS = ("harbour", "bridge", "budget", "orchestra", "glacier", "railway")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seventy articles of our own, some of them copies of others."""
    path = tmp_path_factory.mktemp("news") / "wire.jsonl"
    records = [
        {
            "id": f"wire-{number}",
            "title": f"The {SUBJECTS[number % 6]} of town {number % 35}",
            "text": f"The {SUBJECTS[number % 6]} of town {number % 35} will open on Monday, the mayor said.\n\n"
            f'"We have waited {number % 35} years for it," she told reporters. Neighbours had complained about '
            f"noise, dust and the cost of {number % 35 + 3} million crowns, which the council denied.",
            "published_at": f"2024-03-{number % 28 + 1:02}",
            "source": ("Gazette", "Ledger")[number % 2],
        }
        for number in range(70)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def run(script: str, *arguments: object) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "benchmarks" / script), *map(str, arguments)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "faults: 0" in ended.stdout
    return ended.stdout


@pytest.mark.long
def test_nothing_is_lost_when_what_indexes_is_killed(news: Path) -> None:
    rounds = examples(1, 3)
    told = run("crash.py", news, "--rounds", rounds, "--disk-rounds", 0, "--moments", 0, "--articles", 70)
    assert f"rounds: {rounds}" in told


@pytest.mark.long
def test_nothing_that_was_stored_is_lost_on_a_full_disk(news: Path) -> None:
    assert run("full_disk.py", news, "--rounds", 1, "--articles", 70).startswith("full disk (")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace")
def test_nothing_relies_on_what_was_not_synced(news: Path) -> None:
    assert "machine lost at 8 moments" in run("fsync_order.py", news, "--moments", 8, "--articles", 12)


@pytest.mark.long
def test_many_ask_while_one_writes_and_nothing_is_leaked(news: Path) -> None:
    told = run("soak.py", news, "--readers", 2, "--seconds", 3, "--articles", 50)
    assert "after 50" in told
