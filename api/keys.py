"""API keys: who may ask or change an archive over the network, in a file of their own beside it.

A key is `dl_ID_SECRET`, the secret 32 random bytes. The file keeps a SHA-256 of the whole key, never the key: 256
random bits cannot be guessed, so a slow hash (scrypt, Argon2), which guards what people choose, would only make
every request dear and a flood of wrong keys dearer still. The id says which hash to compare, in constant time; a
key whose id is unknown is compared all the same.
"""

import hmac
import json
import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from search.archive.addresses import is_folder
from search.archive.scope import Scope
from search.errors import DatelineError, SettingsError

PREFIX = "dl"
LONGEST = 200
"""Most characters of a key that are looked at; those that are made have 63."""
_SECRET_BYTES = 32
_ID_BYTES = 6
_LONGEST_NAME = 100
_VERSION = 1
_MARK = ".required"
_PRIVATE = 0o600
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_NOBODY = sha256(b"the hash of no key").hexdigest()


class KeysError(DatelineError):
    """The file of the keys cannot be used; until it can, no key opens anything."""


class KeyScope(StrEnum):
    """What a key may do.

    `READ`: ask and read. `INGEST`: store and remove articles. `ADMIN`: both, and look into the running server.
    """

    READ = "read"
    INGEST = "ingest"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """A key, without its secret.

    Attributes:
        id: Stands in the key itself, and is no secret.
        name: Whose it is, in the operator's words.
        scopes: What it may do.
        sources: The sources whose articles it reaches; None for every article.
        embargoed: Whether it sees articles before their embargo ends.
        created: When it was made.
        expires: From when on it opens nothing; None for never.
    """

    id: str
    name: str
    scopes: frozenset[KeyScope]
    sources: tuple[str, ...] | None
    embargoed: bool
    created: datetime
    expires: datetime | None

    def may(self, scope: KeyScope) -> bool:
        """Tell whether it may do something."""
        return scope in self.scopes or KeyScope.ADMIN in self.scopes

    @property
    def sees(self) -> Scope:
        """What of the archive it reaches."""
        if self.sources is None:
            return Scope(embargoed=self.embargoed)
        return Scope.of(*self.sources, embargoed=self.embargoed)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has expired."""
        return self.expires is not None and now >= self.expires

    def to_json(self) -> dict[str, Any]:
        """All of it, as it is listed and kept."""
        return {
            **asdict(self),
            "scopes": sorted(self.scopes),
            "sources": list(self.sources) if self.sources is not None else None,
            "created": self.created.isoformat(timespec="seconds"),
            "expires": self.expires.isoformat(timespec="seconds") if self.expires else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Key":
        """Read what `to_json` gave.

        Raises:
            KeyError: If a field is missing.
            TypeError: If one is of another kind.
            ValueError: If one cannot be read.
        """
        sources = kept["sources"]
        if sources is not None and not (
            isinstance(sources, list) and all(isinstance(one, str) for one in sources)
        ):
            raise TypeError("sources")
        return cls(
            id=str(kept["id"]),
            name=str(kept["name"]),
            scopes=frozenset(map(KeyScope, kept["scopes"])),
            sources=tuple(sources) if sources is not None else None,
            embargoed=kept["embargoed"] is True,
            created=datetime.fromisoformat(kept["created"]),
            expires=datetime.fromisoformat(kept["expires"]) if kept["expires"] is not None else None,
        )


def keys_file(place: Path | str, chosen: Path | None) -> Path:
    """Where the keys of an archive are: where a setting says, or beside its folder and so in no copy of it.

    Of one that is in no folder of this machine they are in the working folder.
    """
    index = Path(place) if is_folder(place) else Path("dateline")
    return chosen or index.absolute().with_name(f"{index.absolute().name}.keys.json")


class Keys:
    """The keys in a file. Safe to share between threads; what another process changes there counts at once."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Prepare to read a file, which need not be there; `now` tells the time by which keys expire."""
        self.path = path
        self._now = now
        self._guard = threading.Lock()
        self._read: tuple[tuple[int, ...], dict[str, tuple[Key, str]]] | None = None

    @property
    def mark(self) -> Path:
        """The file that says that there were keys, should theirs be lost."""
        return self.path.with_name(f"{self.path.name}{_MARK}")

    def exist(self) -> bool:
        """Tell whether there is, or was, a file of keys, be they expired or revoked."""
        return self.path.exists() or self.mark.exists()

    def all(self) -> tuple[Key, ...]:
        """List the keys, the oldest first.

        Raises:
            KeysError: If the file cannot be read.
        """
        return tuple(sorted((key for key, _ in self._kept().values()), key=lambda key: (key.created, key.id)))

    def find(self, given: str) -> Key | None:
        """Find the key that somebody gives; None if it is none, was revoked or has expired.

        Raises:
            KeysError: If the file cannot be read.
        """
        kept = self._kept()
        parts = given.split("_", 2) if len(given) <= LONGEST else []
        key, hashed = kept.get(parts[1], (None, _NOBODY)) if len(parts) == 3 else (None, _NOBODY)  # noqa: PLR2004
        right = hmac.compare_digest(_hashed(given[:LONGEST]), hashed)
        return key if right and key is not None and not key.is_over(self._now()) else None

    def create(
        self,
        name: str,
        scopes: Iterable[KeyScope],
        sources: Sequence[str] | None = None,
        *,
        embargoed: bool = False,
        expires: datetime | None = None,
    ) -> tuple[Key, str]:
        """Make a key; returns it with what its holder is given, which is kept nowhere.

        Raises:
            SettingsError: If it would be good for nothing, or cannot be told from another by its name.
            KeysError: If the file cannot be read or written.
        """
        granted = frozenset(scopes)
        now = self._now()
        _check(name, granted, sources, expires, now)
        with self._changing() as kept:
            if any(key.name == name for key, _ in kept.values()):
                raise SettingsError(
                    f"There is a key of the name {name!r} already.", "Revoke it, or take another name."
                )
            id_ = secrets.token_hex(_ID_BYTES)
            given = f"{PREFIX}_{id_}_{secrets.token_urlsafe(_SECRET_BYTES)}"
            chosen = tuple(sources) if sources is not None else None
            key = Key(id_, name, granted, chosen, embargoed, now.replace(microsecond=0), expires)
            kept[id_] = key, _hashed(given)
        return key, given

    def revoke(self, name_or_id: str) -> Key:
        """Revoke a key at once, everywhere.

        Raises:
            SettingsError: If there is none of this name or id.
            KeysError: If the file cannot be read or written.
        """
        with self._changing() as kept:
            found = [key for key, _ in kept.values() if name_or_id in {key.id, key.name}]
            if not found:
                raise SettingsError(f"There is no key {name_or_id!r}.", "List them: dateline keys list")
            del kept[found[0].id]
        return found[0]

    def _changing(self) -> "_Change":
        return _Change(self)

    def _kept(self) -> dict[str, tuple[Key, str]]:
        """The keys by id, with their hashes; read again when the file has changed."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            if self.mark.exists():
                raise KeysError(
                    f"The keys in {self.path} are gone.",
                    "Restore the file, or make the keys anew: dateline keys create. "
                    f"To do without keys again, remove {self.mark}.",
                ) from None
            return {}
        except OSError as error:
            raise KeysError(f"The keys in {self.path} cannot be read: {error.strerror}.") from error
        # When it was changed tells of its mode, too, which decides whether it may be used.
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        with self._guard:
            if self._read is None or self._read[0] != identity:
                self._read = identity, _read(self.path)
                with suppress(OSError):  # where nothing may be written, whoever may makes it at the next change
                    self.mark.touch(mode=_PRIVATE)
            return self._read[1]


class _Change:
    """What is changed while nobody else changes it, and written when the block ends without an error."""

    def __init__(self, keys: Keys) -> None:
        self._path = keys.path
        self._mark = keys.mark
        self._lock = FileLock(f"{keys.path}.lock", mode=_PRIVATE)
        self._kept: dict[str, tuple[Key, str]] = {}

    def __enter__(self) -> dict[str, tuple[Key, str]]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._kept = _read(self._path) if self._path.exists() else {}
        except OSError as error:
            raise KeysError(f"The keys in {self._path} cannot be written: {error.strerror}.") from error
        except BaseException:
            self._lock.release()
            raise
        return self._kept

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._mark.touch(mode=_PRIVATE)
                _write(self._path, self._kept)
        except OSError as error:
            raise KeysError(f"The keys in {self._path} cannot be written: {error.strerror}.") from error
        finally:
            self._lock.release()


def _check(
    name: str,
    scopes: frozenset[KeyScope],
    sources: Sequence[str] | None,
    expires: datetime | None,
    now: datetime,
) -> None:
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise SettingsError(
            f"{name!r} is no name of a key.", f"Give up to {_LONGEST_NAME} printable characters, on one line."
        )
    if not scopes:
        raise SettingsError("A key without a scope opens nothing.", "Give --scope read, ingest or admin.")
    if sources is not None and not all(source.strip() for source in sources):
        raise SettingsError("A source has no name.", "Give sources as `dateline status` names them.")
    if sources is not None and not sources:
        raise SettingsError("A key of no sources reaches nothing.", "Name a source, or leave them out.")
    if sources is not None and KeyScope.ADMIN in scopes:
        raise SettingsError(
            "A key with the scope admin cannot be limited to sources.", "Give it read or ingest, or no sources."
        )
    if expires is not None and expires <= now:
        raise SettingsError(
            f"The key would expire on {expires.isoformat()}, before it is made.", "Give a later day."
        )


def _hashed(given: str) -> str:
    return sha256(given.encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path) -> dict[str, tuple[Key, str]]:
    """Read a file of keys.

    Raises:
        KeysError: If others may write it, or it is not as it was written.
    """
    remedy = "Restore it, or remove it and make the keys anew: dateline keys create"
    try:
        if path.stat().st_mode & _WRITABLE_BY_OTHERS:
            raise KeysError(f"Others may write the keys in {path}.", f"Run: chmod 600 {path}")
        kept = json.loads(path.read_bytes())
        if kept["version"] != _VERSION:
            raise KeysError(f"The keys in {path} were written by another Dateline.", "Use that one.")
        read = {one["id"]: (Key.from_json(one), str(one["sha256"])) for one in kept["keys"]}
    except OSError as error:
        raise KeysError(f"The keys in {path} cannot be read: {error.strerror}.", remedy) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysError(
            f"The keys in {path} cannot be read: they are not as they were written.", remedy
        ) from error
    return read


def _write(path: Path, kept: dict[str, tuple[Key, str]]) -> None:
    """Write a file of keys, whole or not at all, for its owner alone."""
    keys = [{**key.to_json(), "sha256": hashed} for key, hashed in kept.values()]
    content = json.dumps({"version": _VERSION, "keys": keys}, indent=2, ensure_ascii=False).encode()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
