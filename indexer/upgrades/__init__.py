"""Bringing an archive of an earlier format up to the present one: one module and one test for each step.

A step changes the tables of one schema version into those of the next and fills in what can be told from what is
stored. All steps run in one transaction under the writer's lock: the archive is of the old format or of the new
one, never between. The views are made anew when the archive is next opened.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from indexer.upgrades import statements_and_families
from search.archive.local.failures import naming_the_disk
from search.archive.local.files import database_in
from search.archive.local.lock import writer_lock
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import ArchiveDamagedError, ArchiveMismatchError

OnProgress = Callable[[int, int], None]
"""Told how many articles of how many are done."""

Step = Callable[[sqlite3.Connection, OnProgress], None]
"""Brings a database, inside a transaction and without enforcing foreign keys, from one version to the next."""

STEPS: Mapping[int, Step] = {3: statements_and_families.upgrade}
"""By the version that they begin with."""


def upgrade(folder: Path, on_progress: OnProgress = lambda *_: None) -> tuple[int, int]:
    """Bring an archive up to the present schema, all or nothing.

    Args:
        folder: Of the archive.
        on_progress: Told how far each step is.

    Returns:
        The schema version that it had, and the one that it has.

    Raises:
        ArchiveMissingError: If there is no archive.
        ArchiveMismatchError: If it is of a later schema, or of one from which no step leads here.
        ArchiveDamagedError: If its database cannot be read, or contradicts itself.
        ArchiveBusyError: If another process is writing.
        ArchiveDiskError: If the disk is full; the archive is then as it was.
    """
    path = database_in(folder)
    with (
        naming_the_disk(folder),
        writer_lock(folder),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        before = _version(connection, folder)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")  # else a table that is made anew takes others with it
        connection.execute("BEGIN IMMEDIATE")
        try:
            for version in range(before, SCHEMA_VERSION):
                _step(version, folder)(connection, on_progress)
            _check_references(connection, folder)
            connection.execute(
                "UPDATE manifest SET value = ? WHERE name = 'schema_version'", (str(SCHEMA_VERSION),)
            )
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    return before, SCHEMA_VERSION


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
