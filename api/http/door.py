"""The one door: whoever asks over the network passes it, or is refused before anything of the request is read.

Every route says what it takes to use it (`needs`); one that does not say is refused, whoever asks. Where there are
keys, a request must carry one of the right scope, and sees of the archive what its key reaches. Where there are
none, everybody may ask; what changes the archive has rules of its own.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match

from api.http.rates import Rates
from api.http.settings import HttpSettings
from api.keys import Key, Keys, KeyScope, keys_file
from search.archive.scope import PUBLISHED, Scope
from search.errors import DatelineError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Send
    from starlette.types import Scope as Connection

OPEN: Final = "open"
"""What a route says that everybody may use, whether there are keys or not: it shows nothing of an archive."""

_NEEDS = "dateline_needs"
_STATE = "dateline_entry"
_SCHEME = "bearer"
_NOBODY_THERE = frozenset({404, 405})
_NOT_NOW = frozenset({503, 504})
_ENTRY: ContextVar["Entry | None"] = ContextVar("dateline_entry", default=None)

Endpoint = TypeVar("Endpoint")


class NotWritableError(DatelineError):
    """The server was not told that it may change the archive."""


class NotAuthorisedError(DatelineError):
    """A request does not carry the key or the token that it takes."""


class NotAllowedError(DatelineError):
    """The key of a request is not good for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who has passed the door.

    Attributes:
        key: With which key; None where no key was asked for.
        sees: What of the archive is seen.
        is_operator: Whether they are told what is wrong with the server itself: where its files are, who writes.
    """

    key: Key | None = None
    sees: Scope = PUBLISHED
    is_operator: bool = False


def needs(scope: KeyScope | str) -> Callable[[Endpoint], Endpoint]:
    """Say what it takes to use a route; put it on the endpoint: a function, or an application that is mounted."""

    def say(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _NEEDS, scope)
        return endpoint

    return say


def needed(route: BaseRoute) -> KeyScope | str | None:
    """What a route says that it takes; None if it does not say."""
    endpoint = getattr(route, "endpoint", None) or getattr(route, "app", None)
    found: KeyScope | str | None = getattr(endpoint, _NEEDS, None)
    return found


def entry_of(connection: "Connection") -> Entry:
    """Look up who a request is from.

    Raises:
        RuntimeError: If it did not pass the door.
    """
    entry = connection.get("state", {}).get(_STATE)
    if not isinstance(entry, Entry):
        raise RuntimeError("a request got past the door")  # noqa: TRY004 - it is no type that is wrong
    return entry


def scope_in_hand() -> Scope:
    """What of the archive is seen by the request that this code runs for.

    Raises:
        RuntimeError: If it runs for none that passed the door.
    """
    entry = _ENTRY.get()
    if entry is None:
        raise RuntimeError("no request passed the door")
    return entry.sees


def operator_asks() -> bool:
    """Tell whether the request that this code runs for is an operator's; not where none passed the door."""
    entry = _ENTRY.get()
    return entry is not None and entry.is_operator


