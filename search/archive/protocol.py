"""The door of the archive: all that anybody above may know of storage.

An engine (`search.archive.local`, `search.archive.memory`) stores dossiers and hands out snapshots. A snapshot is
one committed state: whoever holds it sees nothing of later commits, and no commit waits for it. A passage is named
by its article's id and its offsets. Row numbers, SQL, and the formulas of an index stay inside an engine: scores
are computed above, from cosines, term counts, lengths and document frequencies, so that they are the same whatever
the engine.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, Self

from search.archive.records import (
    ArchiveCard,
    Candidates,
    Dossier,
    Facets,
    Facts,
    Frequencies,
    InputRecord,
    Outcome,
    Page,
    Query,
    Remembered,
)
from search.archive.scope import PUBLISHED, Scope
from search.article import Article, Withdrawal
from search.errors import ArchiveMismatchError, ArchiveUnwritableError, ArticleNotFoundError
from search.filters import Filter
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention


class Snapshot(Protocol):
    """One committed state of an archive, as far as a scope reaches. For one thread at a time.

    What lies outside of the scope is as if it were not stored: it is not found, read, counted, named or weighed.
    Only the number of the snapshot counts the commits of the whole archive.
    """

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        ...

    @property
    def card(self) -> ArchiveCard:
        """The archive's card as of this state."""
        ...

    @property
    def facts(self) -> Facts:
        """What it holds."""
        ...

    @property
    def sample(self) -> Vectors:
        """An even sample of the vectors that can be found, shape (n, dimension), float32; for their spread."""
        ...

    def candidates(self, query: Query, k: int, condition: Filter) -> Candidates:
        """Find the k passages closest in meaning and the k best by words, among those that pass a filter.

        If k pass, k come back. As of a day (`Filter.as_of`) what was superseded only later is among them.
        """
        ...

    def rarity(self, terms: Iterable[str], as_of: date | None = None) -> Frequencies:
        """Tell in how many passages and articles terms stand, of those that can be found.

        As of a day, a term that none of them has is counted in what was superseded only later.
        """
        ...

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id, whether they can be found or not; ids that are not stored are left out.

        As of a day, families are those of what could be found then.
        """
        ...

    def vectors(self, ids: Collection[str]) -> dict[str, Vectors]:
        """Read the vectors of the passages of stored articles, in order: shape (passages, dimension) each."""
        ...

    def remembered(self) -> Remembered:
        """Read what the archive remembers beside its articles: of all of it, whatever the scope."""
        ...

    def find(self, condition: Filter | None = None, *, after: str | None = None, most: int = 1_000) -> Page:
        """List the ids of articles a page at a time, in the order of ids: of those that pass a filter, or of all.

        Args:
            condition: Which articles; None for every stored one, whether it can be found or not.
            after: Begin behind this id.
            most: Ids of a page.
        """
        ...

    def facets(self, condition: Filter) -> Facets:
        """Count the articles that pass a filter by what they could be filtered by."""
        ...

    def changes(self, since: int) -> list[str]:
        """List the ids of the articles that changed after a snapshot, in order.

        They came, went, were read anew, became findable or ceased to be.
        """
        ...


class Writer(Protocol):
    """Collects changes until `commit`; what was not committed when its block ends is dropped."""

    def put(
        self, dossier: Dossier, vectors: Vectors, input_path: Path | None = None, *, anew: bool = False
    ) -> Outcome:
        """Store a dossier with the unit vectors of its passages, shape (passages, dimension).

        It takes the place of one with the same id and other content. An older version does not replace a later
        one (`search.versions.is_older`), unless a file that was changed says now that its article is older than
        before.

        Args:
            dossier: What to store.
            vectors: Of its passages, in order.
            input_path: The file it was read from.
            anew: Store it whatever is stored, where that came from and in its family: for other passages or
                vectors.

        Raises:
            ValueError: If an offset reaches past the end of the body, other words stand at it than are given
                with it, or there are not as many vectors as passages.
        """
        ...

    def put_readings(
        self, article_id: str, mentions: Sequence[TimeMention], statements: Sequence[Statement], readings: str
    ) -> None:
        """Replace what was read into a stored article; its passages and vectors stay.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        ...

    def keep(self, article: Article, input_path: Path | None = None) -> None:
        """Note that an article, stored with equal content, now comes from this file.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        ...

    def content_hash(self, article_id: str) -> str | None:
        """Look up the content hash of a stored article, what was not committed yet included; None if it is not."""
        ...

    def article(self, article_id: str) -> Article | None:
        """Look up a stored article, what was not committed yet included; None if it is not stored."""
        ...

    def release(self, now: datetime) -> list[str]:
        """End the embargoes that are over; returns the ids of the articles, which are seen from the commit on.

        An article that is put with an embargo that is not over is seen by scopes alone that say so, and takes
        nobody's place, until this ends it.
        """
        ...

    def withdraw(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal; returns the ids of the articles of which it was not known."""
        ...

    def remove(self, article_id: str) -> None:
        """Remove an article everywhere; its file is read again when it is next indexed.

        Raises:
            ArticleNotFoundError: If there is neither an article nor a withdrawal of this id.
        """
        ...

    def prune(self, before: date) -> int:
        """Remove the articles published before a day and take none that was in any more; returns how many went."""
        ...

    def input(self, path: Path) -> InputRecord | None:
        """Look up what is remembered of a file that was read."""
        ...

    def held_under(self, path: Path) -> list[str]:
        """List the ids of the articles read from a file or from anywhere below a folder, in order."""
        ...

    def gone(self, path: Path, ids: Iterable[str]) -> set[str]:
        """List the articles that a file held and, holding `ids` now, holds no more."""
        ...

    def finish_input(self, record: InputRecord, ids: Iterable[str], gone: Iterable[str] = ()) -> int:
        """Remember a file as read, with the articles that it holds; returns how many of `gone` were removed."""
        ...

    def set_model(self, card: ModelCard) -> None:
        """Note that all vectors are now of this model."""
        ...

    def commit(self) -> int:
        """Commit what was collected, whole or not at all; returns the number of the snapshot.

        Raises:
            ArchiveDiskError: If it cannot be written. What was collected since the last commit is dropped.
        """
        ...


