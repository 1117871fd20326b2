"""Citation ids: one short text that names a quote for good, and the way back to the quote.

    desk_2F2024_2Firan-missiles.84-152.0f3d6f1c0d9f
    article id                  offsets digest

The digest is the first 12 hexadecimal digits of the SHA-256 of the quote in UTF-8. Nothing in it depends on how an
article was split or indexed. Letters, digits, `-` and `.` of the article id stand for themselves; every other byte
of its UTF-8 is `_` and two hexadecimal digits. So a citation id needs no encoding in the path of an address, in a
file name, on a command line or in Markdown. Only long article ids make it longer than a file name may be.

The quote is found also when its article has changed around it.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from search.archive.protocol import Snapshot
from search.article import Article, Span, Withdrawal
from search.errors import CitationNotFoundError, QueryError
from search.statements import Statement

DIGEST_LENGTH = 12
"""Hexadecimal digits of a quote's SHA-256 that an id carries: 48 bits."""

PATTERN = rf"(?:[A-Za-z0-9.-]|_[0-9A-F]{{2}})+\.[0-9]{{1,10}}-[0-9]{{1,10}}\.[0-9a-f]{{{DIGEST_LENGTH}}}"
"""Regular expression of what looks like a citation id, to find them in text."""

LONGEST = 16_384
"""Characters beyond which nothing is read as a citation id."""

_SHOWN = 80
_PARTS = re.compile(rf"([A-Za-z0-9._-]+)\.([0-9]{{1,10}})-([0-9]{{1,10}})\.([0-9a-f]{{{DIGEST_LENGTH}}})")
_ESCAPED = re.compile(rb"[^A-Za-z0-9.-]|\A[.-]")  # a leading "." hides a file, a leading "-" is an option
_ESCAPE = re.compile(rb"_([0-9A-F]{2})")


@dataclass(frozen=True, slots=True)
class CitationKey:
    """What a citation id says.

    Attributes:
        article_id: Id of the article.
        start: First code point of the quote in the article's body.
        end: One past its last code point.
        digest: The first hexadecimal digits of the SHA-256 of the quote.
    """

    article_id: str
    start: int
    end: int
    digest: str

    @property
    def span(self) -> Span:
        """The offsets as a span."""
        return Span(self.start, self.end)

    def names(self, quote: str) -> bool:
        """Tell whether this is the quote that was cited."""
        return quote_digest(quote) == self.digest


def citation_id(article_id: str, start: int, end: int, quote: str) -> str:
    """Name the quote that stands at `[start, end)` in the body of an article.

    Raises:
        ValueError: If the quote cannot stand at these offsets.
    """
    if not article_id or len(quote) != end - start or not 0 <= start < end:
        raise ValueError(f"a quote of {len(quote)} code points cannot stand at [{start}, {end}) of {article_id!r}")
    return _written(CitationKey(article_id, start, end, quote_digest(quote)))


def parse_citation_id(text: str) -> CitationKey:
    """Read a citation id.

    Raises:
        QueryError: If it is not one.
    """
    match = _PARTS.fullmatch(text) if len(text) <= LONGEST else None
    key = _read(*match.groups()) if match else None
    if key is None or _written(key) != text:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        raise QueryError(
            f"{shown!r} is not a citation id.",
            "A citation id is of the form ARTICLE.START-END.DIGEST, such as desk_2F2024.84-152.0f3d6f1c0d9f; copy "
            "it whole.",
        )
    return key


def quote_digest(quote: str) -> str:
    """The digest of a quote, as citation ids carry it."""
    return sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def _read(article: str, start: str, end: str, digest: str) -> CitationKey | None:
    try:
        article_id = _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), article.encode()).decode()
    except UnicodeDecodeError:
        return None
    return CitationKey(article_id, int(start), int(end), digest) if int(start) < int(end) else None


def _written(key: CitationKey) -> str:
    article = _ESCAPED.sub(lambda byte: b"_%02X" % byte[0][0], key.article_id.encode()).decode()
    return f"{article}.{key.start}-{key.end}.{key.digest}"


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
        statements: The sentences that it touches, in order, each with its standing and who says it.
    """

    article: Article
    span: Span
    moved: bool
    withdrawal: Withdrawal | None = None
    superseded_by: str | None = None
    statements: tuple[Statement, ...] = ()

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


def find_citation(snapshot: Snapshot, text: str) -> CitedQuote:
    """Find the quote that a citation id names.

    A quote that has moved is recognised by its digest, the closest place first. That its article was withdrawn or
    superseded is told, and no error.

    Raises:
        QueryError: If `text` is not a citation id.
        CitationNotFoundError: If its article, or the quote in it, is not in the archive.
    """
    key = parse_citation_id(text)
    dossier = snapshot.read([key.article_id]).get(key.article_id)
    if dossier is None:
        raise CitationNotFoundError(
            f"The archive has no article {key.article_id!r}, which the citation id names.",
            "It may have been removed since, or the citation is of another archive.",
        )
    article = dossier.article
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
        withdrawal=dossier.withdrawal,
        superseded_by=dossier.superseded_by,
        statements=tuple(statement for statement in dossier.statements if statement.overlaps(span)),
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
