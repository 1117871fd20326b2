"""The lexical view: passages by their words.

It finds passages; how they are scored is decided above (`search.asking.bm25`), from stored term counts.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from search.archive.columns import Keys
from search.archive.local.generation import Identity, changed_in_place, identities, inherit
from search.archive.local.term_index import TermIndex
from search.archive.term_counts import PRESENCE_WEIGHT, passage_text
from search.article import Article, Span
from search.filters import Filter

_FOLDER = "passages"


class LexicalView:
    """A term index of passages, kept at one snapshot. Its files are mapped into memory."""

    def __init__(self, folder: Path, passages: TermIndex) -> None:
        """Use `LexicalView.open` or `LexicalView.create`."""
        self._folder = folder
        self._passages = passages
        self._known = self._identities()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the view in `folder`, whose files were verified.

        Raises:
            ViewDamagedError: If it cannot be read.
        """
        return cls(folder, TermIndex.open(folder / _FOLDER))

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty view in `folder`.

        Raises:
            OSError: If it cannot be written.
        """
        return cls(folder, TermIndex.create(folder / _FOLDER))

    def descend(self, folder: Path) -> Self:
        """Begin the next generation of this view in another folder: equal to this one, apart from it."""
        inherit(self._folder / _FOLDER, folder / _FOLDER)
        return self.open(folder)

    def changed_in_place(self) -> Path | None:
        """Find a file that something has written to while it is open, so that it must not be read any more."""
        return changed_in_place(self._known)

    def keys(self) -> tuple[Keys, Keys]:
        """List the passages' keys and the key of each one's article, in no order."""
        return self._passages.keys()

    def add(self, key: int, article: Article, passages: Iterable[tuple[int, Span]]) -> None:
        """Add an article under its key, with its passages under theirs; its headline counts as part of each."""
        for passage, span in passages:
            self._passages.add(passage, passage_text(article, span), key, article)

    def remove(self, key: int) -> None:
        """Remove an article's passages."""
        self._passages.remove_article(key)

    def commit(self) -> None:
        """Make all changes durable and visible.

        Raises:
            OSError: If they cannot be written.
        """
        self._passages.commit()
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

    def __len__(self) -> int:
        return len(self._passages)

    def _identities(self) -> dict[Path, Identity]:
        return identities(self._folder / _FOLDER)
