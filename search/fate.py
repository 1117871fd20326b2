"""What became of an article since it was published: withdrawn, or superseded by another."""

from dataclasses import dataclass

from search.archive import Archive
from search.article import Withdrawal
from search.errors import ArticleNotFoundError


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an article; nothing, as a rule.

    Attributes:
        withdrawn: The notice that withdrew it; None if none did.
        superseded_by: Id of the article in its place; None if there is none.
    """

    withdrawn: Withdrawal | None = None
    superseded_by: str | None = None


UNCHANGED = Fate()
"""Of an article that counts as it was published."""


def fate_of(archive: Archive, article_id: str) -> Fate:
    """Look up what became of an article; nothing is known of one that is not stored (any more)."""
    try:
        with archive.reading():
            return Fate(archive.withdrawal_of(article_id), archive.superseded_by(article_id))
    except ArticleNotFoundError:
        return UNCHANGED
