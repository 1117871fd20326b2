"""One committed state of Lance tables, as far as a scope reaches."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys, Mask
from search.archive.engines import EXACT_LIMIT, StoredSnapshot, sampled
from search.archive.lance.failing import failing_clearly
from search.archive.lance.layout import counted, day_of, readings_from_row, vectors_in
from search.archive.lance.ledger import Ledger
from search.archive.lance.state import State
from search.archive.lance.tables import among, nearest
from search.archive.records import (
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
from search.archive.scoring import Scoring, cosines, term_number, token
from search.article import Article
from search.filters import Filter
from search.models.embedding.embedder import Vectors
from search.stages import Stage, stage
from search.statements import Statement
from search.times import TimeMention

_OVERSAMPLED = 4
"""How many times as many as are wanted are taken by Lance's own score of words, and scored as everywhere."""

_MOST_SEARCHED = 50_000
_MORE = 8
_MOST_TERMS = 20_000


class LanceSnapshot(StoredSnapshot):
    """A `search.archive.protocol.Snapshot`; see there."""

    def __init__(self, state: State, scope: Scope = PUBLISHED, exact_limit: int = EXACT_LIMIT) -> None:
        """Show what a scope holds of a state."""
        with failing_clearly(state.tables.place):
            super().__init__(state.catalogue.within(scope, state.families_among))
        self._state = state
        self._scope = scope
        self._exact_limit = exact_limit

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        return self._state.record.number

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        return self._state.card

    @property
    def sample(self) -> Vectors:
        """An even sample of the vectors; see `Snapshot.sample`."""
        keys = self._catalogue.passages.key[self._catalogue.live_passages]
        with failing_clearly(self._state.tables.place):
            return self._state.vectors(sampled(keys))

    # Candidates

    def candidates(self, query: Query, k: int, condition: Filter) -> Candidates:
        """Find the k closest and the k best by words; see `Snapshot.candidates`."""
        passing = self._catalogue.passing(condition)
        count = int(np.count_nonzero(passing))
        with failing_clearly(self._state.tables.place):
            keys = self._looked_at(query, k, condition, passing, count)
            found = self._measured(query, keys)
        closest: set[int] = set()
        if query.near and query.vector is not None:
            closest = set(sorted(found, key=lambda key: (-found[key].cosine, key))[:k])
        worded: set[int] = set()
        if query.by_words:
            scoring = Scoring(query.terms, self.rarity(query.terms, condition.as_of))
            scores = {key: scoring.of_passage(one) for key, one in found.items() if any(one.counts)}
            worded = set(sorted(scores, key=lambda key: (-scores[key], key))[:k])
        chosen = [
            replace(found[key], near=key in closest, has_words=key in worded) for key in sorted(closest | worded)
        ]
        with failing_clearly(self._state.tables.place):
            return Candidates(self._in_articles(query, chosen), count)

    def _looked_at(self, query: Query, k: int, condition: Filter, passing: Mask, count: int) -> Keys:
        """The keys of the passages that are measured: all that pass, or those that the indexes give."""
        passages = self._catalogue.passages.key
        if count <= self._exact_limit:
            return passages[passing]
        found: list[Keys] = []
        where = self._condition(condition)
        if query.near and query.vector is not None:
            with stage(Stage.DENSE):
                found.append(self._close(query.vector, k, where, passing, count))
        if query.by_words and query.terms:
            with stage(Stage.LEXICAL):
                found.append(self._worded(query.terms, k, where, passing, count))
        return np.unique(np.concatenate(found)) if found else passages[:0]

    def _close(
        self, vector: npt.NDArray[np.float32], k: int, where: str | None, passing: Mask, count: int
    ) -> Keys:
        """Keys of k passages or more that pass and are close by the index."""
        tables, probes = self._state.tables, self._state.record.probes

        def search(most: int) -> Keys:
            return tables.keys("passages", where, nearest=nearest(vector, most, probes))

        return self._enough(search, k, k, passing, count)

    def _worded(self, terms: Iterable[str], k: int, where: str | None, passing: Mask, count: int) -> Keys:
        """Keys of the passages that pass and have any of some terms: all, or those best by Lance's own score."""
        asked = " ".join(token(term_number(term)) for term in terms)
        tables = self._state.tables

        def search(most: int) -> Keys:
            return tables.keys(
                "passages", where, full_text_query={"query": asked, "columns": ["words"]}, limit=most
            )

        return self._enough(search, k * _OVERSAMPLED, k, passing, count, every=False)

    def _enough(
        self, search: Callable[[int], Keys], most: int, k: int, passing: Mask, count: int, *, every: bool = True
    ) -> Keys:
        """Search for more until enough of what is found passes.

        Args:
            search: Finds at most so many passages, of which some do not pass.
            most: How many to begin with.
            k: How many are wanted.
            passing: Which passages pass.
            count: How many do.
            every: Whether each passage can be found if enough are asked for; then all that pass are given where
                searching does not bring enough.
        """
        passages = self._catalogue.passages.key
        while True:
            found = search(most)
            inside = found[passing[np.searchsorted(passages, found)]]
            if len(inside) >= min(k, count) or (not every and len(found) < most):
                return inside
            if every and (most >= _MOST_SEARCHED or len(found) < most):
                return passages[passing]
            most *= _MORE

    def _condition(self, condition: Filter) -> str | None:
        """What a filter and the scope say of articles, in SQL; all that they say is decided by the catalogue."""
        parts = []
        if condition.published_from:
            parts.append(f"first_day >= {condition.published_from.toordinal()}")
        if condition.published_to:
            parts.append(f"last_day > 0 AND last_day <= {condition.published_to.toordinal()}")
        sources = [name for name in self._catalogue.names["source"].all if self._scope.holds(name)]
        for column, wanted in (
            ("source", condition.sources),
            ("section", condition.sections),
            ("language", condition.languages),
            ("source", sources if self._scope.sources is not None else ()),
        ):
            if wanted:
                parts.append(among(column, wanted))
        return " AND ".join(parts) or None

    def _measured(self, query: Query, keys: Keys) -> dict[int, Retrieved]:
        """Measure passages, given by key, against a query; what their articles have of its words is left open."""
        columns = ["key", "terms", "words", *(["vector"] if query.vector is not None else [])]
        rows = self._state.tables.having("passages", "key", keys, columns).sort_by("key")
        catalogue, wanted = self._catalogue, [token(term_number(term)) for term in query.terms]
        measured = np.zeros(len(keys), dtype=np.float32)
        if query.vector is not None:
            measured = cosines(vectors_in(rows, self.card.dimension), query.vector)
        places = np.searchsorted(catalogue.passages.key, keys)
        articles = catalogue.article_of[places]
        found = {}
        for key, place, article, cosine, words, length in zip(
            keys.tolist(),
            places.tolist(),
            articles.tolist(),
            measured.tolist(),
            rows["words"].to_pylist(),
            rows["terms"].to_pylist(),
            strict=True,
        ):
            found[key] = Retrieved(
                passage=Passage(
                    catalogue.articles.id[article],
                    int(catalogue.passages.start[place]),
                    int(catalogue.passages.stop[place]),
                ),
                cosine=cosine,
                near=False,
                has_words=False,
                counts=counted(words, wanted),
                length=length,
                article_counts=(),
                article_length=0,
                published=catalogue.published(article),
                family=catalogue.family_name(article),
            )
        return found

    def _in_articles(self, query: Query, found: Iterable[Retrieved]) -> tuple[Retrieved, ...]:
        """Tell how often the words of a query stand in the whole article of each passage."""
        passages = list(found)
        keys = {one.passage.article_id: self._state.key(one.passage.article_id) for one in passages}
        wanted = [token(term_number(term)) for term in query.terms]
        texts = self._state.tables.having("articles", "key", sorted(keys.values()), ("key", "words")).to_pylist()
        lengths = self._state.tables.having("catalogue", "key", sorted(keys.values()), ("key", "terms"))
        counts = {row["key"]: counted(row["words"], wanted) for row in texts}
        length = dict(zip(lengths["key"].to_pylist(), lengths["terms"].to_pylist(), strict=True))
        return tuple(
            replace(one, article_counts=counts[key], article_length=length[key])
            for one in passages
            for key in (keys[one.passage.article_id],)
        )

    # What is told of the whole

    def rarity(self, terms: Iterable[str], as_of: date | None = None) -> Frequencies:
        """Tell in how many passages and articles terms stand; see `Snapshot.rarity`."""
        wanted = list(terms)
        with failing_clearly(self._state.tables.place):
            found = self._state.frequencies(wanted) if self._catalogue.seen is None else self._inside(wanted)
            missing = [term for term in wanted if not found.passages_with[term]]
            if as_of is None or not missing:
                return found
            back = self._catalogue.back_on(as_of)
            counts = {term: self._holders(term_number(term), back) for term in missing}
        return found.with_missing(Frequencies.of((0, 0, 0, 0), counts, missing))

    def _inside(self, terms: Sequence[str]) -> Frequencies:
        """In how many passages and articles within the scope terms stand."""
        catalogue = self._catalogue
        holders = dict(catalogue.holders)  # another thread may empty it
        for term in terms:
            if term not in holders:
                holders[term] = self._holders(term_number(term), catalogue.live)
        if len(holders) > _MOST_TERMS:
            catalogue.holders.clear()
        catalogue.holders.update({term: holders[term] for term in terms})
        of_passages, of_articles = self._state.lengths
        totals = (
            int(np.count_nonzero(catalogue.live_passages)),
            int(np.count_nonzero(catalogue.live)),
            int(of_passages[catalogue.live_passages].sum()),
            int(of_articles[catalogue.live].sum()),
        )
        return Frequencies.of(totals, holders, terms)

    def _holders(self, number: int, which: Mask) -> tuple[int, int]:
        """In how many passages of some articles, and in how many of these, a term, given by number, stands."""
        catalogue, counts = self._catalogue, []
        for table, keys, counted_of in (
            ("passages", catalogue.passages.key, which[catalogue.article_of]),
            ("articles", catalogue.articles.key, which),
        ):
            asked = {"query": token(number), "columns": ["words"]}
            found = np.searchsorted(keys, self._state.tables.keys(table, full_text_query=asked))
            counts.append(int(np.count_nonzero(counted_of[found])))
        return counts[0], counts[1]

    def vectors(self, ids: Collection[str]) -> dict[str, Vectors]:
        """Read the vectors of articles; see `Snapshot.vectors`."""
        passages = self._catalogue.passages.key
        keys = {id_: passages[self._passages_of(id_)] for id_ in ids if id_ in self._catalogue.row_of}
        wanted = np.unique(np.concatenate([*keys.values(), passages[:0]]))
        with failing_clearly(self._state.tables.place):
            found = self._state.vectors(wanted)
        return {id_: found[np.searchsorted(wanted, its)] for id_, its in keys.items()}

    def remembered(self) -> Remembered:
        """Read what is remembered beside articles; see `Snapshot.remembered`."""
        with failing_clearly(self._state.tables.place):
            inputs, holdings = Ledger(self._state.tables).everything()
            withdrawals = tuple(self._state.withdrawals.values())
        return Remembered(withdrawals, inputs, holdings, day_of(self._state.record.pruned_before))

    def changes(self, since: int) -> list[str]:
        """List the ids of the articles that changed after a snapshot, in order."""
        with failing_clearly(self._state.tables.place):
            return self._seen(sorted(self._state.changed_since(since)))

    # Dossiers

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id; see `Snapshot.read`."""
        with failing_clearly(self._state.tables.place):
            return super().read(ids, as_of)

    @property
    def _versions(self) -> State:
        return self._state

    def _articles(self, keys: Collection[int]) -> Mapping[int, Article]:
        return self._state.articles(list(keys))

    def _readings(
        self, bodies: Mapping[int, str]
    ) -> Mapping[int, tuple[Sequence[TimeMention], Sequence[Statement]]]:
        columns = ("article", "mentions", "statements")
        rows = self._state.tables.having("readings", "article", list(bodies), columns).to_pylist()
        return {row["article"]: readings_from_row(bodies[row["article"]], row) for row in rows}
