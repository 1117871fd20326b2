"""The lexical view: BM25 over passages and over whole articles.

A passage's score is its own BM25, plus a share that depends only on which of the question's terms it has, plus
a share of its article's BM25. Against plain BM25 the second helps short passages, where repetition says little,
and the third helps passages of articles that are on the subject throughout (docs/measurements.md).
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from search.archive.database import StoredPassage
from search.archive.stamp import Stamp, checksum, write_atomically
from search.archive.term_index import TermIndex
from search.article import Article, Span
from search.filters import Filter

PRESENCE_WEIGHT = 0.3
"""Weight of the inverse document frequency of each term that a passage has, however often."""

ARTICLE_WEIGHT = 0.6
"""Weight of the BM25 score of the passage's whole article."""

_STAMP_FILE = "lexical.json"


class LexicalView:
    """Two term indexes, of passages and of articles, kept at one snapshot."""

    def __init__(self, folder: Path) -> None:
        self._stamp_file = folder / _STAMP_FILE
        self._passages = TermIndex(folder / "passages")
        self._articles = TermIndex(folder / "articles")

    @classmethod
    def open(cls, folder: Path, stamp: Stamp) -> tuple[Self, int] | None:
        """Open the view in `folder` and tell the snapshot it reflects.

        None if there is none, it is damaged, or it belongs to another archive or model.
        """
        saved = _saved(folder, stamp)
        try:
            if saved is None or saved["files"] != _checksums(folder):
                return None
            return cls(folder), int(saved["snapshot"])
        except (OSError, ValueError, KeyError):
            return None

    @staticmethod
    def saved_snapshot(folder: Path, stamp: Stamp) -> int | None:
        """Tell the snapshot that the view in `folder` claims to reflect; None if it is not of this archive."""
        saved = _saved(folder, stamp)
        return int(saved["snapshot"]) if saved else None

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty view in `folder`, in place of whatever was there."""
        shutil.rmtree(folder, ignore_errors=True)
        return cls(folder)

    @staticmethod
    def discard(folder: Path) -> None:
        """Make the view saved in `folder` invalid."""
        (folder / _STAMP_FILE).unlink(missing_ok=True)

    def add(self, key: int, article: Article, passages: Iterable[StoredPassage]) -> None:
        """Add an article under its key, with its passages; its headline counts as part of each."""
        self._articles.add(key, _whole(article), key, article)
        for passage in passages:
            self._passages.add(passage.key, _text(article, passage.span), key, article)

    def remove(self, key: int) -> None:
        """Remove an article and its passages."""
        self._articles.remove_article(key)
        self._passages.remove_article(key)

    def commit(self, stamp: Stamp) -> None:
        """Make all changes durable and visible, and the view one of the stamp's snapshot."""
        self._stamp_file.unlink(missing_ok=True)
        self._passages.commit()
        self._articles.commit()
        facts = stamp.as_dict() | {"files": _checksums(self._stamp_file.parent)}
        write_atomically(self._stamp_file, json.dumps(facts).encode())

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


def _whole(article: Article) -> str:
    return "\n".join((article.headline, article.standfirst or "", article.body))


def _text(article: Article, span: Span) -> str:
    return f"{article.headline}\n{span.of(article.body)}"


def _saved(folder: Path, stamp: Stamp) -> dict[str, Any] | None:
    """Read what a view says of itself; None if it says nothing, or is of another archive or model."""
    try:
        saved: dict[str, Any] = json.loads((folder / _STAMP_FILE).read_text(encoding="utf-8"))
        return saved if stamp.fits(saved) else None
    except (OSError, ValueError, AttributeError):
        return None


def _checksums(folder: Path) -> dict[str, int]:
    """Checksums of the indexes' files by relative path: Tantivy does not look whether its files are whole."""
    return {
        str(path.relative_to(folder)): checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != _STAMP_FILE
    }
