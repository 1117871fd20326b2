"""Where things are in an archive's folder."""

import os
from contextlib import suppress
from pathlib import Path

from search.errors import ArchiveMissingError

DATABASE_FILE = "archive.sqlite"
TAGS_FOLDER = "tags"


def database_in(folder: Path) -> Path:
    """Find the database of the archive in a folder.

    Raises:
        ArchiveMissingError: If there is none.
    """
    path = folder / DATABASE_FILE
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
