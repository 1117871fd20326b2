"""Which stored articles are current: those neither superseded nor withdrawn. Only these can be found.

`articles.superseded` and `articles.withdrawn` are derived from the articles and the withdrawals by the rules in
`search.versions`, and are brought up to date for whatever a change may have touched, so that undoing a change
undoes what it did.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime

from search.article import Article, Precision, Publication, Withdrawal
from search.versions import stands, takes_the_place, was_earlier


class Currency:
    """The table `withdrawals`, and which articles it and later articles hide."""

    def __init__(
        self, connection: sqlite3.Connection, articles: Callable[[Iterable[int]], dict[int, Article]]
    ) -> None:
        """Keep what is current.

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
            known = self.noted(article_id)
            if known is not None and (_facts(known) == _facts(withdrawal) or _precedes(withdrawal, known)):
                continue
            published = withdrawal.published
            self._connection.execute(
                "INSERT OR REPLACE INTO withdrawals VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    article_id,
                    withdrawal.reason,
                    published.moment.isoformat() if published else None,
                    published.precision.value if published else None,
                    published.found_in if published else None,
                    withdrawal.version,
                    withdrawal.source,
                    withdrawal.origin,
                ),
            )
            new.append(article_id)
        return new

    def noted(self, article_id: str) -> Withdrawal | None:
        """Look up the withdrawal that names an article, whether it stands or not."""
        row = self._connection.execute("SELECT * FROM withdrawals WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            return None
        id_, reason, moment, precision, found_in, version, source, origin = row
        published = Publication(datetime.fromisoformat(moment), Precision(precision), found_in) if moment else None
        return Withdrawal((id_,), reason, published, version, source, origin)

    def forget(self, article_id: str) -> bool:
        """Forget the withdrawal of an article; tells whether there was one."""
        return self._connection.execute("DELETE FROM withdrawals WHERE id = ?", (article_id,)).rowcount > 0

    def withdrawal_of(self, article: Article) -> Withdrawal | None:
        """Find the withdrawal that stands for an article."""
        noted = self.noted(article.id)
        return noted if noted and stands(noted, article) else None

    def superseded_by(self, article: Article) -> str | None:
        """Find the id of the stored article in the place of another; of several, of the one published last."""
        rows = self._connection.execute("SELECT key FROM articles WHERE supersedes = ?", (article.id,)).fetchall()
        others = self._articles(row[0] for row in rows).values()
        found: Article | None = None
        for other in sorted(others, key=lambda other: other.id):
            if takes_the_place(other, article) and not (found and was_earlier(other.published, found.published)):
                found = other
        return found.id if found else None

    def marks(self, article_id: str) -> tuple[bool, bool] | None:
        """Read whether an article is marked as superseded and as withdrawn; None if it is not stored."""
        row = self._connection.execute(
            "SELECT superseded, withdrawn FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return (bool(row[0]), bool(row[1])) if row else None

    def settle(self, ids: Iterable[str]) -> list[int]:
        """Bring up to date whether articles are current; returns the keys of those that became so or ceased to."""
        changed = []
        for article_id in set(ids):
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
            if any(now) != any(before):
                changed.append(key)
        return changed

    def counts(self) -> tuple[int, int]:
        """Count the stored articles that are superseded, and those that are withdrawn (some may be both)."""
        query = "SELECT coalesce(sum(superseded), 0), coalesce(sum(withdrawn), 0) FROM articles WHERE live = 0"
        counts: tuple[int, int] = self._connection.execute(query).fetchone()
        return counts


def _facts(withdrawal: Withdrawal) -> tuple[object, ...]:
    return withdrawal.reason, withdrawal.published, withdrawal.version, withdrawal.source


def _precedes(withdrawal: Withdrawal, known: Withdrawal) -> bool:
    if withdrawal.version is not None and known.version is not None and withdrawal.version != known.version:
        return withdrawal.version < known.version
    return was_earlier(withdrawal.published, known.published)
