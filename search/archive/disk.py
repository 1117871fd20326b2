"""A full or failing disk, told as one: which it is, how much room there is, and that nothing committed is lost."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import ArchiveDiskError

_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("No space left", "quota exceeded", "File too large", "os error 28", "os error 122", "os error 27")
_SQLITE_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}
_PRIMARY_CODE = 0xFF


@contextmanager
def naming_the_disk(folder: Path) -> Iterator[None]:
    """Turn what a disk refuses inside into an error that names it.

    Raises:
        ArchiveDiskError: If SQLite cannot write, or anything finds the disk full.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE not in _SQLITE_DISK:
            raise
        raise disk_error(folder, error) from error
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
    return error.errno in _FULL_ERRORS or any(words in str(error) for words in _FULL_WORDS)
