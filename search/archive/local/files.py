"""The files of an archive: where they are, and how they are written so that they outlast a loss of power."""

import os
from contextlib import suppress
from pathlib import Path

from search.errors import ArchiveMissingError


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


DATABASE_FILE = "archive.sqlite"
TAGS_FOLDER = "tags"
TAG_SUFFIX = ".sqlite"


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
