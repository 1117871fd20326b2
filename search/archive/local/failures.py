"""Failures of SQLite and of the file system, told as errors of ours."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveDiskError,
    ArchiveError,
    ArchiveUnwritableError,
)

_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_FORBIDDEN = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS = ("No space left", "quota exceeded", "File too large", "os error 28", "os error 122", "os error 27")
_FORBIDDEN_FILE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_PRIMARY = 0xFF


@contextmanager
def failing_clearly(folder: Path) -> Iterator[None]:
    """Raise what fails inside for the sake of the archive in `folder` as an `ArchiveError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise archive_failure(error, folder) from error


def archive_failure(error: sqlite3.Error | OSError, folder: Path) -> ArchiveError:
    """Tell what an error of SQLite or the file system means for the archive in `folder`."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY  # the rest of the number tells it more finely
    number = error.errno if isinstance(error, OSError) else None
    if code in _FULL or (isinstance(error, OSError) and _is_full(error)):
        return disk_error(folder, error)
    if code in _FORBIDDEN or number in _FORBIDDEN_FILE:
        return ArchiveUnwritableError(
            f"The archive in {folder} may not be written ({error}).",
            "Give the user that runs Dateline the right to write to the folder and all that is in it.",
        )
    if code in _BUSY:
        return ArchiveBusyError(
            f"Another process is writing to the archive in {folder}.", "Try again in a moment."
        )
    if code in _DAMAGED:
        return ArchiveDamagedError(f"The database of the archive in {folder} cannot be read: {error}.")
    return ArchiveError(f"The archive in {folder} cannot be used: {error}.")


@contextmanager
def while_open(folder: Path) -> Iterator[None]:
    """Raise what SQLite says inside as an `ArchiveError`, and that the disk is full.

    All else that the file system says passes as it is: whoever has the archive open has other files, too.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise archive_failure(error, folder) from error
    except OSError as error:
        if not _is_full(error):
            raise
        raise disk_error(folder, error) from error


@contextmanager
def naming_the_disk(folder: Path) -> Iterator[None]:
    """Raise what a disk refuses inside as an error that names it; everything else as it is.

    Raises:
        ArchiveDiskError: If the disk is full or fails.
        ArchiveUnwritableError: If the database may not be written.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY not in _FULL | _FORBIDDEN:
            raise
        raise archive_failure(error, folder) from error
    except OSError as error:
        if not _is_full(error):
            raise
        raise disk_error(folder, error) from error


def disk_error(folder: Path, error: Exception) -> ArchiveDiskError:
    """Say that an archive cannot be written, why, and how much room its disk has."""
    try:
        usage = shutil.disk_usage(folder)
        room = f" {usage.free / 1e6:,.1f} MB of {usage.total / 1e6:,.0f} MB are free there."
    except OSError:
        room = ""
    return ArchiveDiskError(
        f"The disk does not take what is written to the archive in {folder}: {error}.{room}",
        "What was committed stays. Make room (or raise the limit on file sizes), then run the same command again: "
        "it goes on where it stopped.",
    )


def _is_full(error: OSError) -> bool:
    return error.errno in _FULL_DISK or any(words in str(error) for words in _FULL_WORDS)
