"""Places: how many requests are being answered at once, counted for all workers of a server together."""

import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.http.limits import TooBusyError
from api.http.settings import MOST_WORKERS

_ROW = struct.Struct("=3q")  # process id, requests, those of them that change the archive
_SIZE = 2 * MOST_WORKERS * _ROW.size  # some may have died and not been replaced yet


class Places:
    """Takes and gives back the places of requests. Safe to share between threads.

    Each worker keeps its own row of a file that all of them map; those of a worker that died count no more.
    """

    def __init__(self, most: int, most_that_write: int, shared: Path | None = None) -> None:
        """Count from nothing, or join the other workers.

        Args:
            most: Requests at once.
            most_that_write: Of these, requests that change the archive.
            shared: The file that the workers of one server share, made by `made`; None where there is but one.
        """
        self._most = (most, most_that_write)
        self._guard = threading.Lock()
        self._file = os.open(shared, os.O_RDWR) if shared else None
        self._rows = mmap.mmap(-1 if self._file is None else self._file, _SIZE)
        self._process = os.getpid()
        with self._alone():
            self._row = next(row for row, (process, *_) in enumerate(self._all()) if not _is_alive(process))
            self._write(0, 0)

    @staticmethod
    def made(file: Path) -> Path:
        """Make the file that workers share, empty."""
        file.write_bytes(bytes(_SIZE))
        return file

    def take(self, *, writes: bool) -> None:
        """Take a place for a request.

        Raises:
            TooBusyError: If all are taken.
        """
        with self._alone():
            self._check(writes=writes)
            _, requests, writing = self._own()
            self._write(requests + 1, writing + writes)

    def give_back(self, *, writes: bool) -> None:
        """Give a place back."""
        with self._alone():
            _, requests, writing = self._own()
            self._write(requests - 1, writing - writes)

    def _check(self, *, writes: bool) -> None:
        taken = self._taken()
        if any(count >= most for count, most in zip(taken, self._most, strict=True)):
            self._forget_the_dead()
            taken = self._taken()
        kinds = (
            ("requests", "http_max_requests", True),
            ("requests that change the archive", "http_max_writes", writes),
        )
        for count, most, (kind, setting, counts) in zip(taken, self._most, kinds, strict=True):
            if counts and count >= most:
                raise TooBusyError(
                    f"{most} {kind} are being answered, and no more at once.",
                    f"Try again in a moment, or raise DATELINE_{setting.upper()}.",
                )

    def _taken(self) -> tuple[int, int]:
        rows = self._all()
        return sum(requests for _, requests, _ in rows), sum(writing for *_, writing in rows)

    def _forget_the_dead(self) -> None:
        for row, (process, *_) in enumerate(self._all()):
            if process and not _is_alive(process):
                _ROW.pack_into(self._rows, row * _ROW.size, 0, 0, 0)

    def _all(self) -> list[tuple[int, int, int]]:
        return list(_ROW.iter_unpack(self._rows[:_SIZE]))

    def _own(self) -> tuple[int, int, int]:
        own: tuple[int, int, int] = _ROW.unpack_from(self._rows, self._row * _ROW.size)
        return own

    def _write(self, requests: int, writing: int) -> None:
        _ROW.pack_into(self._rows, self._row * _ROW.size, self._process, requests, writing)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and other workers out for a moment; the lock of one that dies is free again."""
        with self._guard:
            if self._file is None:
                yield
                return
            from fcntl import LOCK_EX, LOCK_UN, lockf

            lockf(self._file, LOCK_EX)
            try:
                yield
            finally:
                lockf(self._file, LOCK_UN)


def _is_alive(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
