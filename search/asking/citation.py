"""Citations: evidence as it is returned, cut verbatim from the stored article and verified against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from search.article import Article, Publication, Span
from search.asking.evidence.short_answer import ShortAnswer
from search.asking.evidence.time_answer import TimeAnswer
from search.family import Family
from search.quoting.alignment import CitationStatus
from search.quoting.citation_id import citation_id
from search.statements import Speaker, Standing, Statement
from search.times import TimeMention

_FRAGMENT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Trail:
    """How a passage or sentence came to be where it is.

    Attributes:
        passage: Offsets of the retrieved passage in the article's body.
        closeness: Cosine between question and passage.
        dense_rank: The passage's place by closeness, from 1; None when it was found by words only.
        lexical: The passage's BM25 score.
        lexical_rank: Its place by words, from 1; None when it was found by meaning only.
        retrieval_score: What passages are ranked by.
        sentence_closeness: Cosine between question and the cited sentence; None for a passage as a whole.
    """

    passage: Span
    closeness: float
    dense_rank: int | None
    lexical: float
    lexical_rank: int | None
    retrieval_score: float
    sentence_closeness: float | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands.

    Attributes:
        id: Stable id, made of article, offsets and quote; it outlives re-indexing and can be resolved.
        article_id: Id of the article.
        headline: Its headline.
        source: Publisher or agency.
        byline: Who wrote it.
        published: When it was published; None when it does not say.
        url: Where it was published.
        link: The URL with a text fragment that leads to the quote; None when there is no URL.
        section: Desk or category.
        language: ISO 639-1 code.
        quote: `article.body[start:end]`.
        start: First code point of the quote in the body.
        end: One past its last code point.
        score: What it is ranked by; comparable within one answer only.
        trail: How it came to be where it is.
        status: How the quote compares with the stored article: exact or, white space and such aside, the same.
        standing: How what answers is put forward: as fact, prediction, threat, denial, condition or question; None
            for a passage cited whole.
        speaker: Who says what answers; None when the article itself does, and for a passage cited whole.
        statements: How each of its sentences is put forward and who says it, in order; of a passage cited whole
            only those that are not plainly asserted by the article itself. Offsets into the body.
        answer: The words in it that answer, where their kind can be told; None when only the whole does.
        probability_alone: That it alone shows the answer, from 0 to 1; None for a passage cited whole.
        family: Articles that derive from this one or it from them: one witness, however many copies.
        times: The time expressions in the quote, with what they mean; offsets into the body.
        when: The one that answers, when a time was asked for; None when the quote bounds none.
    """

    id: str
    article_id: str
    headline: str
    source: str | None
    byline: str | None
    published: Publication | None
    url: str | None
    link: str | None
    section: str | None
    language: str | None
    quote: str
    start: int
    end: int
    score: float
    trail: Trail
    status: CitationStatus
    standing: Standing | None = None
    speaker: Speaker | None = None
    statements: tuple[Statement, ...] = ()
    answer: ShortAnswer | None = None
    probability_alone: float | None = None
    family: Family | None = None
    times: tuple[TimeMention, ...] = ()
    when: TimeAnswer | None = None

    def __post_init__(self) -> None:
        if len(self.quote) != self.end - self.start:
            raise ValueError(
                f"a quote of {len(self.quote)} code points cannot stand at [{self.start}, {self.end})"
            )


def cite(  # noqa: PLR0913 - all of what a citation says, by name
    article: Article,
    span: Span,
    score: float,
    trail: Trail,
    mentions: Iterable[TimeMention] = (),
    *,
    when: TimeAnswer | None = None,
    standing: Standing | None = None,
    speaker: Speaker | None = None,
    statements: tuple[Statement, ...] = (),
    answer: ShortAnswer | None = None,
    probability_alone: float | None = None,
    family: Family | None = None,
) -> Citation:
    """Cite a slice of an article, with those of its time mentions that lie inside.

    The other arguments are the citation's attributes of the same names. Its status is exact, because the quote is
    cut from the text; `search.asking.citing.verify_against` holds it against the archive once more.

    Raises:
        ValueError: If the span reaches past the article's body.
    """
    quote = span.of(article.body)
    return Citation(
        id=citation_id(article.id, span.start, span.end, quote),
        article_id=article.id,
        headline=article.headline,
        source=article.source,
        byline=article.byline,
        published=article.published,
        url=article.url,
        link=text_fragment_link(article.url, quote) if article.url else None,
        section=article.section,
        language=article.language,
        quote=quote,
        start=span.start,
        end=span.end,
        score=score,
        trail=trail,
        status=CitationStatus.EXACT,
        standing=standing,
        speaker=speaker,
        statements=statements,
        answer=answer,
        probability_alone=probability_alone,
        family=family,
        times=tuple(m for m in mentions if span.start <= m.start and m.end <= span.end),
        when=when,
    )


def text_fragment_link(url: str, quote: str) -> str | None:
    """Extend a web address so that browsers scroll to `quote` (WICG URL Fragment Text Directives).

    A long quote is named by its first and last words. None unless the address is http or https.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    words = quote.split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        directive = _encoded(words)
    else:
        directive = f"{_encoded(words[:_FRAGMENT_WORDS])},{_encoded(words[-_FRAGMENT_WORDS:])}"
    return f"{url}{'' if parts.fragment else '#'}:~:text={directive}"


def _encoded(words: list[str]) -> str:
    # "-" and "," have a meaning of their own in the directive; quote() leaves "-" alone.
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
