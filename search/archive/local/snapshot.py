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
from search.archive.local.database import Database
from search.archive.local.lexical import LexicalView
from search.archive.local.parts import Parts, sampled
from search.archive.local.vectors import Regime
from search.archive.records import (
    MOST_COPIES,
    ArchiveCard,
    Candidates,
    Dossier,
    Facets,
    Facts,
    Frequencies,
    Page,
    Passage,
    Query,
    Retrieved,
)
from search.archive.scoring import Scoring, cosines, term_number
from search.article import Span
from search.errors import ViewDamagedError
from search.filters import Filter
from search.models.embedding.embedder import Vectors

_LOG = logging.getLogger(__name__)

Read = TypeVar("Read")


class LocalSnapshot:
    """A `Snapshot`; see there."""

    def __init__(
        self,
        database: Database,
        manifest: Mapping[str, str],
        card: ArchiveCard,
        catalogue: Catalogue,
        parts: Callable[[], Parts],
        reopened: Callable[[], Parts],
        regime: Regime,
    ) -> None:
        """Join what a state is read from.

        Args:
            database: In a read transaction.
            manifest: As it reads there.
            card: Of the archive.
            catalogue: Of this state.
            parts: Gives the parts of this state.
            reopened: Gives them anew, after one has turned out to be damaged.
            regime: How they are searched.
        """
        self._database = database
        self._manifest = manifest
        self._card = card
        self._catalogue = catalogue
        self._parts = parts
        self._reopened = reopened
        self._regime = regime

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        return int(self._manifest["snapshot"])

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        return self._card

    @property
    def facts(self) -> Facts:
        """What it holds."""
        return self._catalogue.facts

    @property
    def sample(self) -> Vectors:
        """An even sample of the vectors; see `Snapshot.sample`."""
        if self._catalogue.seen is None:
            return self._parts().sample
        return self._database.vectors(sampled(self._catalogue), self._card.dimension)

    def candidates(self, query: Query, k: int, condition: Filter) -> Candidates:
        """Find the k closest and the k best by words; see `Snapshot.candidates`."""
        catalogue = self._catalogue
        passing = catalogue.passing(condition)
        back = catalogue.passages.key[passing & ~catalogue.live[catalogue.article_of]]
        allowed = catalogue.passages.key[passing] if condition or catalogue.seen is not None else None
        close: Collection[int] = ()
        if query.near and query.vector is not None:
            close = {*self._closest_in_view(query.vector, k, allowed, back), *back.tolist()}
        worded = set(self._by_words(query.terms, k, condition, passing)) if query.by_words else set()
        older = set(back.tolist()) if query.by_words else set()
        keys = np.array(sorted({*close, *worded, *older}), dtype=np.int64)
        dimension = self._card.dimension if query.vector is not None else 0
        counted = self._database.counted(keys.tolist(), dimension)
        measured = np.zeros(len(keys)) if query.vector is None else cosines(counted.vectors, query.vector)
        nearest = sorted((-cosine, key) for key, cosine in zip(keys.tolist(), measured.tolist(), strict=True))
        near = set([key for _, key in nearest if key in close][:k])
        numbers = [term_number(term) for term in query.terms]
        rows = np.searchsorted(catalogue.passages.key, keys)
        found: dict[int, Retrieved] = {}
        for place, (key, row) in enumerate(zip(keys.tolist(), rows.tolist(), strict=True)):
            own, whole = counted.own[place], counted.whole[place]
            counts = own.look_up(numbers)
            has_words = key in worded or (key in older and any(counts))
            if key in near or has_words:
                article = int(catalogue.article_of[row])
                found[key] = Retrieved(
                    passage=Passage(
                        catalogue.articles.id[article],
                        int(catalogue.passages.start[row]),
                        int(catalogue.passages.stop[row]),
                    ),
                    cosine=float(measured[place]),
                    near=key in near,
                    has_words=has_words,
                    counts=counts,
                    length=own.length,
                    article_counts=whole.look_up(numbers),
                    article_length=whole.length,
                    published=catalogue.published(article),
                    family=catalogue.family_name(article),
                )
        if older:
            found = self._best_by_words(found, query.terms, k)
        return Candidates(tuple(found.values()), int(passing.sum()))

    def rarity(self, terms: Iterable[str]) -> Frequencies:
        """Tell in how many passages and articles terms stand."""
        catalogue = self._catalogue
        if catalogue.seen is None:
            return self._database.frequencies.look_up(terms, self._manifest)
        return self._database.frequencies.among(catalogue.articles.key[catalogue.live], terms)

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id; see `Snapshot.read`."""
        catalogue = self._catalogue
        rows = {id_: catalogue.row_of[id_] for id_ in ids if id_ in catalogue.row_of}
        kin = {row: catalogue.family_rows(row, as_of)[:MOST_COPIES].tolist() for row in rows.values()}
        wanted = {*rows.values(), *(other for others in kin.values() for other in others)}
        keys = {row: int(catalogue.articles.key[row]) for row in wanted}
        articles = self._database.articles(keys.values())
        bodies = {keys[row]: articles[keys[row]].body for row in rows.values()}
        read = self._database.readings(bodies)
        readings = list(catalogue.names["readings"].numbers)
        dossiers = {}
        for id_, row in rows.items():
            key = keys[row]
            mentions, statements = read[key]
            withdrawn, superseded = catalogue.articles.withdrawn[row], catalogue.articles.superseded[row]
            dossiers[id_] = Dossier(
                article=articles[key],
                passages=self._passages_of(key),
                mentions=tuple(mentions),
                statements=tuple(statements),
                readings=readings[catalogue.articles.readings[row]],
                withdrawal=self._database.liveness.withdrawal_of(articles[key]) if withdrawn else None,
                superseded_by=self._named(self._database.liveness.superseded_by(articles[key]))
                if superseded
                else None,
                copies=tuple(articles[keys[other]] for other in kin[row]),
            )
        return dossiers

    def find(self, condition: Filter | None = None, *, after: str | None = None, most: int = 1_000) -> Page:
        """List the ids of articles a page at a time; see `Snapshot.find`."""
        return self._catalogue.find(condition, after, most)

    def facets(self, condition: Filter) -> Facets:
        """Count the articles that pass a filter; see `Snapshot.facets`."""
        return self._catalogue.facets(condition)

    def changes(self, since: int) -> list[str]:
        """List the ids of the articles that changed after a snapshot, in order."""
        changed = self._database.ids_changed_since(since)
        # Of what is gone nobody knows any more whether it lay inside of a scope.
        return [id_ for id_ in changed if self._catalogue.seen is None or id_ in self._catalogue.row_of]

    def _named(self, article_id: str | None) -> str | None:
        """The id of an article, if that is seen."""
        return article_id if article_id in self._catalogue.row_of else None

    def _closest_in_view(
        self, question: npt.NDArray[np.float32], k: int, allowed: Keys | None, back: Keys
    ) -> list[int]:
        """Keys among which are the k closest of the allowed passages, but for those that are back.

        The view does not have these; and it may hold vectors rounded, so that more than k are given then.
        """
        view = self._parts().views.vectors
        in_view = allowed if allowed is None or not len(back) else np.setdiff1d(allowed, back)
        if in_view is not None and not view.exact and len(in_view) <= self._regime.scanned_exactly:
            scores = cosines(self._database.vectors(in_view.tolist(), self._card.dimension), question)
            closest: list[int] = in_view[np.lexsort((in_view, -scores))[:k]].tolist()
            return closest
        wanted = k if view.exact else max(k, self._regime.rescored)
        return [key for key, _ in view.search(question, wanted, in_view)]

    def _by_words(self, terms: Sequence[str], k: int, condition: Filter, passing: Mask) -> list[int]:
        keys = self._catalogue.passages.key
        apart = condition.tells_passages_apart or self._catalogue.seen is not None
        among = keys[passing].tolist() if apart else None

        def search(view: LexicalView) -> list[int]:
            return view.search(terms, k, condition, among)

        try:
            return search(self._parts().views.lexical)
        except ViewDamagedError as error:
            _LOG.warning("%s It is opened anew.", error.problem)
            return search(self._reopened().views.lexical)

    def _best_by_words(self, found: Mapping[int, Retrieved], terms: Sequence[str], k: int) -> dict[int, Retrieved]:
        """Of passages by key, let only the k best by words be such: some came from the view, some are back."""
        scoring = Scoring(terms, self.rarity(terms))
        scores = sorted((-scoring.of_passage(one), key) for key, one in found.items() if one.has_words)
        best = {key for _, key in scores[:k]}
        kept = {key: replace(one, has_words=key in best) for key, one in found.items()}
        return {key: one for key, one in kept.items() if one.near or one.has_words}

    def _passages_of(self, key: int) -> tuple[Span, ...]:
        columns = self._catalogue.passages
        first, behind = np.searchsorted(columns.article, [key, key + 1])
        pairs = zip(columns.start[first:behind].tolist(), columns.stop[first:behind].tolist(), strict=True)
        return tuple(Span(start, stop) for start, stop in pairs)
