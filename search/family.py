"""Families: articles one of whose texts derives from another, which witness to a thing only once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self

from search.article import Article, Precision, Publication

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)  # of UTC, at most


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the archive needs of an article's text to find its family; made by the indexer.

    Attributes:
        digest: Equal for texts that compare alike with every other and are one family: word for word the same.
        buckets: Of locality-sensitive hashing, each from 0 to 2**32 - 1: texts that share one may be alike.
        same: Tells of another body whether one of the two derives from the other. Symmetric.
    """

    digest: bytes
    buckets: tuple[int, ...]
    same: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Copy:
    """A member of a family.

    Attributes:
        article_id: Its id.
        headline: Its headline.
        source: Publisher or agency.
        published: When it was published; None when it does not say.
        url: Where it was published.
        has_quote: Whether its text has the quote that it is shown beside; None when it was not compared.
    """

    article_id: str
    headline: str
    source: str | None
    published: Publication | None
    url: str | None
    has_quote: bool | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Tell of an article what a family shows."""
        return cls(article.id, article.headline, article.source, article.published, article.url)


@dataclass(frozen=True, slots=True)
class Family:
    """Articles that are one witness.

    Attributes:
        origin: The one published first, as far as that is known.
        copies: The others, in the order in which they were published as far as it is known, those without a date
            last.
        first_is_known: Whether the origin was certainly published before all others.
    """

    origin: Copy
    copies: tuple[Copy, ...] = ()
    first_is_known: bool = False


def family_of(members: Iterable[Copy]) -> Family:
    """Put the members of a family, at least one, in order.

    Where it cannot be told which of two was published first, the one that may have been last later comes later, so
    that a day comes after every minute of it; then they go by id.
    """
    origin, *others = sorted(members, key=_order)
    return Family(origin, tuple(others), all(_was_before(origin.published, other.published) for other in others))


def _order(copy: Copy) -> tuple[int, float, str]:
    if copy.published is None:
        return 1, 0.0, copy.article_id
    return 0, (_possible(copy.published)[1] - _EPOCH).total_seconds(), copy.article_id


def _was_before(one: Publication | None, other: Publication | None) -> bool:
    """Whether one was certainly published before the other, wherever each was.

    Two moments that both lack a zone are taken to be of one.
    """
    if one is None or other is None:
        return False
    between, least = _possible(other)[0] - _possible(one)[1], timedelta(0)
    if (one.moment.tzinfo is None) != (other.moment.tzinfo is None):
        least = _WEST if one.moment.tzinfo is None else _EAST
    return between > least


def _possible(published: Publication) -> tuple[datetime, datetime]:
    """First and last moment at which something may have been published; UTC where no zone is stated."""
    first = published.moment if published.moment.tzinfo else published.moment.replace(tzinfo=UTC)
    if published.precision is Precision.SECOND:
        return first, first
    if published.precision is Precision.MINUTE:
        return first, first + timedelta(seconds=59)
    return first, datetime.combine(published.last_day, time.max, first.tzinfo)
