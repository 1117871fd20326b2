"""What the snapshots of one number share: views, catalogue and a sample of vectors, which never change.

Whoever asks never mixes two commits: it begins a read transaction, which fixes what the database says, and takes
the parts of that very snapshot. If the saved views are not of it, a writer is between committing and publishing or
ended there. Whoever asks then brings the views up itself if the writer's place is free, and else takes those that
the writer has ready.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from search.archive.catalogue import MOST_SCOPES, Catalogue, Regroup
from search.archive.local import generation
from search.archive.local.database import Database
from search.archive.local.files import naming_the_disk, writer_lock
from search.archive.local.marks import Identity, Stamp
from search.archive.local.publisher import VIEWS, bring_views_up, build_views, catalogue_of
from search.archive.local.scoped_views import ScopedViews
from search.archive.local.vectors import Regime
from search.archive.local.views import (
    Views,
    load_prepared_views,
    load_saved_columns,
    load_saved_snapshot,
    load_views,
)
from search.archive.scope import Scope
from search.errors import ArchiveBusyError, ViewDamagedError

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Parts:
    """What is searched at one snapshot.

    Attributes:
        stamp: Which one.
        views: The indexes.
        whole: All that is stored, with the indexes.
        verified: Set when no file of the views is yet to be compared with what was saved.
    """

    stamp: Stamp
    views: Views
    whole: ScopedViews
    verified: threading.Event
    _scoped: dict[int, ScopedViews] = field(default_factory=dict, repr=False)

    def within(self, scope: Scope, regroup: Regroup) -> ScopedViews:
        """What lies inside of a scope, made when it is first asked for; arguments as of `Catalogue.within`."""
        catalogue = self.whole.catalogue.within(scope, regroup)
        if catalogue is self.whole.catalogue:
            return self.whole
        inside = self._scoped.get(id(catalogue))
        if inside is None:
            # It holds the catalogue, so that no other has its number.
            self._scoped[id(catalogue)] = inside = ScopedViews(catalogue, self.views)
            for oldest in list(self._scoped)[:-MOST_SCOPES]:
                self._scoped.pop(oldest, None)
        return inside


class Shelf:
    """Keeps the parts of the last snapshot that was asked for. Safe to share between threads."""

    def __init__(self, folder: Path, regime: Regime, check_in_place: Callable[[], None]) -> None:
        """Keep parts of the archive in a folder; `check_in_place` refuses to change it where there is another."""
        self._folder = folder
        self._check_in_place = check_in_place
        self._regime = regime
        self._guard = threading.Lock()
        self._loading: dict[Stamp, tuple[threading.Lock, int]] = {}
        self._parts: Parts | None = None
        self._catalogue: tuple[Stamp, Catalogue] | None = None
        self._current: Identity | None = None

    @property
    def verified(self) -> bool | None:
        """Whether no file of the parts that are kept is yet to be compared; None while there are none."""
        with self._guard:
            parts = self._parts
        return parts.verified.is_set() if parts else None

    @contextmanager
    def pinned(self, database: Database) -> Iterator[tuple[Mapping[str, str], Parts]]:
        """Begin a read transaction; gives the manifest of its snapshot, and the parts.

        Raises:
            ArchiveBusyError: If the views stay behind because another process keeps the writer's place, or another
                archive has taken the place of this one.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        is_busy = False
        while True:
            with database.reading():
                manifest = database.manifest()
                parts = self._parts_of(database, manifest, prepared=is_busy)
                if parts is not None:
                    yield manifest, parts
                    return
            self._check_in_place()
            try:
                with naming_the_disk(self._folder), writer_lock(self._folder, patience=0):
                    self.bring_up(database)
            except ArchiveBusyError:
                if time.monotonic() > deadline:
                    raise
                if is_busy:
                    time.sleep(_POLL_SECONDS)
                is_busy = True

    @contextmanager
    def columns(self, database: Database) -> Iterator[Catalogue]:
        """Begin a read transaction and take the catalogue of its snapshot alone; no index is opened for it."""
        with database.reading():
            stamp = Stamp.of(database.manifest())
            with self._alone(stamp):
                catalogue = self._catalogue_of(database, stamp)
            yield catalogue

    def bring_up(self, database: Database) -> None:
        """Let saved views that are behind catch up with the database; the caller holds the writer's lock.

        Raises:
            ArchiveBusyError: If another archive has taken the place of this one.
        """
        self._check_in_place()
        with database.reading():
            manifest = database.manifest()
            stamp = Stamp.of(manifest)
            saved = load_saved_snapshot(self._folder, stamp)
            if saved != stamp.snapshot or self._parts_of(database, manifest) is None:
                self._put(database, stamp, bring_views_up(self._folder, database, stamp, self._regime))

    def build(self, database: Database) -> None:
        """Make the views anew; the caller holds the writer's lock."""
        with database.reading():
            stamp = Stamp.of(database.manifest())
            self._put(database, stamp, build_views(self._folder, database, stamp, self._regime))

    def current(self, database: Database) -> Parts:
        """The parts of the snapshot that is being read; healed if they are damaged.

        Raises:
            ArchiveBusyError: If they cannot be had because another process is writing.
        """
        manifest = database.manifest()
        parts = self._parts_of(database, manifest)
        if parts is None:
            with writer_lock(self._folder, patience=0):
                self.bring_up(database)
            parts = self._parts_of(database, manifest)
        assert parts is not None  # noqa: S101 - the writer's place was held
        return parts

    def drop_damaged(self) -> None:
        """Remove what is damaged of the parts, so that it is made anew when they are next loaded."""
        parts = self._parts
        if parts is not None:
            parts.views.made.drop_damaged()
        self.forget()

    def forget(self) -> None:
        """Release the parts; who holds them keeps them."""
        with self._guard:
            self._parts, self._catalogue = None, None

    def _parts_of(
        self, database: Database, manifest: Mapping[str, str], *, prepared: bool = False
    ) -> Parts | None:
        """The parts of the snapshot that is being read, if its views are saved or were taken before.

        Those who want the same parts wait for the first of them to load them, and nobody else does.

        Args:
            database: In a read transaction.
            manifest: As it reads there.
            prepared: Whether views will do that are ready and are yet to be published.
        """
        stamp = Stamp.of(manifest)
        if parts := self._taken(stamp):
            return parts
        with self._alone(stamp):
            if parts := self._taken(stamp):
                return parts
            views = None
            if load_saved_snapshot(self._folder, stamp) == stamp.snapshot:
                views = load_views(self._folder, stamp, self._regime)
            elif prepared:
                views = load_prepared_views(self._folder, manifest.get(VIEWS, ""), stamp, self._regime)
            if views is None or views.stamp != stamp:
                return None
            return self._put(database, stamp, views)

    def _taken(self, stamp: Stamp) -> Parts | None:
        parts = self._parts
        if parts is None or parts.stamp != stamp or not parts.views.usable(stamp) or self._replaced(parts):
            return None
        return parts

    def _replaced(self, parts: Parts) -> bool:
        """Whether another generation of the same snapshot is current now: its segments were merged."""
        identity = generation.current_identity(self._folder)
        if identity == self._current:
            return False
        try:
            current = generation.read_current(self._folder, parts.stamp)
        except ViewDamagedError:
            current = None
        made = parts.views.made
        if current is not None and current.snapshot == made.snapshot and current.folder != made.folder:
            return True
        self._current = identity
        return False

    def _is_current(self, views: Views) -> bool:
        """Whether the saved views are these, and not those of a later commit."""
        try:
            current = generation.read_current(self._folder, views.stamp)
        except ViewDamagedError:
            return views.made.folder.exists()
        return current is not None and current.folder == views.made.folder

    @contextmanager
    def _alone(self, stamp: Stamp) -> Iterator[None]:
        """Be the only one who loads what belongs to a stamp."""
        with self._guard:
            lock, waiting = self._loading.get(stamp, (threading.Lock(), 0))
            self._loading[stamp] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._loading.pop(stamp)
                if waiting > 1:
                    self._loading[stamp] = lock, waiting - 1

    def _put(self, database: Database, stamp: Stamp, views: Views) -> Parts:
        whole = ScopedViews(self._catalogue_of(database, stamp), views)
        _ = whole.sample  # made here once, and not by the first who ask, each for himself
        parts = Parts(stamp, views, whole, threading.Event())
        if views.unverified:
            threading.Thread(target=self._verify, args=(parts,), name="dateline-verifying", daemon=True).start()
        else:
            parts.verified.set()
        with self._guard:
            if self._parts is None or not _is_later(self._parts.stamp, stamp):
                self._parts = parts
        return parts

    def _verify(self, parts: Parts) -> None:
        """Read what is yet to be compared with what was saved; what is damaged is not used any more.

        Where a commit, or another archive, has taken its place meanwhile, its files are gone and none is damaged.
        """
        views = parts.views
        for name in views.made.drop_damaged(views.unverified):
            if not self._is_current(views):
                return
            self.forget()
            _LOG.warning(
                "%s is not as it was saved. What was answered since the archive was opened may lack passages.",
                views.made.folder / name,
            )
            return
        views.made.note_verified(views.known)
        parts.verified.set()

    def _catalogue_of(self, database: Database, stamp: Stamp) -> Catalogue:
        """The catalogue of the snapshot that is being read: of the last one and what changed since, or anew."""
        last, known = self._catalogue, None
        if last is not None and last[0] == stamp:
            return last[1]
        if last is not None and _is_later(stamp, last[0]):
            known = last[0].snapshot, last[1]
        catalogue = catalogue_of(database, known or load_saved_columns(self._folder, stamp, self._regime))
        with self._guard:
            if self._catalogue is None or not _is_later(self._catalogue[0], stamp):
                self._catalogue = stamp, catalogue
        return catalogue


def _is_later(one: Stamp, other: Stamp) -> bool:
    """Whether one stamp is of a later snapshot than the other, in one line of them."""
    return one.fits(other.as_dict()) and one.snapshot > other.snapshot
