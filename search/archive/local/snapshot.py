"""One committed state of an archive on this machine: one connection in one read transaction, and shared parts."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from search.archive.catalogue import Catalogue
from search.archive.columns import Keys, Mask
from search.archive.engines import StoredSnapshot
from search.archive.liveness import Versions
from search.archive.local.database import Database
from search.archive.local.lexical import LexicalView
from search.archive.local.scoped_views import ScopedViews
from search.archive.local.segments import Allowed
from search.archive.local.views import Views
from search.archive.records import (
    ArchiveCard,
    Candidates,
    Frequencies,
    Passage,
    Query,
    Remembered,
    Retrieved,
)
from search.archive.scoring import Scoring, cosines, term_number
from search.article import Article
from search.errors import ViewDamagedError
from search.filters import Filter
from search.models.embedding.embedder import Vectors
from search.stages import Stage, stage
from search.statements import Statement
from search.times import TimeMention

_LOG = logging.getLogger(__name__)

_COUNTED = 5_000
"""So many passages are always scored one by one where they are told apart."""

_COUNTED_OF_MANY, _MANY = 20_000, 40
"""And so many where they are one in so many of all, for then the view would have to give very many: of a million
passages 10,000 are scored in 18 ms of the processor, where the view took 46."""

_SCORED_TOGETHER = 16_384
"""Passages whose terms are in memory at once while they are scored: some 50 MB."""

_NONE: Keys = np.empty(0, dtype=np.int64)

Read = TypeVar("Read")


class LocalSnapshot(StoredSnapshot):
    """A `Snapshot`; see there."""

    def __init__(
        self,
        database: Database,
        manifest: Mapping[str, str],
        card: ArchiveCard,
        catalogue: Catalogue,
        scoped: Callable[[], ScopedViews],
        reopened: Callable[[], Views],
    ) -> None:
        """Join what a state is read from.

        Args:
            database: In a read transaction.
            manifest: As it reads there.
            card: Of the archive.
            catalogue: Of this state, as far as a scope reaches.
            scoped: Gives the same with the indexes of this state.
            reopened: Gives the indexes anew, after one has turned out to be damaged.
        """
        super().__init__(catalogue)
        self._database = database
        self._manifest = manifest
        self._card = card
        self._scoped = scoped
        self._reopened = reopened
        self._rarity: tuple[tuple[str, ...], date | None, Frequencies] | None = None

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        return int(self._manifest["snapshot"])

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        return self._card

    @property
    def sample(self) -> Vectors:
        """An even sample of the vectors; see `Snapshot.sample`."""
        return self._scoped().sample

    def candidates(self, query: Query, k: int, condition: Filter) -> Candidates:
        """Find the k closest and the k best by words; see `Snapshot.candidates`."""
        catalogue, segments = self._catalogue, self._scoped().segments
        passing = catalogue.passing(condition)
        near: Collection[int] = ()
        if query.near and query.vector is not None:
            with stage(Stage.DENSE):
                near = set(segments.search(query.vector, k, self._allowed(passing, condition)))
        worded = self._by_words(query.terms, k, condition, passing) if query.by_words else ()
        terms = np.array(sorted({term_number(term) for term in query.terms}), dtype=np.uint32)
        back = catalogue.passages.key[passing & ~catalogue.live_passages] if query.by_words else _NONE
        if len(back):  # the view of words does not have them
            worded = {*worded, *self._best_of(back, query.terms, k, condition.as_of)}
        found = self._retrieved(query, {*near, *worded}, terms, near, worded)
        if len(back):
            found = self._best_by_words(found, query.terms, k, condition.as_of)
        return Candidates(tuple(found.values()), int(np.count_nonzero(passing)))

    def _allowed(self, passing: Mask, condition: Filter) -> Allowed:
        """The passages that pass a filter."""
        if not condition:
            return self._scoped().live
        return Allowed(self._catalogue.passages.key[passing])

    def _retrieved(
        self,
        query: Query,
        chosen: Collection[int],
        terms: npt.NDArray[np.uint32],
        near: Collection[int],
        worded: Collection[int],
    ) -> dict[int, Retrieved]:
        """Measure passages, given by key, against a query; gives them by key, in order."""
        catalogue, segments = self._catalogue, self._scoped().segments
        keys = np.array(sorted(chosen), dtype=np.int64)
        rows = np.searchsorted(catalogue.passages.key, keys)
        articles = catalogue.article_of[rows]
        distinct, places = np.unique(articles, return_inverse=True)
        own, lengths = segments.passage_terms(keys, terms)
        whole, whole_lengths = segments.article_terms(catalogue.articles.key[distinct], terms)
        order = np.searchsorted(terms, [term_number(term) for term in query.terms])
        measured = np.zeros(len(keys), dtype=np.float32)
        if query.vector is not None:
            measured = cosines(segments.vectors(keys), query.vector)
        columns = zip(
            keys.tolist(),
            articles.tolist(),
            catalogue.passages.start[rows].tolist(),
            catalogue.passages.stop[rows].tolist(),
            measured.tolist(),
            own[:, order].tolist(),
            lengths.tolist(),
            whole[places][:, order].tolist(),
            whole_lengths[places].tolist(),
            strict=True,
        )
        return {
            key: Retrieved(
                passage=Passage(catalogue.articles.id[article], start, stop),
                cosine=cosine,
                near=key in near,
                has_words=key in worded,
                counts=tuple(counts),
                length=length,
                article_counts=tuple(article_counts),
                article_length=article_length,
                published=catalogue.published(article),
                family=catalogue.family_name(article),
            )
            for key, article, start, stop, cosine, counts, length, article_counts, article_length in columns
        }

    def rarity(self, terms: Iterable[str], as_of: date | None = None) -> Frequencies:
        """Tell in how many passages and articles terms stand; see `Snapshot.rarity`."""
        asked = tuple(terms)
        if self._rarity is None or self._rarity[:2] != (asked, as_of):
            found = self._scoped().frequencies(asked, self._database, self._manifest, as_of)
            self._rarity = asked, as_of, found
        return self._rarity[2]

    def vectors(self, ids: Collection[str]) -> dict[str, Vectors]:
        """Read the vectors of articles; see `Snapshot.vectors`."""
        keys = self._catalogue.passages.key
        return {
            id_: self._database.vectors(keys[self._passages_of(id_)].tolist(), self.card.dimension)
            for id_ in ids
            if id_ in self._catalogue.row_of
        }

    def remembered(self) -> Remembered:
        """Read what is remembered beside articles; see `Snapshot.remembered`."""
        pruned = self._manifest.get("pruned_before")
        return Remembered(
            tuple(self._database.liveness.withdrawals()),
            tuple(self._database.inputs.records()),
            self._database.inputs.holdings(),
            date.fromisoformat(pruned) if pruned else None,
        )

    def changes(self, since: int) -> list[str]:
        """List the ids of the articles that changed after a snapshot, in order."""
        return self._seen(self._database.ids_changed_since(since))

    @property
    def _versions(self) -> Versions:
        return self._database.liveness

    def _articles(self, keys: Collection[int]) -> Mapping[int, Article]:
        return self._database.articles(keys)

    def _readings(
        self, bodies: Mapping[int, str]
    ) -> Mapping[int, tuple[Sequence[TimeMention], Sequence[Statement]]]:
        return self._database.readings(bodies)

    @stage(Stage.LEXICAL)
    def _by_words(self, terms: Sequence[str], k: int, condition: Filter, passing: Mask) -> Collection[int]:
        """Keys of the k best by words of the passages that pass and are not back."""
        apart = condition.tells_passages_apart or self._catalogue.seen is not None

        def search(view: LexicalView) -> list[int]:
            return self._among(view, terms, k, condition, passing) if apart else view.search(terms, k, condition)

        try:
            return set(search(self._scoped().views.lexical))
        except ViewDamagedError as error:
            _LOG.warning("%s It is opened anew.", error.problem)
            return set(search(self._reopened().lexical))

    def _among(
        self, view: LexicalView, terms: Sequence[str], k: int, condition: Filter, passing: Mask
    ) -> list[int]:
        """The same where passages are told apart: few are scored one by one, of many the view's best are taken."""
        keys, count = self._catalogue.passages.key, int(np.count_nonzero(passing))
        if count <= max(_COUNTED, min(_COUNTED_OF_MANY, len(keys) // _MANY)):
            inside = keys[passing & self._catalogue.live_passages]
            return self._best_of(inside, terms, k, condition.as_of)
        most = k
        while True:
            most = min(len(keys), most * max(2, len(keys) // count))
            found = np.array(view.search(terms, most, condition), dtype=np.int64)
            inside = found[passing[np.searchsorted(keys, found)]]
            if len(inside) >= k or len(found) < most or most == len(keys):
                best: list[int] = inside[:k].tolist()
                return best

    def _best_of(self, keys: Keys, terms: Sequence[str], k: int, as_of: date | None) -> list[int]:
        """Of passages, given by key, those that have any of the terms, at most the k best."""
        numbers = [term_number(term) for term in terms]
        distinct = np.unique(np.array(numbers, dtype=np.uint32))
        places = np.searchsorted(distinct, numbers)
        segments, scoring = self._scoped().segments, Scoring(terms, self.rarity(terms, as_of))
        best, scores = _NONE, np.empty(0)
        for begin in range(0, len(keys), _SCORED_TOGETHER):
            some = keys[begin : begin + _SCORED_TOGETHER]
            counts, lengths = segments.passage_terms(some, distinct)
            having = np.flatnonzero(counts.any(axis=1))
            best = np.concatenate([best, some[having]])
            scores = np.concatenate([scores, scoring.of_passages(counts[having][:, places], lengths[having])])
            order = np.lexsort((best, -scores))[:k]
            best, scores = best[order], scores[order]
        found: list[int] = best.tolist()
        return found

    def _best_by_words(
        self, found: Mapping[int, Retrieved], terms: Sequence[str], k: int, as_of: date | None
    ) -> dict[int, Retrieved]:
        """Of passages by key, let only the k best by words be such: some came from the view, some are back."""
        scoring = Scoring(terms, self.rarity(terms, as_of))
        scores = sorted((-scoring.of_passage(one), key) for key, one in found.items() if one.has_words)
        best = {key for _, key in scores[:k]}
        kept = {key: replace(one, has_words=key in best) for key, one in found.items()}
        return {key: one for key, one in kept.items() if one.near or one.has_words}
