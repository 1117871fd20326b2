"""An archive in a folder: its snapshots, and the one writer at a time that changes it."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Self
from uuid import uuid4

from search.archive.engines import OpenArchive
from search.archive.local.database import Database
from search.archive.local.files import (
    DATABASE_FILE,
    bytes_in,
    database_in,
    failing_clearly,
    file_in,
    is_being_written,
    while_open,
    write_atomically,
    writer_lock,
)
from search.archive.local.lexical import wait_for_reloads
from search.archive.local.marks import Stamp
from search.archive.local.merging import is_due, merge
from search.archive.local.parts import Parts, Shelf
from search.archive.local.publisher import Publisher, take_up_merged
from search.archive.local.schema import SCHEMA_VERSION
from search.archive.local.snapshot import LocalSnapshot
from search.archive.local.vectors import DEFAULT_REGIME, Regime
from search.archive.local.views import ViewReport, Views, check_views, described
from search.archive.local.writer import LocalWriter
from search.archive.protocol import check_model
from search.archive.records import ArchiveCard
from search.archive.scope import PUBLISHED, Scope
from search.errors import ArchiveBusyError, ArchiveDamagedError, ArchiveError, ArchiveMismatchError
from search.models.embedding.embedder import ModelCard

_LOG = logging.getLogger(__name__)
_IDLE_CONNECTIONS = 8


class LocalArchive(OpenArchive):
    """An archive on disk, open; see `search.archive.protocol.Archive`. Safe to share between threads."""

    def __init__(
        self, folder: Path, regime: Regime = DEFAULT_REGIME, trace: Callable[[str], None] | None = None
    ) -> None:
        """Use `LocalArchive.open` or `LocalArchive.create`."""
        self.folder = folder
        self._path = database_in(folder)
        self._regime = regime
        self._trace = trace
        self._file = file_in(folder)
        self._shelf = Shelf(folder, regime, self.check_in_place)
        self._guard = threading.Lock()
        self._idle: list[Database] = []
        self._closed = False
        self._is_merging = threading.Lock()
        self._merging: threading.Thread | None = None

    @classmethod
    def open(
        cls, folder: Path, regime: Regime = DEFAULT_REGIME, trace: Callable[[str], None] | None = None
    ) -> Self:
        """Open an existing archive.

        Args:
            folder: Where it is.
            regime: From which sizes on vectors are searched approximately.
            trace: Told every SQL statement.

        Raises:
            ArchiveMissingError: If there is none.
            ArchiveMismatchError: If it was made with another schema.
            ArchiveDamagedError: If its database cannot be read.
        """
        archive = cls(folder, regime, trace)
        try:
            with archive._connection() as database:
                _check_schema(folder, database)
        except BaseException:
            archive.close()
            raise
        return archive

    @classmethod
    def create(cls, folder: Path, card: ModelCard, regime: Regime = DEFAULT_REGIME) -> Self:
        """Open the archive in `folder`, making an empty one for this model if there is none.

        Raises:
            ArchiveMismatchError: If there is one, of another schema or model.
            ArchiveDamagedError: If its database cannot be read.
        """
        path = folder / DATABASE_FILE
        if not _is_made(path):
            with failing_clearly(folder):
                folder.mkdir(parents=True, exist_ok=True)
                with writer_lock(folder), closing(Database(path)) as database:
                    if not database.has_tables():
                        database.create(
                            schema_version=str(SCHEMA_VERSION),
                            archive_id=uuid4().hex,
                            snapshot="0",
                            model=card.name,
                            fingerprint=card.fingerprint,
                            dimension=str(card.dimension),
                        )
        archive = cls.open(folder, regime)
        try:
            archive.check_model(card)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Release every file; snapshots that are held release theirs when they end. Waits until merging has ended.

        Unless some are held, nothing is written to the folder any more once this has returned.
        """
        with self._guard:
            self._closed = True
            merging = self._merging
        if merging is not None:
            merging.join()
        with self._guard:
            idle, self._idle = self._idle, []
        for database in idle:
            database.close()
        self._shelf.forget()
        wait_for_reloads()

    @property
    def card(self) -> ArchiveCard:
        """What it is, as of the last commit."""
        with self._connection() as database:
            return _card(self.folder, database.manifest())

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        with self._connection() as database:
            return int(database.manifest()["snapshot"])

    @property
    def bytes_on_disk(self) -> int:
        """Size of all files in its folder."""
        return bytes_in(self.folder)

    @property
    def being_written(self) -> bool:
        """Whether somebody is storing articles in it now."""
        return is_being_written(self.folder)

    def verification(self) -> tuple[bool, bool]:
        """Tell whether the indexes that are searched, and those in its folder, are known to be as they were saved.

        Another process may have noted that of the files in the folder before this one knows it of what it opened.
        """
        saved = False
        with self._connection() as database, suppress(OSError):  # a commit may replace the files meanwhile
            saved, _ = described(self.folder, Stamp.of(database.manifest()))
        searched = self._shelf.verified
        return saved if searched is None else searched, saved

    @property
    def written(self) -> datetime:
        """When its database was last written to, in UTC."""
        paths = [self._path, self._path.with_name(f"{self._path.name}-wal")]
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths if path.exists()), UTC)

    @contextmanager
    def snapshot(self, scope: Scope | None = None) -> Iterator[LocalSnapshot]:
        """Hold the last committed state; see `Archive.snapshot`."""
        with while_open(self.folder), ExitStack() as stack:
            with failing_clearly(self.folder):
                database = stack.enter_context(self._connection())
                manifest, parts = stack.enter_context(self._shelf.pinned(database))
            yield self._snapshot(database, manifest, parts, scope or PUBLISHED)

    @contextmanager
    def stored(self, scope: Scope = PUBLISHED) -> Iterator[LocalSnapshot]:
        """Hold the last committed state without its indexes: what is stored can be read, nothing searched."""
        with self._connection() as database, self._shelf.columns(database) as catalogue:

            def refused() -> NoReturn:
                raise RuntimeError("this snapshot was taken without indexes")

            manifest = database.manifest()
            verified, found = described(self.folder, Stamp.of(manifest))
            card = replace(_card(self.folder, manifest), verified=verified, recall=found)
            yield LocalSnapshot(
                database,
                manifest,
                card,
                catalogue.within(scope, database.kinship.families_among),
                refused,
                refused,
            )

    def check_model(self, card: ModelCard) -> None:
        """Refuse a model whose vectors cannot be compared with the stored ones.

        Raises:
            ArchiveMismatchError: If fingerprint or dimension differ.
        """
        check_model(self.card, card)

    def check_in_place(self) -> None:
        """Refuse to change an archive in whose place there is another.

        Raises:
            ArchiveBusyError: If its file is not the one in the folder any more.
        """
        if file_in(self.folder) != self._file:
            raise ArchiveBusyError(
                f"Another archive has taken the place of the one in {self.folder} since it was opened.",
                "Try again in a moment.",
            )

    # Changes

    @contextmanager
    def write(self) -> Iterator[LocalWriter]:
        """Become the archive's one writer; see `Archive.write`."""
        with while_open(self.folder), ExitStack() as stack:
            with failing_clearly(self.folder):
                stack.enter_context(writer_lock(self.folder))
                database = stack.enter_context(self._connection())
                self.check_in_place()
                self._shelf.bring_up(database)
                writer = LocalWriter(database, Publisher(self.folder, database, self._regime))
            try:
                yield writer
            finally:
                writer.roll_back()
        if self._regime.merged_behind:
            self._merge_behind()

    def merge(self) -> bool:
        """Put passages into inverted lists, if there are so many that they should be; waits until it is done.

        Questions and writers go on meanwhile. If a writer has the place then, its next commit takes up what was
        made.

        Returns:
            Whether anything was made, or refused because too little would be found.

        Raises:
            ArchiveDiskError: If it cannot be written.
        """
        with failing_clearly(self.folder), self._connection() as database:
            made = merge(self.folder, database, self._regime)
            if made is not None:
                with suppress(ArchiveBusyError):
                    take_up_merged(self.folder, database, self._regime)
            return made is not None

    def _merge_behind(self) -> None:
        """Begin to merge, if that should be done and is not being done."""
        with self._connection() as database:
            if not is_due(self.folder, database, self._regime) or not self._is_merging.acquire(blocking=False):
                return
        with self._guard:
            closed = self._closed
            if not closed:
                self._merging = threading.Thread(target=self._merged, name="dateline-merging", daemon=True)
                self._merging.start()
        if closed:
            self._is_merging.release()

    def _merged(self) -> None:
        try:
            self.merge()
        except ArchiveError as error:
            _LOG.warning("%s Its passages are put into lists later.", error.problem)
        finally:
            self._is_merging.release()

    def rebuild(self) -> None:
        """Make the views anew from the database.

        Raises:
            ArchiveBusyError: If another process is writing.
            ArchiveDiskError: If they cannot be written; what was there before stays.
        """
        with failing_clearly(self.folder), writer_lock(self.folder), self._connection() as database:
            self.check_in_place()
            self._shelf.build(database)

    def note(self, name: str) -> bytes | None:
        """Read a small file of the folder; see `StoredArchive.note`."""
        path = self.folder / name
        with failing_clearly(self.folder):
            return path.read_bytes() if path.exists() else None

    def keep_note(self, name: str, content: bytes) -> None:
        """Write a small file of the folder; see `StoredArchive.keep_note`."""
        with failing_clearly(self.folder):
            write_atomically(self.folder / name, content)

    def check_views(self) -> ViewReport:
        """Compare what is saved of the views with the database, thoroughly; changes nothing."""
        with self._connection() as database, database.reading():
            return check_views(self.folder, database, Stamp.of(database.manifest()), self._regime)

    # Inside

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        """Take a connection that nobody else uses meanwhile."""
        with self._guard:
            database = self._idle.pop() if self._idle else None
        if database is None:
            database = Database(self._path, self._trace)
        try:
            yield database
        finally:
            database.roll_back()
            with self._guard:
                kept = not self._closed and len(self._idle) < _IDLE_CONNECTIONS
                if kept:
                    self._idle.append(database)
            if not kept:
                database.close()

    def _snapshot(
        self, database: Database, manifest: Mapping[str, str], parts: Parts, scope: Scope
    ) -> LocalSnapshot:
        def reopened() -> Views:
            self._shelf.drop_damaged()
            return self._shelf.current(database).views

        scoped = parts.within(scope, database.kinship.families_among)
        return LocalSnapshot(
            database,
            manifest,
            replace(
                _card(self.folder, manifest),
                verified=parts.verified.is_set(),
                recall=parts.views.made.contents.found,
            ),
            scoped.catalogue,
            lambda: scoped,
            reopened,
        )


