"""The views are made: brought up to what the database says, and published with a commit.

The order of a commit is: write the new views beside the old ones, commit the database, rename one file. A crash
before the commit leaves the old snapshot with the old views; one between the two leaves views that are one
snapshot behind, with a journal from which whoever comes next brings them up.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from search.archive.catalogue import Catalogue
from search.archive.columns import Rows
from search.archive.local import generation
from search.archive.local.columns import FOLDER as COLUMNS
from search.archive.local.columns import save_columns
from search.archive.local.database import Database
from search.archive.local.files import disk_error, failing_clearly, writer_lock
from search.archive.local.generation import Generation
from search.archive.local.lexical import FOLDER as LEXICAL
from search.archive.local.lexical import LexicalView
from search.archive.local.marks import Contents, SegmentMark, Stamp
from search.archive.local.merging import REFUSED, discard, ready
from search.archive.local.segments import SEGMENT_FOLDER, Segment, kept_segments, make_segment, measured
from search.archive.local.vectors import DEFAULT_REGIME, Regime
from search.archive.local.views import Views, load_views, open_views, read_columns, read_views
from search.errors import ViewDamagedError

_LOG = logging.getLogger(__name__)
VIEWS = "views"
"""The entry of the manifest that names the generation of views that was made for it."""

_BATCH = 4_096
_COLUMNS_BATCH = 10_000
_CHANGED_SHARE = 20
"""Columns are saved anew when more than one in so many articles changed since they were."""


def bring_views_up(folder: Path, database: Database, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views:
    """Let the saved views catch up with the database, or build them; the caller holds the writer's lock.

    Views that are damaged or foreign are told of in the log and made anew. Until all is done the old ones stay.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    views, saved = _saved(folder, stamp, regime)
    if views is not None and views.stamp == stamp:
        return views
    return _make(folder, database, stamp, regime, saved)


def _saved(folder: Path, stamp: Stamp, regime: Regime) -> tuple[Views | None, Generation | None]:
    """Open the saved views, and find the generation from which the next is made: what of it is not damaged."""
    try:
        views = read_views(folder, stamp, regime)
    except ViewDamagedError as error:
        _LOG.warning("%s It is made anew from the database; no article is lost.", error.problem)
        try:
            current = generation.read_current(folder, stamp)
            return None, current.sound() if current else None
        except ViewDamagedError:
            return None, None
    return views, views.made if views else None


def prepare_views(
    folder: Path, database: Database, stamp: Stamp, regime: Regime, saved: Generation | None
) -> Generation:
    """Make the views of a state that is yet to be committed, from saved ones or from nothing.

    Returns:
        The generation that `search.archive.local.generation.publish` makes current.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    made = generation.begin(folder, stamp)
    try:
        contents = _make_segments(made, folder, database, stamp, regime, saved)
        _make_lexical(made, database, regime, saved)
        columns = _make_columns(made, database, stamp, regime, saved)
        return generation.seal(made, stamp, replace(contents, columns=columns), saved)
    except BaseException:
        generation.abandon(made)
        raise


def take_up_merged(folder: Path, database: Database, regime: Regime) -> None:
    """Make a generation of the last snapshot with what was merged, if that is ready and the views are up to date.

    Raises:
        ArchiveBusyError: If another process is writing; its next commit takes it up.
        OSError: If it cannot be written; what was there before is left as it was.
    """
    with writer_lock(folder, patience=0), database.reading():
        stamp = Stamp.of(database.manifest())
        saved = load_views(folder, stamp, regime)
        if saved is not None and saved.stamp == stamp and ready(folder, stamp) is not None:
            _make(folder, database, stamp, regime, saved.made)


def build_views(folder: Path, database: Database, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views:
    """Make the views anew, whatever is saved; the caller holds the writer's lock.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    return _make(folder, database, stamp, regime, None)


def _make(folder: Path, database: Database, stamp: Stamp, regime: Regime, saved: Generation | None) -> Views:
    made = prepare_views(folder, database, stamp, regime, saved)
    generation.publish(folder, made.folder)
    discard(folder, made.contents)
    return open_views(made, stamp, regime)


def _make_segments(
    made: Path, folder: Path, database: Database, stamp: Stamp, regime: Regime, saved: Generation | None
) -> Contents:
    """Link the segments that stay and make one of what is new or grows; see `segments.kept_segments`."""
    before = saved.contents if saved else Contents(probes=regime.probes, origin=uuid4().hex)
    merged = ready(folder, stamp) if saved else None
    if merged and (merged.origin != before.origin or merged.mark in before.segments):
        merged = None
    if merged:
        before = merged.into(before)
    new = len(database.passage_keys(before.segments[-1].last + 1 if before.segments else 0))
    kept = kept_segments(before, new, database.count_passages(), regime)
    for mark in before.segments[:kept]:
        place = saved.folder / SEGMENT_FOLDER if saved else made
        if merged and merged.folder and mark == merged.mark and not (place / mark.name).exists():
            place = merged.folder.parent
        generation.inherit(place / mark.name, made / SEGMENT_FOLDER / mark.name)
    contents = replace(before, segments=before.segments[:kept])
    keys = database.passage_keys(before.segments[kept - 1].last + 1 if kept else 0)
    if not len(keys):
        return contents
    like = _listed(saved, before.segments[kept:], stamp.dimension)
    flat = replace(regime, exact_limit=len(keys))
    ours = flat if kept else regime
    segment = make_segment(database, keys, stamp.dimension, ours, like.vectors if like else None)
    if not segment.vectors.exact:
        probes, recall = measured(segment.vectors, regime)
        contents = replace(contents, probes=probes, recall=recall, refused=0)
        if recall < regime.recall_needed:
            _LOG.warning(REFUSED, recall)
            contents = replace(contents, refused=len(keys))
            segment = make_segment(database, keys, stamp.dimension, flat)
    mark = SegmentMark(int(keys[0]), int(keys[-1]), len(keys), segment.vectors.lists)
    segment.save(made / SEGMENT_FOLDER / mark.name)
    return replace(contents, segments=(*contents.segments, mark))


