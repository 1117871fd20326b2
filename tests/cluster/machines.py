"""Machines that are network namespaces, joined with this one by a bridge; several runs at once do not meet."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.drive import PATIENCE_SECONDS, REPOSITORY

IP = shutil.which("ip") or ""
RUN = f"{os.getpid() % 10**7}"
"""Names what belongs to this run; interfaces have names of 15 characters at most."""

_BRIDGE = f"dl{RUN}"
_NETWORKS = 120 * 250
_MOST_STARTS = 3


def can_be_made() -> bool:
    """Try it: containers often let root do neither this nor join them by a bridge."""
    if os.geteuid() != 0 or not IP:
        return False
    name = f"dltry{RUN}"
    made = [("netns", "add", name), ("link", "add", name, "type", "bridge")]
    done = [subprocess.run([IP, *command], check=False, capture_output=True).returncode == 0 for command in made]
    for kind, succeeded in zip(("netns", "link"), done, strict=True):
        if succeeded:
            subprocess.run([IP, kind, "delete", name], check=False, capture_output=True)
    return all(done)


def ip(*words: str) -> str:
    return subprocess.run([IP, *words], check=True, capture_output=True, text=True).stdout


@dataclass
class Machine:
    """A network namespace, in which there may be a node of a Ray cluster.

    Attributes:
        number: Of the machine, from 1.
        scratch: Where its log is.
        network: What its address begins with.
        environment: Variables of what runs on it.
        core: The processor that all of it runs on; None for any.
        started: What was started on it.
    """

    number: int
    scratch: Path
    network: str
    environment: Mapping[str, str]
    core: int | None = None
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"dateline{RUN}-{self.number}"

    @property
    def address(self) -> str:
        return f"{self.network}.{self.number}"

    @property
    def host(self) -> str:
        """The address under which the machine that they are made on is reached."""
        return f"{self.network}.254"

    @property
    def log(self) -> Path:
        return self.scratch / f"{self.name}.err"

    def make(self) -> None:
        inside, outside = f"dl{RUN}i{self.number}", f"dl{RUN}o{self.number}"
        ip("netns", "add", self.name)
        ip("link", "add", inside, "type", "veth", "peer", "name", outside)
        ip("link", "set", outside, "master", _BRIDGE, "up")
        ip("link", "set", inside, "netns", self.name)
        ip("-n", self.name, "addr", "add", f"{self.address}/24", "dev", inside)
        ip("-n", self.name, "link", "set", inside, "up")
        ip("-n", self.name, "link", "set", "lo", "up")

    @property
    def _bound(self) -> list[str]:
        return [] if self.core is None else ["taskset", "-c", str(self.core)]

    def run(self, *command: str) -> subprocess.Popen[str]:
        """Start something on it."""
        with self.log.open("a", encoding="utf-8") as log:
            started = subprocess.Popen(
                [IP, "netns", "exec", self.name, *self._bound, *command],
                env={**os.environ, **self.environment},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=REPOSITORY,
            )
        self.started.append(started)
        return started

    def do(self, *command: str) -> str:
        """Do something on it; gives what it writes."""
        return subprocess.run(
            [IP, "netns", "exec", self.name, *self._bound, *command],
            env={**os.environ, **self.environment},
            check=True,
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
        ).stdout

    def join(self, head: "Machine | None" = None) -> None:
        """Start a node of one processor; the first is the head."""
        where = (
            ["--head", "--port=6379", "--include-dashboard=false", f"--temp-dir=/tmp/dateline-ray-{RUN}"]
            if head is None
            else [f"--address={head.address}:6379"]
        )
        for _ in range(_MOST_STARTS):  # Ray gives a node half a minute, which on a busy machine may be too little
            node = self.run(
                str(Path(sys.executable).parent / "ray"),
                "start",
                *where,
                f"--node-ip-address={self.address}",
                "--num-cpus=1",
                "--object-store-memory=80000000",
                "--disable-usage-stats",
            )
            if node.wait(PATIENCE_SECONDS) == 0:
                return
            self.end(self.processes())
        raise AssertionError(self.log.read_text(encoding="utf-8"))

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


def _command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


@contextmanager
def machines(count: int, scratch: Path, environment: Mapping[str, str]) -> Iterator[list[Machine]]:
    """Make machines on one network with this one, numbered from 1; what runs on them has these variables."""
    network = _free_network()
    made = [Machine(number, scratch, network, environment) for number in range(1, count + 1)]
    ip("link", "add", _BRIDGE, "type", "bridge")
    try:
        ip("addr", "add", f"{network}.254/24", "dev", _BRIDGE)
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
        shutil.rmtree(f"/tmp/dateline-ray-{RUN}", ignore_errors=True)  # noqa: S108 - its own


def _free_network() -> str:
    """The beginning of addresses of which this machine and other runs have none."""
    used = ip("-4", "-oneline", "address")
    for number in range(os.getpid(), os.getpid() + _NETWORKS):
        network = f"10.{128 + number // 250 % 120}.{number % 250}"
        if f" {network}." not in used:
            return network
    raise OSError("every network is in use")
