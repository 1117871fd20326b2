"""What SQLite and the file system say when an archive fails them, told as an error of ours."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.archive.disk import disk_error
from search.errors import ArchiveBusyError, ArchiveDamagedError, ArchiveError, ArchiveUnwritableError

_FULL = frozenset({sqlite3.SQLITE_FULL})
_FORBIDDEN = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
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
    if code in _FULL or number in _FULL_DISK:
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
