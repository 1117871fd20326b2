"""The dossier of an article, made before it is stored: passages, time mentions, statements, and its likeness."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files

from indexer.canonical import canonical_body
from indexer.families import likeness
from indexer.passages import split
from search.archive.records import Dossier
from search.article import Article, Precision, Publication, Span
from search.models.embedding import Embedder
from search.models.embedding.embedder import in_context
from search.statements import Statement, read_statements
from search.times import Interval, Modifier, Relation, TimeMention, interval_of, tag

_ANY_DAY, _ANOTHER_DAY = date(2000, 1, 1), date(1930, 7, 17)


def tag_article(article: Article) -> list[TimeMention]:
    """Find and resolve the time expressions of an article's body.

    Relative expressions ("on Sunday") need a publication known to the day. Without one, only what is complete in
    itself ("10 September 2024") is kept: nothing is ever reckoned from a day that the article does not state. The
    posts of a live blog are reckoned from their own times; what stands between them, or has none, from no day at
    all.

    Returns:
        Mentions with offsets into the body, in order; none for articles in another language than English.
    """
    if not _may_be_english(article):
        return []
    if all(part.page is not None and part.published is None for part in article.parts):
        return _tag(article.body, article.published)
    mentions: list[TimeMention] = []
    for start, end, published in _stretches(article):
        mentions += (
            replace(mention, start=mention.start + start, end=mention.end + start)
            for mention in _tag(article.body[start:end], published)
        )
    return mentions


def _stretches(article: Article) -> Iterator[tuple[int, int, Publication | None]]:
    """The parts of a body and what lies between them, with the publication that its times are reckoned from."""
    reached = 0
    for part in article.parts:
        if reached < part.start:
            yield reached, part.start, None
        yield part.start, part.end, part.published
        reached = part.end
    if reached < len(article.body):
        yield reached, len(article.body), None


def _tag(text: str, published: Publication | None) -> list[TimeMention]:
    if published is None or published.precision in {Precision.YEAR, Precision.MONTH}:
        return _complete(text)
    by_day = published.precision is Precision.DAY or published.local_day is not None
    return tag(text, published.first_day if by_day else published.moment)


def _complete(body: str) -> list[TimeMention]:
    """The mentions that mean the same whatever the day of publication: found by reckoning from two days.

    Where only the interval differs ("since 1995" ends with publication), it is that of the value alone.
    """
    on_another = {(one.start, one.end): one for one in tag(body, _ANOTHER_DAY)}
    complete = []
    for mention in tag(body, _ANY_DAY):
        other = on_another.get((mention.start, mention.end))
        if mention.anchor or other is None or other.value != mention.value:
            continue
        same = other.interval == mention.interval
        complete.append(mention if same else replace(mention, interval=_without_publication(mention)))
    return complete


def _without_publication(mention: TimeMention) -> Interval | None:
    """What is named; of "before 2005" what had ended then, and its beginning is not known."""
    named = interval_of(mention.value, mention.modifier)
    if mention.relation is Relation.BEFORE and mention.modifier is not Modifier.END and named and named.start:
        return Interval(None, named.start, named.granularity)
    return named


def read_article_statements(article: Article) -> list[Statement]:
    """Read the standing and the speaker of each sentence of an article's body.

    Returns:
        Statements with offsets into the body, in order; none for articles in another language than English.
    """
    return read_statements(article.body) if _may_be_english(article) else []


def _may_be_english(article: Article) -> bool:
    return article.language in {None, "en"}


@cache
def readings_fingerprint() -> str:
    """Identify what the rules of times and statements give: 16 hex digits over what they read in probe texts.

    It changes when a rule reads one of the texts in `indexer/probes.txt` otherwise, and not when code is moved.
    """
    probes = (files("indexer") / "probes.txt").read_text(encoding="utf-8").split("\n\n\n")
    digest = sha256()
    for number, body in enumerate(probes):
        published = Publication(datetime(2024, 5, 15, 12, 0), Precision.MINUTE, "")  # noqa: DTZ001 - of no zone
        article = Article(f"probe {number}", "", canonical_body(body), published)
        for read in (*tag_article(article), *read_article_statements(article)):
            digest.update(repr(read).encode())
    return digest.hexdigest()[:16]


PASSAGE_TOKENS = 120
"""Most tokens of a passage. Measured: 60, 120, 200 and 230; see docs/measurements.md."""

_RESERVED_TOKENS = 50

Cut = Callable[[Article, Embedder], tuple[list[Span], list[str]]]
"""Cuts an article into passages and says what is embedded of each, as `split_article` does."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A dossier that can be stored as soon as its passages are embedded.

    Attributes:
        dossier: The article with its passages, readings and likeness.
        texts: What is to be embedded of each passage.
    """

    dossier: Dossier
    texts: tuple[str, ...]

    @property
    def article(self) -> Article:
        """The article."""
        return self.dossier.article


def split_article(article: Article, embedder: Embedder) -> tuple[list[Span], list[str]]:
    """Cut an article into passages: their offsets, and what is to be embedded of each."""
    limit = max(1, min(PASSAGE_TOKENS, embedder.card.window - _RESERVED_TOKENS))
    spans = split(article.body, embedder.count_tokens, limit)
    return spans, [in_context(article.headline, span.of(article.body)) for span in spans]


def prepare(article: Article, embedder: Embedder, cut: Cut = split_article) -> Prepared:
    """Read out of an article what is stored with it; nothing is embedded yet."""
    spans, texts = cut(article, embedder)
    dossier = Dossier(
        article=article,
        passages=tuple(spans),
        mentions=tuple(tag_article(article)),
        statements=tuple(read_article_statements(article)),
        readings=readings_fingerprint(),
        likeness=likeness(article),
    )
    return Prepared(dossier, tuple(texts))
