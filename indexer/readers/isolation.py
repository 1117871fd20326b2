"""Reading in a process of its own, so that no input can take more time or memory than it may.

Parsers are large programs, most of them in C: one that hangs, swallows all memory or crashes on an input must not
take the indexing of an archive with it. Time is bounded three times over: a timer interrupts the reading of a
record, and the file's next record is read; where the parser does not listen, the process is ended and a new one
reads the next file; and should nobody be left to end it, the system does, by the processor time it took.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from indexer.readers.contract import InputFile, Reading, ReadOptions, Skipped
from indexer.readers.registry import read_file
from search.errors import InputError
from search.settings import processor_count

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_START_SECONDS = 120
_GRACE_SECONDS = 5.0  # to go from the timer to the next record, before the process is ended
_INSIST_SECONDS = 0.5  # between two interruptions: a parser may swallow the first
_CORES = 64  # processor time counts that of all threads


class IsolatedReader:
    """Reads files as `read_file` does, in a process of its own.

    It keeps `max_read_seconds` and, on Linux, `max_read_memory_bytes`. Use it in a `with` statement; call it with
    a file and options. The process is started when it is first needed. Where it had to be ended, the file is not
    read beyond that, which is reported; the next is read by a new one.
    """

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._memory = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, file: InputFile, options: ReadOptions) -> Iterator[Reading]:
        """Read the articles of a file, in order; see `read_file`."""
        finished = False
        try:
            connection = self._started(options.max_read_memory_bytes)
            connection.send((file, options))
            while connection.poll(options.max_read_seconds + 2 * _GRACE_SECONDS):
                reading = connection.recv()
                if reading is None:
                    finished = True
                    return
                yield reading
            yield Skipped(str(file.path), f"{_too_long(options)}; the file is not read beyond it.")
        except (EOFError, OSError):
            yield Skipped(
                str(file.path),
                f"ended the process that read it{self._exit()}; the file is not read beyond it.",
            )
        finally:
            if not finished:
                self.close()

    def close(self) -> None:
        """End the process, if one was started."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None

    def _started(self, memory: int) -> Connection:
        if self._connection and self._memory == memory:
            return self._connection
        self.close()
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._memory = memory
        self._process = context.Process(target=_serve, args=(theirs, memory), name="dateline-reader", daemon=True)
        self._process.start()
        theirs.close()
        if not self._connection.poll(_START_SECONDS):
            raise TimeoutError
        self._connection.recv()
        return self._connection

    def _exit(self) -> str:
        if self._process is None:
            return ""
        self._process.join(_GRACE_SECONDS)
        code = self._process.exitcode
        if code is not None and code < 0:
            return f" (by {signal.Signals(-code).name})"
        return f" (exit code {code})"


class _TooLongError(InputError):
    """Raised wherever the reading is when its time is over; readers report it for the record they are at."""


def _too_long(options: ReadOptions) -> str:
    return f"took longer than {options.max_read_seconds:,} s to read (max_read_seconds)"


def _serve(connection: Connection, memory: int) -> None:
    """Read the files that are asked for, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks decides what an interruption means
    _silence()
    _bound_memory(memory)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send("ready")
        while True:
            file, options = connection.recv()
            for reading in _timed(file, options):
                connection.send(reading)
            connection.send(None)


def _timed(file: InputFile, options: ReadOptions) -> Iterator[Reading]:
    """What `read_file` yields, each within its time."""
    timer = _Timer(options)
    readings = read_file(file, options)
    while True:
        try:
            with timer:
                reading = next(readings, None)
        except _TooLongError:
            # Between two records, or where an error is already being dealt with.
            reading, readings = (
                Skipped(str(file.path), f"{_too_long(options)}; it is not read beyond it."),
                iter(()),
            )
        if reading is None:
            return
        # A parser that swallowed the interruption may have given a part for the whole.
        yield Skipped(reading.origin, f"{_too_long(options)}.") if timer.rang else reading


class _Timer:
    """Interrupts what runs within it when the time is over."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self.rang = False

    def __enter__(self) -> None:
        self.rang = False
        if sys.platform != "win32":
            _bound_processor_time(self._options.max_read_seconds)
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._options.max_read_seconds, _INSIST_SECONDS)

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        self.rang = True
        raise _TooLongError(f"{_too_long(self._options)}.")


def _bound_memory(memory: int) -> None:
    # Arrow's own allocator reserves a gibibyte at once, which would count.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        bound = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


def _bound_processor_time(seconds: int) -> None:
    """Have the system end this process, should it still run on long after the process that asks is gone."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        bound = int(used.ru_utime + used.ru_stime) + (seconds + 60) * min(_CORES, processor_count())
        resource.setrlimit(
            resource.RLIMIT_CPU, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard)
        )


def _silence() -> None:
    """Keep what parsers remark, which may quote anything from a file, off the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
