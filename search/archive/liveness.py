"""Which stored articles are live: the rules, the same for every engine, over a few look-ups.

Live are those neither superseded nor withdrawn; only these can be found. Which article is in whose place, and for
which version a withdrawal stands, follows from the articles and the withdrawals alone (`search.versions`). An
engine keeps what follows with each article, and derives it anew for whatever a change may have touched, so that
undoing a change undoes what it did.

What an archive takes in is decided here too: the rules of putting a dossier.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from search.archive.records import Dossier, Outcome
from search.article import Article, Span, Withdrawal
from search.models.embedding.embedder import Vectors
from search.statements import Standing, Statement
from search.versions import is_older, last_of, stands, takes_the_place, was_earlier


class Versions(Protocol):
    """What the rules look up in an engine; what was not committed yet counts."""

    def article(self, article_id: str) -> Article | None:
        """The stored article of this id."""
        ...

    def named_by(self, article_id: str) -> str | None:
        """The id that the stored article of this id names as superseded; None if there is neither.

        One under embargo names none.
        """
        ...

    def naming(self, article_id: str) -> list[Article]:
        """The stored articles that name this id as superseded, but for those under embargo."""
        ...

    def noted(self, article_id: str) -> Withdrawal | None:
        """The withdrawal that names this id, whether it stands or not."""
        ...


def under_embargo(article: Article, released: datetime | None) -> bool:
    """Tell whether an article is under embargo: in nobody's place, and seen by scopes alone that say so.

    Args:
        article: The article.
        released: Until when embargoes have ended, by a commit; None where none was ever kept.
    """
    return article.embargo is not None and released is not None and in_utc(article.embargo) > released


def released_with(article: Article, released: datetime | None) -> datetime | None:
    """Until when embargoes have ended once an article is stored: from the first whose embargo is kept on."""
    if released is None and article.embargo is not None and in_utc(article.embargo) > (now := datetime.now(UTC)):
        return now
    return released


def in_utc(moment: datetime) -> datetime:
    """An instant in UTC; one of no stated zone is taken for it."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_new(withdrawal: Withdrawal, known: Withdrawal | None) -> bool:
    """Tell whether a withdrawal says more of an article than the one that is known; the last issued counts."""
    if known is None:
        return True
    return _facts(known) != _facts(withdrawal) and not _precedes(withdrawal, known)


def may_hold(path: str) -> bool:
    """Tell whether a file that held an article may hold it yet; of an object in a store, nobody asks there."""
    return "://" in path or Path(path).exists()


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


def check_dossier(dossier: Dossier, vectors: Vectors) -> None:
    """Refuse what cannot be stored.

    Raises:
        ValueError: If an offset is not what it says, or there are not as many vectors as passages.
    """
    check_offsets(dossier)
    if len(vectors) != len(dossier.passages):
        raise ValueError(f"{len(vectors)} vectors for {len(dossier.passages)} passages of {dossier.article.id!r}")


def check_offsets(dossier: Dossier) -> None:
    """Refuse offsets into the body that are not what they say.

    Raises:
        ValueError: If one reaches past the end, or other words stand there than are given with it.
    """
    body = dossier.article.body
    for span in (*dossier.passages, *(Span(one.start, one.end) for one in dossier.statements)):
        span.of(body)
    speakers = [one.speaker for one in dossier.statements if one.speaker]
    worded = [(one.start, one.end, one.words) for one in dossier.mentions]
    for start, end, words in (*worded, *((one.start, one.end, one.words) for one in speakers)):
        if Span(start, end).of(body) != words:
            raise ValueError(f"{words!r} does not stand at [{start}, {end}) of {dossier.article.id!r}")


def outcome_of(
    article: Article, stored: Article | None, *, pruned_before: date | None, of_changed_file: bool
) -> Outcome:
    """Tell what storing an article with other content than the stored one does.

    Args:
        article: The article.
        stored: The one of the same id, if there is one.
        pruned_before: Articles published before this day are taken no more.
        of_changed_file: Whether the file that the stored one is from is read again and says now what `article` is.
    """
    published = article.published
    if pruned_before and published and published.last_day < pruned_before:
        return Outcome.EXPIRED
    if stored is None:
        return Outcome.ADDED
    unnumbered = article.version is None or stored.version is None
    dated_anew = unnumbered and of_changed_file
    return Outcome.OLDER if is_older(article, stored) and not dated_anew else Outcome.REPLACED


def is_stored(statement: Statement) -> bool:
    """Tell whether a statement says more than that the article asserts it."""
    return bool(statement.speakers) or statement.standing is not Standing.ASSERTED
