"""The files that were read: what is remembered of them, and which articles each of them holds."""

import json
import sqlite3
from collections.abc import Iterable

from search.archive.records import InputRecord


class Inputs:
    """The tables `inputs` and `holdings`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def record(self, path: str) -> InputRecord | None:
        """Look up what is remembered of a file."""
        row = self._connection.execute("SELECT * FROM inputs WHERE path = ?", (path,)).fetchone()
        if row is None:
            return None
        path, size, modified_ns, digest, articles, skipped = row
        reasons = tuple((origin, reason) for origin, reason in json.loads(skipped))
        return InputRecord(path, size, modified_ns, digest, articles, reasons)

    def put(self, record: InputRecord) -> None:
        """Remember a file, in place of what was remembered before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?, ?, ?)",
            (
                record.path,
                record.size,
                record.modified_ns,
                record.digest,
                record.articles,
                json.dumps(record.skipped, ensure_ascii=False),
            ),
        )

    def ids_held_by(self, path: str) -> set[str]:
        """List the ids of the articles that a file holds."""
        return {row[0] for row in self._connection.execute("SELECT id FROM holdings WHERE input = ?", (path,))}

    def hold(self, path: str, ids: Iterable[str]) -> None:
        """Note that a file holds articles."""
        self._connection.executemany("INSERT OR IGNORE INTO holdings VALUES (?, ?)", [(path, id_) for id_ in ids])

    def let_go(self, path: str, article_id: str) -> list[str]:
        """Note that a file no longer holds an article; returns the other files that do."""
        self._connection.execute("DELETE FROM holdings WHERE input = ? AND id = ?", (path, article_id))
        rows = self._connection.execute("SELECT input FROM holdings WHERE id = ? ORDER BY input", (article_id,))
        return [row[0] for row in rows]

    def forget_holders(self, article_id: str) -> None:
        """Forget every file that holds an article, so that they are read again."""
        held_in = "(SELECT input FROM holdings WHERE id = ?)"
        self._connection.execute(f"DELETE FROM inputs WHERE path IN {held_in}", (article_id,))
        self._connection.execute("DELETE FROM holdings WHERE id = ?", (article_id,))
