"""A committed state as it is kept in memory: the catalogue and the document frequencies, at pinned versions.

A state never changes; the next one is made of it and of the rows that the commits between them touched. Articles,
readings, words and vectors stay in the tables and are read when they are asked for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from search.archive.catalogue import Catalogue
from search.archive.columns import Keys
from search.archive.lance.layout import (
    CATALOGUED,
    PLACED,
    READ,
    article_from_json,
    catalogue_of,
    moment_of,
    numbers_in,
    vectors_in,
    withdrawal_from_json,
)
from search.archive.lance.record import Record
from search.archive.lance.tables import Tables, quoted
from search.archive.records import ArchiveCard, Frequencies
from search.archive.scoring import term_number
from search.article import Article, Withdrawal
from search.models.embedding.embedder import Vectors

TOTALS = ("passages", "articles", "passage_terms", "article_terms")


@dataclass(frozen=True, slots=True)
class Holders:
    """In how many passages and articles that can be found terms stand.

    Attributes:
        terms: By number, in order: shape (n,), uint32.
        counts: Of passages and of articles: shape (n, 2), int64.
    """

    terms: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: pa.Table) -> Self:
        """Sum up rows of the table `frequencies`."""
        terms, places = np.unique(rows["term"].to_numpy(), return_inverse=True)
        counts = [
            np.bincount(places, weights=rows[column].to_numpy(), minlength=len(terms))
            for column in ("passages", "articles")
        ]
        return cls(terms.astype(np.uint32), np.stack(counts, axis=1).astype(np.int64))

    def and_of(self, rows: pa.Table) -> Self:
        """These and further rows."""
        if not len(rows):
            return self
        known = {"term": self.terms, "passages": self.counts[:, 0], "articles": self.counts[:, 1]}
        columns = {name: np.concatenate([known[name], rows[name].to_numpy()]) for name in known}
        return self.of(pa.table(columns))

    def of_term(self, number: int) -> tuple[int, int]:
        """In how many passages and articles a term, given by number, stands."""
        place = int(np.searchsorted(self.terms, number))
        if place == len(self.terms) or self.terms[place] != number:
            return 0, 0
        passages, articles = self.counts[place].tolist()
        return passages, articles


class State:
    """A committed state; also the `Versions` that it consists of. Safe to share between threads."""

    def __init__(self, record: Record, tables: Tables, catalogue: Catalogue, holders: Holders) -> None:
        """Use `State.of`, or make it of the one before."""
        self.record = record
        self.tables = tables
        self.catalogue = catalogue
        self.holders = holders

    @classmethod
    def of(cls, record: Record, tables: Tables) -> Self:
        """Load the state that a record names."""
        catalogue = catalogue_of(
            tables.read("catalogue", CATALOGUED),
            tables.read("passages", PLACED),
            tables.read("readings", READ),
            moment_of(record.released),
        )
        holders = Holders.of(tables.read("frequencies", ("term", "passages", "articles")))
        return cls(record, tables, catalogue, holders)

    def followed_by(self, record: Record) -> Self:
        """Make the state of a later record."""
        tables = self.tables.at(record.versions, record.dimension)
        if record.lineage != self.record.lineage:
            return self.of(record, tables)
        catalogue, since = self.catalogue, f"snapshot > {self.record.number}"
        if record.number > self.record.number:
            keys = np.unique(tables.read("changes", ("article",), since)["article"].to_numpy())
            come = catalogue_of(
                tables.having("catalogue", "key", keys, CATALOGUED),
                tables.having("passages", "article", keys, PLACED),
                tables.having("readings", "article", keys, READ),
                moment_of(record.released),
            )
            catalogue = catalogue.changed(keys.tolist(), come)
        summed = "snapshot >= 0" if record.summed != self.record.summed else since
        told = tables.read("frequencies", ("term", "passages", "articles"), summed)
        holders = self.holders.and_of(told) if summed == since else Holders.of(told)
        return type(self)(record, tables, catalogue, holders)

    def frequencies(self, terms: Iterable[str]) -> Frequencies:
        """Tell in how many passages and articles that can be found terms stand."""
        found = {term: self.holders.of_term(term_number(term)) for term in terms}
        return Frequencies(
            **self.record.totals,
            passages_with={term: passages for term, (passages, _) in found.items()},
            articles_with={term: articles for term, (_, articles) in found.items()},
        )

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        record = self.record
        return ArchiveCard(
            place=self.tables.place.address,
            archive_id=record.archive_id,
            schema_version=record.schema_version,
            model=record.model,
            fingerprint=record.fingerprint,
            dimension=record.dimension,
            lineage=record.lineage,
            recall=record.recall,
        )

    def vectors(self, keys: Keys) -> Vectors:
        """Read the vectors of passages, given by key in rising order: shape (n, dimension), float32."""
        rows = self.tables.having("passages", "key", keys, ("key", "vector")).sort_by("key")
        return vectors_in(rows, self.record.dimension)

    # Articles

    def articles(self, keys: Collection[int]) -> dict[int, Article]:
        """Read stored articles by key."""
        light = self.tables.having("catalogue", "key", keys, ("key", "origin", "remarks")).to_pylist()
        told = {row["key"]: (row["origin"], row["remarks"]) for row in light}
        rows = self.tables.having("articles", "key", keys, ("key", "article")).to_pylist()
        return {row["key"]: article_from_json(row["article"], *told[row["key"]]) for row in rows}

    def words(
        self, keys: Collection[int]
    ) -> tuple[list[tuple[npt.NDArray[np.uint32], int]], list[tuple[npt.NDArray[np.uint32], int]]]:
        """Read the distinct terms, by number, and the lengths of articles, given by key, and of their passages."""
        lengths = self.tables.having("catalogue", "key", keys, ("key", "terms")).to_pylist()
        of_articles = {row["key"]: row["terms"] for row in lengths}
        articles = self.tables.having("articles", "key", keys, ("key", "words")).to_pylist()
        passages = self.tables.having("passages", "article", keys, ("terms", "words")).to_pylist()
        return (
            [(numbers_in(row["words"]), of_articles[row["key"]]) for row in articles],
            [(numbers_in(row["words"]), row["terms"]) for row in passages],
        )

    def key_of(self, article_id: str) -> int | None:
        """Look up the key of a stored article."""
        row = self.catalogue.row_of.get(article_id)
        return None if row is None else int(self.catalogue.articles.key[row])

    # Look-ups of `search.archive.liveness.Versions`

    def article(self, article_id: str) -> Article | None:
        """Read the stored article of an id."""
        key = self.key_of(article_id)
        return None if key is None else self.articles([key])[key]

    def named_by(self, article_id: str) -> str | None:
        """Look up the id that the stored article of an id names as superseded; one under embargo names none."""
        row = self.catalogue.row_of.get(article_id)
        named: str | None = None if row is None else self.catalogue.articles.supersedes[row]
        return named

    def naming(self, article_id: str) -> list[Article]:
        """List the stored articles that name an id as superseded, but for those under embargo."""
        return list(self.articles([self.key(id_) for id_ in self.ids_naming(article_id)]).values())

    def noted(self, article_id: str) -> Withdrawal | None:
        """Look up the withdrawal that names an id."""
        return self.withdrawals.get(article_id)

    def ids_naming(self, article_id: str) -> list[str]:
        """List the ids of these articles."""
        return self._naming.get(article_id, [])

    def key(self, article_id: str) -> int:
        """The key of an article that is stored."""
        return int(self.catalogue.articles.key[self.catalogue.row_of[article_id]])

    @cached_property
    def _naming(self) -> Mapping[str, list[str]]:
        columns = self.catalogue.articles
        found: dict[str, list[str]] = {}
        for row in np.flatnonzero(columns.supersedes != None).tolist():  # noqa: E711 - compared one by one
            found.setdefault(columns.supersedes[row], []).append(columns.id[row])
        return found

    @cached_property
    def withdrawals(self) -> Mapping[str, Withdrawal]:
        """The withdrawals, by the id that each names."""
        rows = self.tables.read("withdrawals", ("id", "withdrawal")).to_pylist()
        return {row["id"]: withdrawal_from_json(row["id"], row["withdrawal"]) for row in rows}

    # Families

    def families_among(self, keys: Keys) -> dict[int, int]:
        """Tell the families that articles, given by key, make by themselves: labels by key; 0 for none."""
        rows = self.tables.having("catalogue", "key", keys, ("key", "text")).to_pylist()
        texts = {row["key"]: row["text"] for row in rows}
        kin = self.tables.having("texts", "key", sorted({*texts.values()} - {0}), ("key", "kin")).to_pylist()
        labels = families({row["key"]: row["kin"] for row in kin})
        return {key: labels.get(texts[key], 0) for key in keys.tolist()}

    # What is loaded when it is first asked for

    @cached_property
    def lengths(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """How many terms each passage and each article has, in the order of the catalogue."""
        passages = self.tables.read("passages", ("key", "terms")).sort_by("key")
        articles = self.tables.read("catalogue", ("key", "terms")).sort_by("key")
        return passages["terms"].to_numpy().astype(np.int64), articles["terms"].to_numpy().astype(np.int64)

    def changed_since(self, number: int) -> set[str]:
        """List the ids of the articles that changed after a snapshot."""
        rows = self.tables.read("changes", ("id",), f"snapshot > {number} AND id != {quoted('')}")
        return set(rows["id"].to_pylist())


def families(kin: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """Label the components that texts, given by key, make along their relations, by the smallest key in each.

    Relations to texts that are not among them do not count.
    """
    beside: dict[int, set[int]] = {text: set() for text in kin}
    for text, others in kin.items():
        for other in beside.keys() & set(others):
            beside[text].add(other)
            beside[other].add(text)
    labels: dict[int, int] = {}
    for text in sorted(beside):
        waiting = [] if text in labels else [text]
        while waiting:
            labels[one := waiting.pop()] = text
            waiting += [other for other in beside[one] if other not in labels]
    return labels
