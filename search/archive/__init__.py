"""The archive: what is stored, and the door to it (`search.archive.protocol`)."""

from search.archive.addresses import create_archive, open_archive
from search.archive.local.archive import LocalArchive
from search.archive.memory import MemoryArchive
from search.archive.protocol import Archive, Snapshot, StoredArchive, Writer
from search.archive.records import InputRecord, Outcome
from search.archive.scope import EVERYTHING, PUBLISHED, Scope

__all__ = [
    "EVERYTHING",
    "PUBLISHED",
    "Archive",
    "InputRecord",
    "LocalArchive",
    "MemoryArchive",
    "Outcome",
    "Scope",
    "Snapshot",
    "StoredArchive",
    "Writer",
    "create_archive",
    "open_archive",
]
