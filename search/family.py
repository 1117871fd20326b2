"""Families: articles one of whose texts derives from another, which witness to a thing only once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from search.article import Publication

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the archive needs of an article's text to find its family; made by the indexer.

    Attributes:
        digest: Equal for texts that compare alike with every other: word for word the same.
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
    """

    article_id: str
    headline: str
    source: str | None
    published: Publication | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """Articles that are one witness.

    Attributes:
        origin: The one published first.
        copies: The others, in the order in which they were published, those without a date last.
    """

    origin: Copy
    copies: tuple[Copy, ...] = ()


def order_of_publication(copy: Copy) -> tuple[int, float, str]:
    """A key to sort by: published first first, those without a date last, then by id.

    A moment of an unknown zone is taken as one of UTC, so that any two can be put in an order.
    """
    published = copy.published
    if published is None:
        return 1, 0.0, copy.article_id
    moment = published.moment if published.moment.tzinfo else published.moment.replace(tzinfo=UTC)
    return 0, (moment - _EPOCH).total_seconds(), copy.article_id
