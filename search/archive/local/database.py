"""The truth: articles, passages, vectors and the manifest, in one SQLite file."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.archive.columns import Keys
from search.archive.liveness import is_stored
from search.archive.local.columns import ColumnRows
from search.archive.local.lexical import WordsRow
from search.archive.local.relations import Inputs, Kinship, Liveness
from search.archive.local.schema import TABLES
from search.archive.local.terms import FrequencyTable
from search.archive.records import Dossier
from search.archive.rows import (
    article_from_row,
    article_to_row,
    mention_from_row,
    mention_to_row,
    part_to_row,
    remarks_to_row,
    statements_from_rows,
    statements_to_rows,
)
from search.archive.scoring import TermCounts
from search.article import Article
from search.errors import ArchiveDamagedError
from search.statements import Statement
from search.times import TimeMention

_VARIABLES_A_QUERY = 10_000
_WRITERS_CACHE_KIB = 64_000
_ARTICLE_COLUMNS = (
    "id, headline, body, published, precision, found_in, first_day, last_day, standfirst, byline, dateline, "
    "source, url, language, section, origin, input, content_hash, version, supersedes, notice, notice_text, "
    "local_day, label, embargo, rights, remarks"
)
_PARTS = (
    "(SELECT json_group_array(json_array(start, stop, p.published, p.precision, p.found_in, p.local_day, page, "
    "heading)) FROM parts p WHERE p.article = articles.key)"
)
_OF_LIVE = (
    "NOT EXISTS (SELECT 1 FROM articles hidden INDEXED BY articles_not_live "
    "WHERE hidden.live = 0 AND hidden.key = article)"
)


class Database:
    """The archive's SQLite file. One connection, for one thread at a time; a reader sees what was last committed.

    Attributes:
        kinship: The families of the articles.
        liveness: Which articles are live.
        inputs: The files that were read.
        frequencies: In how many passages and articles terms stand.
        columns: What a catalogue is made of.
    """

    def __init__(self, path: Path, trace: Callable[[str], None] | None = None) -> None:
        """Open the file; `trace` is told every SQL statement."""
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.set_trace_callback(trace)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA busy_timeout = 10000")
        except sqlite3.DatabaseError as error:
            raise ArchiveDamagedError(f"{path} is not a readable database: {error}.") from error
        self.kinship = Kinship(self._connection)
        self.liveness = Liveness(self._connection, self.articles)
        self.inputs = Inputs(self._connection)
        self.frequencies = FrequencyTable(self._connection)
        self.columns = ColumnRows(self._connection)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def begin(self) -> None:
        """Begin to write; what follows is committed together, or not at all."""
        self._connection.execute(f"PRAGMA cache_size = -{_WRITERS_CACHE_KIB}")
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

    def add(self, dossier: Dossier, vectors: npt.NDArray[np.float32], input_path: str | None) -> int:
        """Store a dossier with the vectors of its passages; returns the article's key.

        Raises:
            sqlite3.IntegrityError: If an article of this id is stored.
        """
        article = dossier.article
        whole, counted = TermCounts.of_all(article, dossier.passages)
        cursor = self._connection.execute(
            f"INSERT INTO articles ({_ARTICLE_COLUMNS}, superseded, withdrawn, terms, counts, readings) "
            f"VALUES ({'?, ' * 27}0, 0, ?, ?, ?)",
            (*article_to_row(article, input_path), whole.length, whole.packed(), dossier.readings),
        )
        key = cursor.lastrowid or 0
        for span, vector, own in zip(dossier.passages, vectors, counted, strict=True):
            passage = self._connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?)",
                (key, span.start, span.end, own.length, own.packed()),
            ).lastrowid
            blob = vector.astype("<f2").tobytes()
            self._connection.execute("INSERT INTO vectors VALUES (?, ?)", (passage, blob))
        self._connection.executemany(
            "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, *part_to_row(part)) for part in article.parts],
        )
        self._add_readings(key, dossier.mentions, dossier.statements)
        return key

    def put_readings(
        self, key: int, mentions: Iterable[TimeMention], statements: Iterable[Statement], readings: str
    ) -> None:
        """Replace what was read into an article, given by key."""
        self._connection.execute("DELETE FROM mentions WHERE article = ?", (key,))
        self._connection.execute("DELETE FROM statements WHERE article = ?", (key,))
        self._connection.execute("UPDATE articles SET readings = ? WHERE key = ?", (readings, key))
        self._add_readings(key, mentions, statements)

    def _add_readings(self, key: int, mentions: Iterable[TimeMention], statements: Iterable[Statement]) -> None:
        self._connection.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, *mention_to_row(mention)) for mention in mentions],
        )
        self._connection.executemany(
            f"INSERT INTO statements VALUES (?{', ?' * 14})",
            [(key, *row) for row in statements_to_rows(filter(is_stored, statements))],
        )

    def delete(self, article: int) -> None:
        """Delete an article by its key, with its passages and vectors."""
        self.frequencies.leave_out(article)
        self._connection.execute("DELETE FROM articles WHERE key = ?", (article,))

    def move(self, key: int, article: Article, input_path: str | None) -> None:
        """Note where an unchanged article now comes from, and what its reader has to say of it."""
        origin, remarks = article.origin, remarks_to_row(article)
        self._connection.execute(
            "UPDATE articles SET origin = ?, remarks = ?, input = ? WHERE key = ?",
            (origin, remarks, input_path, key),
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
        query = f"SELECT key, {_ARTICLE_COLUMNS}, {_PARTS} FROM articles WHERE key IN"
        return {row[0]: article_from_row(row[1:]) for row in self._select(query, keys)}

    def id_of(self, key: int) -> str:
        """Tell the id of an article by its key."""
        row: tuple[str] = self._connection.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
        return row[0]

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

    def words_of(self, articles: Iterable[int]) -> Iterator[WordsRow]:
        """Load the passages of articles, given by key, as they are searched by words."""
        rows = self._select(
            "SELECT p.key, a.key, p.counts, p.terms, a.first_day, a.last_day, a.source, a.section, a.language "
            "FROM articles a JOIN passages p ON p.article = a.key WHERE a.key IN",
            articles,
        )
        for key, article, packed, length, *fields in rows:
            yield WordsRow(key, article, TermCounts.unpacked(packed, length), *fields)

    def vectors(self, keys: Sequence[int], dimension: int) -> npt.NDArray[np.float32]:
        """Load vectors by passage key, in the order of `keys`: shape (n, dimension), float32.

        Raises:
            ArchiveDamagedError: If one is missing or of another dimension.
        """
        found = dict(self._select("SELECT passage, vector FROM vectors WHERE passage IN", keys))
        return _unpacked(keys, [found.get(key, b"") for key in keys], dimension)

    def passage_terms(self, keys: Sequence[int]) -> list[TermCounts]:
        """Load the terms of passages, given by key, in the order of `keys`.

        Raises:
            KeyError: If one is missing.
        """
        return self._counted("passages", keys)

    def article_terms(self, keys: Sequence[int]) -> list[TermCounts]:
        """Load the terms of articles, given by key, in the order of `keys`.

        Raises:
            KeyError: If one is missing.
        """
        return self._counted("articles", keys)

    def _counted(self, table: str, keys: Sequence[int]) -> list[TermCounts]:
        rows = self._select(f"SELECT key, counts, terms FROM {table} WHERE key IN", keys)
        found = {key: TermCounts.unpacked(packed, terms) for key, packed, terms in rows}
        return [found[key] for key in keys]

    def passage_keys(self, first: int) -> Keys:
        """List the key of every stored passage from a key on, in order."""
        return self._keys("SELECT key FROM passages WHERE key >= ? ORDER BY key", (first,))

    def last_passage_key(self) -> int:
        """Tell the largest key that any passage ever had; 0 if there never was one."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        return int(row[0]) if row else 0

    def count_passages(self) -> int:
        """Count the stored passages."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def articles_of_passages(self, first: int, last: int) -> Keys:
        """List the keys of the articles that stored passages between two keys are of, in order."""
        return self._keys(
            "SELECT DISTINCT article FROM passages WHERE key BETWEEN ? AND ? ORDER BY article", (first, last)
        )

    def article_keys(self) -> Keys:
        """List the key of every stored article, in order."""
        return self._keys("SELECT key FROM articles ORDER BY key")

    def live_among(self, articles: Keys) -> Keys:
        """List the keys of those articles, given by key, that are live, in order."""
        wanted = json.dumps(articles.tolist())
        return self._keys(
            "SELECT key FROM articles WHERE live AND key IN (SELECT value FROM json_each(?)) ORDER BY key",
            (wanted,),
        )

    def live_passages(self) -> dict[int, int]:
        """Tell the key of each passage of a live article, in order, and that of the article."""
        return dict(self._connection.execute(f"SELECT key, article FROM passages WHERE {_OF_LIVE} ORDER BY key"))

    def live_article_keys(self) -> Keys:
        """List the key of every live article, in order."""
        return self._keys("SELECT key FROM articles WHERE live ORDER BY key")

    def readings(self, bodies: Mapping[int, str]) -> dict[int, tuple[list[TimeMention], list[Statement]]]:
        """Load what was read into bodies, given by the key of their article, each in the order of the text.

        Plain statements are not stored.
        """
        mentions: dict[int, list[TimeMention]] = {key: [] for key in bodies}
        statements: dict[int, list[list[Any]]] = {key: [] for key in bodies}
        rows = self._connection.execute(
            "WITH asked AS (SELECT value FROM json_each(?)) "
            "SELECT 1, *, NULL FROM mentions WHERE article IN asked "
            "UNION ALL SELECT 0, * FROM statements WHERE article IN asked",
            (json.dumps(list(bodies)),),
        )
        for is_mention, key, *row in rows:
            if is_mention:
                mentions[key].append(mention_from_row(bodies[key], row[:-1]))
            else:
                statements[key].append(row)
        return {
            key: (
                sorted(mentions[key], key=lambda mention: mention.start),
                statements_from_rows(body, statements[key]),
            )
            for key, body in bodies.items()
        }

    # The journal

    def record_changes(self, snapshot: int, articles: Collection[tuple[int, str]]) -> None:
        """Note which articles, given as key and id, came, went or were changed with a snapshot.

        Those of whose families only the labels changed have no id here.
        """
        self._connection.executemany(
            "INSERT OR IGNORE INTO changes VALUES (?, ?, ?)", [(snapshot, key, id_) for key, id_ in articles]
        )

    def changed_since(self, snapshot: int) -> Keys:
        """List the keys of the articles that were changed so after a snapshot, in order."""
        return self._keys("SELECT DISTINCT article FROM changes WHERE snapshot > ? ORDER BY article", (snapshot,))

    def ids_changed_since(self, snapshot: int) -> list[str]:
        """List the ids of the articles that were changed so after a snapshot, in order.

        Of those that were gone before the archive was upgraded to keep ids here it is not known.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT id FROM changes WHERE snapshot > ? AND id != '' ORDER BY id", (snapshot,)
        )
        return [row[0] for row in rows]

    def _keys(self, query: str, values: Sequence[object] = ()) -> Keys:
        rows = self._connection.execute(query, tuple(values)).fetchall()
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def _select(self, query: str, keys: Iterable[int]) -> Iterator[tuple]:  # type: ignore[type-arg]
        """Run `query (keys)` for any number of keys."""
        wanted = [int(key) for key in keys]
        for begin in range(0, len(wanted), _VARIABLES_A_QUERY):
            part = wanted[begin : begin + _VARIABLES_A_QUERY]
            yield from self._connection.execute(f"{query} ({','.join('?' * len(part))})", part)


def _unpacked(keys: Sequence[int], blobs: Sequence[bytes], dimension: int) -> npt.NDArray[np.float32]:
    for key, blob in zip(keys, blobs, strict=True):
        if len(blob) != 2 * dimension:
            raise ArchiveDamagedError(
                f"The vector of passage {key} has {len(blob)} bytes instead of {2 * dimension}.",
                "Index its file again.",
            )
    stored = np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(keys), dimension)
    return stored.astype(np.float32)
