"""All that is read out of an article before it is stored: passages, times, statements, and whom it is like."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.families import likeness
from indexer.passages import split
from indexer.tagging import read_article_statements, tag_article
from search.archive import Outcome, Writer
from search.article import Article, Span
from search.family import Likeness
from search.models.embedding import Embedder
from search.models.embedding.context import in_context
from search.models.embedding.embedder import Vectors
from search.statements import Statement
from search.times import TimeMention

PASSAGE_TOKENS = 120
"""Most tokens of a passage. Measured: 60, 120, 200 and 230; see docs/measurements.md."""

_RESERVED_TOKENS = 50

Cut = Callable[[Article, Embedder], tuple[list[Span], list[str]]]
"""Cuts an article into passages and says what is embedded of each, as `split_article` does."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that can be stored as soon as its passages are embedded.

    Attributes:
        article: The article.
        spans: Its passages, offsets into its body.
        texts: What is to be embedded of each.
        mentions: Its time mentions, offsets into its body.
        statements: Its statements, offsets into its body.
        likeness: What its text is compared by; None leaves it without a family.
    """

    article: Article
    spans: list[Span]
    texts: list[str]
    mentions: list[TimeMention]
    statements: list[Statement]
    likeness: Likeness | None

    def put(self, writer: Writer, vectors: Vectors, path: Path | None = None) -> Outcome:
        """Hand it to a writer.

        Args:
            writer: Stores it; does not commit.
            vectors: Unit vectors of its texts, shape (len(texts), dimension).
            path: The file it was read from.
        """
        return writer.put(self.article, self.spans, vectors, self.mentions, path, self.statements, self.likeness)


def split_article(article: Article, embedder: Embedder) -> tuple[list[Span], list[str]]:
    """Cut an article into passages: their offsets, and what is to be embedded of each."""
    limit = max(1, min(PASSAGE_TOKENS, embedder.card.window - _RESERVED_TOKENS))
    spans = split(article.body, embedder.count_tokens, limit)
    return spans, [in_context(article.headline, span.of(article.body)) for span in spans]


def prepare(article: Article, embedder: Embedder, cut: Cut = split_article) -> Prepared:
    """Read out of an article what is stored with it; nothing is embedded yet."""
    spans, texts = cut(article, embedder)
    statements = read_article_statements(article)
    return Prepared(article, spans, texts, tag_article(article), statements, likeness(article))
