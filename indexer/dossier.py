"""The dossier of an article, made before it is stored: passages, time mentions, statements, and its likeness.

langchain-text-splitters packs paragraphs and sentences, the offsets are ours. The splitter's own `add_start_index`
searches for each chunk in the text and can find the wrong place, so offsets are counted here: chunks follow one
another and, joined, are the body again. That is checked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from indexer.canonical import canonical_body
from indexer.families import likeness
from search.archive.records import Dossier
from search.article import Article, Precision, Publication, Span
from search.english.sentences import paragraphs, sentences
from search.models.embedding import Embedder
from search.models.embedding.embedder import in_context
from search.statements import Statement, read_statements
from search.times import Interval, Modifier, Relation, TimeMention, interval_of, tag

CountTokens = Callable[[Sequence[str]], list[int]]
"""Counts the tokens of each text as the embedding model does, special tokens left out."""
_ANY_DAY, _ANOTHER_DAY = date(2000, 1, 1), date(1930, 7, 17)
PASSAGE_TOKENS = 120
"""Most tokens of a passage. Measured: 60, 120, 200 and 230; see docs/measurements.md."""

_RESERVED_TOKENS = 50
Cut = Callable[[Article, Embedder], tuple[list[Span], list[str]]]
"""Cuts an article into passages and says what is embedded of each, as `split_article` does."""


def split(body: str, count_tokens: CountTokens, limit: int) -> list[Span]:
    """Cut a body into passages of at most `limit` tokens.

    A passage ends where a paragraph ends if it can, else where a sentence ends, else (one sentence longer than
    the limit) between words. Passages are in order, do not overlap, begin and end with a visible character,
    and leave out nothing but white space.

    Args:
        body: Canonical body of an article.
        count_tokens: How the model counts.
        limit: Most tokens of a passage; at least 1.

    Returns:
        Offsets into `body`.
    """
    spans = []
    start = 0
    for chunk in _NewsSplitter(count_tokens, limit).split_text(body):
        end = start + len(chunk)
        if body[start:end] != chunk:
            raise AssertionError(f"the splitter changed the text at offset {start}")
        if bare := chunk.strip():
            first = start + chunk.index(bare)
            spans.append(Span(first, first + len(bare)))
        start = end
    if start != len(body):
        raise AssertionError(f"the splitter lost the text from offset {start}")
    return spans


class _NewsSplitter(TextSplitter):
    """Splits at paragraphs, then sentences, then words, and merges neighbours up to the limit."""

    def __init__(self, count_tokens: CountTokens, limit: int) -> None:
        self._lengths: dict[str, int] = {}
        self._count_tokens = count_tokens
        super().__init__(limit, 0, self._length, strip_whitespace=False)
        self._word_splitter = RecursiveCharacterTextSplitter(
            chunk_size=limit,
            chunk_overlap=0,
            length_function=self._length,
            separators=[" ", ""],
            keep_separator="end",
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """Cut `text` into chunks that, joined, are `text` again."""
        return self._merge_splits(self._pieces(text), "")

    def _pieces(self, text: str) -> Iterator[str]:
        """Yield the largest pieces of `text` that are within the limit, or a single character."""
        for paragraph in self._counted(_tiles(text, paragraphs(text))):
            if self._length(paragraph) <= self._chunk_size:
                yield paragraph
                continue
            for sentence in self._counted(_tiles(paragraph, sentences(paragraph))):
                if self._length(sentence) <= self._chunk_size:
                    yield sentence
                else:
                    yield from self._word_splitter.split_text(sentence)

    def _counted(self, pieces: list[str]) -> list[str]:
        """Count all pieces in one call of the tokenizer."""
        self._lengths.update(zip(pieces, map(_more_than_none, self._count_tokens(pieces)), strict=True))
        return pieces

    def _length(self, text: str) -> int:
        if not text:
            return 0
        length = self._lengths.get(text)
        return _more_than_none(self._count_tokens([text])[0]) if length is None else length


def _more_than_none(tokens: int) -> int:
    """Count at least 1: the merger would give a piece of no length (a second space, say) twice."""
    return max(1, tokens)


def _tiles(text: str, spans: Iterable[Span]) -> list[str]:
    """Cut `text` where spans begin, so that white space stays with the piece before it."""
    starts = [span.start for span in spans]
    return [text[start:end] for start, end in pairwise([0, *starts[1:], len(text)])]


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
    return spans, texts_of(article, spans)


def texts_of(article: Article, spans: Iterable[Span]) -> list[str]:
    """Say what is embedded of each passage of an article, as `split_article` cuts them."""
    return [in_context(article.headline, span.of(article.body)) for span in spans]


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
