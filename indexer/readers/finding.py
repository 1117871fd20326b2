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
    fields. A path given may be a link, and links to what lies below the same folder are followed; reported are a
    link that leads out of the folder given or back to a folder it lies in, a path that does not exist or whose
    name is not valid Unicode, a folder that cannot be read, and anything that is neither file nor folder.
    """
    for path in paths:
        yield from _below(path)


def _below(given: Path) -> Iterator[InputFile | Skipped]:
    root = Path(os.path.realpath(given))
    # Not by recursion: folders may nest more deeply than calls may.
    waiting: list[tuple[Path, frozenset[tuple[int, int]]]] = [(given, frozenset())]
    while waiting:
        path, ancestors = waiting.pop()
        try:
            found = _look_at(path, root, is_given=path is given)
            if isinstance(found, InputFile):
                if not path.name.endswith(SIDECAR_SUFFIX):
                    yield found
                continue
            if isinstance(found, Skipped):
                yield found
                continue
            if found in ancestors:
                yield Skipped(_shown(path), "is a link back to a folder that contains it.")
                continue
            with os.scandir(path) as entries:
                names = sorted((entry.name for entry in entries if not entry.name.startswith(".")), reverse=True)
        except OSError as error:
            yield Skipped(_shown(path), _why(path, error))
            continue
        waiting.extend((path / name, ancestors | {found}) for name in names)


def _look_at(path: Path, root: Path, *, is_given: bool) -> InputFile | Skipped | tuple[int, int]:
    """A file; a folder, as the numbers that identify it; or why the path is neither.

    Raises:
        OSError: If it cannot be looked at.
    """
    if not _is_unicode(path):
        return Skipped(_shown(path), "its name is not valid Unicode. Rename it.")
    status = path.stat()
    if not is_given and path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
        return Skipped(
            _shown(path), "is a link that leads out of the folder that was given. Give its target, too."
        )
    if stat.S_ISREG(status.st_mode):
        return InputFile(path, status.st_size, status.st_mtime_ns)
    if stat.S_ISDIR(status.st_mode):
        return status.st_dev, status.st_ino
    return Skipped(_shown(path), "is neither a file nor a folder.")


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is a link to something that does not exist." if path.is_symlink() else "does not exist."
    if isinstance(error, PermissionError):
        return "may not be read: permission denied."
    return f"cannot be read: {error.strerror or error}."
