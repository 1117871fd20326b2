"""Versions of an article and which one counts: pure rules over articles and the notices that withdraw them.

What cannot be told is decided for caution: a withdrawal of unknown time stands, an article is in the place of one
that it names unless it was published earlier.
"""

from collections.abc import Sequence

from search.article import Article, Precision, Publication, Withdrawal

_TO_THE_MINUTE = frozenset({Precision.MINUTE, Precision.SECOND})


def is_older(article: Article, stored: Article) -> bool:
    """Tell whether an article is an earlier version of the stored one, which has the same id.

    By the numbers of their versions where both have one and these differ, else by publication.
    """
    if article.version is not None and stored.version is not None and article.version != stored.version:
        return article.version < stored.version
    return was_earlier(article.published, stored.published)


def stands(withdrawal: Withdrawal, article: Article) -> bool:
    """Tell whether a withdrawal that names an article holds for this version of it: for all but later ones."""
    if not _one_source(withdrawal.source, article.source):
        return False
    if withdrawal.version is not None and article.version is not None and withdrawal.version != article.version:
        return article.version < withdrawal.version
    return not was_earlier(withdrawal.published, article.published)


def takes_the_place(later: Article, earlier: Article) -> bool:
    """Tell whether an article supersedes another: it says so, is of the same source and not older.

    Of several that say so of each other in a circle, which `last_of` knows, each does.
    """
    return _names(later, earlier)


def last_of(versions: Sequence[Article]) -> Article:
    """Choose the one of at least one article that stays when each says that it is in the place of another.

    Of those that were published before no other, the one whose id comes last.
    """
    last = [one for one in versions if not any(was_earlier(one.published, other.published) for other in versions)]
    return max(last or versions, key=lambda article: article.id)


def was_earlier(first: Publication | None, second: Publication | None) -> bool:
    """Tell whether one publication was certainly before another; False when that cannot be told."""
    if first is None or second is None:
        return False
    precise = {first.precision, second.precision} <= _TO_THE_MINUTE
    if precise and (first.moment.tzinfo is None) == (second.moment.tzinfo is None):
        if Precision.MINUTE in {first.precision, second.precision}:
            return first.moment.replace(second=0) < second.moment.replace(second=0)
        return first.moment < second.moment
    return first.last_day < second.first_day


def _names(later: Article, earlier: Article) -> bool:
    return (
        later.supersedes == earlier.id
        and later.id != earlier.id
        and _one_source(later.source, earlier.source)
        and not was_earlier(later.published, earlier.published)
    )


def _one_source(first: str | None, second: str | None) -> bool:
    return first is None or second is None or first.casefold() == second.casefold()
