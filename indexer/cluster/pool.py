"""The workers of a run as Ray actors, and the partitions that they are given.

A worker that is lost is replaced as soon as the cluster has room, and its partition goes to whichever is free, so
that nothing waits for a machine that does not come back. A partition that ends its workers again and again is cut
into its shares; a share that does is given up, and told.
"""

import logging
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from indexer.cluster.partitions import SHARE_BYTES, Partition
from indexer.cluster.worker import Order, Worker, WorkerCard
from indexer.settings import ClusterSettings
from search.errors import ClusterError, DatelineError, SettingsError

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
_RENEW_SECONDS = 5.0
"""Between two starts of workers that took the place of lost ones."""

_CLOSE_SECONDS = 5.0

_OBJECT_STORE_BYTES = 100 << 20
"""Of a cluster that is started here. Only partitions and receipts go through it, never articles."""

MOST_TRIES = 3
"""How often a partition may end its worker."""


@dataclass(slots=True)
class _Task:
    partition: Partition
    tries: int = 0
    began: float = 0.0


@dataclass(slots=True)
class _Actor:
    handle: Any
    starting: Any
    card: WorkerCard | None = None
    node: str = ""
    task: _Task | None = None
    running: Any = None


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is at work.

    Attributes:
        workers: How many workers are ready.
        nodes: On how many machines.
    """

    workers: int = 0
    nodes: int = 0


@dataclass(slots=True)
class _Failures:
    """What went wrong since the last worker became ready."""

    in_a_row: int = 0
    last: str = ""


@dataclass(slots=True)
class Pool:
    """Gives partitions to Ray actors, in a thread of its own, from `start` to `close`.

    Attributes:
        order: How the workers work.
        settings: How many, and how long to wait.
        treatment: What every worker must do to an article.
        on_staged: Told of each partition that is staged, with the digests of the files of its shares.
        on_lost: Told of each share that is given up, as its partition, and why.
        on_end: Told that no more comes, and why.
    """

    order: Order
    settings: ClusterSettings
    treatment: str
    on_staged: Callable[[Partition, tuple[str, ...]], None]
    on_lost: Callable[[Partition, str], None]
    on_end: Callable[[DatelineError], None]
    _todo: deque[_Task] = field(default_factory=deque)
    _actors: list[_Actor] = field(default_factory=list)
    _failures: _Failures = field(default_factory=_Failures)
    _closing: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _last_alive: float = 0.0
    _last_start: float = 0.0
    _crew: Crew = Crew()

    @property
    def crew(self) -> Crew:
        """Who is at work."""
        return self._crew

    @property
    def is_working(self) -> bool:
        """Whether anything may still come of what it was given."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, partitions: Iterable[Partition]) -> None:
        """Begin to work on partitions, in order."""
        self._todo.extend(map(_Task, partitions))
        self._last_alive = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="dateline-ray", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the workers."""
        self._closing.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closing.is_set() and (self._todo or self._busy()):
                self._start_workers()
                self._assign()
                self._collect()
                self._end_overdue()
        except DatelineError as error:
            self.on_end(error)
        except Exception as error:  # noqa: BLE001 - whatever ends the thread must reach who waits for it
            self.on_end(ClusterError(f"The Ray cluster failed: {_line(error)}.", _AGAIN))
        finally:
            self._close_idle()
            for actor in self._actors:
                _kill(actor)
            self._actors = []
            self._crew = Crew()

    def _close_idle(self) -> None:
        """Let workers that have nothing to do end what they started, and remove what they fetched."""
        with suppress(Exception):  # they may be gone, and the cluster with them
            import ray

            idle = [actor.handle.close.remote() for actor in self._actors if actor.card and not actor.task]
            if idle:
                ray.wait(idle, num_returns=len(idle), timeout=_CLOSE_SECONDS)

    def _busy(self) -> list[_Actor]:
        return [actor for actor in self._actors if actor.task]

    def _start_workers(self) -> None:
        import ray

        now = time.monotonic()
        if self._last_start and now - self._last_start < _RENEW_SECONDS:
            return
        self._last_start = now
        outstanding = len(self._todo) + len(self._busy())
        wanted = min(outstanding, self._room(ray.cluster_resources()))
        for _ in range(wanted - len(self._actors)):
            made = ray.remote(_RayWorker).options(
                num_cpus=self.settings.ray_cpus,
                num_gpus=self.settings.ray_gpus,
                max_restarts=0,
                max_task_retries=0,
            )
            handle = made.remote(self.order)
            self._actors.append(_Actor(handle, handle.introduce.remote()))

    def _room(self, resources: dict[str, float]) -> int:
        """How many workers the cluster has room for, with some to spare for those that replace lost ones."""
        settings = self.settings
        room = int((resources.get("CPU", 0.0) - settings.ray_spare_cpus) / settings.ray_cpus)
        if settings.ray_gpus:
            room = min(room, int(resources.get("GPU", 0.0) / settings.ray_gpus))
        return max(1, min(room, settings.ray_workers) if settings.ray_workers else room)

    def _assign(self) -> None:
        for actor in self._actors:
            if actor.card and not actor.task and self._todo:
                actor.task = self._todo.popleft()
                actor.task.began = time.monotonic()
                actor.running = actor.handle.stage.remote(actor.task.partition)

    def _collect(self) -> None:
        import ray

        waited = {actor.running if actor.card else actor.starting: actor for actor in self._actors}
        waited.pop(None, None)
        if not waited:
            self._closing.wait(_LOOK_SECONDS)
            return
        done, _ = ray.wait(list(waited), num_returns=1, timeout=_LOOK_SECONDS)
        for reference in done:
            actor = waited[reference]
            if actor.card is None:
                self._welcome(actor)
            else:
                self._receive(actor)
        ready = [actor for actor in self._actors if actor.card]
        self._crew = Crew(len(ready), len({actor.node for actor in ready}))
        if ready:
            self._last_alive = time.monotonic()

    def _welcome(self, actor: _Actor) -> None:
        import ray

        try:
            card, actor.node = ray.get(actor.starting)
        except ray.exceptions.RayError as error:
            self._drop(actor)
            self._failures.in_a_row += 1
            self._failures.last = _line(error)
            if self._failures.in_a_row >= MOST_TRIES:
                raise ClusterError(f"No worker can be started: {self._failures.last}.", _AGAIN) from error
            return
        if card.treatment != self.treatment:
            raise ClusterError(
                f"The worker on {card.host} would treat articles otherwise than this machine: format, release, "
                f"model, dimension and rules are {card.treatment!r} there and {self.treatment!r} here.",
                "Install the same release and the same model on every machine of the cluster.",
            )
        self._failures = _Failures()
        actor.card = card

    def _receive(self, actor: _Actor) -> None:
        import ray

        task, actor.task = actor.task, None
        if task is None:
            return
        reference, actor.running = actor.running, None
        try:
            digests = ray.get(reference)
        except ray.exceptions.RayTaskError as error:  # no file's fault: those are staged as skipped
            task.tries += 1
            if task.tries >= MOST_TRIES:
                raise ClusterError(f"A partition cannot be staged: {_line(error)}.", _AGAIN) from error
            self._todo.appendleft(task)
        except ray.exceptions.RayError as error:
            _LOG.info("the worker %s was lost: %s", actor.card, _line(error))
            self._drop(actor)
            self._again(task, "ended the worker that had it")
        else:
            self.on_staged(task.partition, digests)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for actor in self._busy():
            task = actor.task
            allowed = self.settings.ray_timeout * max(1.0, task.partition.size / SHARE_BYTES) if task else 0.0
            if task and now - task.began > allowed:
                self._drop(actor)
                self._again(task, f"took longer than {allowed:,.0f} s (ray_timeout)")
        if now - self._last_alive > self.settings.ray_timeout:
            raise ClusterError(
                f"There has been no worker for {self.settings.ray_timeout:,} s (ray_timeout): the cluster has no "
                f"room for one of {self.settings.ray_cpus:g} processors.",
                f"ray status says who has them. {_AGAIN}",
            )

    def _again(self, task: _Task, reason: str) -> None:
        """Give a partition to another worker, first of all, because what comes behind it is put after it."""
        task.tries += 1
        if task.tries < MOST_TRIES:
            self._todo.appendleft(task)
        elif len(task.partition.shares) > 1:
            self._todo.extendleft(map(_Task, reversed(task.partition.split())))
        else:
            self.on_lost(task.partition, f"{reason}, {task.tries} times; it is left out of this run.")

    def _drop(self, actor: _Actor) -> None:
        self._actors.remove(actor)
        _kill(actor)


_AGAIN = "What is committed and what is staged stays: run the same command again to go on."


class _RayWorker(Worker):
    """A worker that knows on which node it is."""

    def introduce(self) -> tuple[WorkerCard, str]:
        """Tell what it is, and the id of its node."""
        import ray

        return self.card(), ray.get_runtime_context().get_node_id()


def _kill(actor: _Actor) -> None:
    import ray

    with suppress(Exception):  # it may be gone, and the cluster with it
        ray.kill(actor.handle)


def _line(error: Exception) -> str:
    """The last line of an error, which of one that Ray carried is the error itself."""
    cause = getattr(error, "cause", None)
    lines = str(cause or error).strip().splitlines() or [type(error).__name__]
    return lines[-1].strip().removesuffix(".")


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Be connected to the Ray cluster at an address; `local` starts one on this machine, for as long.

    Raises:
        SettingsError: If Ray is not installed.
        ClusterError: If there is no cluster.
    """
    try:
        import ray
    except ModuleNotFoundError as error:
        raise SettingsError("Ray is not installed.", "Run: pip install 'dateline[ray]'") from error
    started = {"object_store_memory": _OBJECT_STORE_BYTES, "include_dashboard": False}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        ray.init(
            address,
            logging_level=logging.ERROR,
            log_to_driver=False,
            **(started if address == "local" else {}),
        )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"There is no Ray cluster at {address!r}: {_line(error)}.",
            "Start one (ray start --head), or give --ray local to start one on this machine.",
        ) from error
    finally:
        # Ray puts its own in their place, and a run must end between two commits.
        for number, handler in handlers.items():
            signal.signal(number, handler)
    try:
        yield
    finally:
        ray.shutdown()
