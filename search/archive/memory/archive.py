"""An archive in memory: its state, snapshots that look through it whole, and the one writer that replaces it."""

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Self
from uuid import uuid4

import numpy as np

from search.archive.engines import CataloguedSnapshot, OpenArchive, sampled, writing_alone
from search.archive.liveness import superseded_by, withdrawal_of
from search.archive.memory.state import State, StoredArticle
from search.archive.memory.writer import MemoryWriter
from search.archive.records import (
    MOST_COPIES,
    ArchiveCard,
    Candidates,
    Dossier,
    Frequencies,
    Passage,
    Query,
    Remembered,
    Retrieved,
)
from search.archive.scope import PUBLISHED, Scope
from search.archive.scoring import Scoring, cosines, term_number
from search.filters import Filter
from search.models.embedding.embedder import ModelCard, Vectors

_SCHEMA_VERSION = 1
_PATIENCE_SECONDS = 2.0


class MemorySnapshot(CataloguedSnapshot):
    """A `search.archive.protocol.Snapshot`; see there."""

    def __init__(self, state: State, scope: Scope = PUBLISHED) -> None:
        """Show what a scope holds of a state that nobody changes any more."""
        super().__init__(state.catalogue.within(scope, state.families_among))
        self._state = state

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        return self._state.number

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        return self._state.card

    @property
    def sample(self) -> Vectors:
        """An even sample of the vectors; see `Snapshot.sample`."""
        return self._state.vectors[sampled(np.flatnonzero(self._catalogue.live_passages))]

    def candidates(self, query: Query, k: int, condition: Filter) -> Candidates:
        """Find the k closest and the k best by words; see `Snapshot.candidates`."""
        rows = np.flatnonzero(self._catalogue.passing(condition))
        if query.vector is None:
            measured = np.zeros(len(rows), dtype=np.float32)
        else:
            measured = cosines(self._state.vectors[rows], query.vector)
        closest = np.lexsort((rows, -measured))[:k] if query.near and query.vector is not None else ()
        near = set(rows[list(closest)].tolist())
        numbers = [term_number(term) for term in query.terms]
        scoring = Scoring(query.terms, self.rarity(query.terms, condition.as_of))
        found, scores = {}, {}
        for row, cosine in zip(rows.tolist(), measured.tolist(), strict=True):
            one = self._retrieved(row, cosine, numbers)
            if row in near or any(one.counts):
                found[row] = one
            if query.by_words and any(one.counts):
                scores[row] = scoring.of_passage(one)
        worded = set(sorted(scores, key=lambda row: (-scores[row], row))[:k])
        return Candidates(
            tuple(
                replace(one, near=row in near, has_words=row in worded)
                for row, one in found.items()
                if row in near or row in worded
            ),
            len(rows),
        )

    def rarity(self, terms: Iterable[str], as_of: date | None = None) -> Frequencies:
        """Tell in how many passages and articles terms stand; see `Snapshot.rarity`."""
        return self._state.frequencies(terms, self._catalogue, as_of)

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id; see `Snapshot.read`."""
        seen, articles = self._catalogue.row_of, self._state.articles
        return {id_: self._dossier(articles[id_], as_of) for id_ in ids if id_ in seen}

    def vectors(self, ids: Collection[str]) -> dict[str, Vectors]:
        """Read the vectors of articles; see `Snapshot.vectors`."""
        seen, articles = self._catalogue.row_of, self._state.articles
        return {id_: articles[id_].vectors.astype(np.float32) for id_ in ids if id_ in seen}

    def remembered(self) -> Remembered:
        """Read what is remembered beside articles; see `Snapshot.remembered`."""
        state = self._state
        return Remembered(
            tuple(state.withdrawals.values()),
            tuple(state.inputs.values()),
            {path: frozenset(ids) for path, ids in state.holdings.items() if ids},
            state.pruned_before,
        )

    def changes(self, since: int) -> list[str]:
        """List the ids of the articles that changed after a snapshot, in order."""
        return self._seen(sorted(id_ for id_, number in self._state.changes.items() if number > since))

    def _retrieved(self, row: int, cosine: float, numbers: list[int]) -> Retrieved:
        catalogue = self._catalogue
        article = int(catalogue.article_of[row])
        own, whole = self._state.counted[row]
        start, end = int(catalogue.passages.start[row]), int(catalogue.passages.stop[row])
        return Retrieved(
            passage=Passage(catalogue.articles.id[article], start, end),
            cosine=cosine,
            near=False,
            has_words=False,
            counts=own.look_up(numbers),
            length=own.length,
            article_counts=whole.look_up(numbers),
            article_length=whole.length,
            published=catalogue.published(article),
            family=catalogue.family_name(article),
        )

    def _dossier(self, stored: StoredArticle, as_of: date | None) -> Dossier:
        catalogue = self._catalogue
        kin = catalogue.family_rows(catalogue.row_of[stored.article.id], as_of)[:MOST_COPIES]
        return replace(
            stored.dossier,
            likeness=None,
            withdrawal=withdrawal_of(stored.article, self._state),
            superseded_by=self._named(superseded_by(stored.article, self._state)),
            copies=tuple(self._state.articles[catalogue.articles.id[row]].article for row in kin.tolist()),
        )


class MemoryArchive(OpenArchive):
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

    @property
    def card(self) -> ArchiveCard:
        """What it is, as of the last commit."""
        return self._state.card

    @contextmanager
    def snapshot(self, scope: Scope | None = None) -> Iterator[MemorySnapshot]:
        """Hold the last committed state; see `Archive.snapshot`."""
        yield MemorySnapshot(self._state, scope or PUBLISHED)

    @contextmanager
    def write(self) -> Iterator[MemoryWriter]:
        """Become the archive's one writer; see `Archive.write`."""
        with writing_alone(self._writing, self._patience, "memory"):
            yield MemoryWriter(self._state, self._become)

    def _become(self, state: State) -> None:
        self._state = state
