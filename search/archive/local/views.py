"""The two views together: loaded, brought up to what the database says, published with a commit, and checked.

The order of a commit is: write the new views beside the old ones, commit the database, rename one file. A crash
before the commit leaves the old snapshot with the old views; one between the two leaves views that are one
snapshot behind, with a journal from which whoever comes next brings them up.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from search.archive.columns import Keys
from search.archive.local import generation
from search.archive.local.database import Database
from search.archive.local.files import disk_error, failing_clearly
from search.archive.local.generation import Stamp
from search.archive.local.lexical import LexicalView
from search.archive.local.vectors import DEFAULT_REGIME, Regime, VectorView
from search.errors import ViewDamagedError
from search.models.embedding.embedder import Vectors

_LOG = logging.getLogger(__name__)
VIEWS = "views"
"""The entry of the manifest that names the generation of views that was made for it."""

_BATCH = 4_096
_ATTEMPTS = 10
_SAMPLE = 1_000
_CLOSE_ENOUGH = 0.99


@dataclass(frozen=True, slots=True)
class Views:
    """Both views at one snapshot.

    Attributes:
        vectors: Nearest passages.
        lexical: Passages by their words.
        stamp: Whose they are, and of which snapshot.
    """

    vectors: VectorView
    lexical: LexicalView
    stamp: Stamp

    @property
    def snapshot(self) -> int:
        """The last snapshot whose changes they have."""
        return self.stamp.snapshot

    def usable(self, stamp: Stamp) -> bool:
        """Tell whether they may still be asked: they are of this archive, and nothing happened to their files.

        Costs no more than a look at the files' sizes and times.
        """
        changed = self.lexical.changed_in_place()
        if changed is not None:
            _LOG.warning("%s was changed while it was in use. The index is opened anew.", changed)
        return changed is None and stamp.fits(self.stamp.as_dict())


def load_views(folder: Path, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views | None:
    """Load the saved views, maybe of an earlier snapshot; None if there are none that can be used."""
    try:
        return read_views(folder, stamp, regime)
    except ViewDamagedError:
        return None


def read_views(folder: Path, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views | None:
    """Read the saved views, every file of them, as `load_views` does, which asks no questions.

    None if there are none, or they are of another model, format or line of snapshots.

    Raises:
        ViewDamagedError: If they are not as they were saved, or come from elsewhere.
    """
    for _ in range(_ATTEMPTS):
        current = generation.read_current(folder, stamp)
        if current is None:
            return None
        try:
            return _read(current, stamp, regime)
        except ViewDamagedError:
            if generation.read_current(folder, stamp) == current:  # it was not replaced by another process
                raise
    raise ViewDamagedError(f"The index in {folder} is replaced faster than it can be read.")


def load_prepared_views(folder: Path, name: str, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views | None:
    """Load views that a writer has ready and is yet to publish; None if it has published them, or they cannot be.

    Args:
        folder: Of the archive.
        name: Of their generation, as the manifest of the snapshot gives it.
        stamp: Of the snapshot.
        regime: How they are searched.
    """
    try:
        sealed = generation.read_sealed(folder, name, stamp)
        return _read(sealed, stamp, regime) if sealed and sealed.snapshot == stamp.snapshot else None
    except ViewDamagedError:
        return None


def load_saved_snapshot(folder: Path, stamp: Stamp) -> int | None:
    """Tell which snapshot the saved views claim to reflect, without opening them; None if they are of no use."""
    try:
        current = generation.read_current(folder, stamp)
    except ViewDamagedError:
        return None
    return current.snapshot if current else None


def bring_views_up(folder: Path, database: Database, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views:
    """Let the saved views catch up with the database, or build them; the caller holds the writer's lock.

    Views that are damaged or foreign are told of in the log and made anew. Until all is done the old ones stay.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    try:
        saved = read_views(folder, stamp, regime)
    except ViewDamagedError as error:
        _LOG.warning("%s The index is made anew from the database; no article is lost.", error.problem)
        saved = None
    if saved is not None and saved.stamp == stamp and not saved.vectors.outgrown:
        return saved
    return _make(folder, database, stamp, regime, saved)


