"""Machines that are network namespaces index together, while workers, machines and the driver are ended."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from indexer import pipeline
from search.archive import LocalArchive
from tests.cluster.drive import NEEDS_RAY, OPTIONS, PATIENCE_SECONDS, REPOSITORY
from tests.fakes import HashEmbedder
from tests.looking import contents_of

IP = shutil.which("ip") or ""
ARTICLES = 400
_NETWORK = "10.213.77"
_RUN = f"{os.getpid() % 10**7}"  # interfaces have names of 15 characters at most
_BRIDGE = f"dl{_RUN}"
_WORKER = "ray::_RayWorker"


def _namespaces_can_be_made() -> bool:
    """Try it: containers often let root do neither this nor join them by a bridge."""
    if os.geteuid() != 0 or not IP:
        return False
    made = [("netns", "add", "dateline-try"), ("link", "add", "dateline-try", "type", "bridge")]
    done = [subprocess.run([IP, *command], check=False, capture_output=True).returncode == 0 for command in made]
    for kind, succeeded in zip(("netns", "link"), done, strict=True):
        if succeeded:
            subprocess.run([IP, kind, "delete", "dateline-try"], check=False, capture_output=True)
    return all(done)


pytestmark = [
    pytest.mark.cluster,
    NEEDS_RAY,
    pytest.mark.skipif(
        find_spec("ray") is None or not _namespaces_can_be_made(),
        reason="makes network namespaces, which takes root and ip",
    ),
]


@dataclass
class Machine:
    """A network namespace with a node of a Ray cluster."""

    number: int
    scratch: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"dateline{_RUN}-{self.number}"

    @property
    def address(self) -> str:
        return f"{_NETWORK}.{self.number}"

    @property
    def log(self) -> Path:
        return self.scratch / f"{self.name}.err"

    def make(self) -> None:
        inside, outside = f"dl{_RUN}i{self.number}", f"dl{_RUN}o{self.number}"
        ip("netns", "add", self.name)
        ip("link", "add", inside, "type", "veth", "peer", "name", outside)
        ip("link", "set", outside, "master", _BRIDGE, "up")
        ip("link", "set", inside, "netns", self.name)
        ip("-n", self.name, "addr", "add", f"{self.address}/24", "dev", inside)
        ip("-n", self.name, "link", "set", inside, "up")
        ip("-n", self.name, "link", "set", "lo", "up")

    def run(self, *command: str) -> subprocess.Popen[str]:
        with self.log.open("a", encoding="utf-8") as log:
            started = subprocess.Popen(
                [IP, "netns", "exec", self.name, *command],
                env=os.environ | ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=REPOSITORY,
            )
        self.started.append(started)
        return started

    def join(self, head: "Machine | None" = None) -> None:
        """Start a node of one processor; the first is the head."""
        where = (
            ["--head", "--port=6379", "--include-dashboard=false"]
            if head is None
            else [f"--address={head.address}:6379"]
        )
        node = self.run(
            str(Path(sys.executable).parent / "ray"),
            "start",
            *where,
            f"--node-ip-address={self.address}",
            "--num-cpus=1",
            "--object-store-memory=80000000",
            "--disable-usage-stats",
        )
        assert node.wait(PATIENCE_SECONDS) == 0, self.log.read_text(encoding="utf-8")

    def processes(self, named: str = "") -> list[int]:
        pids = map(int, ip("netns", "pids", self.name).split())
        return [pid for pid in pids if named in _command_of(pid)]

    def end(self, pids: Sequence[int]) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def fail(self) -> None:
        """End everything that runs on it, as when its power goes."""
        while pids := self.processes():
            self.end(pids)
            time.sleep(0.1)
        for one in self.started:
            one.wait(PATIENCE_SECONDS)
            if one.stdout:
                one.stdout.close()


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


def ip(*words: str) -> str:
    return subprocess.run([IP, *words], check=True, capture_output=True, text=True).stdout


def _command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Machine]]:
    """Three machines on one network."""
    made = [Machine(number, tmp_path) for number in (1, 2, 3)]
    ip("link", "add", _BRIDGE, "type", "bridge")
    try:
        ip("link", "set", _BRIDGE, "up")
        for machine in made:
            machine.make()
        yield made
    finally:
        for machine in made:
            with suppress(subprocess.CalledProcessError):
                machine.fail()
                ip("netns", "del", machine.name)
        ip("link", "del", _BRIDGE)


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
