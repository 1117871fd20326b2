"""The lexical view: BM25 over passages and over whole articles.

A passage's score is its own BM25, plus a share that depends only on which of the question's terms it has, plus
a share of its article's BM25. Against plain BM25 the second helps short passages, where repetition says little,
and the third helps passages of articles that are on the subject throughout (docs/measurements.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from search.archive.local.database import Keys, StoredPassage
from search.archive.local.generation import Identity, changed_in_place, identities, inherit
from search.archive.local.term_index import TermIndex
from search.article import Article, Span
from search.filters import Filter

PRESENCE_WEIGHT = 0.3
"""Weight of the inverse document frequency of each term that a passage has, however often."""

ARTICLE_WEIGHT = 0.6
"""Weight of the BM25 score of the passage's whole article."""

_FOLDERS = ("passages", "articles")


class LexicalView:
    """Two term indexes, of passages and of articles, kept at one snapshot. Their files are mapped into memory."""

    def __init__(self, folder: Path, passages: TermIndex, articles: TermIndex) -> None:
        """Use `LexicalView.open` or `LexicalView.create`."""
        self._folder = folder
        self._passages = passages
        self._articles = articles
        self._known = self._identities()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the view in `folder`, whose files were verified.

        Raises:
            ViewDamagedError: If it cannot be read.
        """
        return cls(folder, *(TermIndex.open(folder / name) for name in _FOLDERS))

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty view in `folder`.

        Raises:
            OSError: If it cannot be written.
        """
        return cls(folder, *(TermIndex.create(folder / name) for name in _FOLDERS))

    def descend(self, folder: Path) -> Self:
        """Begin the next generation of this view in another folder: equal to this one, apart from it."""
        for name in _FOLDERS:
            inherit(self._folder / name, folder / name)
        return self.open(folder)

    def changed_in_place(self) -> Path | None:
        """Find a file that something has written to while it is open, so that it must not be read any more."""
        return changed_in_place(self._known)

    def keys(self) -> tuple[Keys, Keys, Keys]:
        """List the passages' keys, the key of each one's article, and the articles' keys, all in no order."""
        passages, articles_of = self._passages.keys()
        return passages, articles_of, self._articles.keys()[0]

    def add(self, key: int, article: Article, passages: Iterable[StoredPassage]) -> None:
        """Add an article under its key, with its passages; its headline counts as part of each."""
        self._articles.add(key, _whole(article), key, article)
        for passage in passages:
            self._passages.add(passage.key, _text(article, passage.span), key, article)

    def remove(self, key: int) -> None:
        """Remove an article and its passages."""
        self._articles.remove_article(key)
        self._passages.remove_article(key)

    def commit(self) -> None:
        """Make all changes durable and visible.

        Raises:
            OSError: If they cannot be written.
        """
        self._passages.commit()
        self._articles.commit()
        self._known = self._identities()

    def search(
        self, question: Sequence[str], k: int, condition: Filter, among: Iterable[int] | None = None
    ) -> list[int]:
        """Find the keys of at most `k` passages by their own scores, best first.

        Args:
            question: Distinct analysed terms.
            k: How many at most.
            condition: Which articles count; what it says of passages is not looked at.
            among: Keys of the passages that count; None for all.
        """
        return list(
            self._passages.search(question, k, condition=condition, among=among, presence_weight=PRESENCE_WEIGHT)
        )

    def scores(self, question: Sequence[str], passages: Mapping[int, int]) -> dict[int, float]:
        """Score passages, given as passage key -> article key; one that shares no term scores 0."""
        everything = Filter()
        articles = set(passages.values())
        own = self._passages.search(
            question,
            max(1, len(passages)),
            condition=everything,
            among=passages,
            presence_weight=PRESENCE_WEIGHT,
        )
        whole = self._articles.search(question, max(1, len(articles)), condition=everything, among=articles)
        return {
            passage: own.get(passage, 0.0) + ARTICLE_WEIGHT * whole.get(article, 0.0)
            for passage, article in passages.items()
        }

    def score(self, question: Sequence[str], article: Article, span: Span) -> float:
        """Score a passage that the view does not have, as if it had it; lengths count as average."""
        own = self._passages.score(question, _text(article, span), PRESENCE_WEIGHT)
        return own + ARTICLE_WEIGHT * self._articles.score(question, _whole(article))

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Inverse document frequency of each term over the passages."""
        return self._passages.rarity(terms)

    def __len__(self) -> int:
        return len(self._passages)

    def _identities(self) -> dict[Path, Identity]:
        return {path: one for name in _FOLDERS for path, one in identities(self._folder / name).items()}


def _whole(article: Article) -> str:
    return "\n".join((article.headline, article.standfirst or "", article.body))


def _text(article: Article, span: Span) -> str:
    return f"{article.headline}\n{span.of(article.body)}"
