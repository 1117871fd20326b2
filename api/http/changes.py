"""Which requests change the archive, and who may make them."""

import hmac
from typing import Annotated

from fastapi import Header, Request
from starlette.types import Scope

from api.http.refusals import NotAuthorisedError, NotWritableError
from api.http.settings import HttpSettings

_ARTICLES = "/v1/articles"
_CHANGING = frozenset({"POST", "PUT", "DELETE"})
_SCHEME = "bearer"


def changes_articles(scope: Scope) -> bool:
    """Tell whether a request, by its method and address, is to change articles."""
    path = scope.get("path", "")
    return scope.get("method") in _CHANGING and (path == _ARTICLES or path.startswith(f"{_ARTICLES}/"))


def settings_of(request: Request) -> HttpSettings:
    """Look up what the application was made with."""
    settings: HttpSettings = request.app.state.settings
    return settings


def may_change(request: Request, authorization: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    """Let a request pass that may change the archive; nothing of it has been read before.

    Raises:
        NotWritableError: If the server does not change its archive.
        NotAuthorisedError: If it takes a token and the request does not carry it.
    """
    settings = settings_of(request)
    if not settings.writable:
        raise NotWritableError(
            "This server answers questions and does not change its archive.",
            "Start it with `dateline serve --writable`, or with DATELINE_WRITABLE=true.",
        )
    if settings.write_token is None:
        return
    scheme, _, token = authorization.partition(" ")
    wanted = settings.write_token.get_secret_value().encode()
    # Headers come as Latin-1; compared in a time that does not tell how much of the token is right.
    right = hmac.compare_digest(token.strip().encode("latin-1", "replace"), wanted)
    if scheme.lower() != _SCHEME or not right:
        raise NotAuthorisedError(
            "The request does not carry the token that changing the archive takes.",
            "Send the header `Authorization: Bearer TOKEN` with the token that the server was started with "
            "(DATELINE_WRITE_TOKEN).",
        )
