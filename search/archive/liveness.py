"""Which stored articles are live: the rules, the same for every engine, over a few look-ups.

Live are those neither superseded nor withdrawn; only these can be found. Which article is in whose place, and for
which version a withdrawal stands, follows from the articles and the withdrawals alone (`search.versions`). An
engine keeps what follows with each article, and derives it anew for whatever a change may have touched, so that
undoing a change undoes what it did.
"""

from collections.abc import Iterable
from typing import Protocol

from search.article import Article, Withdrawal
from search.versions import last_of, stands, takes_the_place, was_earlier


class Versions(Protocol):
    """What the rules look up in an engine; what was not committed yet counts."""

    def article(self, article_id: str) -> Article | None:
        """The stored article of this id."""
        ...

    def named_by(self, article_id: str) -> str | None:
        """The id that the stored article of this id names as superseded; None if there is neither."""
        ...

    def naming(self, article_id: str) -> list[Article]:
        """The stored articles that name this id as superseded."""
        ...

    def noted(self, article_id: str) -> Withdrawal | None:
        """The withdrawal that names this id, whether it stands or not."""
        ...


def is_new(withdrawal: Withdrawal, known: Withdrawal | None) -> bool:
    """Tell whether a withdrawal says more of an article than the one that is known; the last issued counts."""
    if known is None:
        return True
    return _facts(known) != _facts(withdrawal) and not _precedes(withdrawal, known)


def withdrawal_of(article: Article, versions: Versions) -> Withdrawal | None:
    """Find the withdrawal that stands for an article."""
    noted = versions.noted(article.id)
    return noted if noted and stands(noted, article) else None


def superseded_by(article: Article, versions: Versions) -> str | None:
    """Find the id of the stored article in the place of another; of several, of the one published last.

    Of articles that name each other in a circle one is in no other's place: the last that is not withdrawn.
    """
    circle = _circle(article, versions)
    if not circle:
        return _last_id(_later(article, versions))
    standing = [one for one in circle if withdrawal_of(one, versions) is None]
    if last_of(standing or circle).id != article.id:
        return _last_id(_later(article, versions))
    inside = {one.id for one in circle}
    return _last_id([later for one in circle for later in _later(one, versions) if later.id not in inside])


def touched(ids: Iterable[str], of: str, versions: Versions) -> set[str]:
    """List the ids of the articles that may be live no more, or again, after a change.

    Args:
        ids: Of those that the change concerns.
        of: The id of the article that came, went or was replaced, if one did; it may have opened a circle.
        versions: As they are after the change.

    Returns:
        These, with all in the circles that they are in, or were until then.
    """
    given = set(ids)
    found = set(given)
    for article_id in given:
        named = _named_from(article_id, versions)
        if versions.named_by(named[-1]) in named or (article_id != of and of in named):
            found.update(named)
    return found


def _later(article: Article, versions: Versions) -> list[Article]:
    """The stored articles in the place of another."""
    return [one for one in versions.naming(article.id) if takes_the_place(one, article)]


def _circle(article: Article, versions: Versions) -> list[Article]:
    """The articles each of which is in the place of the next, the last in that of the first; empty if none."""
    ids = _named_from(article.id, versions)
    if versions.named_by(ids[-1]) != article.id:
        return []
    circle = [one for one in map(versions.article, ids) if one]
    pairs = zip([circle[-1], *circle[:-1]], circle, strict=True)
    return circle if all(takes_the_place(later, earlier) for later, earlier in pairs) else []


def _named_from(article_id: str, versions: Versions) -> list[str]:
    """The given id, the one that its article names as superseded, the one that this names, and so on.

    Ends with an id that is not stored, or whose article names none or one of those before.
    """
    named = {article_id: None}
    following = versions.named_by(article_id)
    while following is not None and following not in named:
        named[following] = None
        following = versions.named_by(following)
    return list(named)


def _last_id(articles: Iterable[Article]) -> str | None:
    """The id of the article published last; of those of which that cannot be told, the last id."""
    found: Article | None = None
    for article in sorted(articles, key=lambda article: article.id):
        if not (found and was_earlier(article.published, found.published)):
            found = article
    return found.id if found else None


def _facts(withdrawal: Withdrawal) -> tuple[object, ...]:
    return withdrawal.reason, withdrawal.published, withdrawal.version, withdrawal.source


def _precedes(withdrawal: Withdrawal, known: Withdrawal) -> bool:
    if withdrawal.version is not None and known.version is not None and withdrawal.version != known.version:
        return withdrawal.version < known.version
    return was_earlier(withdrawal.published, known.published)
