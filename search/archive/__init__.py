"""The archive: what is stored, and the door to it (`search.archive.protocol`)."""

from search.archive.local.archive import LocalArchive
from search.archive.memory import MemoryArchive
from search.archive.protocol import Archive, InputRecord, Outcome, Snapshot, Writer

__all__ = ["Archive", "InputRecord", "LocalArchive", "MemoryArchive", "Outcome", "Snapshot", "Writer"]
