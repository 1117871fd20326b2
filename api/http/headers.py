"""Headers: those that keep a page safe, compression, and conditional requests (RFC 9110, section 13).

No body holds a secret beside what a stranger chose, so that its length, compressed, tells nothing (BREACH).
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Header
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.schemas import ArticleResponse
from search.errors import ArticleChangedError

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""The page's scripts and styles come from its own origin only; nothing may frame it; nothing is reused unasked."""
_LONGEST = 8_192
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")
_ANY = "*"
COMPRESSED = "-gzip"
"""Stands at the end of the strong entity tag of a compressed response."""

_LEAST_BYTES = 1_024
_LEVEL = 5  # the level 9 takes twice as long for 2% less
_STRONG_TAG = re.compile(r'"(.*)"')
_UNWANTED = re.compile(r"\bgzip\s*;\s*q\s*=\s*0(?:\.0{0,3})?\s*(?:,|$)", re.IGNORECASE)
_ACCEPTED = b"accept-encoding"


class SecurityHeaders:
    """Adds `SECURITY_HEADERS` to every response (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class HeadAsGet:
    """Answers HEAD as GET; the server leaves the body out (ASGI middleware)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


def entity_tag(article: ArticleResponse) -> str:
    """Make the strong entity tag of a stored article: its content hash in quotation marks.

    What became of it later (superseded, withdrawn, copies) is shown with it and changes without it: where there is
    any, `-` and a digest of that follow, so that nobody keeps an article that has been withdrawn since.
    """
    later = ""
    if article.superseded_by or article.withdrawn or (article.family and article.family.copies):
        became = article.model_dump_json(include={"superseded_by", "withdrawn", "family"})
        later = f"-{sha256(became.encode()).hexdigest()[:16]}"
    return f'"{article.content_hash}{later}"'


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be stored under an id for a request to be done.

    Attributes:
        if_match: Entity tags of which one must be the stored article's; `*` for any article; empty for no
            condition.
        if_none_match: Tags that must not be; `*`: nothing may be stored.
    """

    if_match: tuple[str, ...] = ()
    if_none_match: tuple[str, ...] = ()

    @property
    def names_the_stored(self) -> bool:
        """Whether they name the version that is to be changed."""
        return bool(self.if_match) and self.if_match != (_ANY,)

    def require(self, stored: str | None) -> None:
        """Hold them against the content hash that is stored; None for none.

        Raises:
            ArticleChangedError: If one is not met.
        """
        if self.if_match and not _matches(self.if_match, stored, weakly=False):
            what = "another version is stored" if stored else "no article of this id is stored"
            raise ArticleChangedError(
                f"If-Match is not met: {what}.",
                "Read the article, make the change to what it is now, and send its ETag.",
            )
        if self.if_none_match and _matches(self.if_none_match, stored, weakly=True):
            raise ArticleChangedError(
                "If-None-Match is not met: such an article is stored.",
                "Send If-Match with its ETag to replace it.",
            )


def conditions(
    if_match: Annotated[
        str | None,
        Header(
            description="Do it only if the stored article has this ETag (or any, `*`); else status 412.",
            examples=['"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'],
        ),
    ] = None,
    if_none_match: Annotated[
        str | None,
        Header(description="`*`: only if no article has this id; else status 412.", examples=["*"]),
    ] = None,
) -> Conditions:
    """Read the conditions of a request that changes an article.

    Raises:
        RequestValidationError: If a header is malformed.
    """
    return Conditions(read_tags("If-Match", if_match), read_tags("If-None-Match", if_none_match))


def read_tags(name: str, header: str | None) -> tuple[str, ...]:
    """Read a list of entity tags, quotation marks and `W/` kept, without marks of compression; `*` stands alone.

    Raises:
        RequestValidationError: If it is malformed, naming the header.
    """
    if header is None:
        return ()
    if header.strip() == _ANY:
        return (_ANY,)
    if len(header) > _LONGEST or not _TAGS.fullmatch(header):
        message = 'It takes `*`, or entity tags in quotation marks, such as "9f86d0"'
        raise RequestValidationError([{"type": "tags", "loc": ("header", name), "msg": message}])
    return tuple(f'{tag[:-1].removesuffix(COMPRESSED)}"' for tag in re.findall(_TAG, header))


def is_known(tag: str, header: str | None) -> bool:
    """Tell whether a client that sends If-None-Match has this version already.

    Raises:
        RequestValidationError: If the header is malformed.
    """
    known = read_tags("If-None-Match", header)
    return known == (_ANY,) or tag in {given.removeprefix("W/") for given in known}


def _matches(tags: tuple[str, ...], stored: str | None, *, weakly: bool) -> bool:
    if stored is None:
        return False
    if tags == (_ANY,):
        return True
    opaque = (tag.removeprefix("W/") for tag in tags if weakly or not tag.startswith("W/"))
    return any(tag.strip('"').partition("-")[0] == stored for tag in opaque)


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
