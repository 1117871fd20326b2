"""The door of the archive: all that anybody above may know of storage.

An engine (`search.archive.local`, `search.archive.memory`) stores dossiers and hands out snapshots. A snapshot is
one committed state: whoever holds it sees nothing of later commits, and no commit waits for it. A passage is named
by its article's id and its offsets. Row numbers, SQL, and the formulas of an index stay inside an engine: scores
are computed above, from cosines, term counts, lengths and document frequencies, so that they are the same whatever
the engine.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.article import Article, Span, Withdrawal
from search.errors import ArchiveMismatchError, ArticleNotFoundError
from search.family import Copy, Family, Likeness, family_of
from search.filters import Filter
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention


class Outcome(StrEnum):
    """What storing an article did.

    `OLDER`: nothing, because a later version of it is stored. `EXPIRED`: nothing, because articles of its day have
    been pruned.
    """

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    OLDER = "older"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class InputRecord:
    """What is remembered of a file that was read.

    Attributes:
        path: Absolute path.
        size: Bytes.
        modified_ns: Time of last change, in nanoseconds since 1970.
        digest: SHA-256 (hex) of the content, and how it was read.
        articles: Number of articles that it gave.
        skipped: What in it could not be read: pairs of origin and reason.
    """

    path: str
    size: int
    modified_ns: int
    digest: str
    articles: int
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A slice of an article's body.

    Attributes:
        article_id: The article.
        start: First code point in its body.
        end: One past the last.
    """

    article_id: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its offsets."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Dossier:
    """An article with its passages and readings, as it is put and read.

    Attributes:
        article: The article.
        passages: Offsets of its passages, in order.
        mentions: Its time mentions, in the order of the text.
        statements: Its statements, in the order of the text; a sentence that is not among them is plainly
            asserted, by nobody but the article.
        readings: Fingerprint of the rules that made mentions and statements; empty when it is not known.
        likeness: What its text is compared by when it is put; None leaves it without a family.
        withdrawal: What withdraws it, when it is read; None when nothing does.
        superseded_by: Id of the stored article in its place, when it is read; None when there is none.
        copies: The other articles of its family that can be found, when it is read; at most `MOST_COPIES`.
    """

    article: Article
    passages: tuple[Span, ...] = ()
    mentions: tuple[TimeMention, ...] = ()
    statements: tuple[Statement, ...] = ()
    readings: str = ""
    likeness: Likeness | None = None
    withdrawal: Withdrawal | None = None
    superseded_by: str | None = None
    copies: tuple[Article, ...] = field(default=(), repr=False)

    @property
    def family(self) -> Family:
        """The article and its copies, in order."""
        return family_of(Copy.of(one) for one in (self.article, *self.copies))


MOST_COPIES = 200
"""Members of a family that are read with one article."""


@dataclass(frozen=True, slots=True)
class Query:
    """What candidates are asked for.

    Attributes:
        vector: Unit vector of the question, shape (dimension,), float32; None where closeness does not matter.
        terms: Distinct analysed terms of the question.
        near: Whether to look for what is close; cosines are given in any case where there is a vector.
        by_words: Whether to look by words; `terms` are counted in any case.
    """

    vector: npt.NDArray[np.float32] | None
    terms: tuple[str, ...]
    near: bool = True
    by_words: bool = True


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found, with what it is scored by.

    Attributes:
        passage: Which one.
        cosine: Between question and passage; 0 when no vector was given.
        near: Whether it was among the k closest.
        has_words: Whether it was among the k best by words.
        counts: How often each of the query's terms stands in it and its headline, in their order.
        length: How many terms it has, its headline's among them.
        article_counts: How often each stands in its whole article.
        article_length: How many terms that has.
        published: First and last day on which its article may have been published; None when it does not say.
        family: Names the family of its article within this snapshot.
    """

    passage: Passage
    cosine: float
    near: bool
    has_words: bool
    counts: tuple[int, ...]
    length: int
    article_counts: tuple[int, ...]
    article_length: int
    published: tuple[date, date] | None
    family: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a query.

    Attributes:
        passages: The k closest and the k best by words, in no order.
        passing: How many passages pass the filter.
    """

    passages: tuple[Retrieved, ...]
    passing: int


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many passages and articles terms stand.

    Attributes:
        passages: How many passages can be found.
        articles: How many articles can be found.
        passage_terms: How many terms those passages have together.
        article_terms: How many those articles have.
        passages_with: How many of the passages have each term.
        articles_with: How many of the articles have it.
    """

    passages: int
    articles: int
    passage_terms: int
    article_terms: int
    passages_with: Mapping[str, int]
    articles_with: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an archive holds at a snapshot; made once for it. Only what can be found counts, unless said otherwise.

    Attributes:
        articles: How many.
        passages: How many.
        superseded: How many articles more are stored in whose place another is.
        withdrawn: How many more are stored that were withdrawn; some may be superseded too.
        families: How many families of more than one article there are.
        first_published: First day on which an article may have been published; None when none says.
        last_published: Last such day.
        undated: How many articles do not say when they were published.
        sources: Articles by source, the most frequent first.
        sections: Articles by section, likewise.
        languages: Articles by language, likewise.
        days: Articles by source ("" where there is none) and first day of publication, in order.
        readings: Articles by the fingerprint of the rules that read them.
    """

    articles: int
    passages: int
    superseded: int
    withdrawn: int
    families: int
    first_published: date | None
    last_published: date | None
    undated: int
    sources: Mapping[str, int]
    sections: Mapping[str, int]
    languages: Mapping[str, int]
    days: Mapping[tuple[str, date], int]
    readings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Facets:
    """Articles that pass a filter, counted by what they could be filtered by; the most frequent first.

    Attributes:
        articles: How many pass.
        sources: By source.
        sections: By section.
        languages: By language.
        years: By year of publication, in order.
        speakers: By who speaks in them, as the archive compares names.
    """

    articles: int
    sources: Mapping[str, int]
    sections: Mapping[str, int]
    languages: Mapping[str, int]
    years: Mapping[int, int]
    speakers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of article ids.

    Attributes:
        ids: In order.
        more: Whether others follow the last of them.
    """

    ids: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class ArchiveCard:
    """What an archive is.

    Attributes:
        place: Where it is, in words for people: a folder, an address.
        archive_id: Its own id, made when it was.
        schema_version: Of its storage.
        model: Name of the model that its vectors are from.
        fingerprint: Of that model.
        dimension: Of its vectors.
        lineage: The line that its snapshots' numbers belong to; returning to an earlier state begins another.
    """

    place: str
    archive_id: str
    schema_version: int
    model: str
    fingerprint: str
    dimension: int
    lineage: str = ""


class Snapshot(Protocol):
    """One committed state of an archive. For one thread at a time."""

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

    def rarity(self, terms: Iterable[str]) -> Frequencies:
        """Tell in how many passages and articles terms stand."""
        ...

    def read(self, ids: Collection[str], as_of: date | None = None) -> dict[str, Dossier]:
        """Read stored articles by id, whether they can be found or not; ids that are not stored are left out.

        As of a day, families are those of what could be found then.
        """
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

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state; several may be held at once, by any threads.

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


def dossier_of(snapshot: Snapshot, article_id: str) -> Dossier:
    """Read one stored article.

    Raises:
        ArticleNotFoundError: If there is none of this id.
    """
    found = snapshot.read([article_id]).get(article_id)
    if found is None:
        raise ArticleNotFoundError(
            f"The archive in {snapshot.card.place} has no article {article_id!r}.",
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
