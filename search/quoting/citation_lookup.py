"""From a citation id back to the quote, also when its article has changed around it."""

from dataclasses import dataclass

from search.archive import Archive
from search.article import Article, Span, Withdrawal
from search.errors import ArticleNotFoundError, CitationNotFoundError
from search.quoting.citation_id import CitationKey, citation_id, parse_citation_id

_MOST_HASHED = 20_000_000
"""Code points that are hashed at most to find a quote that has moved."""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """The quote that a citation id names, as it stands in the archive.

    Attributes:
        article: The article it stands in.
        span: Where it stands now.
        moved: Whether that is elsewhere than where the id says.
        withdrawal: What withdraws the article; None when it is not withdrawn.
        superseded_by: Id of the later article in its place; None when there is none.
    """

    article: Article
    span: Span
    moved: bool
    withdrawal: Withdrawal | None = None
    superseded_by: str | None = None

    @property
    def quote(self) -> str:
        """The quote: `article.body[start:end]`."""
        return self.span.of(self.article.body)

    @property
    def verified(self) -> bool:
        """Whether it may be quoted: its article was not withdrawn."""
        return self.withdrawal is None

    @property
    def id(self) -> str:
        """The citation id of the quote where it stands now."""
        return citation_id(self.article.id, self.span.start, self.span.end, self.quote)


def find_citation(archive: Archive, text: str) -> CitedQuote:
    """Find the quote that a citation id names.

    A quote that has moved is recognised by its digest, the closest place first. That its article was withdrawn or
    superseded is told, and no error.

    Raises:
        QueryError: If `text` is not a citation id.
        CitationNotFoundError: If its article, or the quote in it, is not in the archive.
    """
    key = parse_citation_id(text)
    try:
        article = archive.article(key.article_id)
    except ArticleNotFoundError as error:
        raise CitationNotFoundError(
            f"The archive in {archive.folder} has no article {key.article_id!r}, which the citation id names.",
            "It may have been removed since, or the citation is of another archive.",
        ) from error
    span = locate(article.body, key)
    if span is None:
        raise CitationNotFoundError(
            f"The quote that the citation id names does not stand in the article {key.article_id!r}.",
            "The article may have been corrected since; read it as it is now: dateline show ARTICLE_ID",
        )
    return CitedQuote(
        article,
        span,
        moved=span != key.span,
        withdrawal=archive.withdrawal_of(article.id),
        superseded_by=archive.superseded_by(article.id),
    )


def locate(body: str, key: CitationKey) -> Span | None:
    """Find the slice of a body that a citation id names: at its offsets, or else the closest with its digest.

    When a body is so long that not every slice of the quote's length can be tried, those closest to the old place
    that begin and end where words do are tried.
    """
    length = key.end - key.start
    if key.end <= len(body) and key.names(body[key.start : key.end]):
        return key.span
    starts = range(len(body) - length + 1)
    most = _MOST_HASHED // length
    tried = (
        starts if len(starts) <= most else [start for start in starts if _at_words(body, start, start + length)]
    )
    for start in sorted(tried, key=lambda start: abs(start - key.start))[:most]:
        if key.names(body[start : start + length]):
            return Span(start, start + length)
    return None


def _at_words(body: str, start: int, end: int) -> bool:
    """Tell whether a slice begins where a word does and ends where one does, or between words and marks."""
    if body[start].isspace() or body[end - 1].isspace():
        return False
    begins = not (body[start - 1 : start].isalnum() and body[start].isalnum())
    return begins and not (body[end - 1].isalnum() and body[end : end + 1].isalnum())
