"""Compression of what is sent.

No body holds a secret beside what a stranger chose, so that its length tells nothing (BREACH).
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.headers import COMPRESSED

_LEAST_BYTES = 1_024
_LEVEL = 5  # the level 9 takes twice as long for 2% less
_STRONG_TAG = re.compile(r'"(.*)"')
_UNWANTED = re.compile(r"\bgzip\s*;\s*q\s*=\s*0(?:\.0{0,3})?\s*(?:,|$)", re.IGNORECASE)
_ACCEPTED = b"accept-encoding"


class Compression:
    """Compresses responses for clients that accept gzip (ASGI middleware).

    A strong entity tag names bytes, so that of a compressed response is another: the mark is put behind it here,
    and taken off again where tags are read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = GZipMiddleware(app, _LEAST_BYTES, _LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                strong = _STRONG_TAG.fullmatch(headers.get("ETag", ""))
                if strong and headers.get("Content-Encoding") == "gzip":
                    headers["ETag"] = f'"{strong[1]}{COMPRESSED}"'
            await send(message)

        if scope["type"] == "http" and _UNWANTED.search(Headers(scope=scope).get("Accept-Encoding", "")):
            # Starlette takes it for accepted wherever it is named.
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0] != _ACCEPTED]}
        await self._app(scope, receive, send_marked)
