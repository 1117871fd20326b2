"""The rows that a catalogue is made of, read from the database."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from search.archive.columns import ArticleRow, MentionRow, PassageRow, Rows, SayingRow
from search.archive.liveness import in_utc


class ColumnRows:
    """Reads the rows of articles, their passages, mentions and sayings."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, keys: Iterable[int]) -> Rows:
        """Read the rows of articles, given by key."""
        wanted = (json.dumps([int(key) for key in keys]),)
        these = "a.key IN (SELECT value FROM json_each(?))"
        execute = self._connection.execute
        articles = execute(
            "SELECT a.key, a.id, coalesce(a.first_day, 0), coalesce(a.last_day, 0), a.superseded, a.withdrawn, "
            "a.supersedes, a.source, a.section, a.language, coalesce(t.family, 0), a.readings, a.embargo "
            f"FROM articles a LEFT JOIN texts t ON t.key = a.text WHERE {these} ORDER BY a.key",
            wanted,
        )
        passages = execute(
            "SELECT p.key, a.key, p.start, p.stop FROM articles a JOIN passages p ON p.article = a.key "
            f"WHERE {these} ORDER BY p.key",
            wanted,
        )
        mentions = execute(
            "SELECT a.key, m.start, m.stop, m.first_day, m.last_day FROM articles a "
            f"JOIN mentions m ON m.article = a.key WHERE {these} "
            "AND m.first_day IS NOT NULL AND m.last_day IS NOT NULL ORDER BY a.key, m.start",
            wanted,
        )
        sayings = execute(
            "SELECT a.key, s.start, s.stop, s.folded FROM articles a JOIN statements s ON s.article = a.key "
            f"WHERE {these} AND s.folded IS NOT NULL ORDER BY a.key, s.start",
            wanted,
        )
        return Rows(
            self._articles(articles),
            list(map(PassageRow._make, passages)),
            list(map(MentionRow._make, mentions)),
            list(map(SayingRow._make, sayings)),
        )

    def _articles(self, rows: Iterable[Sequence[Any]]) -> list[ArticleRow]:
        """Make rows of articles; one under embargo supersedes nothing."""
        known = self._connection.execute("SELECT value FROM manifest WHERE name = 'released'").fetchone()
        released = datetime.fromisoformat(known[0]) if known else None
        made = []
        for *row, embargo in rows:
            found = ArticleRow(*row)
            if embargo is not None and released is not None:
                ends = in_utc(datetime.fromisoformat(embargo))
                if ends > released:
                    found = found._replace(supersedes=None, embargo=ceil(ends.timestamp()))
            made.append(found)
        return made
