"""What only a thorough look at the database needs to read."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_OFFSETS_OF = {"passages": "passages", "mentions": "marks", "statements": "marks"}


@dataclass(slots=True)
class Offsets:
    """The slices `[start, stop)` of a body that are stored, in Unicode code points, whatever they are.

    Attributes:
        passages: Those of passages.
        marks: Those of time mentions and statements.
    """

    passages: list[tuple[int, int]] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)


class Inspection:
    """Reads everything that is stored, whether it can be found or not, and however wrong it is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def article_keys(self) -> list[int]:
        """List the key of every stored article, in order."""
        return [row[0] for row in self._connection.execute("SELECT key FROM articles ORDER BY key")]

    def content_hashes(self, keys: Iterable[int]) -> dict[int, str]:
        """Read the stored content hashes of articles by key."""
        query = f"SELECT key, content_hash FROM articles WHERE key IN ({_listed(keys)})"
        return dict(self._connection.execute(query))

    def offsets(self, keys: Iterable[int]) -> dict[int, Offsets]:
        """Read the stored offsets of articles by key."""
        found = {key: Offsets() for key in keys}
        for table, kind in _OFFSETS_OF.items():
            query = f"SELECT article, start, stop FROM {table} WHERE article IN ({_listed(found)})"
            for article, start, stop in self._connection.execute(query):
                getattr(found[article], kind).append((start, stop))
        return found

    def vectors(self, size: int) -> Iterator[list[bytes | None]]:
        """Read the vector of every passage as it is stored, `size` at a time; None for one that is missing."""
        cursor = self._connection.execute(
            "SELECT vector FROM passages LEFT JOIN vectors ON vectors.passage = passages.key"
        )
        while rows := cursor.fetchmany(size):
            yield [row[0] for row in rows]

    def flags(self, keys: Iterable[int]) -> dict[int, tuple[bool, bool]]:
        """Read by key whether articles are marked as superseded and as withdrawn."""
        query = f"SELECT key, superseded, withdrawn FROM articles WHERE key IN ({_listed(keys)})"
        return {
            key: (bool(superseded), bool(withdrawn))
            for key, superseded, withdrawn in self._connection.execute(query)
        }

    def strays(self) -> int:
        """Count the texts with a relation that goes one way only, or leads out of their family."""
        row = self._connection.execute(
            "SELECT count(DISTINCT r.one) FROM relations r "
            "LEFT JOIN relations back ON back.one = r.other AND back.other = r.one "
            "LEFT JOIN texts mine ON mine.key = r.one LEFT JOIN texts kin ON kin.key = r.other "
            "WHERE back.one IS NULL OR mine.family IS NULL OR kin.family IS NULL OR mine.family != kin.family"
        ).fetchone()
        return int(row[0])


def _listed(keys: Iterable[int]) -> str:
    return ",".join(str(int(key)) for key in keys)
