"""Terms as they are kept: in how many passages and articles each stands, and those of many texts as arrays.

The counts are of what can be found, and are kept right under every change. The arrays are looked up for hundreds
of texts at once, without the database.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys, Places
from search.archive.local.files import Array
from search.archive.records import Frequencies
from search.archive.scoring import TermCounts, term_number
from search.article import Article, Span

_TOTALS = ("passages", "articles", "passage_terms", "article_terms")

_SETTLED_TOGETHER = 1_000

Numbers = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]
"""How often each of some terms stands in each of some texts: shape (texts, terms)."""


class FrequencyTable:
    """The table `frequencies`, the columns `counted`, and the totals in the manifest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._of_passages: list[tuple[Numbers, int]] = []
        self._of_articles: list[tuple[Numbers, int]] = []
        self._totals = dict.fromkeys(_TOTALS, 0)

    def leave_out(self, article: int) -> None:
        """Count an article, given by key, no more, if it was counted; call `settle` before committing."""
        row = self._connection.execute("SELECT counted FROM articles WHERE key = ?", (article,)).fetchone()
        if row and row[0]:
            self._tally(article, -1)

    def settle(self, changed: Iterable[int]) -> None:
        """Count those of the changed articles that can be found, and no others, and write what came together."""
        for article in changed:
            row = self._connection.execute(
                "SELECT live, counted FROM articles WHERE key = ?", (article,)
            ).fetchone()
            if row and row[0] != row[1]:
                self._tally(article, 1 if row[0] else -1)
                self._connection.execute("UPDATE articles SET counted = ? WHERE key = ?", (row[0], article))
        self._write()

    def count_anew(self) -> None:
        """Count the terms of every stored article and passage again; `settle_anew` has to follow."""
        keys = [row[0] for row in self._connection.execute("SELECT key FROM articles ORDER BY key")]
        for key in keys:
            whole, parts = count_stored(self._connection, key)
            for table, row, counts in (("articles", key, whole), *(("passages", *part) for part in parts.items())):
                self._connection.execute(
                    f"UPDATE {table} SET terms = ?, counts = ? WHERE key = ?",
                    (counts.length, counts.packed(), row),
                )

    def settle_anew(self) -> None:
        """Count every article that can be found, as if none had been counted."""
        self.drop()
        self._connection.execute("DELETE FROM frequencies")
        self._connection.execute("UPDATE articles SET counted = 0 WHERE counted")
        self._connection.executemany(
            "DELETE FROM manifest WHERE name = ?", [(f"counted_{name}",) for name in _TOTALS]
        )
        self.settle_all()

    def settle_all(self) -> None:
        """Settle every article, some at a time, so that their terms need not all be in memory at once."""
        keys = [row[0] for row in self._connection.execute("SELECT key FROM articles ORDER BY key")]
        for begin in range(0, len(keys), _SETTLED_TOGETHER):
            self.settle(keys[begin : begin + _SETTLED_TOGETHER])

    def drop(self) -> None:
        """Forget what was not written, because it is not committed."""
        self._of_passages, self._of_articles = [], []
        self._totals = dict.fromkeys(_TOTALS, 0)

    def look_up(self, terms: Iterable[str], manifest: Mapping[str, str]) -> Frequencies:
        """Tell in how many passages and articles terms stand."""
        wanted = {term: term_number(term) for term in terms}
        numbers = list(dict.fromkeys(wanted.values()))
        rows = self._connection.execute(
            f"SELECT term, passages, articles FROM frequencies WHERE term IN ({','.join('?' * len(numbers))})",
            numbers,
        )
        found = {number: (passages, articles) for number, passages, articles in rows}
        passages, articles, own, whole = (int(manifest.get(f"counted_{name}", 0)) for name in _TOTALS)
        holders = {term: found.get(number, (0, 0)) for term, number in wanted.items()}
        return Frequencies.of((passages, articles, own, whole), holders, wanted)

    def _tally(self, article: int, sign: int) -> None:
        length, packed = self._connection.execute(
            "SELECT terms, counts FROM articles WHERE key = ?", (article,)
        ).fetchone()
        self._of_articles.append((TermCounts.unpacked(packed, length).numbers, sign))
        self._totals["articles"] += sign
        self._totals["article_terms"] += sign * length
        rows = self._connection.execute("SELECT terms, counts FROM passages WHERE article = ?", (article,))
        for length, packed in rows:
            self._of_passages.append((TermCounts.unpacked(packed, length).numbers, sign))
            self._totals["passages"] += sign
            self._totals["passage_terms"] += sign * length

    def _write(self) -> None:
        passages, articles = _summed(self._of_passages), _summed(self._of_articles)
        rows = [(term, passages.get(term, 0), articles.get(term, 0)) for term in passages.keys() | articles.keys()]
        self._connection.executemany(
            "INSERT INTO frequencies VALUES (?, ?, ?) ON CONFLICT (term) DO UPDATE SET "
            "passages = passages + excluded.passages, articles = articles + excluded.articles",
            sorted(rows),
        )
        for name, change in self._totals.items():
            self._connection.execute(
                "INSERT INTO manifest VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
                "value = CAST(CAST(value AS INTEGER) + ?2 AS TEXT)",
                (f"counted_{name}", str(change)),
            )
        self.drop()


