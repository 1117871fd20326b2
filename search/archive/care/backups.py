"""Copies of an archive's database: backups, restoring them, and named tags to return to.

A copy is one SQLite file with everything that cannot be made again; the views can. It is made online, page by page
from one committed state, while others read and write (SQLite's backup API), and put in its place only when it is
whole and on disk.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as replace_with
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from search.archive.local.files import (
    DATABASE_FILE,
    TAG_SUFFIX,
    TAGS_FOLDER,
    database_in,
    naming_the_disk,
    sync,
    write_atomically,
    writer_lock,
)
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import (
    ArchiveDamagedError,
    ArchiveMismatchError,
    InputError,
    QueryError,
    TagNotFoundError,
)

Progress = Callable[[int, int], None]
"""Called with how many pages are copied and how many there are."""

BACKUPS_FILE = "backups.json"
"""Of the archive: where backups of it were made."""

_ASIDE_SUFFIX = ".damaged"
_PAGES_A_STEP = 2_000
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class NotAnArchiveError(InputError):
    """A file is readable, and no archive's database."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A copy on disk.

    Attributes:
        path: Its file.
        bytes: Its size.
        archive_id: Of the archive that it is of.
        snapshot: The number of the snapshot that it holds.
        articles: How many articles are stored in it, those that cannot be found included.
        made: When; UTC.
        schema_version: Of its database.
        damaged: Whether it is what could not be read any more, put aside.
    """

    path: Path
    bytes: int
    archive_id: str
    snapshot: int
    articles: int
    made: datetime
    schema_version: int = SCHEMA_VERSION
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What an archive holds after it was returned to a copy.

    Attributes:
        snapshot: The number of the snapshot that this made.
        articles: How many articles are stored, those that cannot be found included.
        kept: What the archive was before; None if there was none.
    """

    snapshot: int
    articles: int
    kept: Saved | None


def back_up(folder: Path, target: Path, progress: Progress | None = None) -> Saved:
    """Copy the last committed state of an archive to a new file, while reading and writing go on.

    Raises:
        ArchiveMissingError: If there is no archive.
        ArchiveDamagedError: If it, and so the copy, is damaged.
        InputError: If the file exists, or cannot be written.
    """
    if target.exists():
        raise InputError(f"{target} exists.", "Name a file that does not exist yet; no backup is overwritten.")
    try:
        with _unfinished(target) as unfinished:
            with closing(_opened(database_in(folder))) as source, closing(sqlite3.connect(unfinished)) as copy:
                _copy(source, copy, progress)
                copy.execute("PRAGMA journal_mode = DELETE")
            saved = read_copy(unfinished)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    except sqlite3.OperationalError as error:
        raise InputError(f"{target} cannot be written: {error}.", "Is there room for it?") from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(
            f"The archive in {folder} is damaged: {error}.", f"See how: dateline doctor --index {folder}"
        ) from error
    if target.parent != folder / TAGS_FOLDER:
        _note_backup(folder, target)
    return replace_with(saved, path=target)


def _note_backup(folder: Path, target: Path) -> None:
    """Remember where a backup was made, for when something is to be erased from it, too."""
    path, made = folder / BACKUPS_FILE, str(target.absolute())
    with suppress(OSError, ValueError, TypeError):  # the backup is good all the same
        known = json.loads(path.read_bytes()) if path.exists() else []
        write_atomically(path, json.dumps([*(one for one in known if one != made), made], indent=2).encode())