class Guard:
    """Judges requests: who may use which route. Safe to share between threads."""

    def __init__(self, settings: HttpSettings) -> None:
        """Judge by these settings and by the keys of their archive."""
        self._settings = settings
        self.keys = Keys(keys_file(settings.index, settings.keys_file))
        self._rates = Rates(settings)
        self._had_keys = settings.http_keys == "required"

    @property
    def asks_for_keys(self) -> bool:
        """Whether a request must carry a key. Once there were keys, losing their file opens nothing.

        That is known from their mark, from the settings (`server.check_exposure`) and from what this process saw.
        """
        if self._settings.http_keys == "off":
            return False
        self._had_keys = self._had_keys or self.keys.exist()
        return self._had_keys

    def admit(self, need: KeyScope | str | None, authorization: str, address: str) -> Entry:
        """Let somebody in who may use a route.

        Args:
            need: What the route takes; None if it does not say.
            authorization: The header of this name; empty if there is none.
            address: From where they ask.

        Raises:
            NotAllowedError: If the route does not say what it takes, or the key is not good for it.
            NotAuthorisedError: If there is no valid key or token.
            NotWritableError: If it is to change the archive, and the server does not.
            KeysError: If the keys cannot be read.
            TooManyError: If they ask too often.
        """
        if need == OPEN:
            return self._anybody()
        self._rates.count_address(address)
        if not isinstance(need, KeyScope):
            raise NotAllowedError("This address does not say who may use it, so nobody may.")
        if need is KeyScope.INGEST and not self._settings.writable:
            raise NotWritableError(
                "This server answers questions and does not change its archive.",
                "Start it with `dateline serve --writable`, or with DATELINE_WRITABLE=true.",
            )
        given = _bearer(authorization)
        if need is KeyScope.INGEST and self._is_write_token(given, address):
            return self._anybody()
        if not self.asks_for_keys:
            return self._without_keys(need, given, address)
        key = self.keys.find(given) if given else None
        if key is None:
            if given:
                self._rates.count_wrong_key(address)
            raise NotAuthorisedError(
                "The request does not carry a valid key.",
                "Send the header `Authorization: Bearer KEY`. Keys are made with: dateline keys create NAME",
            )
        if not key.may(need):
            raise NotAllowedError(
                f"The key does not have the scope {need.value!r}, which this takes.",
                f"Use a key that was made with --scope {need.value}.",
            )
        self._rates.count_key(key.id)
        return Entry(key, key.sees, is_operator=key.may(KeyScope.ADMIN))

    def _anybody(self) -> Entry:
        """Whoever has no key: an operator where none is asked for and nobody else's machine gets here."""
        return Entry(is_operator=self._settings.is_for_this_machine and not self.asks_for_keys)

    def _without_keys(self, need: KeyScope, given: str, address: str) -> Entry:
        if need is KeyScope.INGEST and self._settings.write_token is not None:
            if given:
                self._rates.count_wrong_key(address)
            raise NotAuthorisedError(
                "The request does not carry the token that changing the archive takes.",
                "Send the header `Authorization: Bearer TOKEN` with the token that the server was started with "
                "(DATELINE_WRITE_TOKEN).",
            )
        return self._anybody()

    def _is_write_token(self, given: str, address: str) -> bool:
        token = self._settings.write_token
        # People choose tokens, and may choose one that is soon guessed.
        if token is None or not given or self._rates.has_guessed(address):
            return False
        # Compared in a time that does not tell how much of the token is right.
        return hmac.compare_digest(given.encode("utf-8", "replace"), token.get_secret_value().encode())


class Door:
    """Lets in who may use the route that a request is for (ASGI middleware)."""

    def __init__(
        self,
        app: "ASGIApp",
        guard: Guard,
        routes: Callable[[], Iterable[BaseRoute]],
        refuse: Callable[["Connection", DatelineError], "ASGIApp"],
    ) -> None:
        """Stand before an application.

        Args:
            app: What is behind the door.
            guard: Who judges.
            routes: Lists what there is behind it.
            refuse: Answers who is refused.
        """
        self._app = app
        self._guard = guard
        self._routes = routes
        self._refuse = refuse

    async def __call__(self, scope: "Connection", receive: "Receive", send: "Send") -> None:
        """Serve a connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("nothing here speaks anything but HTTP")
        address = scope["client"][0] if scope.get("client") else ""
        route = self._asked_for(scope)
        if route is None:
            await self._app(scope, receive, _errors_only(send))
            return
        try:
            entry = self._guard.admit(needed(route), Headers(scope=scope).get("authorization", ""), address)
        except DatelineError as error:
            await self._refuse(scope, error)(scope, receive, send)
            return
        scope.setdefault("state", {})[_STATE] = entry
        token = _ENTRY.set(entry)
        try:
            await self._app(scope, receive, send)
        finally:
            _ENTRY.reset(token)

    def _asked_for(self, scope: "Connection") -> BaseRoute | None:
        """The route that answers to a request: the first that matches, as it is found behind."""
        routes = single_routes(self._routes())
        return next((route for route in routes if route.matches({**scope})[0] is Match.FULL), None)


def single_routes(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """List routes in order, those of routers that were included one by one."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from single_routes(included.routes)


def _errors_only(send: "Send") -> "Send":
    """Let nothing out but that there is nothing, or not to be asked in this way or now: nobody was let in."""

    async def send_error(message: "Message") -> None:
        if message["type"] == "http.response.start" and message["status"] not in _NOBODY_THERE | _NOT_NOW:
            raise RuntimeError("what is behind a route that the door does not know is shown to nobody")
        await send(message)

    return send_error


def _bearer(authorization: str) -> str:
    """The token in a header; empty if there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else ""


def security(need: KeyScope | str | None) -> list[dict[str, Any]]:
    """What an operation takes, as OpenAPI says it: a key of this scope, or nothing where there are no keys."""
    return [{SECURITY_SCHEME: [need.value]}, {}] if isinstance(need, KeyScope) else []


SECURITY_SCHEME: Final = "key"
