"""The place of the archive's one writer: a lock that names its owner and that the system frees when it ends.

The lock is the operating system's (`flock`), so a process that dies, however it dies, holds it no longer. The note
beside it is only for people: it never decides who may write.
"""

import json
import os
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from search.errors import ArchiveBusyError

_LOCK_FILE = "writer.lock"
_OWNER_FILE = "writer.json"
_PATIENCE_SECONDS = 2.0
_COMMAND_CHARS = 120
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


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
        age = _age((datetime.now(UTC) - since).total_seconds())
        command = str(owner["command"])
        shown = command if len(command) <= _COMMAND_CHARS else f"{command[: _COMMAND_CHARS - 3]}..."
        return f" (process {owner['process']} on {owner['host']}, for {age}: {shown})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _age(seconds: float) -> str:
    """Say how long something has lasted, in its two largest units."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"