def read_copy(path: Path) -> Saved:
    """Check a copy through and through, and tell what it holds.

    Raises:
        InputError: If there is no such file, it is no copy of an archive, or not the whole of one.
        ArchiveDamagedError: If it is damaged.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise InputError(
            f"{path} is not the whole of an archive: the last changes are in {log.name}.",
            "Back up the archive that it is of: dateline backup FILE",
        )
    try:
        with closing(_opened_copy(path)) as copy:
            if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone() is None:
                raise NotAnArchiveError(f"{path} is no backup of an archive.")
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
            manifest = dict(copy.execute("SELECT name, value FROM manifest"))
            articles = copy.execute("SELECT count(*) FROM articles").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(f"{path} is damaged: {error}.", "Use another backup.") from error
    if found != ["ok"]:
        raise ArchiveDamagedError(f"{path} is damaged: {found[0]}.", "Use another backup.")
    stat = path.stat()
    made = datetime.fromtimestamp(stat.st_mtime, UTC)
    try:
        snapshot, version = int(manifest["snapshot"]), int(manifest["schema_version"])
        return Saved(path, stat.st_size, manifest["archive_id"], snapshot, articles, made, version)
    except (KeyError, ValueError) as error:
        raise NotAnArchiveError(f"{path} is no backup of an archive: its manifest lacks {error}.") from error


def restore(file: Path, folder: Path, *, replace: bool = False, progress: Progress | None = None) -> Restored:
    """Make an archive of a backup, or return one to it.

    Whoever has the archive open goes on and sees the restored state as the next snapshot. What is replaced is
    kept: as a tag, or, where it is too damaged to be copied, under another name.

    Args:
        file: The backup.
        folder: Of the archive.
        replace: Whether an archive that is there may be replaced.
        progress: Told how far it is.

    Returns:
        What the archive holds now, and what was kept of the one that was there.

    Raises:
        InputError: If the backup is none, or there is an archive and it is not to be replaced.
        ArchiveDamagedError: If the backup is damaged.
        ArchiveMismatchError: If it was made with another schema.
        ArchiveBusyError: If another process is writing.
    """
    copied = read_copy(file)
    there = folder / DATABASE_FILE
    _check_schema(copied, folder)
    if there.exists() and not replace:
        raise InputError(
            f"There is an archive in {folder}.",
            "Restore into another folder, or replace it (--replace); its present state is then kept as a tag.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    with naming_the_disk(folder), writer_lock(folder), _prepared(file, folder) as prepared:
        kept = _keep(folder, "before-restore") if there.exists() else None
        try:
            _replace_content(there, prepared, progress)
        except BaseException:
            if kept is not None and kept.damaged:
                _move(kept.path, there)
            raise
        return Restored(_last_snapshot(there), copied.articles, kept)


def tag(folder: Path, name: str, progress: Progress | None = None) -> Saved:
    """Give the last committed state of an archive a name to return to.

    Raises:
        QueryError: If the name is taken, or is none.
        ArchiveMissingError: If there is no archive.
    """
    path = _tag_path(folder, name)
    database_in(folder)
    if path.exists():
        raise QueryError(f"There is a tag {name!r} already.", "Choose another name, or delete that tag.")
    path.parent.mkdir(exist_ok=True)
    return back_up(folder, path, progress)


def tags(folder: Path) -> dict[str, Saved]:
    """List an archive's tags by name, the oldest first; those that are damaged are left out.

    Raises:
        ArchiveMissingError: If there is no archive.
    """
    database_in(folder)
    found = {}
    for path in (folder / TAGS_FOLDER).glob(f"*{TAG_SUFFIX}"):
        try:
            found[path.name.removesuffix(TAG_SUFFIX)] = read_copy(path)
        except (InputError, ArchiveDamagedError):
            continue
    return dict(sorted(found.items(), key=lambda pair: (pair[1].made, pair[0])))


def saved_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """List the files in an archive's folder that earlier states of it were saved in, whole or damaged.

    Returns:
        The tags, and what was put aside because it could not be read any more, with its logs.

    Raises:
        ArchiveMissingError: If there is no archive.
    """
    database_in(folder)
    place = folder / TAGS_FOLDER
    return sorted(place.glob(f"*{TAG_SUFFIX}")), sorted(place.glob(f"*{_ASIDE_SUFFIX}*"))


def delete_tag(folder: Path, name: str) -> None:
    """Forget a tag.

    Raises:
        TagNotFoundError: If there is none of this name.
    """
    _existing_tag(folder, name).unlink()


def roll_back(folder: Path, name: str, progress: Progress | None = None) -> Restored:
    """Return an archive to a tag; the state that is left is kept as a tag.

    Raises:
        TagNotFoundError: If there is none of this name.
        ArchiveDamagedError: If the tag is damaged.
        ArchiveBusyError: If another process is writing.
    """
    return restore(_existing_tag(folder, name), folder, replace=True, progress=progress)


def _tag_path(folder: Path, name: str) -> Path:
    if not _TAG.fullmatch(name):
        raise QueryError(
            f"{name!r} cannot be a tag.",
            "A tag has up to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit.",
        )
    return folder / TAGS_FOLDER / f"{name}{TAG_SUFFIX}"


def _existing_tag(folder: Path, name: str) -> Path:
    path = _tag_path(folder, name)
    if not path.is_file():
        raise TagNotFoundError(
            f"The archive in {folder} has no tag {name!r}.", f"List them: dateline tag --index {folder}"
        )
    return path


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress | None) -> None:
    """Copy one committed state; a transaction that is held open keeps it the same to the end."""
    source.execute("BEGIN")
    source.execute("SELECT 1 FROM sqlite_master").fetchone()
    source.backup(
        target,
        pages=_PAGES_A_STEP,
        progress=_telling(progress),
    )
    source.execute("COMMIT")


def _telling(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    return (lambda _, remaining, total: progress(total - remaining, total)) if progress else None


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place, whole and on disk, when all went well."""
    path = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    try:
        yield path
        sync(path)
        try:
            os.link(path, target)  # unlike a rename, this never replaces a file that came meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            path.rename(target)
        sync(target.parent)
    finally:
        path.unlink(missing_ok=True)


