"""Limits of the server itself: how large a body may be, whether a request is still wanted, and their errors."""

import threading
from contextvars import ContextVar
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.settings import HttpSettings
from search.errors import DatelineError

RETRY_SECONDS = 2
GIVEN_UP: ContextVar[threading.Event | None] = ContextVar("dateline_given_up", default=None)
"""Set once nobody waits any more for the request that this code runs for."""


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
