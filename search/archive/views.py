"""The two views together: load them, or bring them up to what the database says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.archive.database import Database, Keys
from search.archive.lexical import LexicalView
from search.archive.stamp import Stamp
from search.archive.vectors import VectorView
from search.embedding.embedder import Vectors

_LEXICAL_FOLDER = "lexical"
_BATCH = 4_096
_BUILT_ANEW = 20_000


@dataclass(frozen=True, slots=True)
class Views:
    """Both views at one snapshot."""

    vectors: VectorView
    lexical: LexicalView
    snapshot: int


def load_views(folder: Path, stamp: Stamp) -> Views | None:
    """Load the saved views, maybe of an earlier snapshot; None unless both are there and of the same one."""
    vectors = VectorView.load(folder, stamp)
    lexical = LexicalView.open(folder / _LEXICAL_FOLDER, stamp)
    if vectors and lexical and vectors[1] == lexical[1]:
        return Views(vectors[0], lexical[0], vectors[1])
    return None


def load_saved_snapshot(folder: Path, stamp: Stamp) -> int | None:
    """Tell which snapshot the saved lexical view, written last, claims to reflect, without opening it."""
    return LexicalView.saved_snapshot(folder / _LEXICAL_FOLDER, stamp)


def bring_views_up(folder: Path, database: Database, stamp: Stamp) -> Views:
    """Let the saved views catch up with the database, or build them; the caller holds the writer's lock."""
    return Views(
        _vectors_up(folder, database, stamp),
        _lexical_up(folder / _LEXICAL_FOLDER, database, stamp),
        stamp.snapshot,
    )


def discard_views(folder: Path) -> None:
    """Make the saved views invalid, so that they are built anew."""
    VectorView.discard(folder)
    LexicalView.discard(folder / _LEXICAL_FOLDER)


def _vectors_up(folder: Path, database: Database, stamp: Stamp) -> VectorView:
    stored = database.all_passage_keys()
    loaded = VectorView.load(folder, stamp)
    if loaded is not None:
        view = loaded[0]
        known = view.keys()
        view.remove(np.setdiff1d(known, stored))
        for keys, vectors in _batches(database, np.setdiff1d(stored, known), stamp.dimension):
            view.add(keys, vectors)
    if loaded is None or view.outgrown or len(view) != len(stored):
        view = VectorView.build(stamp.dimension, len(stored), _batches(database, stored, stamp.dimension))
    view.save(folder, stamp)
    return view


def _lexical_up(folder: Path, database: Database, stamp: Stamp) -> LexicalView:
    opened = LexicalView.open(folder, stamp)
    changed = database.changed_since(opened[1]) if opened else database.all_article_keys()
    # Tantivy counts deleted texts in its statistics until it merges, so a small view is rather built anew.
    if opened and (len(opened[0]) > _BUILT_ANEW or not _any_gone(database, changed)):
        view = opened[0]
        for key in changed.tolist():
            view.remove(key)
    else:
        view = LexicalView.create(folder)
        changed = database.all_article_keys()
    changed = np.intersect1d(changed, database.all_article_keys())
    for begin in range(0, len(changed), _BATCH):
        for key, article in database.articles(changed[begin : begin + _BATCH].tolist()).items():
            view.add(key, article, database.passages_of(key))
    view.commit(stamp)
    return view


def _any_gone(database: Database, articles: Keys) -> bool:
    return len(np.setdiff1d(articles, database.all_article_keys())) > 0


def _batches(database: Database, keys: Keys, dimension: int) -> Iterator[tuple[Keys, Vectors]]:
    for begin in range(0, len(keys), _BATCH):
        part = keys[begin : begin + _BATCH]
        yield part, database.vectors(part.tolist(), dimension)