def _card(folder: Path, manifest: Mapping[str, str]) -> ArchiveCard:
    return ArchiveCard(
        place=str(folder),
        archive_id=manifest["archive_id"],
        schema_version=int(manifest["schema_version"]),
        model=manifest["model"],
        fingerprint=manifest["fingerprint"],
        dimension=int(manifest["dimension"]),
        lineage=manifest.get("lineage", ""),
    )


def _check_schema(folder: Path, database: Database) -> None:
    if not database.has_tables():
        raise ArchiveDamagedError(
            f"{folder / DATABASE_FILE} has no tables.", "Restore a backup, or index the files into another folder."
        )
    version = database.manifest().get("schema_version", "")
    if version == str(SCHEMA_VERSION):
        return
    problem = f"The archive in {folder} has schema version {version}, and this Dateline reads {SCHEMA_VERSION}."
    if version.isdecimal() and int(version) > SCHEMA_VERSION:
        raise ArchiveMismatchError(problem, "It was made by a later Dateline: update this one.")
    raise ArchiveMismatchError(problem, f"Bring it up to date: dateline upgrade --index {folder}")


def _is_made(path: Path) -> bool:
    """Tell whether an archive's database was made, and not only begun by a process that was cut off."""
    if not path.is_file():
        return False
    with closing(Database(path)) as database:
        return database.has_tables()
