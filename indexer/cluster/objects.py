"""Files in an object store: listed once, and fetched by the worker that reads them.

An object has the path `s3://bucket/key` everywhere: in reports, in what the archive remembers, in the ids of
articles that state none. A worker fetches it to that path below a folder of its own, where readers find it.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path, PosixPath
from typing import Any

from indexer.readers import InputFile, Skipped
from indexer.readers.content import SIDECAR_SUFFIX

_SCHEME = "s3:/"  # of two slashes a path keeps one
_BLOCK = 1 << 20


class ObjectPath(PosixPath):
    """The address of an object as a path, which is absolute wherever it is looked at."""

    def __str__(self) -> str:
        """`s3://bucket/key`."""
        return super().__str__().replace(_SCHEME, f"{_SCHEME}/", 1)

    def __fspath__(self) -> str:
        """As the operating system is given it: below the folder that a worker is in."""
        return str(self)

    def absolute(self) -> "ObjectPath":
        """Itself."""
        return self


def is_object(path: Path) -> bool:
    """Tell whether a path is the address of an object or a prefix."""
    return str(path).startswith(_SCHEME)


def find_objects(path: Path) -> Iterator[InputFile | Skipped]:
    """List the object at an address, or all below it, in order; as `indexer.readers.find_files` does files."""
    from pyarrow.fs import FileSelector, FileType

    address = str(ObjectPath(path))
    try:
        store, root = _store(address)
        (given,) = store.get_file_info([root])
        is_file = given.type == FileType.File
        found = [given] if is_file else store.get_file_info(FileSelector(root, recursive=True))
    except (OSError, ValueError) as error:
        yield Skipped(address, f"cannot be listed: {error}.")
        return
    for one in sorted((one for one in found if one.type == FileType.File), key=lambda one: str(one.path)):
        below = [] if is_file else one.path.removeprefix(root).strip("/").split("/")
        if any(part.startswith(".") for part in below) or one.path.endswith(SIDECAR_SUFFIX):
            continue
        at = ObjectPath(f"{_SCHEME}/{one.path}")
        if ".." in at.parts or str(at) != f"{_SCHEME}/{one.path}":
            yield Skipped(f"{_SCHEME}/{one.path}", "its name cannot be that of a file. Rename it.")
            continue
        yield InputFile(at, one.size, one.mtime_ns)


def fetch(file: InputFile, folder: Path) -> Path:
    """Fetch an object to its path below a folder; one that is gone, or cannot be a file there, is not there then.

    Raises:
        OSError: If the store does not answer.
    """
    place = folder / Path(*file.path.parts)
    store, key = _store(str(file.path))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with store.open_input_stream(key) as source, place.open("wb") as copy:
            while block := source.read(_BLOCK):
                copy.write(block)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and error.errno != errno.ENAMETOOLONG:
            raise
    else:
        os.utime(place, ns=(file.modified_ns, file.modified_ns))
    return place


def _store(address: str) -> tuple[Any, str]:
    """The store of an address, and the path in it; endpoint, region and keys are those of the environment."""
    from pyarrow.fs import FileSystem

    store, path = FileSystem.from_uri(address)
    return store, path
