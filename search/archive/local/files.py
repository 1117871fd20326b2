"""The files of an archive: where they are, how they are written, who may write, and how they fail.

A file is written so that it outlasts a loss of power. The writer's place is a lock of the operating system's
(`flock`), so a process that dies, however it dies, holds it no longer. The note beside it is only for people: it
never decides who may write.

Arrays lie in one file, a line that names them and then one after the other, and are mapped into memory when they
are read.
"""

import errno
import json
import os
import shlex
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveDiskError,
    ArchiveError,
    ArchiveMissingError,
    ArchiveUnwritableError,
    ViewDamagedError,
)

DATABASE_FILE = "archive.sqlite"
TAGS_FOLDER = "tags"
TAG_SUFFIX = ".sqlite"
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
_LOCK_FILE = "writer.lock"
_OWNER_FILE = "writer.json"
_PATIENCE_SECONDS = 2.0
_COMMAND_CHARS = 120
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
Array = npt.NDArray[Any]

_ALIGNED = 64


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is either the old one or the whole new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Let a file's content, or a folder's names, outlast a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def database_in(folder: Path) -> Path:
    """Find the database of the archive in a folder.

    Raises:
        ArchiveMissingError: If there is none.
    """
    path = folder / DATABASE_FILE
    if folder.is_file():
        raise ArchiveMissingError(
            f"{folder} is a file, and an archive is a folder.", "Give the folder that `dateline index` made."
        )
    if not path.is_file():
        raise ArchiveMissingError(
            f"There is no archive in {folder}.", f"Make one: dateline index PATH... --index {folder}"
        )
    return path


def file_in(folder: Path) -> tuple[int, int] | None:
    """Device and number of the file of the archive in a folder; None if there is none."""
    try:
        status = (folder / DATABASE_FILE).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def bytes_in(folder: Path) -> int:
    """Size of all files below a folder; files and folders that vanish meanwhile do not count."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(place, name).stat().st_size
    return total


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


@contextmanager
def writer_lock(folder: Path, patience: float | None = None) -> Iterator[None]:
    """Hold the archive's one writer's place.

    Args:
        folder: Of the archive.
        patience: How many seconds to wait for another writer; None for a while.

    Raises:
        ArchiveBusyError: If another process holds it; says which, and for how long.
    """
    timeout = _PATIENCE_SECONDS if patience is None else patience
    lock = FileLock(folder / _LOCK_FILE, timeout=timeout, thread_local=False)
    owner_file = folder / _OWNER_FILE
    try:
        lock.acquire()
    except Timeout as error:
        raise ArchiveBusyError(
            f"Another process is writing to the archive in {folder}{_owner(owner_file)}.",
            "Wait until it has finished, or stop it (Ctrl-C or SIGTERM; what it has committed stays).",
        ) from error
    try:
        owner = {
            "process": os.getpid(),
            "host": socket.gethostname(),
            "command": shlex.join([Path(sys.argv[0] or "python").name, *sys.argv[1:]]),
            "since": datetime.now(UTC).isoformat(),
        }
        _note(owner_file, json.dumps(owner))
        yield
    finally:
        owner_file.unlink(missing_ok=True)
        lock.release()


def is_being_written(folder: Path) -> bool:
    """Tell whether a process of this machine holds the writer's place, or one of another machine says so.

    Nothing is locked to find out: whoever wants to write meanwhile is not in the way.
    """
    try:
        owner = json.loads((folder / _OWNER_FILE).read_text(encoding="utf-8"))
        if owner["host"] != socket.gethostname():
            return True
        os.kill(int(owner["process"]), 0)
    except PermissionError:
        return True  # it is somebody else's process
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _note(path: Path, content: str) -> None:
    """Leave the note, if there is room for it: a full disk can be cleaned up without one."""
    try:
        path.write_text(content, encoding="utf-8")
    except OSError:
        path.unlink(missing_ok=True)


def _owner(path: Path) -> str:
    """Tell who left the note, in brackets; nothing if it cannot be read."""
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(owner["since"])
        age = age_in_words((datetime.now(UTC) - since).total_seconds())
        command = str(owner["command"])
        shown = command if len(command) <= _COMMAND_CHARS else f"{command[: _COMMAND_CHARS - 3]}..."
        return f" (process {owner['process']} on {owner['host']}, for {age}: {shown})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def age_in_words(seconds: float) -> str:
    """Say how long something has lasted, in its two largest units."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays into a file where there is none yet.

    Raises:
        OSError: If it cannot be written.
    """
    head = json.dumps({name: [array.dtype.str, *array.shape] for name, array in arrays.items()}).encode()
    with path.open("xb") as file:
        file.write(head.ljust(-(-(len(head) + 1) // _ALIGNED) * _ALIGNED - 1) + b"\n")
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(-array.nbytes % _ALIGNED))
    sync(path)


def map_arrays(path: Path) -> dict[str, Array]:
    """Map the arrays of a file, by name; they cannot be written to.

    Raises:
        ViewDamagedError: If it is no such file.
    """
    arrays: dict[str, Array] = {}
    try:
        with path.open("rb") as file:
            head = file.readline()
        whole = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
        begin = len(head)
        for name, (kind, *shape) in json.loads(head).items():
            dtype = np.dtype(kind)
            size = dtype.itemsize * int(np.prod(shape))
            arrays[name] = whole[begin : begin + size].view(dtype).reshape(shape)
            begin += size + -size % _ALIGNED
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ViewDamagedError(f"{path} cannot be read.") from error
    return arrays
