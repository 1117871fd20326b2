"""Limits of the server itself: how large a body may be, how many questions are answered at once, and their errors.

More questions at once than there are cores would take as long in all and each of them longer, until none is
answered in time. So the others wait in order, but not long: a question that could not begin in time, as long as
questions take now, is turned away at once, and told when to come again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from math import ceil
from time import monotonic

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.settings import HttpSettings
from search.errors import DatelineError

RETRY_SECONDS = 2
GIVEN_UP: ContextVar[threading.Event | None] = ContextVar("dateline_given_up", default=None)
"""Set once nobody waits any more for the request that this code runs for."""

_SHARE_OF_LAST = 0.1
_LONGEST_TOLD_SECONDS = 60
_LOOK_SECONDS = 0.5


class TooBusyError(DatelineError):
    """As many requests as the server takes are being answered; `retry_after` seconds later they may not be."""

    def __init__(self, problem: str, remedy: str = "", retry_after: int = RETRY_SECONDS) -> None:
        super().__init__(problem, remedy)
        self.retry_after = retry_after


class TooSlowError(DatelineError):
    """The request took longer than the server gives it."""


def still_wanted() -> None:
    """Return if the request that this code runs for still waits for its answer.

    Raises:
        TooSlowError: If it has been answered, because it took too long.
    """
    given_up = GIVEN_UP.get()
    if given_up is not None and given_up.is_set():
        raise TooSlowError("The request was given up.")


_ARTICLES = "/v1/articles"
_CHANGING = frozenset({"POST", "PUT", "DELETE"})


def changes_articles(scope: Scope) -> bool:
    """Tell whether a request, by its method and address, is to change articles."""
    path = scope.get("path", "")
    return scope.get("method") in _CHANGING and (path == _ARTICLES or path.startswith(f"{_ARTICLES}/"))


def settings_of(request: Request) -> HttpSettings:
    """Look up what the application was made with."""
    settings: HttpSettings = request.app.state.settings
    return settings


class BodyLimit:
    """Refuses request bodies beyond a number of bytes with status 413, whatever their header says (ASGI)."""

    def __init__(self, app: ASGIApp, most: int, most_of_articles: int) -> None:
        self._app = app
        self._most = (most, "DATELINE_HTTP_MAX_BODY_BYTES")
        self._most_of_articles = (most_of_articles, "DATELINE_HTTP_MAX_ARTICLES_BYTES")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        most, setting = self._most_of_articles if changes_articles(scope) else self._most
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The body of the request is larger than the {most} bytes allowed ({setting}).",
                    {"Connection": "close"},
                )
            return message

        await self._app(scope, receive_within_limit, send)


class Turns:
    """Lets so many questions be answered at once. Safe to share between threads."""

    def __init__(self, at_once: int, clock: Callable[[], float] = monotonic) -> None:
        """Begin with nobody there.

        Args:
            at_once: How many.
            clock: Tells the time, in seconds.
        """
        self._at_once = at_once
        self._clock = clock
        self._guard = threading.Lock()
        self._answering = 0
        self._waiting: deque[threading.Event] = deque()
        self._takes = 0.0  # seconds, as a running average of the turns that have ended

    @contextmanager
    def turn(self, patience: float | None, still_wanted: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait for a turn, and have it for as long as the block lasts.

        Args:
            patience: Longest that is waited, in seconds; None for as long as it takes.
            still_wanted: Asked now and then while waiting; what it raises ends that.

        Raises:
            TooBusyError: If that is too short.
        """
        mine = self._join(patience)
        try:
            self._wait(mine, patience, still_wanted)
        except BaseException:
            self._leave(mine)
            raise
        began = self._clock()
        try:
            yield
        finally:
            with self._guard:
                took = self._clock() - began
                self._takes += (took - self._takes) * (_SHARE_OF_LAST if self._takes else 1)
            self._pass_on()

    def _join(self, patience: float | None) -> threading.Event:
        mine = threading.Event()
        with self._guard:
            if self._answering < self._at_once:
                self._answering += 1
                mine.set()
                return mine
            expected = self._takes * (len(self._waiting) + 1) / self._at_once
            if patience is not None and expected > patience:
                raise _too_busy(expected)
            self._waiting.append(mine)
        return mine

    def _wait(self, mine: threading.Event, patience: float | None, still_wanted: Callable[[], None]) -> None:
        until = None if patience is None else self._clock() + patience
        while not mine.wait(_LOOK_SECONDS):
            still_wanted()
            if until is not None and self._clock() > until:
                raise _too_busy(self._takes)

    def _leave(self, mine: threading.Event) -> None:
        """Wait no more; a turn that came in the same moment goes to the next."""
        with self._guard:
            if not mine.is_set():
                self._waiting.remove(mine)
                return
        self._pass_on()

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._answering -= 1


def _too_busy(seconds: float) -> TooBusyError:
    return TooBusyError(
        "More questions are waiting than can be answered in time.",
        "Try again later.",
        retry_after=max(1, min(_LONGEST_TOLD_SECONDS, ceil(seconds))),
    )
