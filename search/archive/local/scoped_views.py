"""What of the indexes of a snapshot lies inside of a scope: made once for both, and shared by all who ask.

In how many texts terms stand is kept in the database for all that can be found (`frequencies`). Of a scope it is
reckoned from there, less what lies outside, where that is the smaller part, and else counted inside.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from search.archive.catalogue import Catalogue
from search.archive.columns import Keys, Mask
from search.archive.engines import sampled
from search.archive.local.database import Database
from search.archive.local.segments import Allowed, Segments
from search.archive.local.terms import TermColumns
from search.archive.local.views import Views
from search.archive.records import Frequencies
from search.archive.scoring import term_number
from search.models.embedding.embedder import Vectors

_MOST_TERMS = 20_000
_MOST_DAYS = 8


class ScopedViews:
    """A catalogue of a scope with the indexes. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue, views: Views) -> None:
        """Join the catalogue of a scope with the views of the same snapshot."""
        self.catalogue = catalogue
        self.views = views
        self._guard = threading.Lock()
        self._base: Tally | None = None
        self._back: dict[date, Tally] = {}

    @property
    def segments(self) -> Segments:
        """The passages of all scopes with their vectors and terms."""
        return self.views.segments

    @cached_property
    def sample(self) -> Vectors:
        """An even sample of the vectors that can be found, shape (n, dimension), float32."""
        return self.segments.vectors(sampled(self.live.keys))

    @cached_property
    def live(self) -> Allowed:
        """The passages that can be found."""
        return Allowed(self.catalogue.passages.key[self.catalogue.live_passages])

    def frequencies(
        self, terms: Sequence[str], database: Database, manifest: Mapping[str, str], as_of: date | None
    ) -> Frequencies:
        """Tell in how many passages and articles terms stand; see `Snapshot.rarity`.

        Args:
            terms: Whatever terms.
            database: In a read transaction of the snapshot.
            manifest: As it reads there.
            as_of: A day as of which more can be found.
        """
        if self._is_most:
            found = database.frequencies.look_up(terms, manifest)
            if self.catalogue.seen is not None:
                found = _less(found, self._tally(database).count(terms))
        else:
            found = self._tally(database).count(terms)
        missing = [term for term in terms if not found.passages_with[term]] if as_of else []
        if as_of is None or not missing:
            return found
        return found.with_missing(self._tally_of_back(as_of, database).count(missing))

    @cached_property
    def _is_most(self) -> bool:
        """Whether most of what can be found lies inside."""
        return 2 * len(self.live.keys) >= int(np.count_nonzero(self._found_by_all[self.catalogue.article_of]))

    @property
    def _found_by_all(self) -> Mask:
        """Which articles can be found by somebody whom no scope binds: those that the database counts."""
        articles = self.catalogue.articles
        return ~(articles.superseded | articles.withdrawn)

    def _tally(self, database: Database) -> "Tally":
        """What lies inside; or outside, where most lies inside."""
        with self._guard:
            if self._base is None:
                live = self.catalogue.live
                which = self._found_by_all & ~live if self._is_most else live
                self._base = self._tally_of(which, database)
            return self._base

    def _tally_of_back(self, day: date, database: Database) -> "Tally":
        """What could be found on a day and cannot be now."""
        with self._guard:
            found = self._back.pop(day, None) or self._tally_of(self.catalogue.back_on(day), database)
            self._back[day] = found  # the last asked for stands last
            for oldest in list(self._back)[:-_MOST_DAYS]:
                del self._back[oldest]
            return found

    def _tally_of(self, which: Mask, database: Database) -> "Tally":
        catalogue, segments = self.catalogue, self.segments
        passages = catalogue.passages.key[which[catalogue.article_of]]
        stored = catalogue.articles.key[which]
        articles = np.intersect1d(stored, segments.article_keys, assume_unique=True)
        others = np.setdiff1d(stored, articles, assume_unique=True)
        return Tally(segments, passages, articles, TermColumns.of(others, database.article_terms(others.tolist())))


class Tally:
    """Counts in how many of some passages, and of their articles, terms stand. Safe to share between threads."""

    def __init__(self, segments: Segments, passages: Keys, articles: Keys, bare: TermColumns) -> None:
        """Count in passages and articles, given by key in order.

        Args:
            segments: Have their terms.
            passages: Those passages.
            articles: Those articles, but for the ones without a passage.
            bare: The terms of the articles without a passage.
        """
        self._segments = segments
        self._passages = passages
        self._articles = articles
        self._bare = bare
        self._holders: dict[str, tuple[int, int]] = {}

    @cached_property
    def _sizes(self) -> tuple[int, int, int, int]:
        own, whole = self._segments.count_terms(self._passages, self._articles)
        articles = len(self._articles) + len(self._bare.keys)
        return len(self._passages), articles, own, whole + int(self._bare.lengths.sum())

    def count(self, terms: Iterable[str]) -> Frequencies:
        """Count; what was counted of the last some thousand terms is not counted again."""
        wanted = list(terms)
        if not self._sizes[1]:
            return Frequencies.of((0, 0, 0, 0), dict.fromkeys(wanted, (0, 0)), wanted)
        holders = dict(self._holders)  # another thread may empty it
        if new := [term for term in wanted if term not in holders]:
            holders |= self._count_anew(new)
            self._holders = holders if len(holders) <= _MOST_TERMS else {}
        return Frequencies.of(self._sizes, holders, wanted)

    def _count_anew(self, terms: Sequence[str]) -> dict[str, tuple[int, int]]:
        numbers = np.array(sorted({term_number(term) for term in terms}), dtype=np.uint32)
        own = self._segments.passage_holders(self._passages, numbers)
        whole = self._segments.article_holders(self._articles, numbers)
        whole += np.count_nonzero(self._bare.look_up(np.arange(len(self._bare.keys)), numbers), axis=0)
        places = np.searchsorted(numbers, [term_number(term) for term in terms])
        return {
            term: (int(own[place]), int(whole[place])) for term, place in zip(terms, places.tolist(), strict=True)
        }


def _less(one: Frequencies, other: Frequencies) -> Frequencies:
    """Take the counts of one away from those of another, of the same terms."""
    return Frequencies(
        one.passages - other.passages,
        one.articles - other.articles,
        one.passage_terms - other.passage_terms,
        one.article_terms - other.article_terms,
        {term: count - other.passages_with[term] for term, count in one.passages_with.items()},
        {term: count - other.articles_with[term] for term, count in one.articles_with.items()},
    )
