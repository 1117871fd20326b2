"""Restoring an archive: from a backup, or to a tag; what it was before is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from search.archive.care.backups import (
    ASIDE_SUFFIX,
    NotAnArchiveError,
    Progress,
    Saved,
    existing_tag,
    opened,
    opened_copy,
    page_counter,
    read_copy,
    tag,
)
from search.archive.local.files import DATABASE_FILE, TAGS_FOLDER, naming_the_disk, writer_lock
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import ArchiveDamagedError, ArchiveMismatchError, InputError


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


def roll_back(folder: Path, name: str, progress: Progress | None = None) -> Restored:
    """Return an archive to a tag; the state that is left is kept as a tag.

    Raises:
        TagNotFoundError: If there is none of this name.
        ArchiveDamagedError: If the tag is damaged.
        ArchiveBusyError: If another process is writing.
    """
    return restore(existing_tag(folder, name), folder, replace=True, progress=progress)


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
        aside = folder / TAGS_FOLDER / f"{name}{ASIDE_SUFFIX}"
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
            with closing(opened_copy(file)) as copy:
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
    with closing(opened(there)) as current, closing(sqlite3.connect(prepared)) as source:
        current.execute("PRAGMA journal_mode = WAL")
        current.execute("PRAGMA synchronous = FULL")
        source.backup(current, progress=page_counter(progress))
        current.execute("PRAGMA wal_checkpoint(PASSIVE)")


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
