"""The state of the archive that a question is put to, the same one however often it is looked into."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search.archive.protocol import Archive, Snapshot, check_model
from search.models.embedding import ModelCard

if TYPE_CHECKING:
    from search.archive.records import Dossier


class StateChangedError(Exception):
    """The archive was committed to between two looks of one question."""


class AskedState:
    """Lends a state of an archive to one question, for one thread.

    While models read, nothing is held: a long transaction would keep the archive's engine from tidying up behind
    its writers. Whoever holds it again gets the same state, or none.

    Attributes:
        dossiers: What was read of it so far, by article id: nothing is read twice.
    """

    def __init__(self, archive: Archive, model: ModelCard) -> None:
        """Take the state that `archive` has when it is first held; `model` is what questions are embedded with."""
        self.dossiers: dict[str, Dossier] = {}
        self._archive = archive
        self._model = model
        self._identity: tuple[str, int] | None = None
        self._held: Snapshot | None = None

    @contextmanager
    def hold(self) -> Iterator[Snapshot]:
        """Hold it; inside of another such block it is held already.

        Raises:
            ArchiveMismatchError: If the archive has been embedded with another model.
            StateChangedError: If it was held before, and the archive has another state now.
        """
        if self._held is not None:
            yield self._held
            return
        with self._archive.snapshot() as snapshot:
            check_model(snapshot.card, self._model)
            identity = (snapshot.card.lineage, snapshot.number)
            if self._identity not in {None, identity}:
                raise StateChangedError
            self._identity, self._held = identity, snapshot
            try:
                yield snapshot
            finally:
                self._held = None
