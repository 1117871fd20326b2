"""Saved views are checked against the database, thoroughly."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.archive.columns import Keys
from search.archive.local.database import Database
from search.archive.local.marks import Stamp
from search.archive.local.vectors import DEFAULT_REGIME, Regime
from search.archive.local.views import Views, read_views
from search.errors import ViewDamagedError

_SAMPLE = 1_000


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
