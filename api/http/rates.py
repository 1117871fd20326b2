"""How often a key, or an address, may ask: counted with the `limits` library in one place for all workers."""

import logging
import sqlite3
import threading
import time
import weakref
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from limits import RateLimitItem, parse_many
from limits.errors import ConfigurationError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from api.http.settings import HttpSettings
from search.errors import DatelineError, SettingsError

_LOG = logging.getLogger(__name__)
_NETWORK_BITS = 64
_PATIENCE_SECONDS = 0.25


class TooManyError(DatelineError):
    """Somebody has asked as often as they may; `retry_after` seconds later they may again."""

    def __init__(self, problem: str, remedy: str, retry_after: int) -> None:
        super().__init__(problem, remedy)
        self.retry_after = retry_after


class Rates:
    """Counts requests and refuses those beyond a rate. Safe to share between threads."""

    def __init__(self, settings: HttpSettings) -> None:
        """Count by the rates in the settings, where they say.

        Raises:
            SettingsError: If it cannot be counted there.
        """
        store: Any = _opened(settings.http_rates_store or "memory://")
        self._limiter = FixedWindowRateLimiter(store)
        self._errors = store.base_exceptions
        self._by_key = _parsed(settings.http_rate_by_key)
        self._by_address = _parsed(settings.http_rate_by_address)
        self._wrong_keys = _parsed(settings.http_rate_wrong_keys)

    def count_key(self, key_id: str) -> None:
        """Count a request that a key was good for.

        Raises:
            TooManyError: If it is beyond a rate.
        """
        self._count(self._by_key, "key", key_id, "requests with this key", "DATELINE_HTTP_RATE_BY_KEY")

    def count_address(self, address: str) -> None:
        """Count a request from an address; of IPv6 its network counts.

        Raises:
            TooManyError: If it is beyond a rate.
        """
        told = "requests from this address", "DATELINE_HTTP_RATE_BY_ADDRESS"
        self._count(self._by_address, "address", _network(address), *told)

    def count_wrong_key(self, address: str) -> None:
        """Count a request with a wrong key.

        Raises:
            TooManyError: If it is beyond a rate.
        """
        told = "wrong keys from this address", "DATELINE_HTTP_RATE_WRONG_KEYS"
        self._count(self._wrong_keys, "wrong", _network(address), *told)

    def has_guessed(self, address: str) -> bool:
        """Tell whether an address has given as many wrong keys as it may; what cannot be told is taken for no."""
        try:
            return not all(self._limiter.test(rate, "wrong", _network(address)) for rate in self._wrong_keys)
        except self._errors as error:
            _LOG.warning("It cannot be told how many wrong keys there were: %s", error)
            return False

    def _count(self, rates: list[RateLimitItem], kind: str, who: str, what: str, setting: str) -> None:
        for rate in rates:
            try:
                within = self._limiter.hit(rate, kind, who)
            except self._errors as error:
                _LOG.warning("A request could not be counted: %s", error)  # better answered than not
                return
            if not within:
                raise TooManyError(
                    f"There have been too many {what}: more than {rate}.",
                    f"Ask again later, or let the operator raise {setting}.",
                    max(1, ceil(self._left(rate, kind, who))),
                )

    def _left(self, rate: RateLimitItem, kind: str, who: str) -> float:
        """Seconds until a window ends: as long as a whole one where that cannot be read."""
        try:
            return self._limiter.get_window_stats(rate, kind, who).reset_time - time.time()
        except self._errors as error:
            _LOG.warning("It cannot be told when a request may be sent again: %s", error)
            return float(rate.get_expiry())


def _opened(place: str) -> Any:
    """Open where requests are counted."""
    try:
        store = storage_from_string(place)
    except (ConfigurationError, sqlite3.Error, OSError, ValueError) as error:
        raise _unusable(place, str(error)) from error
    if not isinstance(store, Storage):
        raise _unusable(place, "it is asynchronous")
    return store


def _unusable(place: str, reason: str) -> SettingsError:
    """Say why it cannot be counted there; of the place its kind alone, as there may be a password in it."""
    told = reason.replace(place, place.partition(":")[0])
    return SettingsError(
        f"DATELINE_HTTP_RATES_STORE: requests cannot be counted there ({told}).",
        "Leave it empty, or name a place such as sqlite:///FILE or redis://HOST.",
    )


def _parsed(rates: str) -> list[RateLimitItem]:
    return parse_many(rates) if rates else []


def _network(address: str) -> str:
    """What of an address is somebody's: of IPv6 the first half, of which one customer has every address."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> _NETWORK_BITS << _NETWORK_BITS))


class SharedCounts(Storage):
    """Counts in an SQLite file (`sqlite:///path`), which processes of one machine share.

    The file need not outlast anything, so it is not flushed to the disk.
    """

    STORAGE_SCHEME: ClassVar[list[str]] = ["sqlite"]  # type: ignore[misc]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002 - its own
        """Open or make the file of a URI."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._guard = threading.Lock()
        self._connection = sqlite3.connect(
            unquote(urlsplit(uri).path), timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        weakref.finalize(self, self._connection.close)  # nothing else tells a storage that it is done with
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS counts "
            "(key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires REAL NOT NULL)"
        )

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage raises."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count so many more until a window ends that lasts `expiry` seconds from its first."""
        now = time.time()
        rows = self._execute(
            "INSERT INTO counts VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN expires <= ?4 THEN 0 ELSE count END + ?2, "
            "expires = CASE WHEN expires <= ?4 THEN ?3 ELSE expires END RETURNING count",
            (key, amount, now + expiry, now),
        )
        count = int(rows[0][0])
        if count == amount:  # a window begins: what is over need not be kept
            self._execute("DELETE FROM counts WHERE expires <= ?", (now,))
        return count

    def get(self, key: str) -> int:
        """How many there are in the window."""
        rows = self._execute("SELECT count FROM counts WHERE key = ? AND expires > ?", (key, time.time()))
        return int(rows[0][0]) if rows else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        rows = self._execute("SELECT expires FROM counts WHERE key = ?", (key,))
        return float(rows[0][0]) if rows else time.time()

    def check(self) -> bool:
        """Whether it can be read."""
        self._execute("SELECT 1", ())
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        return len(self._execute("DELETE FROM counts RETURNING key", ()))

    def clear(self, key: str) -> None:
        """Forget a count."""
        self._execute("DELETE FROM counts WHERE key = ?", (key,))

    def _execute(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._guard:
            return self._connection.execute(statement, values).fetchall()
