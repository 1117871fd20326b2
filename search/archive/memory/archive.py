"""An archive in memory: its state, and the one writer at a time that replaces it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from uuid import uuid4

from search.archive.memory.snapshot import MemorySnapshot
from search.archive.memory.state import State
from search.archive.memory.writer import MemoryWriter
from search.archive.records import ArchiveCard
from search.errors import ArchiveBusyError
from search.models.embedding.embedder import ModelCard

_SCHEMA_VERSION = 1
_PATIENCE_SECONDS = 2.0


class MemoryArchive:
    """An archive in memory; see `search.archive.protocol.Archive`. Safe to share between threads."""

    def __init__(self, state: State, patience: float = _PATIENCE_SECONDS) -> None:
        """Use `MemoryArchive.create`."""
        self._state = state
        self._patience = patience
        self._writing = threading.Lock()

    @classmethod
    def create(cls, card: ModelCard, patience: float = _PATIENCE_SECONDS) -> Self:
        """Make an empty archive for the vectors of a model.

        Args:
            card: The model.
            patience: How many seconds a writer waits for another.
        """
        made = ArchiveCard(
            place="memory",
            archive_id=uuid4().hex,
            schema_version=_SCHEMA_VERSION,
            model=card.name,
            fingerprint=card.fingerprint,
            dimension=card.dimension,
        )
        return cls(State(made), patience)

    def fork(self, number: int | None = None) -> Self:
        """Begin another archive with the last committed state of this one; neither sees the other's changes.

        Args:
            number: What its snapshot is called; the same if None.
        """
        state = self._state.copy()
        state.number = self._state.number if number is None else number
        return type(self)(state, self._patience)

    def close(self) -> None:
        """Release nothing: what nobody holds any more goes by itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def card(self) -> ArchiveCard:
        """What it is, as of the last commit."""
        return self._state.card

    @contextmanager
    def snapshot(self) -> Iterator[MemorySnapshot]:
        """Hold the last committed state; see `Archive.snapshot`."""
        yield MemorySnapshot(self._state)

    @contextmanager
    def write(self) -> Iterator[MemoryWriter]:
        """Become the archive's one writer; see `Archive.write`."""
        if not self._writing.acquire(timeout=self._patience):
            raise ArchiveBusyError(
                "Another thread is writing to the archive in memory.", "Wait until it has finished."
            )
        try:
            yield MemoryWriter(self._state, self._become)
        finally:
            self._writing.release()

    def _become(self, state: State) -> None:
        self._state = state
