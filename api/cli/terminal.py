"""Where commands write: answers on standard output, the rest on standard error, nothing to who stopped reading."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class _Output(Console):
    """A console that says when nobody reads it any more, instead of ending the process itself."""

    def on_broken_pipe(self) -> None:
        """Raise what was caught again; it ends the command as it does when JSON is written."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def output() -> Console:
    """Where answers are printed for people."""
    return _Output()


def aside() -> Console:
    """Where everything is said that is not the answer."""
    return Console(stderr=True)


@contextmanager
def ending_quietly(code: int) -> Iterator[None]:
    """End the process with `code`, and nothing said, once nobody reads its output (as with `| head -1`)."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # or Python would do so at its very end, and complain
    except BrokenPipeError:
        drop_output()
        sys.exit(code)


def drop_output() -> None:
    """Let whatever is still written to standard output go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
