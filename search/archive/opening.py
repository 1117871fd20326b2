"""Open an archive by its address: the folder that it is in, or where another engine keeps one."""

from pathlib import Path

from search.archive.local.archive import LocalArchive
from search.archive.protocol import StoredArchive
from search.errors import SettingsError
from search.models.embedding.embedder import ModelCard

_MARK = "://"


def open_archive(address: str | Path) -> StoredArchive:
    """Open the archive at an address.

    Raises:
        SettingsError: If no engine knows the address.
        ArchiveMissingError: If there is none.
        ArchiveMismatchError: If it was made with another schema.
        ArchiveError: If it cannot be used.
    """
    return LocalArchive.open(folder_of(address))


def create_archive(address: str | Path, card: ModelCard) -> StoredArchive:
    """Open the archive at an address, making an empty one for this model if there is none.

    Raises:
        SettingsError: If no engine knows the address.
        ArchiveMismatchError: If there is one, of another schema or model.
        ArchiveError: If it cannot be used or made.
    """
    return LocalArchive.create(folder_of(address), card)


def folder_of(address: str | Path) -> Path:
    """Read an address as that of a folder on this machine.

    Raises:
        SettingsError: If it is another.
    """
    if _MARK in str(address):
        raise SettingsError(f"{address} is no folder.", "Name a folder of this machine: --index FOLDER")
    return Path(address)
