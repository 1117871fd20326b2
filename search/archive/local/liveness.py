"""Liveness: a stored article that is neither superseded nor withdrawn can be found, and only such a one.

`articles.superseded` and `articles.withdrawn` are derived from the articles and the withdrawals by the rules in
`search.versions`, and are brought up to date for whatever a change may have touched, so that undoing a change
undoes what it did.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime

from search.article import Article, Precision, Publication, Withdrawal
from search.versions import last_of, stands, takes_the_place, was_earlier


class Liveness:
    """The table `withdrawals`, and which articles it and later articles hide."""

    def __init__(
        self, connection: sqlite3.Connection, articles: Callable[[Iterable[int]], dict[int, Article]]
    ) -> None:
        """Keep what is live.

        Args:
            connection: Of the database.
            articles: Loads articles by key.
        """
        self._connection = connection
        self._connection.create_function("casefold", 1, _casefold, deterministic=True)
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
        """Find the id of the stored article in the place of another; of several, of the one published last.

        Of articles that name each other in a circle one is in no other's place: the last that is not withdrawn.
        """
        circle = self._circle(article)
        if not circle:
            return _last_id(self._later(article))
        standing = [one for one in circle if self.withdrawal_of(one) is None]
        if last_of(standing or circle).id != article.id:
            return _last_id(self._later(article))
        inside = {one.id for one in circle}
        return _last_id([later for one in circle for later in self._later(one) if later.id not in inside])

    def back_on(self, day: date) -> frozenset[int]:
        """Keys of the articles that are superseded now and were not yet on a day by which they were published.

        What is withdrawn is not among them, whenever that was, nor what may have been superseded by then.
        """
        rows = self._connection.execute(
            "SELECT key FROM articles earlier WHERE live = 0 AND NOT withdrawn AND last_day <= ?1 AND NOT EXISTS ("
            "SELECT 1 FROM articles later WHERE later.supersedes = earlier.id AND later.id != earlier.id "
            "AND coalesce(later.first_day <= ?1, TRUE) AND coalesce(later.last_day >= earlier.first_day, TRUE) "
            "AND coalesce(casefold(later.source) = casefold(earlier.source), TRUE))",
            (day.toordinal(),),
        )
        return frozenset(row[0] for row in rows)

    def _later(self, article: Article) -> list[Article]:
        """The stored articles in the place of another."""
        rows = self._connection.execute("SELECT key FROM articles WHERE supersedes = ?", (article.id,)).fetchall()
        return [one for one in self._articles(row[0] for row in rows).values() if takes_the_place(one, article)]

    def _circle(self, article: Article) -> list[Article]:
        """The articles each of which is in the place of the next, the last in that of the first; empty if none."""
        ids = self._named_from(article.id)
        if not self._closes(ids[-1], {article.id}):
            return []
        query = "SELECT key FROM articles WHERE id = ?"
        keys = [self._connection.execute(query, (id_,)).fetchone()[0] for id_ in ids]
        found = self._articles(keys)
        circle = [found[key] for key in keys]
        pairs = zip([circle[-1], *circle[:-1]], circle, strict=True)
        return circle if all(takes_the_place(later, earlier) for later, earlier in pairs) else []

    def _named_from(self, article_id: str) -> list[str]:
        """The given id, the one that its article names as superseded, the one that this names, and so on.

        Ends with an id that is not stored, or whose article names none or one of those before.
        """
        rows = self._connection.execute(
            "WITH RECURSIVE named (id) AS (VALUES (?) UNION SELECT articles.supersedes FROM named "
            "JOIN articles ON articles.id = named.id WHERE articles.supersedes IS NOT NULL) SELECT id FROM named",
            (article_id,),
        )
        return [row[0] for row in rows]

    def _closes(self, article_id: str, ids: set[str]) -> bool:
        """Whether the article names one of some as superseded."""
        row = self._connection.execute("SELECT supersedes FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row is not None and row[0] in ids

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
            The keys of those that became live or ceased to be.
        """
        changed = []
        for article_id in self._touched(set(ids), of):
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

    def _touched(self, ids: set[str], of: str) -> set[str]:
        """Some ids, with those of all articles in the circles that they are in, or were until `of` was changed."""
        touched = set(ids)
        for article_id in ids:
            named = self._named_from(article_id)
            if self._closes(named[-1], set(named)) or (article_id != of and of in named):
                touched.update(named)
        return touched

    def counts(self) -> tuple[int, int]:
        """Count the stored articles that are superseded, and those that are withdrawn (some may be both)."""
        query = "SELECT coalesce(sum(superseded), 0), coalesce(sum(withdrawn), 0) FROM articles WHERE live = 0"
        counts: tuple[int, int] = self._connection.execute(query).fetchone()
        return counts


def _last_id(articles: Iterable[Article]) -> str | None:
    """The id of the article published last; of those of which that cannot be told, the last id."""
    found: Article | None = None
    for article in sorted(articles, key=lambda article: article.id):
        if not (found and was_earlier(article.published, found.published)):
            found = article
    return found.id if found else None


def _casefold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


def _facts(withdrawal: Withdrawal) -> tuple[object, ...]:
    return withdrawal.reason, withdrawal.published, withdrawal.version, withdrawal.source


def _precedes(withdrawal: Withdrawal, known: Withdrawal) -> bool:
    if withdrawal.version is not None and known.version is not None and withdrawal.version != known.version:
        return withdrawal.version < known.version
    return was_earlier(withdrawal.published, known.published)
