"""Bringing an archive of an earlier format up to the present one: one step after another.

A step changes the tables of one schema version into those of the next and fills in what can be told from what is
stored. All steps run in one transaction under the writer's lock: the archive is of the old format or of the new
one, never between, and so is each of its tags. Keys, texts and vectors stay, so the saved views go on being used.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from indexer.upgrades.steps import add_statements_and_families, add_terms_and_parts
from search.archive.local.files import TAG_SUFFIX, TAGS_FOLDER, database_in, failing_clearly, sync, writer_lock
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import ArchiveDamagedError, ArchiveMismatchError

OnProgress = Callable[[int, int], None]
"""Told how many articles of how many are done."""

Step = Callable[[sqlite3.Connection, OnProgress], None]
"""Brings a database, inside a transaction and without enforcing foreign keys, from one version to the next."""

STEPS: Mapping[int, Step] = {3: add_statements_and_families, 4: add_terms_and_parts}
"""By the version that they begin with."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did.

    Attributes:
        before: The schema version that the archive had.
        after: The one that it has.
        tags: The tags that were brought up with it.
        left: The tags that could not be, and are as they were.
    """

    before: int
    after: int
    tags: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def upgrade(folder: Path, on_progress: OnProgress = lambda *_: None) -> Upgraded:
    """Bring an archive up to the present schema, all or nothing, and then its tags, each all or nothing.

    What is broken off between two tags goes on with the next when it is called again.

    Args:
        folder: Of the archive.
        on_progress: Told how far each step is.

    Raises:
        ArchiveMissingError: If there is no archive.
        ArchiveMismatchError: If it is of a later schema, or of one from which no step leads here.
        ArchiveDamagedError: If its database cannot be read, or contradicts itself.
        ArchiveBusyError: If another process is writing.
        ArchiveDiskError: If the disk is full; the archive is then as it was.
    """
    path = database_in(folder)
    with failing_clearly(folder), writer_lock(folder):
        before = _bring_up(path, folder, on_progress)
        tags, left = list[str](), list[str]()
        for tag in sorted((folder / TAGS_FOLDER).glob(f"*{TAG_SUFFIX}")):
            name = tag.name.removesuffix(TAG_SUFFIX)
            try:
                with failing_clearly(tag):
                    if _bring_up_tag(tag, on_progress):
                        tags.append(name)
            except (ArchiveDamagedError, ArchiveMismatchError):
                left.append(name)
    return Upgraded(before, SCHEMA_VERSION, tuple(tags), tuple(left))


def _bring_up(path: Path, place: Path, on_progress: OnProgress) -> int:
    """Bring a database up in one transaction; returns the version that it had."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        before = _version(connection, place)
        if before == SCHEMA_VERSION:
            return before
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")  # else a table that is made anew takes others with it
        connection.execute("BEGIN IMMEDIATE")
        try:
            _check_references(connection, place)  # what belongs to nothing would be lost on the way
            for version in range(before, SCHEMA_VERSION):
                _step(version, place)(connection, on_progress)
            _check_references(connection, place)
            connection.execute(
                "UPDATE manifest SET value = ? WHERE name = 'schema_version'", (str(SCHEMA_VERSION),)
            )
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    return before


def _bring_up_tag(path: Path, on_progress: OnProgress) -> bool:
    """Bring a tag up, by way of a copy that takes its place when it is whole; tells whether that was needed."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as tag:
        if _version(tag, path) == SCHEMA_VERSION:
            return False
    copy = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        shutil.copy2(path, copy)  # the time of its last change is when the tag was made
        made = path.stat()
        _bring_up(copy, path, on_progress)
        os.utime(copy, ns=(made.st_atime_ns, made.st_mtime_ns))
        sync(copy)
        copy.replace(path)
        sync(path.parent)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{copy}{ending}").unlink(missing_ok=True)
    return True


def _version(connection: sqlite3.Connection, folder: Path) -> int:
    try:
        row = connection.execute("SELECT value FROM manifest WHERE name = 'schema_version'").fetchone()
        version = int(row[0])
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        raise ArchiveDamagedError(
            f"The database in {folder} does not say which schema it has.", "Index the files into another folder."
        ) from error
    if version > SCHEMA_VERSION:
        raise ArchiveMismatchError(
            f"The archive in {folder} has schema version {version}, and this Dateline knows those up to "
            f"{SCHEMA_VERSION}.",
            "It was made by a later Dateline: update this one.",
        )
    return version


def _step(version: int, folder: Path) -> Step:
    if version not in STEPS:
        raise ArchiveMismatchError(
            f"The archive in {folder} has schema version {version}, and upgrades begin with {min(STEPS)}.",
            "Index its files into another folder: dateline index PATH... --index FOLDER",
        )
    return STEPS[version]


def _check_references(connection: sqlite3.Connection, folder: Path) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise ArchiveDamagedError(
            f"In the archive in {folder} {len(broken)} rows belong to rows that are not there; it is left alone.",
            "Index the files into another folder: dateline index PATH... --index FOLDER",
        )
