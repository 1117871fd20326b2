"""The archive in memory: small, brute force and exact; for tests, and for archives that last a request."""

from search.archive.memory.archive import MemoryArchive

__all__ = ["MemoryArchive"]
