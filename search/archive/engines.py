"""What all engines have in common: an archive that is closed with its block, and what a catalogue answers.

What a snapshot of any engine holds, lists and counts, and whom it names, follows from its catalogue alone.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Self

import numpy as np

from search.archive.catalogue import Catalogue
from search.archive.columns import Keys
from search.archive.liveness import Versions, superseded_by, withdrawal_of
from search.archive.records import MOST_COPIES, Dossier, Facets, Facts, Page
from search.article import Article, Span
from search.errors import ArchiveBusyError
from search.filters import Filter
from search.statements import Statement
from search.times import TimeMention

EXACT_LIMIT = 2_000
"""Passages that pass a filter up to which each of them is compared; of more, those that the indexes give."""

_SAMPLE = 2_000


class OpenArchive:
    """An archive that is closed at the end of its block."""

    def close(self) -> None:
        """Let go of what is kept in memory: what nobody holds any more goes by itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def writing_alone(writing: threading.Lock, patience: float, place: str) -> Iterator[None]:
    """Keep the other threads of this process from writing.

    Args:
        writing: Held by whoever writes.
        patience: Seconds to wait for another.
        place: Of the archive, for the message.

    Raises:
        ArchiveBusyError: If another is still writing then.
    """
    if not writing.acquire(timeout=patience):
        raise ArchiveBusyError(
            f"Another thread is writing to the archive in {place}.", "Wait until it has finished."
        )
    try:
        yield
    finally:
        writing.release()


def sampled(keys: Keys) -> Keys:
    """Draw an even sample of keys, or rows."""
    return keys[:: max(1, len(keys) // _SAMPLE)]


class CataloguedSnapshot:
    """What a snapshot answers from its catalogue; see `search.archive.protocol.Snapshot`."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Answer from a catalogue, as far as a scope reaches."""
        self._catalogue = catalogue

    @property
    def facts(self) -> Facts:
        """What it holds."""
        return self._catalogue.facts

    def find(self, condition: Filter | None = None, *, after: str | None = None, most: int = 1_000) -> Page:
        """List the ids of articles a page at a time; see `Snapshot.find`."""
        return self._catalogue.find(condition, after, most)

    def facets(self, condition: Filter) -> Facets:
        """Count the articles that pass a filter; see `Snapshot.facets`."""
        return self._catalogue.facets(condition)

    def _seen(self, ids: Iterable[str]) -> list[str]:
        """Those of some ids that may be told.

        Of what is gone nobody knows any more whether it lay inside of a scope.
        """
        return [id_ for id_ in ids if self._catalogue.seen is None or id_ in self._catalogue.row_of]

    def _named(self, article_id: str | None) -> str | None:
        """The id of an article, if that is seen."""
        return article_id if article_id in self._catalogue.row_of else None

    def _passages_of(self, article_id: str) -> slice:
        """Where the passages of an article that is seen stand among all."""
        key = self._catalogue.articles.key[self._catalogue.row_of[article_id]]
        return slice(*np.searchsorted(self._catalogue.passages.article, [key, key + 1]).tolist())


class StoredSnapshot(CataloguedSnapshot, ABC):
    """A snapshot whose articles lie in tables, from which they are read by key."""

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id; see `Snapshot.read`."""
        catalogue, columns = self._catalogue, self._catalogue.articles
        rows = {id_: catalogue.row_of[id_] for id_ in ids if id_ in catalogue.row_of}
        kin = {row: catalogue.family_rows(row, as_of)[:MOST_COPIES].tolist() for row in rows.values()}
        wanted = {*rows.values(), *(other for others in kin.values() for other in others)}
        keys = {row: int(columns.key[row]) for row in wanted}
        articles = self._articles(keys.values())
        read = self._readings({keys[row]: articles[keys[row]].body for row in rows.values()})
        dossiers = {}
        for id_, row in rows.items():
            article = articles[keys[row]]
            mentions, statements = read[keys[row]]
            passages = self._passages_of(id_)
            starts, stops = catalogue.passages.start[passages], catalogue.passages.stop[passages]
            later = superseded_by(article, self._versions) if columns.superseded[row] else None
            dossiers[id_] = Dossier(
                article=article,
                passages=tuple(map(Span, starts.tolist(), stops.tolist())),
                mentions=tuple(mentions),
                statements=tuple(statements),
                readings=catalogue.names["readings"].all[columns.readings[row]],
                withdrawal=withdrawal_of(article, self._versions) if columns.withdrawn[row] else None,
                superseded_by=self._named(later),
                copies=tuple(articles[keys[other]] for other in kin[row]),
            )
        return dossiers

    @property
    @abstractmethod
    def _versions(self) -> Versions:
        """What tells which articles are live."""

    @abstractmethod
    def _articles(self, keys: Collection[int]) -> Mapping[int, Article]:
        """Load articles by key."""

    @abstractmethod
    def _readings(
        self, bodies: Mapping[int, str]
    ) -> Mapping[int, tuple[Sequence[TimeMention], Sequence[Statement]]]:
        """Load what was read into bodies, given by the key of their article, each in the order of the text."""
