"""What relates articles on disk: the files that hold them, who hides whom, and which texts make a family.

`articles.superseded` and `articles.withdrawn` follow the rules of `search.archive.liveness` and are brought up to
date for whatever a change may have touched.

Of families: a vertex is a text, so that any number of word-for-word copies cost no comparison; an edge is a pair
of texts that was found by a shared bucket and verified. A family is a connected component. Its label is the
smallest key in it, which is of no meaning outside. The edges depend on the two texts alone, so the same articles
make the same families in whatever order they came; a text that joined two others takes them apart when it goes.

Forms that are filled in again and again share buckets by the thousand without being of one family. So no text is
compared with more than `MOST_VERIFIED`; only beyond that does the order in which texts came decide which are.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from search.archive import liveness
from search.archive.columns import Keys
from search.archive.records import InputRecord
from search.archive.rows import publication_from_row, publication_to_row
from search.article import Article, Withdrawal
from search.family import Likeness

MOST_VERIFIED = 100
"""Texts that a new one is compared with, those that share the most buckets first."""

_MOST_IN_A_BUCKET = 1_000


class Kinship:
    """The tables `texts`, `buckets` and `relations`, and the column `articles.text`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._relabelled: set[int] = set()

    def articles_relabelled(self) -> list[int]:
        """List the keys of the articles whose family has another label since this was last asked."""
        texts, self._relabelled = self._relabelled, set()
        rows = self._connection.execute(
            "SELECT key FROM articles WHERE text IN (SELECT value FROM json_each(?))", (json.dumps(sorted(texts)),)
        )
        return [row[0] for row in rows]

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

    def families_among(self, articles: Keys) -> dict[int, int]:
        """Tell the families that articles, given by key, make by themselves: labels by key; 0 for none."""
        wanted = json.dumps(articles.tolist())
        texts = dict(
            self._connection.execute(
                "SELECT key, text FROM articles WHERE key IN (SELECT value FROM json_each(?))", (wanted,)
            )
        )
        inside = {text for text in texts.values() if text is not None}
        labels: dict[int, int] = {}
        for text in sorted(inside):
            waiting = [] if text in labels else [text]
            while waiting:
                labels[one := waiting.pop()] = text
                rows = self._connection.execute("SELECT other FROM relations WHERE one = ?", (one,))
                waiting += [other for (other,) in rows if other in inside and other not in labels]
        return {key: labels[text] if text is not None else 0 for key, text in texts.items()}

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
        for old in labels - {label}:
            rows = self._connection.execute("SELECT key FROM texts WHERE family = ?", (old,))
            self._relabelled.update(row[0] for row in rows)
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
        self._relabelled |= component
        self._connection.executemany(
            "UPDATE texts SET family = ?1 WHERE key = ?2 AND family != ?1", [(label, text) for text in component]
        )


def _unpacked(buckets: bytes) -> Iterator[int]:
    return (int.from_bytes(buckets[begin : begin + 4], "little") for begin in range(0, len(buckets), 4))