def count_stored(connection: sqlite3.Connection, key: int) -> tuple[TermCounts, dict[int, TermCounts]]:
    """Count the terms of a stored article, given by key, and of its passages, these by key in order.

    Raises:
        ValueError: If text or offsets cannot be what was stored.
    """
    headline, body, standfirst = connection.execute(
        "SELECT headline, body, standfirst FROM articles WHERE key = ?", (key,)
    ).fetchone()
    article = Article(str(key), headline, body, standfirst=standfirst)
    passages = connection.execute("SELECT key, start, stop FROM passages WHERE article = ? ORDER BY key", (key,))
    parts = {passage: TermCounts.of_passage(article, Span(start, stop)) for passage, start, stop in passages}
    return TermCounts.of_article(article), parts


def _summed(tallied: list[tuple[Numbers, int]]) -> dict[int, int]:
    """Add up the signs of each number; those that come to nothing are left out."""
    if not tallied:
        return {}
    numbers = np.concatenate([found for found, _ in tallied])
    signs = np.repeat([sign for _, sign in tallied], [len(found) for found, _ in tallied])
    distinct, places = np.unique(numbers, return_inverse=True)
    totals = np.bincount(places, weights=signs, minlength=len(distinct)).astype(np.int64)
    return {number: total for number, total in zip(distinct.tolist(), totals.tolist(), strict=True) if total}


@dataclass(frozen=True, slots=True)
class TermColumns:
    """The terms of texts; see `search.archive.scoring.TermCounts`.

    Attributes:
        keys: Of the texts, in order: shape (n,), int64.
        ends: Where the terms of each begin and, one further, end: shape (n + 1,), int64.
        numbers: The distinct terms of each text, one text behind the other: uint32.
        counts: How often each stands in its text: uint16.
        lengths: How many terms each text has: shape (n,), int32.
    """

    keys: Keys
    ends: Places
    numbers: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int32]

    @classmethod
    def of(cls, keys: Keys, texts: Iterable[TermCounts]) -> Self:
        """Lay out the terms of texts, given in the order of their keys."""
        given = list(texts)
        return cls(
            keys,
            np.cumsum([0, *(len(text.numbers) for text in given)], dtype=np.int64),
            _joined([text.numbers for text in given], np.uint32),
            _joined([text.counts for text in given], np.uint16),
            np.array([text.length for text in given], dtype=np.int32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Lay parts one behind the other, the keys of each larger than those of the one before."""
        begins = np.cumsum([0, *(part.ends[-1] for part in parts)], dtype=np.int64)
        ends = [part.ends[1:] + begin for part, begin in zip(parts, begins[:-1], strict=True)]
        return cls(
            _joined([part.keys for part in parts], np.int64),
            np.concatenate([np.zeros(1, dtype=np.int64), *ends]),
            _joined([part.numbers for part in parts], np.uint32),
            _joined([part.counts for part in parts], np.uint16),
            _joined([part.lengths for part in parts], np.int32),
        )

    def arrays(self, prefix: str) -> dict[str, Array]:
        """Name the arrays, to be written."""
        return {f"{prefix}_{name}": getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], prefix: str) -> Self:
        """Take them up again.

        Raises:
            KeyError: If one is missing.
        """
        return cls(*(arrays[f"{prefix}_{name}"] for name in cls.__dataclass_fields__))

    def look_up(self, rows: Places, terms: npt.NDArray[np.uint32]) -> Counts:
        """Tell how often terms, given by distinct numbers in rising order, stand in the texts of some rows."""
        begins = self.ends[rows]
        sizes = self.ends[rows + 1] - begins
        found = np.zeros((len(rows), len(terms)), dtype=np.int64)
        if not len(terms) or not sizes.sum():
            return found
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1]) + np.repeat(begins - (ends - sizes), sizes)
        numbers = self.numbers[places]
        columns = np.minimum(np.searchsorted(terms, numbers), len(terms) - 1)
        hits = np.flatnonzero(terms[columns] == numbers)
        found[np.repeat(np.arange(len(rows)), sizes)[hits], columns[hits]] = self.counts[places[hits]]
        return found


def _joined(arrays: Sequence[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=kind)