def _listed(saved: Generation | None, marks: Sequence[SegmentMark], dimension: int) -> Segment | None:
    """The one of some segments that has inverted lists, whose centroids can be used again."""
    for mark in marks:
        place = saved.folder / SEGMENT_FOLDER / mark.name if saved else None
        if mark.lists and place and place.exists():
            return Segment.load(place, dimension)
    return None


def _make_lexical(made: Path, database: Database, regime: Regime, saved: Generation | None) -> None:
    kept = saved is not None and any(name.startswith(f"{LEXICAL}/") for name in saved.files)
    before = LexicalView.open(saved.folder) if saved and kept else None
    changed = database.changed_since(saved.snapshot) if saved and before else database.live_article_keys()
    live = database.live_among(changed)
    if before and (len(before) > regime.words_anew or len(live) == len(changed)):
        view = before.descend(made)
        for key in changed.tolist():
            view.remove(key)
    else:
        view = LexicalView.create(made)
        live = database.live_article_keys()
    for begin in range(0, len(live), _BATCH):
        for row in database.words_of(live[begin : begin + _BATCH].tolist()):
            view.add(row)
    view.commit()


def _make_columns(
    made: Path, database: Database, stamp: Stamp, regime: Regime, saved: Generation | None
) -> int | None:
    """Save the columns anew where so much has changed since they were that reading them would take long."""
    since = saved.contents.columns if saved else None
    changed = len(database.changed_since(since)) if since is not None else 0
    articles = int(database.manifest().get("counted_articles", 0))
    if articles < regime.columns_saved:
        return None
    if saved and since is not None and changed * _CHANGED_SHARE <= articles:
        generation.inherit(saved.folder / COLUMNS, made / COLUMNS)
        return since
    known = None
    if saved and since is not None:
        try:
            known = since, read_columns(saved, regime)
        except ViewDamagedError as error:
            _LOG.warning("%s It is made anew from the database.", error.problem)
    save_columns(made, catalogue_of(database, known))
    return stamp.snapshot


def catalogue_of(database: Database, known: tuple[int, Catalogue] | None) -> Catalogue:
    """Make the catalogue of the state that is being read: of an earlier one and what changed since, or anew.

    Args:
        database: In a transaction.
        known: The earlier one and its snapshot.
    """
    if known is not None:
        changed = database.changed_since(known[0]).tolist()
        return known[1].changed(changed, Catalogue.of(database.columns.of(changed))) if changed else known[1]
    keys, catalogue = database.article_keys(), Catalogue.of(Rows((), (), (), ()))
    for begin in range(0, len(keys), _COLUMNS_BATCH):
        rows = database.columns.of(keys[begin : begin + _COLUMNS_BATCH].tolist())
        catalogue = catalogue.changed((), Catalogue.of(rows))
    return catalogue


class Publisher:
    """Makes the views of each commit of one writer; the caller holds the writer's lock throughout."""

    def __init__(self, folder: Path, database: Database, regime: Regime) -> None:
        self._folder = folder
        self._database = database
        self._regime = regime
        self._latest: tuple[Stamp, Generation] | None = None
        self._made: tuple[Stamp, Generation] | None = None

    def prepare(self) -> None:
        """Make the views of what the database says now, before it is committed.

        Raises:
            ArchiveDiskError: If they cannot be written.
        """
        stamp = Stamp.of(self._database.manifest())
        try:
            made = prepare_views(self._folder, self._database, stamp, self._regime, self._saved(stamp))
            self._made = stamp, made
            self._database.set_manifest(**{VIEWS: made.folder.name})
        except OSError as error:
            raise disk_error(self._folder, error) from error

    def publish(self) -> None:
        """Make what was prepared, if anything was, current: its database state is committed."""
        made, self._made = self._made, None
        if made is not None:
            self._latest = made
            with failing_clearly(self._folder):
                generation.publish(self._folder, made[1].folder)
                discard(self._folder, made[1].contents)

    def abandon(self) -> None:
        """Drop what was prepared: it was not committed."""
        made, self._made, self._latest = self._made, None, None
        if made is not None:
            generation.abandon(made[1].folder)

    def _saved(self, stamp: Stamp) -> Generation | None:
        if self._latest is not None and stamp.fits(self._latest[0].as_dict()) and self._latest[1].folder.exists():
            return self._latest[1]
        return _saved(self._folder, stamp, self._regime)[1]