class Archive(Protocol):
    """An archive that is open. Safe to share between threads."""

    @property
    def card(self) -> ArchiveCard:
        """What it is."""
        ...

    def snapshot(self, scope: Scope | None = None) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state; several may be held at once, by any threads.

        Args:
            scope: What of it may be seen; None for all that the archive shows unasked: what is published.

        Raises:
            ArchiveBusyError: If its indexes are behind and another process keeps the writer's place.
        """
        ...

    def write(self) -> AbstractContextManager[Writer]:
        """Become the archive's one writer.

        Raises:
            ArchiveBusyError: If another process, or another thread, is writing.
            ArchiveDiskError: If the disk is full or fails; what was committed before stays.
        """
        ...

    def close(self) -> None:
        """Release every file."""
        ...


class StoredArchive(Archive, Protocol):
    """An archive that outlasts the process that has it open; see `search.archive.addresses`."""

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        ...

    @property
    def bytes_on_disk(self) -> int:
        """Size of all that it consists of."""
        ...

    @property
    def being_written(self) -> bool:
        """Whether somebody is storing articles in it now."""
        ...

    @property
    def written(self) -> datetime:
        """When it was last written to, in UTC."""
        ...

    def verification(self) -> tuple[bool, bool]:
        """Tell whether the indexes that are searched, and those in place, are known to be as they were saved."""
        ...

    def stored(self, scope: Scope = PUBLISHED) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state to read what is stored; it need not be able to search."""
        ...

    def note(self, name: str) -> bytes | None:
        """Read what is kept beside the articles under the name of a file, of feeds, say; None if there is nothing.

        Raises:
            ArchiveError: If it cannot be read.
        """
        ...

    def keep_note(self, name: str, content: bytes) -> None:
        """Keep something beside the articles under the name of a file, in place of what was there.

        Raises:
            ArchiveError: If it cannot be written.
        """
        ...

    def rebuild(self) -> None:
        """Make the indexes anew from what is stored.

        Raises:
            ArchiveBusyError: If another process is writing.
            ArchiveDiskError: If they cannot be written; what was there before stays.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class ScopedArchive:
    """An archive that can be read within a scope only, whatever is asked of it, and not be written."""

    def __init__(self, archive: Archive, scope: Scope) -> None:
        """Show of an archive what a scope holds."""
        self._archive = archive
        self._scope = scope

    @property
    def card(self) -> ArchiveCard:
        """What it is."""
        return self._archive.card

    def snapshot(self, scope: Scope | None = None) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state within its own scope; none that is given is wider.

        Raises:
            ValueError: If another scope is given.
        """
        if scope not in {None, self._scope}:
            raise ValueError("an archive within a scope shows that scope and no other")
        return self._archive.snapshot(self._scope)

    def write(self) -> AbstractContextManager[Writer]:
        """Refuse to write: what is written is not bound to a scope.

        Raises:
            ArchiveUnwritableError: Always.
        """
        raise ArchiveUnwritableError("The archive can only be read here.")

    def close(self) -> None:
        """Leave the archive open: it is somebody else's."""


def dossier_of(snapshot: Snapshot, article_id: str) -> Dossier:
    """Read one stored article.

    Raises:
        ArticleNotFoundError: If there is none of this id.
    """
    found = snapshot.read([article_id]).get(article_id)
    if found is None:
        raise ArticleNotFoundError(
            f"The archive has no article {article_id!r}.",
            "Article ids stand in every search result: dateline search QUESTION --json",
        )
    return found


def check_model(archive: ArchiveCard, model: ModelCard) -> None:
    """Refuse a model whose vectors cannot be compared with those of an archive.

    Raises:
        ArchiveMismatchError: If fingerprint or dimension differ.
    """
    if (archive.fingerprint, archive.dimension) != (model.fingerprint, model.dimension):
        raise ArchiveMismatchError(
            f"The archive in {archive.place} was made with the model {archive.model} "
            f"({archive.fingerprint[:12]}, {archive.dimension} dimensions), and the configured one is "
            f"{model.name} ({model.fingerprint[:12]}, {model.dimension} dimensions).",
            f"Set DATELINE_MODEL={archive.model}, or embed everything again: "
            f"dateline rebuild --embed --index {archive.place}",
        )