def prepare_views(
    folder: Path, database: Database, stamp: Stamp, regime: Regime, saved: Views | None
) -> tuple[Views, Path]:
    """Make the views of a state that is yet to be committed, from `saved`, which must not be used any more.

    Returns:
        The views, and the generation that `search.archive.local.generation.publish` makes current.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    made = generation.begin(folder, stamp)
    try:
        vectors = _vectors_up(saved, database, stamp, regime)
        vectors.save(made)
        lexical = _lexical_up(saved, made, database, regime)
        generation.seal(made, stamp, exact=vectors.exact)
    except BaseException:
        generation.abandon(made)
        raise
    return Views(vectors, lexical, stamp), made


def build_views(folder: Path, database: Database, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views:
    """Make the views anew, whatever is saved; the caller holds the writer's lock.

    Raises:
        OSError: If they cannot be written; what was there before is left as it was.
    """
    return _make(folder, database, stamp, regime, None)


def _read(current: generation.Generation, stamp: Stamp, regime: Regime) -> Views:
    known = generation.identities(current.folder)
    current.verify()
    vectors = VectorView.load(current.folder, stamp.dimension, exact=current.exact, regime=regime)
    lexical = LexicalView.open(current.folder)
    if changed := generation.changed_in_place(known):
        raise ViewDamagedError(f"{changed} was changed while it was opened.")
    return Views(vectors, lexical, replace(stamp, snapshot=current.snapshot))


def _make(folder: Path, database: Database, stamp: Stamp, regime: Regime, saved: Views | None) -> Views:
    views, made = prepare_views(folder, database, stamp, regime, saved)
    generation.publish(folder, made)
    return views


def _vectors_up(saved: Views | None, database: Database, stamp: Stamp, regime: Regime) -> VectorView:
    stored = database.all_passage_keys()
    if saved is not None:
        view = saved.vectors
        known = view.keys()
        view.remove(np.setdiff1d(known, stored))
        for keys, vectors in _batches(database, np.setdiff1d(stored, known), stamp.dimension):
            view.add(keys, vectors)
        if not view.outgrown and len(view) == len(stored):
            return view
    return VectorView.build(stamp.dimension, len(stored), _batches(database, stored, stamp.dimension), regime)


def _lexical_up(saved: Views | None, made: Path, database: Database, regime: Regime) -> LexicalView:
    stored = database.all_article_keys()
    changed = database.changed_since(saved.snapshot) if saved else stored
    if saved and (len(saved.lexical) > regime.words_anew or not len(np.setdiff1d(changed, stored))):
        view = saved.lexical.descend(made)
        for key in changed.tolist():
            view.remove(key)
    else:
        view = LexicalView.create(made)
        changed = stored
    changed = np.intersect1d(changed, stored)
    for begin in range(0, len(changed), _BATCH):
        for key, article in database.articles(changed[begin : begin + _BATCH].tolist()).items():
            view.add(key, article, database.passages_of(key))
    view.commit()
    return view


def _batches(database: Database, keys: Keys, dimension: int) -> Iterator[tuple[Keys, Vectors]]:
    for begin in range(0, len(keys), _BATCH):
        part = keys[begin : begin + _BATCH]
        yield part, database.vectors(part.tolist(), dimension)


class Publisher:
    """Makes the views of each commit of one writer; the caller holds the writer's lock throughout."""

    def __init__(self, folder: Path, database: Database, regime: Regime) -> None:
        self._folder = folder
        self._database = database
        self._regime = regime
        self._latest: Views | None = None
        self._made: Path | None = None

    def prepare(self) -> None:
        """Make the views of what the database says now, before it is committed.

        Raises:
            ArchiveDiskError: If they cannot be written.
        """
        stamp = Stamp.of(self._database.manifest())
        saved, self._latest = self._latest, None  # it is changed in place, so that it is of no use after a failure
        try:
            if saved is None or not stamp.fits(saved.stamp.as_dict()):
                saved = self._saved(stamp)
            self._latest, self._made = prepare_views(self._folder, self._database, stamp, self._regime, saved)
            self._database.set_manifest(**{VIEWS: self._made.name})
        except OSError as error:
            raise disk_error(self._folder, error) from error

    def publish(self) -> None:
        """Make what was prepared, if anything was, current: its database state is committed."""
        made, self._made = self._made, None
        if made is not None:
            with failing_clearly(self._folder):
                generation.publish(self._folder, made)

    def abandon(self) -> None:
        """Drop what was prepared: it was not committed."""
        made, self._made, self._latest = self._made, None, None
        if made is not None:
            generation.abandon(made)

    def _saved(self, stamp: Stamp) -> Views | None:
        try:
            return read_views(self._folder, stamp, self._regime)
        except ViewDamagedError as error:
            _LOG.warning("%s The index is made anew from the database; no article is lost.", error.problem)
            return None


