"""Withdrawals on disk, and which stored articles are live by `search.archive.liveness`.

`articles.superseded` and `articles.withdrawn` are brought up to date for whatever a change may have touched.
"""

import sqlite3
from collections.abc import Callable, Iterable

from search.archive import liveness
from search.archive.local.rows import publication_from_row, publication_to_row
from search.article import Article, Withdrawal


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
        if row is None:
            return None
        id_, reason, moment, precision, found_in, version, source, origin, local_day = row
        published = publication_from_row(moment, precision, found_in, local_day)
        return Withdrawal((id_,), reason, published, version, source, origin)

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
        """List the stored articles that name an id as superseded."""
        return self._where("supersedes = ?", article_id)

    def named_by(self, article_id: str) -> str | None:
        """Look up the id that the stored article of an id names as superseded."""
        row = self._connection.execute("SELECT supersedes FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row[0] if row else None

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

    def _where(self, condition: str, value: str) -> list[Article]:
        rows = self._connection.execute(f"SELECT key FROM articles WHERE {condition}", (value,)).fetchall()
        return list(self._articles(row[0] for row in rows).values())
