"""Limits on how many requests are answered at once, and on how long each may take.

A thread cannot be stopped from outside. So a request that takes too long is answered with status 504 at once; its
thread, told by `still_wanted`, ends at its next step, and its place is taken until then: however slow everything
is, there are never more threads than places.
"""

import asyncio
import threading
from contextvars import ContextVar

from anyio import CancelScope
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.limits import TooBusyError, TooSlowError, changes_articles
from api.http.places import Places
from api.http.problems import refusal
from api.http.settings import HttpSettings

_HEALTH = frozenset({"/livez", "/readyz"})
_GIVEN_UP: ContextVar[threading.Event | None] = ContextVar("dateline_given_up", default=None)


def still_wanted() -> None:
    """Return if the request that this code runs for still waits for its answer.

    Raises:
        TooSlowError: If it has been answered, because it took too long.
    """
    given_up = _GIVEN_UP.get()
    if given_up is not None and given_up.is_set():
        raise TooSlowError("The request was given up.")


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

        async def send_while_wanted(message: Message) -> None:
            nonlocal begun
            if not given_up.is_set():
                begun = True
                await send(message)

        async def run() -> None:
            with cancelling:
                await self._app(scope, receive, send_while_wanted)

        # Cancelled by anyio's means, a request waits for its thread; cancelled by asyncio's, it would forget it.
        cancelling = CancelScope()
        token = _GIVEN_UP.set(given_up)
        task = asyncio.create_task(run())
        _GIVEN_UP.reset(token)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: self._places.give_back(writes=writes))
        seconds = self._settings.http_max_write_seconds if writes else self._settings.http_max_seconds
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


def _forget(task: "asyncio.Task[None]") -> None:
    """Take note of how a request ended whose answer nobody waits for."""
    if not task.cancelled():
        task.exception()