class Liveness:
    """The table `withdrawals`, and which articles it and later articles hide; a `Versions`."""

    def __init__(
        self, connection: sqlite3.Connection, articles: Callable[[Iterable[int]], dict[int, Article]]
    ) -> None:
        """Keep what is live.

        Args:
            connection: Of the database.
            articles: Loads articles by key.
        """
        self._connection = connection
        self._articles = articles

    def note(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal for each article that it names; returns those of which it was not known.

        Of several for one article that which was issued last counts.
        """
        new = []
        for article_id in withdrawal.article_ids:
            if not liveness.is_new(withdrawal, self.noted(article_id)):
                continue
            *stated, local_day = publication_to_row(withdrawal.published)
            told = withdrawal.version, withdrawal.source, withdrawal.origin
            self._connection.execute(
                "INSERT OR REPLACE INTO withdrawals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (article_id, withdrawal.reason, *stated, *told, local_day),
            )
            new.append(article_id)
        return new

    def noted(self, article_id: str) -> Withdrawal | None:
        """Look up the withdrawal that names an article, whether it stands or not."""
        row = self._connection.execute("SELECT * FROM withdrawals WHERE id = ?", (article_id,)).fetchone()
        return _withdrawal(row) if row else None

    def withdrawals(self) -> list[Withdrawal]:
        """List all withdrawals, one for each article that is named."""
        return [_withdrawal(row) for row in self._connection.execute("SELECT * FROM withdrawals ORDER BY id")]

    def forget(self, article_id: str) -> bool:
        """Forget the withdrawal of an article; tells whether there was one."""
        return self._connection.execute("DELETE FROM withdrawals WHERE id = ?", (article_id,)).rowcount > 0

    def withdrawal_of(self, article: Article) -> Withdrawal | None:
        """Find the withdrawal that stands for an article."""
        return liveness.withdrawal_of(article, self)

    def superseded_by(self, article: Article) -> str | None:
        """Find the id of the stored article in the place of another."""
        return liveness.superseded_by(article, self)

    def article(self, article_id: str) -> Article | None:
        """Look up the stored article of an id."""
        return next(iter(self._where("id = ?", article_id)), None)

    def naming(self, article_id: str) -> list[Article]:
        """List the stored articles that name an id as superseded, but for those under embargo."""
        naming = self._where("supersedes = ?", article_id)
        return [article for article in naming if not self._is_held(article)]

    def named_by(self, article_id: str) -> str | None:
        """Look up the id that the stored article of an id names as superseded; one under embargo names none."""
        row = self._connection.execute(
            "SELECT supersedes, embargo FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if row is None or (row[1] is not None and (found := self.article(article_id)) and self._is_held(found)):
            return None
        named: str | None = row[0]
        return named

    def marks(self, article_id: str) -> tuple[bool, bool] | None:
        """Read whether an article is marked as superseded and as withdrawn; None if it is not stored."""
        row = self._connection.execute(
            "SELECT superseded, withdrawn FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return (bool(row[0]), bool(row[1])) if row else None

    def settle(self, ids: Iterable[str], of: str = "") -> list[int]:
        """Bring up to date whether articles are live.

        Args:
            ids: Of those that a change may have touched.
            of: The id of the article that came, went or was replaced, if one did.

        Returns:
            The keys of those that are marked otherwise than before.
        """
        changed = []
        for article_id in liveness.touched(ids, of, self):
            row = self._connection.execute(
                "SELECT key, superseded, withdrawn FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            if row is None:
                continue
            key, *before = map(int, row)
            article = self._articles([key])[key]
            now = [self.superseded_by(article) is not None, self.withdrawal_of(article) is not None]
            if now != before:
                self._connection.execute(
                    "UPDATE articles SET superseded = ?, withdrawn = ? WHERE key = ?", (*map(int, now), key)
                )
                changed.append(key)
        return changed

    def _is_held(self, article: Article) -> bool:
        return article.embargo is not None and liveness.under_embargo(article, self.released())

    def released(self) -> datetime | None:
        """Look up until when embargoes have ended; None where none was ever kept."""
        row = self._connection.execute("SELECT value FROM manifest WHERE name = 'released'").fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def embargoes(self) -> list[tuple[int, str, str | None, datetime]]:
        """List the articles that were sent ahead: key, id, what they supersede, and when their embargo ends."""
        rows = self._connection.execute(
            "SELECT key, id, supersedes, embargo FROM articles WHERE embargo IS NOT NULL ORDER BY key"
        )
        return [(key, id_, named, liveness.in_utc(datetime.fromisoformat(ends))) for key, id_, named, ends in rows]

    def _where(self, condition: str, value: str) -> list[Article]:
        rows = self._connection.execute(f"SELECT key FROM articles WHERE {condition}", (value,)).fetchall()
        return list(self._articles(row[0] for row in rows).values())


def _withdrawal(row: Sequence[Any]) -> Withdrawal:
    id_, reason, moment, precision, found_in, version, source, origin, local_day = row
    published = publication_from_row(moment, precision, found_in, local_day)
    return Withdrawal((id_,), reason, published, version, source, origin)


def _input(row: Sequence[Any]) -> InputRecord:
    path, size, modified_ns, digest, articles, skipped = row
    reasons = tuple((origin, reason) for origin, reason in json.loads(skipped))
    return InputRecord(path, size, modified_ns, digest, articles, reasons)


class Inputs:
    """The tables `inputs` and `holdings`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def record(self, path: str) -> InputRecord | None:
        """Look up what is remembered of a file."""
        row = self._connection.execute("SELECT * FROM inputs WHERE path = ?", (path,)).fetchone()
        return _input(row) if row else None

    def records(self) -> list[InputRecord]:
        """List what is remembered of all files."""
        return [_input(row) for row in self._connection.execute("SELECT * FROM inputs ORDER BY path")]

    def holdings(self) -> dict[str, frozenset[str]]:
        """List the ids of the articles that each file holds."""
        found: dict[str, set[str]] = {}
        for path, id_ in self._connection.execute("SELECT input, id FROM holdings"):
            found.setdefault(path, set()).add(id_)
        return {path: frozenset(ids) for path, ids in found.items()}

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
