"""Admission: how many requests are answered at once, and how long each may take, from the first byte of its head.

Requests are counted for all workers of a server together. A thread cannot be stopped from outside. So a request
that takes too long is answered with status 504 at once; its thread, told by `limits.still_wanted`, ends at its
next step, and its place is taken until then: however slow everything is, there are never more threads than
places.

Whoever does not take what is sent is waited for no longer than an answer may take to begin, or a few of them
would keep every place.
"""

import asyncio
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h11
from anyio import CancelScope
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.limits import GIVEN_UP, TooBusyError, TooSlowError, changes_articles
from api.http.problems import refusal
from api.http.settings import MOST_WORKERS, HttpSettings

ABORT = "dateline.abort"
"""In the state of a request: closes its connection at once, without sending what waits to be sent."""

_ROW = struct.Struct("=3q")  # process id, requests, those of them that change the archive
_SIZE = 2 * MOST_WORKERS * _ROW.size  # some may have died and not been replaced yet
_HEALTH = frozenset({"/livez", "/readyz"})


class HeadTimed(H11Protocol):
    """Closes a connection that has begun a request, or none yet, and does not send its head in time.

    What comes behind the head has the time of its request (`TimeLimit`); between two requests uvicorn's own limit
    holds.
    """

    patience = 20.0
    """Seconds for a head; the same for every server, as it has nothing to do with what is asked."""

    def __init__(self, config: Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.app_state = self.app_state | {ABORT: transport.abort}
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on while it is no whole head."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.patience, self._give_up)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


class Places:
    """Takes and gives back the places of requests. Safe to share between threads.

    Each worker keeps its own row of a file that all of them map; those of a worker that died count no more.
    """

    def __init__(self, most: int, most_that_write: int, shared: Path | None = None) -> None:
        """Count from nothing, or join the other workers.

        Args:
            most: Requests at once.
            most_that_write: Of these, requests that change the archive.
            shared: The file that the workers of one server share, made by `made`; None where there is but one.
        """
        self._most = (most, most_that_write)
        self._guard = threading.Lock()
        self._file = os.open(shared, os.O_RDWR) if shared else None
        self._rows = mmap.mmap(-1 if self._file is None else self._file, _SIZE)
        self._process = os.getpid()
        with self._alone():
            self._row = next(row for row, (process, *_) in enumerate(self._all()) if not _is_alive(process))
            self._write(0, 0)

    @staticmethod
    def made(file: Path) -> Path:
        """Make the file that workers share, empty."""
        file.write_bytes(bytes(_SIZE))
        return file

    def take(self, *, writes: bool) -> None:
        """Take a place for a request.

        Raises:
            TooBusyError: If all are taken.
        """
        with self._alone():
            self._check(writes=writes)
            _, requests, writing = self._own()
            self._write(requests + 1, writing + writes)

    def give_back(self, *, writes: bool) -> None:
        """Give a place back."""
        with self._alone():
            _, requests, writing = self._own()
            self._write(requests - 1, writing - writes)

    def _check(self, *, writes: bool) -> None:
        taken = self._taken()
        if any(count >= most for count, most in zip(taken, self._most, strict=True)):
            self._forget_the_dead()
            taken = self._taken()
        kinds = (
            ("requests", "http_max_requests", True),
            ("requests that change the archive", "http_max_writes", writes),
        )
        for count, most, (kind, setting, counts) in zip(taken, self._most, kinds, strict=True):
            if counts and count >= most:
                raise TooBusyError(
                    f"{most} {kind} are being answered, and no more at once.",
                    f"Try again in a moment, or raise DATELINE_{setting.upper()}.",
                )

    def _taken(self) -> tuple[int, int]:
        rows = self._all()
        return sum(requests for _, requests, _ in rows), sum(writing for *_, writing in rows)

    def _forget_the_dead(self) -> None:
        for row, (process, *_) in enumerate(self._all()):
            if process and not _is_alive(process):
                _ROW.pack_into(self._rows, row * _ROW.size, 0, 0, 0)

    def _all(self) -> list[tuple[int, int, int]]:
        return list(_ROW.iter_unpack(self._rows[:_SIZE]))

    def _own(self) -> tuple[int, int, int]:
        own: tuple[int, int, int] = _ROW.unpack_from(self._rows, self._row * _ROW.size)
        return own

    def _write(self, requests: int, writing: int) -> None:
        _ROW.pack_into(self._rows, self._row * _ROW.size, self._process, requests, writing)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and other workers out for a moment; the lock of one that dies is free again."""
        with self._guard:
            if self._file is None:
                yield
                return
            from fcntl import LOCK_EX, LOCK_UN, lockf

            lockf(self._file, LOCK_EX)
            try:
                yield
            finally:
                lockf(self._file, LOCK_UN)


def _is_alive(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class TimeLimit:
    """Turns requests away beyond a number, and answers those that take too long (ASGI middleware)."""

    def __init__(self, app: ASGIApp, settings: HttpSettings, places: Places) -> None:
        self._app = app
        self._settings = settings
        self._places = places
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        if scope["type"] != "http" or scope["path"] in _HEALTH:
            await self._app(scope, receive, send)
            return
        writes = changes_articles(scope)
        try:
            self._places.take(writes=writes)
        except TooBusyError as error:
            await refusal(scope, error)(scope, receive, send)
            return
        await self._within_time(scope, receive, send, writes=writes)

    async def _within_time(self, scope: Scope, receive: Receive, send: Send, *, writes: bool) -> None:
        given_up = threading.Event()
        begun = False
        seconds = self._settings.http_max_write_seconds if writes else self._settings.http_max_seconds

        async def send_while_wanted(message: Message) -> None:
            nonlocal begun
            if given_up.is_set():
                return
            begun = True
            try:
                async with asyncio.timeout(self._settings.http_max_seconds):
                    await send(message)
            except TimeoutError:  # nobody reads: what waits to be sent is not waited for either
                given_up.set()
                scope.get("state", {}).get(ABORT, _leave)()
                cancelling.cancel()

        async def run() -> None:
            with cancelling:
                await self._app(scope, receive, send_while_wanted)

        # Cancelled by anyio's means, a request waits for its thread; cancelled by asyncio's, it would forget it.
        cancelling = CancelScope()
        token = GIVEN_UP.set(given_up)
        task = asyncio.create_task(run())
        GIVEN_UP.reset(token)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: self._places.give_back(writes=writes))
        try:
            await asyncio.wait({task}, timeout=seconds)
            if task.done() or begun:
                await task
                return
        except asyncio.CancelledError:
            given_up.set()
            cancelling.cancel()
            task.add_done_callback(_forget)
            raise
        given_up.set()
        cancelling.cancel()
        task.add_done_callback(_forget)
        await refusal(scope, _too_slow(seconds, writes=writes))(scope, receive, send)


def _too_slow(seconds: float, *, writes: bool) -> TooSlowError:
    if writes:
        return TooSlowError(
            f"The request took longer than {seconds:g} seconds; it may have been done all the same.",
            "Send it again, with fewer articles at a time: what was stored is left as it is. Or raise "
            "DATELINE_HTTP_MAX_WRITE_SECONDS.",
        )
    return TooSlowError(
        f"The request took longer than {seconds:g} seconds.",
        "Ask for less (a smaller k, a filter), try again later, or raise DATELINE_HTTP_MAX_SECONDS.",
    )


def _leave() -> None:
    """Leave a connection to a server that is not ours."""


def _forget(task: "asyncio.Task[None]") -> None:
    """Take note of how a request ended whose answer nobody waits for."""
    if not task.cancelled():
        task.exception()