@dataclass(frozen=True, slots=True)
class ViewReport:
    """What a check of the saved views found.

    Attributes:
        snapshot: The snapshot that they reflect; None if there are none that can be used.
        behind: How many snapshots they have yet to catch up with, which they do when the archive is next asked or
            written to. What is in them was then not compared with the database.
        vectors: How many vectors were compared with the stored ones.
        problems: What is wrong, a sentence each; making the views anew mends all of it.
    """

    snapshot: int | None
    behind: int = 0
    vectors: int = 0
    problems: tuple[str, ...] = ()


def check_views(
    folder: Path, database: Database, stamp: Stamp, regime: Regime = DEFAULT_REGIME, *, sample: int = _SAMPLE
) -> ViewReport:
    """Check the saved views: stamp, checksum of every file, keys on both sides, a sample of the vectors.

    Args:
        folder: Of the archive.
        database: The truth; what is read of it has to belong to the stamp's snapshot.
        stamp: Whose the views have to be, and of which snapshot.
        regime: What the archive was opened with.
        sample: How many vectors are compared, taken evenly.
    """
    try:
        views = read_views(folder, stamp, regime)
    except ViewDamagedError as error:
        return ViewReport(None, problems=(error.problem,))
    if views is None:
        return ViewReport(None)
    if views.snapshot != stamp.snapshot:
        return ViewReport(views.snapshot, stamp.snapshot - views.snapshot)
    try:
        keys = database.all_passage_keys()
        problems = _compare_keys(views, database, keys)
        sampled = np.intersect1d(keys[:: max(1, len(keys) // sample)][:sample], views.vectors.keys())
        if wrong := _count_wrong(views, database, sampled, stamp.dimension):
            problems.append(
                f"{wrong} of {len(sampled)} vectors that were looked at are not those of the database."
            )
    except ViewDamagedError as error:
        return ViewReport(views.snapshot, problems=(error.problem,))
    return ViewReport(views.snapshot, vectors=len(sampled), problems=tuple(problems))


def _compare_keys(views: Views, database: Database, passages: Keys) -> list[str]:
    by_words, articles_of = views.lexical.keys()
    expected = database.article_keys_of_passages()
    problems = [
        *_differences("vectors", "passages", views.vectors.keys(), passages),
        *_differences("passages' words", "passages", by_words, passages),
    ]
    pairs = zip(by_words.tolist(), articles_of.tolist(), strict=True)
    if strangers := sum(expected.get(passage, article) != article for passage, article in pairs):
        problems.append(f"The view of words has {strangers} passages under articles that they are not of.")
    return problems


def _differences(view: str, things: str, found: Keys, expected: Keys) -> list[str]:
    counts = {
        "lacks {}": len(np.setdiff1d(expected, found)),
        "has {} that the database does not have": len(np.setdiff1d(found, expected)),
        "has {} twice": len(found) - len(np.unique(found)),
    }
    return [f"The view of {view} {what.format(f'{count} {things}')}." for what, count in counts.items() if count]


def _count_wrong(views: Views, database: Database, keys: Keys, dimension: int) -> int:
    """Count the vectors that are not what the index makes of the stored ones.

    They are equal, but for the rare one that lies between two inverted lists, which rounding may put in either.
    """
    expected = views.vectors.as_kept(database.vectors(keys.tolist(), dimension))
    found = views.vectors.decoded(keys)
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    cosines = (found * expected).sum(axis=1) / np.maximum(lengths, np.finfo(np.float32).tiny)
    differ = (found != expected).any(axis=1)
    return int((differ & (views.vectors.exact | (cosines < _CLOSE_ENOUGH))).sum())
