"""Limits on how many requests are answered at once, and on how long each may take.

A thread cannot be stopped from outside. So a request that takes too long is answered with status 504 at once; its
thread, told by `limits.still_wanted`, ends at its next step, and its place is taken until then: however slow
everything is, there are never more threads than places.

Whoever does not take what is sent is waited for no longer than an answer may take to begin, or a few of them would
keep every place.
"""

import asyncio
import threading

from anyio import CancelScope
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.connections import ABORT
from api.http.limits import GIVEN_UP, TooBusyError, TooSlowError, changes_articles
from api.http.places import Places
from api.http.problems import refusal
from api.http.settings import HttpSettings

_HEALTH = frozenset({"/livez", "/readyz"})


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
