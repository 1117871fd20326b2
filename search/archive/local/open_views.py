"""The views that an archive has open, always of the very snapshot of the database that is read with them.

A reader never mixes two commits: it begins a read transaction, which fixes what the database says, and uses views
only if they are of that snapshot. If they are not, a writer is between committing and publishing, which takes
milliseconds, or ended there; so the reader ends the transaction and begins another, or brings the views up itself
if the writer's place is free.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from search.archive.local.database import Database
from search.archive.local.failures import naming_the_disk
from search.archive.local.lexical import LexicalView
from search.archive.local.lock import writer_lock
from search.archive.local.regime import Regime
from search.archive.local.stamp import Stamp
from search.archive.local.views import Views, bring_views_up, build_views, load_saved_snapshot, load_views
from search.errors import ArchiveBusyError, ViewDamagedError
from search.models.embedding.embedder import Vectors

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.01
_SAMPLE = 2_000

Read = TypeVar("Read")


class OpenViews:
    """Opens views when they are needed, and others when the archive has moved on. For one thread at a time."""

    def __init__(self, folder: Path, database: Database, regime: Regime) -> None:
        self._folder = folder
        self._database = database
        self._regime = regime
        self._views: Views | None = None
        self._sampled: Vectors | None = None

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Everything read inside, of the database and the views, belongs to the last committed snapshot.

        Inside a transaction: to that of the transaction.

        Raises:
            ArchiveBusyError: If the views stay behind because another process keeps the writer's place.
        """
        if self._database.in_transaction:
            yield
            return
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with self._database.reading():
                if self._load():
                    yield
                    return
            try:
                with naming_the_disk(self._folder), writer_lock(self._folder, patience=0):
                    self.bring_up()
            except ArchiveBusyError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_SECONDS)

    def current(self) -> Views:
        """The views of the snapshot that is being read.

        Raises:
            ArchiveBusyError: If they cannot be had because another process is writing.
        """
        if not self._load():
            with writer_lock(self._folder, patience=0):
                self.bring_up()
        assert self._views is not None  # noqa: S101 - for the type checker
        return self._views

    def by_words(self, read: Callable[[LexicalView], Read]) -> Read:
        """Read the lexical view, which is healed if that turns out to be impossible."""
        try:
            return read(self.current().lexical)
        except ViewDamagedError as error:
            _LOG.warning("%s It is opened anew.", error.problem)
            self.forget()
            return read(self.current().lexical)

    def sample(self) -> Vectors:
        """An even sample of the vectors of the snapshot that is being read: shape (n, dimension), float32."""
        self.current()
        if self._sampled is None:
            keys = self._database.all_passage_keys()
            sampled = keys[:: max(1, len(keys) // _SAMPLE)]
            self._sampled = self._database.vectors(sampled.tolist(), self._stamp().dimension)
        return self._sampled

    def bring_up(self) -> None:
        """Let saved views that are behind catch up with the database; the caller holds the writer's lock."""
        with self._database.reading():
            stamp = self._stamp()
            if load_saved_snapshot(self._folder, stamp) != stamp.snapshot or not self._load():
                self._use(bring_views_up(self._folder, self._database, stamp, self._regime))

    def build(self) -> None:
        """Make the views anew; the caller holds the writer's lock."""
        with self._database.reading():
            self._use(build_views(self._folder, self._database, self._stamp(), self._regime))

    def forget(self) -> None:
        """Release the views."""
        self._use(None)

    def _load(self) -> bool:
        """Have the views of the snapshot that is being read open, if they are saved or were open before."""
        stamp = self._stamp()
        if self._views is not None and not self._views.usable(stamp):
            self.forget()
        if self._views is not None and self._views.stamp == stamp:
            return True
        if load_saved_snapshot(self._folder, stamp) != stamp.snapshot:
            return False
        found = load_views(self._folder, stamp, self._regime)
        if found is None or found.stamp != stamp:
            return False
        self._use(found)
        return True

    def _use(self, views: Views | None) -> None:
        self._views, self._sampled = views, None

    def _stamp(self) -> Stamp:
        return Stamp.of(self._database.manifest())
