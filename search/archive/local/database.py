"""The truth: articles, passages, vectors and the manifest, in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.archive.local.conditions import where
from search.archive.local.inputs import Inputs
from search.archive.local.kinship import Kinship
from search.archive.local.liveness import Liveness
from search.archive.local.rows import (
    article_from_row,
    article_to_row,
    is_stored,
    mention_from_row,
    mention_to_row,
    publication_from_row,
    statement_from_row,
    statement_to_row,
)
from search.archive.local.schema import TABLES
from search.article import Article, Span
from search.errors import ArchiveDamagedError
from search.family import Copy
from search.filters import Filter
from search.statements import Statement
from search.times import TimeMention

Keys = npt.NDArray[np.int64]
"""Passage or article keys: shape (n,), int64."""

_VARIABLES_A_QUERY = 10_000
_OF_LIVE = (
    "NOT EXISTS (SELECT 1 FROM articles hidden INDEXED BY articles_not_live "
    "WHERE hidden.live = 0 AND hidden.key = article)"
)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the keys that the views know it by."""

    key: int
    article: int
    span: Span


class Database:
    """The archive's SQLite file. One connection; a reader sees what was last committed.

    Attributes:
        kinship: The families of the articles.
        liveness: Which articles are live.
        inputs: The files that were read.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA busy_timeout = 10000")
        except sqlite3.DatabaseError as error:
            raise ArchiveDamagedError(f"{path} is not a readable database: {error}.") from error
        self.kinship = Kinship(self._connection)
        self.liveness = Liveness(self._connection, self.articles)
        self.inputs = Inputs(self._connection)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def begin(self) -> None:
        """Begin to write; what follows is committed together, or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since `begin` durable."""
        self._connection.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo everything since `begin`."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @property
    def in_transaction(self) -> bool:
        """Whether what is read belongs to one snapshot already."""
        return self._connection.in_transaction

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside belongs to one snapshot."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def create(self, **manifest: str) -> None:
        """Make the tables of a new archive and its manifest, all or nothing."""
        self.begin()
        for statement in TABLES.split(";"):
            self._connection.execute(statement)
        self.set_manifest(**manifest)
        self.commit()

    # The manifest

    def has_tables(self) -> bool:
        """Tell whether this is an archive's database at all."""
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'")
        return found.fetchone() is not None

    def manifest(self) -> dict[str, str]:
        """Read the manifest."""
        return dict(self._connection.execute("SELECT name, value FROM manifest"))

    def set_manifest(self, **values: str) -> None:
        """Write entries of the manifest."""
        self._connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", values.items())

    # Articles

    def add(
        self,
        article: Article,
        spans: Sequence[Span],
        vectors: npt.NDArray[np.float32],
        mentions: Iterable[TimeMention],
        input_path: str | None,
        statements: Iterable[Statement] = (),
    ) -> int:
        """Store an article with its passages, their vectors, its time mentions and statements; returns its key.

        Raises:
            sqlite3.IntegrityError: If an article of this id is stored.
        """
        cursor = self._connection.execute(
            f"INSERT INTO articles VALUES (NULL{', ?' * 22}, 0, 0, NULL)", article_to_row(article, input_path)
        )
        key = cursor.lastrowid or 0
        for span, vector in zip(spans, vectors, strict=True):
            passage = self._connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?)", (key, span.start, span.end)
            ).lastrowid
            blob = vector.astype("<f2").tobytes()
            self._connection.execute("INSERT INTO vectors VALUES (?, ?)", (passage, blob))
        self._connection.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, *mention_to_row(mention)) for mention in mentions],
        )
        self._connection.executemany(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, *statement_to_row(statement)) for statement in statements if is_stored(statement)],
        )
        return key

    def delete(self, article: int) -> None:
        """Delete an article by its key, with its passages and vectors."""
        self._connection.execute("DELETE FROM articles WHERE key = ?", (article,))

    def move(self, article: int, origin: str, input_path: str | None) -> None:
        """Note that an unchanged article now comes from another place."""
        self._connection.execute(
            "UPDATE articles SET origin = ?, input = ? WHERE key = ?", (origin, input_path, article)
        )

    def published_before(self, day: date) -> list[int]:
        """List the keys of the articles, found or not, that were published before a day; undated ones were not."""
        query = "SELECT key FROM articles WHERE last_day < ? ORDER BY key"
        return [row[0] for row in self._connection.execute(query, (day.toordinal(),))]

    def find(self, article_id: str) -> tuple[int, str, str | None] | None:
        """Look an article up by its id: its key, content hash and input path."""
        row: tuple[int, str, str | None] | None = self._connection.execute(
            "SELECT key, content_hash, input FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return row

    def articles(self, keys: Iterable[int]) -> dict[int, Article]:
        """Load articles by key; keys that are gone are left out."""
        return {
            row[0]: article_from_row(row[1:]) for row in self._select("SELECT * FROM articles WHERE key IN", keys)
        }

    def copies(self, keys: Iterable[int]) -> dict[int, Copy]:
        """Load what a family shows of articles, by key."""
        columns = "key, id, headline, source, published, precision, found_in, url"
        return {
            key: Copy(id_, headline, source, publication_from_row(*published), url)
            for key, id_, headline, source, *published, url in self._select(
                f"SELECT {columns} FROM articles WHERE key IN", keys
            )
        }

    def bodies(self, ids: Iterable[str]) -> dict[str, str]:
        """Read bodies by article id; ids that are gone are left out."""
        query = "SELECT id, body FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(list(ids)),)))

    def ids(self, *, under: str | None = None) -> list[str]:
        """List article ids in order, all or those from the file or folder `under` (an absolute path)."""
        if under is None:
            rows = self._connection.execute("SELECT id FROM articles ORDER BY id")
        else:
            rows = self._connection.execute(
                "SELECT DISTINCT id FROM holdings WHERE input = ?1 "
                "OR substr(input, 1, length(?1) + 1) = ?1 || '/' ORDER BY id",
                (under,),
            )
        return [row[0] for row in rows]

    # Passages and vectors

    def passages(self, keys: Iterable[int], back: frozenset[int] = frozenset()) -> dict[int, StoredPassage]:
        """Load passages of live articles by key, and of articles that are counted as live."""
        wanted, query = list(keys), "SELECT key, article, start, stop FROM passages WHERE"
        rows = list(self._select(f"{query} {_OF_LIVE} AND key IN", wanted))
        if back:
            rows += [row for row in self._select(f"{query} key IN", wanted) if row[1] in back]
        return {row[0]: StoredPassage(row[0], row[1], Span(row[2], row[3])) for row in rows}

    def passages_of(self, article: int) -> list[StoredPassage]:
        """Load the passages of an article, in order."""
        rows = self._connection.execute(
            "SELECT key, article, start, stop FROM passages WHERE article = ? ORDER BY start", (article,)
        )
        return [StoredPassage(row[0], row[1], Span(row[2], row[3])) for row in rows]

    def vectors(self, keys: Sequence[int], dimension: int) -> npt.NDArray[np.float32]:
        """Load vectors by passage key, in the order of `keys`: shape (n, dimension), float32.

        Raises:
            ArchiveDamagedError: If one is missing or of another dimension.
        """
        found = dict(self._select("SELECT passage, vector FROM vectors WHERE passage IN", keys))
        blobs = [found.get(key, b"") for key in keys]
        for key, blob in zip(keys, blobs, strict=True):
            if len(blob) != 2 * dimension:
                raise ArchiveDamagedError(
                    f"The vector of passage {key} has {len(blob)} bytes instead of {2 * dimension}.",
                    "Index its file again.",
                )
        stored = np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(keys), dimension)
        return stored.astype(np.float32)

    def all_passage_keys(self) -> Keys:
        """List the key of every passage of a live article, in order."""
        return self._keys(f"SELECT key FROM passages WHERE {_OF_LIVE} ORDER BY key")

    def article_keys_of_passages(self) -> dict[int, int]:
        """Tell the key of the article of each passage of a live article."""
        return dict(self._connection.execute(f"SELECT key, article FROM passages WHERE {_OF_LIVE}"))

    def all_article_keys(self) -> Keys:
        """List the key of every live article, in order."""
        return self._keys("SELECT key FROM articles WHERE live ORDER BY key")

    def passage_keys(self, condition: Filter, of: frozenset[int] | None = None) -> Keys:
        """List the keys of the passages of live articles, or of given ones, that pass a filter, in order."""
        clause, values = where(condition)
        among = "a.live" if of is None else "a.key IN (SELECT value FROM json_each(?))"
        joined = "passages p JOIN articles a ON a.key = p.article"
        query = f"SELECT p.key FROM {joined} WHERE {among} AND {clause} ORDER BY p.key"
        # The clauses are ours, the values are bound.
        return self._keys(query, values if of is None else [json.dumps(sorted(of)), *values])

    def mentions(self, articles: Iterable[int]) -> dict[int, list[TimeMention]]:
        """Load the time mentions of articles by key, in the order of the text."""
        keys = list(articles)
        bodies = dict(self._select("SELECT key, body FROM articles WHERE key IN", keys))
        found: dict[int, list[TimeMention]] = {key: [] for key in bodies}
        for key, *row in self._select("SELECT * FROM mentions WHERE article IN", keys):
            found[key].append(mention_from_row(bodies[key], row))
        return {key: sorted(mentions, key=lambda mention: mention.start) for key, mentions in found.items()}

    def statements(self, articles: Iterable[int]) -> dict[int, list[Statement]]:
        """Load the statements of articles by key, in the order of the text; plain ones are not stored."""
        keys = list(articles)
        bodies = dict(self._select("SELECT key, body FROM articles WHERE key IN", keys))
        found: dict[int, list[Statement]] = {key: [] for key in bodies}
        for key, *row in self._select("SELECT * FROM statements WHERE article IN", keys):
            found[key].append(statement_from_row(bodies[key], row))
        return {key: sorted(told, key=lambda statement: statement.start) for key, told in found.items()}

    # The journal

    def record_changes(self, snapshot: int, articles: Iterable[int]) -> None:
        """Note which articles came, went, became live or ceased to be with a snapshot."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO changes VALUES (?, ?)", [(snapshot, article) for article in articles]
        )

    def changed_since(self, snapshot: int) -> Keys:
        """List the keys of the articles that were changed so after a snapshot, in order."""
        return self._keys("SELECT DISTINCT article FROM changes WHERE snapshot > ? ORDER BY article", (snapshot,))

    # Counts

    def counts(self) -> tuple[int, int]:
        """Count live articles and their passages."""
        articles = self._connection.execute("SELECT count(*) FROM articles WHERE live").fetchone()[0]
        passages = self._connection.execute(f"SELECT count(*) FROM passages WHERE {_OF_LIVE}").fetchone()[0]
        return articles, passages

    def coverage(self) -> tuple[int | None, int | None, int]:
        """First and last day of publication of live articles (ordinals), and how many have none."""
        row: tuple[int | None, int | None, int] = self._connection.execute(
            "SELECT min(first_day), max(last_day), count(*) - count(first_day) FROM articles WHERE live"
        ).fetchone()
        return row

    def values(self, column: str) -> dict[str, int]:
        """Count live articles by `source`, `section` or `language`, the most frequent first."""
        if column not in {"source", "section", "language"}:
            raise ValueError(f"not a column to count by: {column}")
        rows = self._connection.execute(
            f"SELECT {column}, count(*) FROM articles WHERE live AND {column} IS NOT NULL "
            f"GROUP BY {column} ORDER BY count(*) DESC, {column}"
        )
        return dict(rows)

    def _keys(self, query: str, values: Sequence[object] = ()) -> Keys:
        rows = self._connection.execute(query, tuple(values)).fetchall()
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def _select(self, query: str, keys: Iterable[int]) -> Iterator[tuple]:  # type: ignore[type-arg]
        """Run `query (keys)` for any number of keys."""
        wanted = [int(key) for key in keys]
        for begin in range(0, len(wanted), _VARIABLES_A_QUERY):
            part = wanted[begin : begin + _VARIABLES_A_QUERY]
            yield from self._connection.execute(f"{query} ({','.join('?' * len(part))})", part)
