"""Open an archive by its address: the folder that it is in, or where another engine keeps one.

A folder holds SQLite, FAISS and Tantivy, on one machine. `s3://BUCKET/PREFIX` and `lance://FOLDER` hold Lance
tables, on object storage and on a disk.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from search.archive.local.archive import LocalArchive
from search.archive.local.files import file_in
from search.archive.protocol import StoredArchive
from search.errors import SettingsError
from search.models.embedding.embedder import ModelCard

if TYPE_CHECKING:
    from search.archive.lance.archive import LanceArchive

_MARK = "://"
_OF_LANCE = ("lance", "s3")


TIMEOUT_SECONDS = 30.0
"""How long a request to object storage may take unless that is said."""


def open_archive(address: str | Path, timeout: float = TIMEOUT_SECONDS) -> StoredArchive:
    """Open the archive at an address.

    Args:
        address: Of a folder or of Lance tables.
        timeout: How many seconds a request to object storage may take (`DATELINE_STORAGE_TIMEOUT`).

    Raises:
        SettingsError: If no engine knows the address, or its engine is not installed.
        ArchiveMissingError: If there is none.
        ArchiveMismatchError: If it was made with another schema.
        ArchiveError: If it cannot be used.
    """
    if is_folder(address):
        return LocalArchive.open(folder_of(address))
    return _lance(address).open(str(address), timeout=timeout)


def create_archive(address: str | Path, card: ModelCard, timeout: float = TIMEOUT_SECONDS) -> StoredArchive:
    """Open the archive at an address, making an empty one for this model if there is none; see `open_archive`.

    Raises:
        SettingsError: If no engine knows the address, or its engine is not installed.
        ArchiveMismatchError: If there is one, of another schema or model.
        ArchiveError: If it cannot be used or made.
    """
    if is_folder(address):
        return LocalArchive.create(folder_of(address), card)
    return _lance(address).create(str(address), card, timeout=timeout)


def is_folder(address: str | Path) -> bool:
    """Tell whether an address is that of a folder on this machine."""
    return _MARK not in str(address)


def folder_of(address: str | Path) -> Path:
    """Read an address as that of a folder on this machine.

    Raises:
        SettingsError: If it is another.
    """
    if not is_folder(address):
        raise SettingsError(f"{address} is no folder.", "This can be done in a folder only: --index FOLDER")
    return Path(address)


def mark_of(address: str | Path) -> object:
    """Tell an archive from another that takes its place: equal marks, the same archive. None if it is not there.

    Of Lance tables nobody takes the place; they are there if they can be opened.
    """
    return file_in(folder_of(address)) if is_folder(address) else str(address)


def is_there(address: str | Path, timeout: float = TIMEOUT_SECONDS) -> bool:
    """Tell whether there is an archive at an address.

    Raises:
        ArchiveError: If its storage cannot be asked.
    """
    if is_folder(address):
        return file_in(folder_of(address)) is not None
    return _lance(address).is_there(str(address), timeout)


def open_lance(address: str | Path, timeout: float = TIMEOUT_SECONDS) -> "LanceArchive":
    """Open an archive of Lance tables; see `open_archive`."""
    return _lance(address).open(str(address), timeout=timeout)


def _lance(address: str | Path) -> "type[LanceArchive]":
    scheme = str(address).partition(_MARK)[0]
    if scheme not in _OF_LANCE:
        raise SettingsError(
            f"{address} is no address of an archive.", "Name a folder, s3://BUCKET/PREFIX or lance://FOLDER."
        )
    if find_spec("lance") is None or find_spec("obstore") is None:
        raise SettingsError(f"Lance, which {address} needs, is not installed.", 'pip install "dateline[lance]"')
    from search.archive.lance.archive import LanceArchive

    return LanceArchive
