"""Families on disk: which stored texts derive from one another, kept right under every change.

A vertex is a text, so that any number of word-for-word copies cost no comparison; an edge is a pair of texts that
was found by a shared bucket and verified. A family is a connected component. Its label is the smallest key in it,
which is of no meaning outside. The edges depend on the two texts alone, so the same articles make the same
families in whatever order they came; a text that joined two others takes them apart when it goes.

Forms that are filled in again and again share buckets by the thousand without being of one family. So no text is
compared with more than `MOST_VERIFIED`; only beyond that does the order in which texts came decide which are.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

from search.family import Likeness

MOST_VERIFIED = 100
"""Texts that a new one is compared with, those that share the most buckets first."""

_MOST_IN_A_BUCKET = 1_000
_VARIABLES_A_QUERY = 10_000


class Kinship:
    """The tables `texts`, `buckets` and `relations`, and the column `articles.text`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def join(self, article: int, likeness: Likeness) -> None:
        """Note the text of an article that was just stored, and find its family.

        At most `MOST_VERIFIED` stored texts are compared with it, however many share a bucket with it.
        """
        known = self._connection.execute("SELECT key FROM texts WHERE digest = ?", (likeness.digest,)).fetchone()
        self.assign(article, known[0] if known else self._add(likeness))

    def text_of(self, article: int) -> int | None:
        """Look up the key of an article's text; None if it was not compared."""
        row = self._connection.execute("SELECT text FROM articles WHERE key = ?", (article,)).fetchone()
        return row[0] if row else None

    def assign(self, article: int, text: int) -> None:
        """Note that an article has a text that is known."""
        self._connection.execute("UPDATE articles SET text = ? WHERE key = ?", (text, article))

    def forget_unused(self, text: int | None) -> None:
        """Forget a text that no article has any more; what it held together may fall apart."""
        held = self._connection.execute("SELECT 1 FROM articles WHERE text = ? LIMIT 1", (text,)).fetchone()
        row = self._connection.execute("SELECT family, buckets FROM texts WHERE key = ?", (text,)).fetchone()
        if held or row is None:
            return
        family, packed = row
        self._connection.executemany(
            "DELETE FROM buckets WHERE bucket = ? AND text = ?", [(bucket, text) for bucket in _unpacked(packed)]
        )
        self._connection.execute("DELETE FROM relations WHERE one = ?1 OR other = ?1", (text,))
        self._connection.execute("DELETE FROM texts WHERE key = ?", (text,))
        left = {row[0] for row in self._connection.execute("SELECT key FROM texts WHERE family = ?", (family,))}
        while left:
            component = self._component(left.pop())
            left -= component
            self._label(component)

    def members(self, articles: Iterable[int], back: frozenset[int] = frozenset()) -> dict[int, list[int]]:
        """List, for each article by key, the keys of all live articles of its family; alone if it has none.

        Those in `back` count as live.
        """
        counted = json.dumps(sorted(back))
        wanted = [int(article) for article in articles]
        found = {article: [article] for article in wanted}
        for begin in range(0, len(wanted), _VARIABLES_A_QUERY):
            part = wanted[begin : begin + _VARIABLES_A_QUERY]
            rows = self._connection.execute(
                "SELECT mine.key, kin.key FROM articles mine JOIN texts own ON own.key = mine.text "
                "JOIN texts ON texts.family = own.family JOIN articles kin ON kin.text = texts.key "
                "WHERE (mine.live OR mine.key IN (SELECT value FROM json_each(?1))) "
                "AND (kin.live OR kin.key IN (SELECT value FROM json_each(?1))) AND mine.key != kin.key "
                f"AND mine.key IN ({','.join('?' * len(part))})",
                [counted, *part],
            )
            for article, kin in rows:
                found[article].append(kin)
        return found

    def settle_anew(self) -> None:
        """Let every relation between stored texts go both ways, and label the families that they make."""
        stored = "(SELECT key FROM texts)"
        self._connection.execute(f"DELETE FROM relations WHERE one NOT IN {stored} OR other NOT IN {stored}")
        self._connection.execute("INSERT OR IGNORE INTO relations SELECT other, one FROM relations")
        left = {row[0] for row in self._connection.execute("SELECT key FROM texts")}
        while left:
            component = self._component(left.pop())
            left -= component
            self._label(component)

    def count(self) -> int:
        """Count the families of more than one live article."""
        row = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM articles JOIN texts ON texts.key = articles.text "
            "WHERE articles.live GROUP BY texts.family HAVING count(*) > 1)"
        ).fetchone()
        return int(row[0])

    def _add(self, likeness: Likeness) -> int:
        packed = b"".join(bucket.to_bytes(4, "little") for bucket in likeness.buckets)
        cursor = self._connection.execute("INSERT INTO texts VALUES (NULL, ?, 0, ?)", (likeness.digest, packed))
        text = cursor.lastrowid or 0
        related = [other for other, body in self._candidates(likeness) if likeness.same(body)]
        pairs = [(one, other) for kin in related for one, other in ((text, kin), (kin, text))]
        self._connection.executemany("INSERT INTO relations VALUES (?, ?)", pairs)
        self._connection.executemany(
            "INSERT INTO buckets VALUES (?, ?)", [(bucket, text) for bucket in likeness.buckets]
        )
        self._join_families(text, related)
        return text

    def _candidates(self, likeness: Likeness) -> list[tuple[int, str]]:
        """The texts in use that share the most buckets, each with a body that it stands in.

        Of a bucket with very many the latest count: news derives from what is new.
        """
        query = "SELECT text FROM buckets WHERE bucket = ? ORDER BY text DESC LIMIT ?"
        shared: Counter[int] = Counter()
        for bucket in likeness.buckets:
            shared.update(row[0] for row in self._connection.execute(query, (bucket, _MOST_IN_A_BUCKET)))
        nearest = sorted(shared, key=lambda text: (-shared[text], text))[:MOST_VERIFIED]
        rows = self._connection.execute(
            "SELECT text, body FROM articles WHERE key IN (SELECT min(key) FROM articles WHERE text IN "
            f"({','.join('?' * len(nearest))}) GROUP BY text)",
            nearest,
        )
        return list(rows)

    def _join_families(self, text: int, related: Iterable[int]) -> None:
        """Make one family of a new text and those of its relatives; its key is larger than all of theirs."""
        labels = {
            self._connection.execute("SELECT family FROM texts WHERE key = ?", (kin,)).fetchone()[0]
            for kin in related
        }
        label = min(labels, default=text)
        self._connection.execute("UPDATE texts SET family = ? WHERE key = ?", (label, text))
        self._connection.executemany(
            "UPDATE texts SET family = ? WHERE family = ?", [(label, old) for old in labels - {label}]
        )

    def _component(self, text: int) -> set[int]:
        """The texts that can be reached from one along relations."""
        found, waiting = {text}, [text]
        while waiting:
            rows = self._connection.execute("SELECT other FROM relations WHERE one = ?", (waiting.pop(),))
            new = {row[0] for row in rows} - found
            found |= new
            waiting.extend(new)
        return found

    def _label(self, component: set[int]) -> None:
        label = min(component)
        self._connection.executemany(
            "UPDATE texts SET family = ?1 WHERE key = ?2 AND family != ?1", [(label, text) for text in component]
        )


def _unpacked(buckets: bytes) -> Iterator[int]:
    return (int.from_bytes(buckets[begin : begin + 4], "little") for begin in range(0, len(buckets), 4))
