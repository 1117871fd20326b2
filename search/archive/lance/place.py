"""Where an archive of Lance tables is: its records, its tags, and the lease of its one writer.

Beside the tables there are small objects, each made once under the next number, so that of several who make one
a single one succeeds, on a disk as on S3 (`If-None-Match`):

    records/000000000042.json      a committed state: the version of every table, and what else is to be known
    leases/000000000007.json       who may write, and until when
    tags/NAME.json                 a record that is kept under a name
    notes/NAME                     what is remembered beside articles, of feeds, say: it is written over
"""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import lance
import obstore
from obstore import exceptions
from obstore.store import LocalStore, S3Store

from search.archive.lance.record import Record
from search.errors import (
    ArchiveBusyError,
    QueryError,
    TagNotFoundError,
)

LEASE_SECONDS = 60.0
"""How long a writer that was killed keeps others from writing; one that lives renews its lease in time."""

TIMEOUT_SECONDS = 30.0
"""How long a request to storage may take, and how long one that failed is made again."""

_LOOKED_EVERY_SECONDS = 0.1
_MOST_TRIES = 20
_OF_THE_CLIENT = (
    *("allow_http", "allow_invalid_certificates", "http1_only", "http2_only", "user_agent"),
    *("proxy_url", "proxy_ca_certificate", "proxy_excludes"),
)
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Place:
    """A folder, or a prefix of a bucket, with an archive of Lance tables.

    Attributes:
        address: As it was given: `lance://FOLDER` or `s3://BUCKET/PREFIX`.
        root: What the addresses of the tables begin with.
        is_remote: Whether it is on object storage.
        timeout: How many seconds a request to object storage may take. One that failed is made again until as
            many have passed.
    """

    def __init__(self, address: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Name a place; credentials and endpoint of S3 are read from the variables `AWS_*`."""
        self.address = address
        self.timeout = timeout
        scheme, _, path = address.partition("://")
        self.is_remote = scheme != "lance"
        self.root = address.rstrip("/") if self.is_remote else str(Path(path).absolute())

    @cached_property
    def _store(self) -> S3Store | LocalStore:
        if not self.is_remote:
            return LocalStore(self.root)
        seconds = timedelta(seconds=self.timeout)
        options = {**_client_options(), "timeout": seconds, "connect_timeout": seconds}
        return S3Store.from_url(
            self.root,
            client_options=options,  # type: ignore[arg-type]
            retry_config={"max_retries": _MOST_TRIES, "retry_timeout": seconds},
        )

    @property
    def options(self) -> dict[str, str] | None:
        """How Lance reaches its tables; None on a disk."""
        seconds = f"{self.timeout:g}"
        options = {"timeout": f"{seconds}s", "connect_timeout": f"{seconds}s"}
        options |= {
            "client_max_retries": str(_MOST_TRIES),
            "client_retry_timeout": f"{max(1, round(self.timeout))}",
        }
        return options if self.is_remote else None

    def make(self) -> None:
        """Make the folder, where there are folders."""
        if not self.is_remote:
            Path(self.root).mkdir(parents=True, exist_ok=True)

    def table(self, name: str) -> str:
        """The address of a table."""
        return f"{self.root}/{name}.lance"

    def dataset(
        self, name: str, version: int | None = None, session: lance.Session | None = None
    ) -> lance.LanceDataset:
        """Open a table at a version, or at the last."""
        return lance.dataset(self.table(name), version=version, session=session, storage_options=self.options)

    # Records

    def latest(self, after: int = -1) -> Record | None:
        """Read the last record whose sequence is larger than `after`; None if there is none."""
        if not (self.is_remote or Path(self.root).is_dir()):
            return None
        found = self._numbers("records", after)
        return self.record(found[-1]) if found else None

    def records(self) -> list[Record]:
        """Read all records that are kept, in order."""
        return [self.record(sequence) for sequence in self._numbers("records")]

    def record(self, sequence: int) -> Record:
        """Read a record."""
        return Record.unpacked(self.read(numbered("records", sequence)), self.address)

    def add(self, record: Record) -> None:
        """Make a record the last one, which commits what it names.

        Raises:
            ArchiveBusyError: If another writer has committed meanwhile.
        """
        path = numbered("records", record.sequence)
        try:
            self.write_new(path, record.packed())
        except exceptions.AlreadyExistsError:
            # A request of which nothing was heard may have succeeded and been made again by the client.
            if self.record(record.sequence).commit != record.commit:
                raise ArchiveBusyError(
                    f"Another writer has committed to the archive in {self.address} meanwhile.",
                    "Index again: what is stored already is not stored twice.",
                ) from None

    def forget_records(self, before: int) -> None:
        """Delete the records whose sequence is smaller."""
        old = [sequence for sequence in self._numbers("records") if sequence < before]
        if old:
            obstore.delete(self._store, [numbered("records", sequence) for sequence in old])

    # Tags

    def tags(self) -> dict[str, Record]:
        """The records that are kept under a name."""
        names = sorted(Path(path).name.removesuffix(".json") for path, _ in self._under("tags/"))
        return {name: self.tagged(name) for name in names}

    def tagged(self, name: str) -> Record:
        """Read the record that is kept under a name.

        Raises:
            TagNotFoundError: If there is none.
        """
        try:
            return Record.unpacked(self.read(_tag(name)), self.address)
        except (FileNotFoundError, exceptions.NotFoundError) as error:
            raise TagNotFoundError(
                f"The archive in {self.address} has no tag {name!r}.",
                f"List them: dateline tag --index {self.address}",
            ) from error

    def tag(self, name: str, record: Record) -> None:
        """Keep a record, and so the versions that it names, under a name.

        Raises:
            QueryError: If there is one of that name, or none can have it.
        """
        try:
            self.write_new(_tag(name), record.packed())
        except (FileExistsError, exceptions.AlreadyExistsError) as error:
            raise QueryError(
                f"The archive in {self.address} has a tag {name!r} already.",
                f"Choose another name, or delete it: dateline tag --delete {name} --index {self.address}",
            ) from error

    def untag(self, name: str) -> None:
        """Keep it no more.

        Raises:
            TagNotFoundError: If there is none.
        """
        self.tagged(name)
        obstore.delete(self._store, _tag(name))

    # The writer's place

    @contextmanager
    def lease(self, patience: float, seconds: float = LEASE_SECONDS) -> Iterator["Lease"]:
        """Become the one who may write.

        Args:
            patience: How many seconds to wait for another to finish.
            seconds: How long the lease holds unless it is renewed, which is done while it is needed.

        Raises:
            ArchiveBusyError: If another writes.
        """
        lease = self.take_lease(time.monotonic() + patience, seconds)
        lease.keep()
        try:
            yield lease
        finally:
            lease.release()

    def take_lease(self, until: float, seconds: float) -> "Lease":
        """Take the writer's place, once nobody has it.

        Args:
            until: When to give up, on the clock of `time.monotonic`.
            seconds: How long the lease holds unless it is renewed.

        Raises:
            ArchiveBusyError: If another writer has it until then.
        """
        while True:
            number, holder = self._holder()
            if holder is None:
                lease = Lease(self, number + 1, seconds)
                if self._made(lease.path, lease.told()):
                    old = [numbered("leases", one) for one in self._numbers("leases") if one <= number]
                    with suppress(exceptions.BaseError):  # whoever writes next does it
                        obstore.delete(self._store, old)
                    return lease
            if time.monotonic() >= until:
                raise ArchiveBusyError(
                    f"Another process is writing to the archive in {self.address} ({holder or 'since just now'}).",
                    "Wait until it has finished. The place of one that was killed is free after a minute.",
                )
            time.sleep(_LOOKED_EVERY_SECONDS)

    def holder(self) -> str | None:
        """Tell who writes now; None if nobody does."""
        return self._holder()[1]

    def _holder(self) -> tuple[int, str | None]:
        """The number of the last lease, and who holds it, if it has not ended."""
        while numbers := self._numbers("leases"):
            with suppress(FileNotFoundError, exceptions.NotFoundError):  # a later one has taken its place
                told = json.loads(self.read(numbered("leases", numbers[-1])))
                held = datetime.fromisoformat(told["until"]) > datetime.now(UTC)
                return numbers[-1], told["holder"] if held else None
        return 0, None

    # Objects

    @property
    def size(self) -> int:
        """Bytes of everything that is there."""
        return sum(size for _, size in self._under(""))

    def replace(self, path: str, content: bytes) -> None:
        """Write an object, in place of one that may be there."""
        obstore.put(self._store, path, content)

    def note(self, name: str) -> bytes | None:
        """Read what is kept beside the tables under a name; None if there is nothing."""
        try:
            return self.read(f"notes/{name}")
        except (FileNotFoundError, exceptions.NotFoundError):
            return None

    def is_last_lease(self, number: int) -> bool:
        """Tell whether nobody took the writer's place from whoever had this lease."""
        return self._numbers("leases")[-1:] == [number]

    def write_new(self, path: str, content: bytes) -> None:
        """Make an object; a request of which nothing was heard may have made it, and is made again.

        Raises:
            AlreadyExistsError: If somebody else has made it.
        """
        # A disk that fails seldom does better when it is asked for longer.
        until = time.monotonic() + (self.timeout if self.is_remote else _LOOKED_EVERY_SECONDS)
        unheard = False
        while True:
            try:
                obstore.put(self._store, path, content, mode="create")
            except exceptions.AlreadyExistsError:
                if not (unheard and self.read(path) == content):
                    raise
            except exceptions.GenericError:
                if time.monotonic() >= until:
                    raise
                unheard = True
                time.sleep(_LOOKED_EVERY_SECONDS)
                continue
            return

    def _made(self, path: str, content: bytes) -> bool:
        """Make an object that nobody else makes alike; tells whether it is there."""
        try:
            self.write_new(path, content)
        except exceptions.AlreadyExistsError:
            with suppress(FileNotFoundError, exceptions.NotFoundError):
                return self.read(path) == content
            return False
        return True

    def read(self, path: str) -> bytes:
        """Read an object."""
        return bytes(obstore.get(self._store, path).bytes())

    def _numbers(self, kind: str, after: int = -1) -> list[int]:
        """The numbers of the objects of a kind that are larger, in order."""
        offset = numbered(kind, after) if after >= 0 else None
        return sorted(int(Path(path).stem) for path, _ in self._under(f"{kind}/", offset))

    def _under(self, prefix: str, offset: str | None = None) -> list[tuple[str, int]]:
        found = obstore.list(self._store, prefix or None, offset=offset).collect()
        return [(one["path"], one["size"]) for one in found]


class Lease:
    """The right to write, while it is renewed. It only saves work: what decides is who adds the next record."""

    def __init__(self, place: Place, number: int, seconds: float) -> None:
        """Use `Place.lease`."""
        self.path = numbered("leases", number)
        self._place = place
        self.number = number
        self._seconds = seconds
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._renew, name="dateline-lease", daemon=True)
        self._lost = False

    def told(self, seconds: float | None = None) -> bytes:
        """Say who holds it and until when."""
        until = datetime.now(UTC) + timedelta(seconds=self._seconds if seconds is None else seconds)
        return json.dumps({"holder": socket.gethostname(), "until": until.isoformat()}).encode()

    def keep(self) -> None:
        """Begin to renew it."""
        self._keeper.start()

    def release(self) -> None:
        """Let others write."""
        self._ended.set()
        self._keeper.join()
        if not self._lost:
            with suppress(exceptions.BaseError, OSError):  # it ends by itself
                self._place.replace(self.path, self.told(0))

    def check(self) -> None:
        """Refuse to go on where another took the writer's place.

        Raises:
            ArchiveBusyError: If one did.
        """
        if self._lost:
            raise ArchiveBusyError(
                f"Another writer took this one's place in {self._place.address}, which had not been heard of.",
                "Index again: what is stored already is not stored twice.",
            )

    def _renew(self) -> None:
        while not self._ended.wait(self._seconds / 3):
            with suppress(exceptions.BaseError, OSError):  # it is tried again before the lease ends
                self._lost = not self._place.is_last_lease(self.number)
                if self._lost:
                    return
                self._place.replace(self.path, self.told())


def _client_options() -> dict[str, str]:
    """What the environment says of how to connect, which would not be read where anything else is said."""
    found = {name: os.environ.get(f"AWS_{name.upper()}") for name in _OF_THE_CLIENT}
    return {name: value for name, value in found.items() if value}


def _tag(name: str) -> str:
    if not _TAG.fullmatch(name):
        raise QueryError(
            f"{name!r} cannot name a tag.",
            "A name has 1 to 64 letters, digits, dots, hyphens and underscores; it begins with a letter or digit.",
        )
    return f"tags/{name}.json"


def numbered(kind: str, number: int) -> str:
    """Name the object of a kind that has a number; names in order are numbers in order."""
    return f"{kind}/{number:012d}.json"
