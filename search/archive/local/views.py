"""The views together, as they are saved: opened, and checked, in passing or thoroughly."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from search.archive.catalogue import Catalogue
from search.archive.columns import Keys
from search.archive.local import generation
from search.archive.local.columns import NAME as COLUMNS
from search.archive.local.columns import load_columns
from search.archive.local.database import Database
from search.archive.local.generation import Generation
from search.archive.local.lexical import LexicalView
from search.archive.local.marks import Identity, Stamp
from search.archive.local.segments import SEGMENT_FOLDER, Segment, Segments
from search.archive.local.vectors import DEFAULT_REGIME, Regime
from search.errors import ViewDamagedError

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 10
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Views:
    """All views at one snapshot.

    Attributes:
        segments: Vectors and terms of passages.
        lexical: Passages by their words.
        stamp: Whose they are, and of which snapshot.
        made: Their generation.
        known: The identity of each of their files.
        unverified: The files that are yet to be compared with what was saved; see `generation`.
    """

    segments: Segments
    lexical: LexicalView
    stamp: Stamp
    made: Generation = field(repr=False)
    known: dict[Path, Identity] = field(repr=False)
    unverified: tuple[str, ...] = ()

    @property
    def snapshot(self) -> int:
        """The last snapshot whose changes they have."""
        return self.stamp.snapshot

    def usable(self, stamp: Stamp) -> bool:
        """Tell whether they may still be asked: they are of this archive, and nothing happened to their files.

        Costs no more than a look at the files' sizes and times.
        """
        changed = generation.changed_in_place(self.known)
        if changed is not None:
            _LOG.warning("%s was changed while it was in use. The index is opened anew.", changed)
        return changed is None and stamp.fits(self.stamp.as_dict())


def load_views(folder: Path, stamp: Stamp, regime: Regime = DEFAULT_REGIME) -> Views | None:
    """Load the saved views, maybe of an earlier snapshot; None if there are none that can be used."""
    try:
        return read_views(folder, stamp, regime)
    except ViewDamagedError:
        return None


def read_views(
    folder: Path, stamp: Stamp, regime: Regime = DEFAULT_REGIME, *, thorough: bool = False
) -> Views | None:
    """Open the saved views as `load_views` does, which asks no questions.

    None if there are none, or they are of another model, format or line of snapshots.

    Args:
        folder: Of the archive.
        stamp: Whose they have to be.
        regime: How they are searched.
        thorough: Whether to read every file, or only those that are not known to be as they were saved.

    Raises:
        ViewDamagedError: If they are not as they were saved, or come from elsewhere.
    """
    for _ in range(_ATTEMPTS):
        current = generation.read_current(folder, stamp)
        if current is None:
            return None
        try:
            return open_views(current, stamp, regime, thorough=thorough)
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
        return open_views(sealed, stamp, regime) if sealed and sealed.snapshot == stamp.snapshot else None
    except ViewDamagedError:
        return None


def load_saved_snapshot(folder: Path, stamp: Stamp) -> int | None:
    """Tell which snapshot the saved views claim to reflect, without opening them; None if they are of no use."""
    try:
        current = generation.read_current(folder, stamp)
    except ViewDamagedError:
        return None
    return current.snapshot if current else None


def described(folder: Path, stamp: Stamp) -> tuple[bool, float]:
    """Tell whether the saved views are known to be as they were saved, and what share of the nearest they find."""
    try:
        current = generation.read_current(folder, stamp)
        if current is None:
            return True, 1.0
        return not current.unverified(generation.identities(current.folder)), current.contents.found
    except ViewDamagedError:
        return False, 1.0


def load_saved_columns(
    folder: Path, stamp: Stamp, regime: Regime = DEFAULT_REGIME
) -> tuple[int, Catalogue] | None:
    """Load the columns saved with the views, and tell of which snapshot they are; None if none can be used."""
    try:
        current = generation.read_current(folder, stamp)
        if current is None or current.contents.columns is None:
            return None
        return current.contents.columns, read_columns(current, regime)
    except ViewDamagedError:
        return None


def open_views(current: Generation, stamp: Stamp, regime: Regime, *, thorough: bool = False) -> Views:
    """Open a generation.

    Raises:
        ViewDamagedError: If it is not as it was saved.
    """
    known = generation.identities(current.folder)
    unverified = current.unverified(known)
    if thorough:
        unverified = sorted(current.files)
    sizes = {path.relative_to(current.folder).as_posix(): size for path, (*_, size, _) in known.items()}
    if unverified and (thorough or sum(sizes[name] for name in unverified) <= regime.verified_first):
        current.verify(unverified)
        current.note_verified(known)
        unverified = []
    contents = current.contents
    parts = [
        Segment.load(current.folder / SEGMENT_FOLDER / mark.name, stamp.dimension) for mark in contents.segments
    ]
    segments = Segments(parts, stamp.dimension, regime, contents.probes)
    lexical = LexicalView.open(current.folder)
    if changed := generation.changed_in_place(known):
        raise ViewDamagedError(f"{changed} was changed while it was opened.")
    snapshot = replace(stamp, snapshot=current.snapshot)
    return Views(segments, lexical, snapshot, current, known, tuple(unverified))


def read_columns(current: Generation, regime: Regime) -> Catalogue:
    """Map the columns saved in a generation.

    Raises:
        ViewDamagedError: If they are not as they were saved.
    """
    known = generation.identities(current.folder)
    if COLUMNS in current.unverified(known) and known[current.folder / COLUMNS][2] <= regime.verified_first:
        current.verify([COLUMNS])
    return load_columns(current.folder / COLUMNS)


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
        views = read_views(folder, stamp, regime, thorough=True)
    except ViewDamagedError as error:
        return ViewReport(None, problems=(error.problem,))
    if views is None:
        return ViewReport(None)
    if views.snapshot != stamp.snapshot:
        return ViewReport(views.snapshot, stamp.snapshot - views.snapshot)
    try:
        articles = database.live_passages()
        keys: Keys = np.fromiter(articles, np.int64, len(articles))
        problems = _compare_keys(views, database, keys, articles)
        sampled = np.intersect1d(keys[:: max(1, len(keys) // sample)][:sample], views.segments.keys)
        found, expected = views.segments.vectors(sampled), database.vectors(sampled.tolist(), stamp.dimension)
        if wrong := int((found != expected).any(axis=1).sum()):
            problems.append(
                f"{wrong} of {len(sampled)} vectors that were looked at are not those of the database."
            )
    except ViewDamagedError as error:
        return ViewReport(views.snapshot, problems=(error.problem,))
    return ViewReport(views.snapshot, vectors=len(sampled), problems=tuple(problems))


def _compare_keys(views: Views, database: Database, passages: Keys, articles: Mapping[int, int]) -> list[str]:
    by_words, articles_of = views.lexical.keys()
    stored, held = database.passage_keys(0), views.segments.keys
    # What went since a segment was made is still in it, under a key that is never used again.
    held = held[np.isin(held, stored) | (held > database.last_passage_key())]
    problems = [
        *_differences("vectors", "passages", held, stored),
        *_differences("passages' words", "passages", by_words, passages),
    ]
    pairs = zip(by_words.tolist(), articles_of.tolist(), strict=True)
    if strangers := sum(articles.get(passage, article) != article for passage, article in pairs):
        problems.append(f"The view of words has {strangers} passages under articles that they are not of.")
    return problems


def _differences(view: str, things: str, found: Keys, expected: Keys) -> list[str]:
    counts = {
        "lacks {}": len(np.setdiff1d(expected, found)),
        "has {} that the database does not have": len(np.setdiff1d(found, expected)),
        "has {} twice": len(found) - len(np.unique(found)),
    }
    return [f"The view of {view} {what.format(f'{count} {things}')}." for what, count in counts.items() if count]
