"""Where things are in an archive's folder."""

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
