"""Machines that are network namespaces index together, while workers, machines and the driver are ended."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from indexer import pipeline
from search.archive import LocalArchive
from tests.cluster.drive import NEEDS_RAY, OPTIONS, PATIENCE_SECONDS, REPOSITORY
from tests.cluster.machines import Machine, can_be_made
from tests.cluster.machines import machines as made_machines
from tests.fakes import HashEmbedder
from tests.looking import contents_of

ARTICLES = 400
_WORKER = "ray::_RayWorker"

pytestmark = [
    pytest.mark.cluster,
    NEEDS_RAY,
    pytest.mark.skipif(
        find_spec("ray") is None or not can_be_made(),
        reason="makes network namespaces, which takes root and ip",
    ),
]

ENVIRONMENT = {
    "PYTHONPATH": str(REPOSITORY),
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "5" * 64,
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",
    "DATELINE_RAY_SPARE_CPUS": "0",
    "DATELINE_RAY_PARTITION_BYTES": "2000",
    "DATELINE_RAY_TIMEOUT": str(PATIENCE_SECONDS),
}


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Machine]]:
    """Three machines on one network."""
    with made_machines(3, tmp_path, ENVIRONMENT) as made:
        yield made


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of articles, a file each, and of files that cannot be read."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(ARTICLES):
        record = {
            "id": f"port-{number}",
            "headline": f"Dockers strike at quay {number}",
            "text": f"Dockers at quay {number} said on Monday they would strike on Friday.\n\n"
            f'"We will not unload ship {number * 7}," Paul Martin, of the union, told reporters in Marseille.',
            "published": f"2024-09-{1 + number % 28:02}",
            "source": "Wire",
        }
        (folder / f"{number:03}.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "050-empty.txt").write_bytes(b"")
    (folder / "100-picture.bin").write_bytes(bytes(range(256)) * 8)
    return folder


class Driver:
    """A run on the first machine, of which the last line is known."""

    def __init__(self, machine: Machine, news: Path, index: Path) -> None:
        self.log = machine.log
        self.process = machine.run(
            sys.executable, "-m", "tests.cluster.drive", str(news), str(index), f"{machine.address}:6379"
        )
        self.last = ""
        self.following = threading.Thread(target=self._follow)
        self.following.start()

    def _follow(self) -> None:
        for line in self.process.stdout or ():
            self.last = line

    def wait_until(self, is_so: Callable[[int, int, int], bool]) -> None:
        """Wait until something is so of workers, machines that they are on, and stored articles."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not (self.last.startswith("[") and is_so(*json.loads(self.last))):
            if time.monotonic() > until or self.process.poll() is not None:
                pytest.fail(f"{self.last}\n{self.log.read_text(encoding='utf-8')}")
            time.sleep(0.2)

    def report(self) -> dict[str, Any]:
        """What the run reports at its end."""
        self.following.join(PATIENCE_SECONDS)
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.log.read_text(encoding="utf-8")
        told: dict[str, Any] = json.loads(self.last)
        return told

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        self.following.join(PATIENCE_SECONDS)


def test_a_cluster_that_loses_a_worker_a_machine_and_its_driver_stores_every_article_once(
    machines: list[Machine], news: Path, tmp_path: Path
) -> None:
    first, second, third = machines
    first.join()
    second.join(first)
    driver = Driver(first, news, tmp_path / "index")
    driver.wait_until(lambda workers, nodes, articles: workers == nodes == 2 and articles > 0)
    first.end(first.processes(_WORKER))
    second.fail()
    third.join(first)
    driver.wait_until(lambda workers, nodes, _: workers == nodes == 2 and bool(third.processes(_WORKER)))
    driver.kill()

    with LocalArchive.open(tmp_path / "index") as archive:
        before = len(contents_of(archive))
    assert 0 < before < ARTICLES
    resumed = Driver(first, news, tmp_path / "index").report()
    assert resumed["added"] == ARTICLES - before
    assert set(resumed["skipped"]) == {"050-empty.txt", "100-picture.bin"}

    embedder = HashEmbedder()
    with (
        LocalArchive.open(tmp_path / "index") as archive,
        LocalArchive.create(tmp_path / "plain", embedder.card) as plain,
    ):
        pipeline.index([news], plain, embedder, OPTIONS)
        assert contents_of(archive) == contents_of(plain)
        assert not list((tmp_path / "index").glob("staging/*"))