def _check_schema(saved: Saved, folder: Path) -> None:
    """Refuse a copy that could not be used where it is restored."""
    if saved.schema_version > SCHEMA_VERSION:
        raise ArchiveMismatchError(
            f"{saved.path} has schema version {saved.schema_version}, and this Dateline reads {SCHEMA_VERSION}.",
            "It was made by a later Dateline: update this one.",
        )
    if saved.schema_version < SCHEMA_VERSION and (folder / DATABASE_FILE).exists():
        is_tag = saved.path.parent == folder / TAGS_FOLDER
        raise ArchiveMismatchError(
            f"{saved.path} has schema version {saved.schema_version}, and this Dateline reads {SCHEMA_VERSION}.",
            f"Bring the archive and its tags up to date: dateline upgrade --index {folder}"
            if is_tag
            else "Restore it into another folder, and bring it up to date there: dateline upgrade --index FOLDER",
        )


def _keep(folder: Path, reason: str) -> Saved:
    """Keep what is about to be replaced; the caller holds the writer's lock.

    Raises:
        InputError: If there is no room for it: then nothing may be replaced.
    """
    now = datetime.now(UTC)
    name = f"{reason}-{now:%Y%m%dT%H%M%S}-{uuid4().hex[:4]}"
    try:
        return tag(folder, name)
    except (ArchiveDamagedError, NotAnArchiveError):
        (folder / TAGS_FOLDER).mkdir(exist_ok=True)
        aside = folder / TAGS_FOLDER / f"{name}{_ASIDE_SUFFIX}"
        _move(folder / DATABASE_FILE, aside)
        return Saved(aside, aside.stat().st_size, "", 0, 0, now, damaged=True)


def _move(database: Path, to: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        there = database.with_name(f"{database.name}{ending}")
        if there.exists():
            there.replace(to.with_name(f"{to.name}{ending}"))


@contextmanager
def _prepared(file: Path, folder: Path) -> Iterator[Path]:
    """A copy of a backup, beside the archive, that continues the archive's snapshots in a line of its own.

    Numbers of snapshots only rise, but those of the time between mean nothing any more.
    """
    prepared = folder / f".restore.{uuid4().hex[:8]}.tmp"
    try:
        with closing(sqlite3.connect(prepared, isolation_level=None)) as source:
            with closing(_opened_copy(file)) as copy:
                copy.backup(source)
            held = int(source.execute("SELECT value FROM manifest WHERE name = 'snapshot'").fetchone()[0])
            last = _last_snapshot(folder / DATABASE_FILE)
            changes = {"snapshot": str(max(last, held) + 1), "lineage": uuid4().hex}
            source.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", changes.items())
            source.execute("PRAGMA journal_mode = WAL")
        yield prepared
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{prepared}{ending}").unlink(missing_ok=True)


def _replace_content(there: Path, prepared: Path, progress: Progress | None) -> None:
    """Replace a database's content by that of another, in one transaction."""
    with closing(_opened(there)) as current, closing(sqlite3.connect(prepared)) as source:
        current.execute("PRAGMA journal_mode = WAL")
        current.execute("PRAGMA synchronous = FULL")
        source.backup(current, progress=_telling(progress))
        current.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _opened_copy(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _last_snapshot(path: Path) -> int:
    """The number of an archive's last snapshot; 0 where there is none, or it cannot be read."""
    if not path.is_file():
        return 0
    try:
        with closing(sqlite3.connect(path)) as connection:
            row = connection.execute("SELECT value FROM manifest WHERE name = 'snapshot'").fetchone()
            return int(row[0]) if row else 0
    except (sqlite3.DatabaseError, ValueError):
        return 0
