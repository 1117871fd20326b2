"""From paths to the files to read."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.readers.contract import InputFile, Skipped

SIDECAR_SUFFIX = ".fields.toml"


def find_files(paths: Iterable[Path]) -> Iterator[InputFile | Skipped]:
    """The files given, and all files below the folders given, in sorted order.

    Hidden files and folders below a folder are left out, and so are the sidecars that declare a data file's
    fields. Links are followed; a link back to a folder it lies in, a path that does not exist, a folder that
    cannot be read and anything that is neither file nor folder are reported.
    """
    for path in paths:
        yield from _below(path, frozenset())


def _below(path: Path, ancestors: frozenset[tuple[int, int]]) -> Iterator[InputFile | Skipped]:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            if not path.name.endswith(SIDECAR_SUFFIX):
                yield InputFile(path, status.st_size, status.st_mtime_ns)
            return
        if not stat.S_ISDIR(status.st_mode):
            yield Skipped(str(path), "is neither a file nor a folder.")
            return
        identity = (status.st_dev, status.st_ino)
        if identity in ancestors:
            yield Skipped(str(path), "is a link back to a folder that contains it.")
            return
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        yield Skipped(str(path), _why(path, error))
        return
    for name in names:
        yield from _below(path / name, ancestors | {identity})


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is a link to something that does not exist." if path.is_symlink() else "does not exist."
    if isinstance(error, PermissionError):
        return "may not be read: permission denied."
    return f"cannot be read: {error.strerror or error}."
