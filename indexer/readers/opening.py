"""Opening files that something else may have changed since they were found."""

import os
import stat
from io import BufferedReader
from pathlib import Path

from search.errors import InputError

# A pipe that was put in the place of a file would otherwise be waited for.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_file(path: Path) -> BufferedReader:
    """Open a regular file for reading; anything else, such as a pipe or a device, is refused.

    Raises:
        InputError: If it cannot be opened, or is no regular file (any more).
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened: {getattr(error, 'strerror', None) or error}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError("is not a file (any more).")
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor has no path; the caller closes it
