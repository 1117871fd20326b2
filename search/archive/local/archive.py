"""One archive: the database, its views, and the one writer at a time that changes them."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from search.archive.local.database import Database, Keys, StoredPassage
from search.archive.local.failures import naming_the_disk
from search.archive.local.files import DATABASE_FILE, bytes_in, database_in, file_in
from search.archive.local.inputs import InputRecord
from search.archive.local.lock import writer_lock
from search.archive.local.open_views import OpenViews
from search.archive.local.publication import Publisher
from search.archive.local.regime import DEFAULT_REGIME, Regime
from search.archive.local.schema import SCHEMA_VERSION
from search.archive.local.stamp import Stamp
from search.archive.local.status import ArchiveStatus
from search.archive.local.vectors import cosines
from search.archive.local.view_check import ViewReport, check_views
from search.archive.local.writer import Writer
from search.article import Article, Span, Withdrawal
from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveMismatchError,
    ArticleNotFoundError,
)
from search.family import Copy, Family, family_of
from search.filters import Filter
from search.models.embedding.embedder import ModelCard
from search.statements import Statement
from search.times import TimeMention


class Archive:
    """An archive on disk, open for reading; `write()` lets one process at a time change it.

    Safe to share between threads.
    """

    def __init__(self, folder: Path, database: Database, regime: Regime = DEFAULT_REGIME) -> None:
        """Use `Archive.open` or `Archive.create`."""
        self.folder = folder
        self._regime = regime
        self._database = database
        self._file = file_in(folder)
        self._guard = threading.RLock()
        self._open_views = OpenViews(folder, database, regime)

    @classmethod
    def open(cls, folder: Path, regime: Regime = DEFAULT_REGIME) -> Self:
        """Open an existing archive; `regime` says from which sizes on vectors are searched approximately.

        Raises:
            ArchiveMissingError: If there is none.
            ArchiveMismatchError: If it was made with another schema.
            ArchiveDamagedError: If its database cannot be read.
        """
        database = Database(database_in(folder))
        try:
            archive = cls(folder, database, regime)
            archive._check_schema()
        except BaseException:
            database.close()
            raise
        return archive

    @classmethod
    def create(cls, folder: Path, card: ModelCard, regime: Regime = DEFAULT_REGIME) -> Self:
        """Open the archive in `folder`, making an empty one for this model if there is none.

        Raises:
            ArchiveMismatchError: If there is one, of another schema or model.
            ArchiveDamagedError: If its database cannot be read.
        """
        path = folder / DATABASE_FILE
        if not _is_made(path):
            with naming_the_disk(folder):
                folder.mkdir(parents=True, exist_ok=True)
                with writer_lock(folder), closing(Database(path)) as database:
                    if not database.has_tables():
                        database.create(
                            schema_version=str(SCHEMA_VERSION),
                            archive_id=uuid4().hex,
                            snapshot="0",
                            model=card.name,
                            fingerprint=card.fingerprint,
                            dimension=str(card.dimension),
                        )
        archive = cls.open(folder, regime)
        archive.check_model(card)
        return archive

    def close(self) -> None:
        """Release every file."""
        with self._guard:
            self._open_views.forget()
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What it holds

    def check_model(self, card: ModelCard) -> None:
        """Refuse a model whose vectors cannot be compared with the stored ones.

        Raises:
            ArchiveMismatchError: If fingerprint or dimension differ.
        """
        manifest = self._database.manifest()
        if manifest["fingerprint"] != card.fingerprint or manifest["dimension"] != str(card.dimension):
            raise ArchiveMismatchError(
                f"The archive in {self.folder} was made with the model {manifest['model']} "
                f"({manifest['fingerprint'][:12]}, {manifest['dimension']} dimensions), and the configured one is "
                f"{card.name} ({card.fingerprint[:12]}, {card.dimension} dimensions).",
                f"Set DATELINE_MODEL={manifest['model']}, or embed everything again: "
                f"dateline rebuild --embed --index {self.folder}",
            )

    def check_in_place(self) -> None:
        """Refuse to change an archive in whose place there is another.

        Raises:
            ArchiveBusyError: If its file is not the one in the folder any more.
        """
        if file_in(self.folder) != self._file:
            raise ArchiveBusyError(
                f"Another archive has taken the place of the one in {self.folder} since it was opened.",
                "Try again in a moment.",
            )

    def status(self) -> ArchiveStatus:
        """Describe the last committed state."""
        with self._guard, self._database.reading():
            manifest = self._database.manifest()
            articles, passages = self._database.counts()
            first, last, undated = self._database.coverage()
            superseded, withdrawn = self._database.liveness.counts()
            return ArchiveStatus(
                folder=self.folder,
                archive_id=manifest["archive_id"],
                snapshot=int(manifest["snapshot"]),
                schema_version=int(manifest["schema_version"]),
                model=manifest["model"],
                fingerprint=manifest["fingerprint"],
                dimension=int(manifest["dimension"]),
                articles=articles,
                passages=passages,
                superseded=superseded,
                withdrawn=withdrawn,
                families=self._database.kinship.count(),
                first_published=date.fromordinal(first) if first else None,
                last_published=date.fromordinal(last) if last else None,
                undated=undated,
                sources=self._database.values("source"),
                sections=self._database.values("section"),
                languages=self._database.values("language"),
                bytes_on_disk=bytes_in(self.folder),
            )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside, candidates among it, belongs to one snapshot: the last committed.

        Raises:
            ArchiveBusyError: If the indexes are behind the database and another process keeps the writer's place.
        """
        with self._guard, self._open_views.pinned():
            yield

    @contextmanager
    def reading_articles(self) -> Iterator[None]:
        """Everything read inside, but candidates, belongs to one snapshot; no index is opened for it."""
        with self._guard, self._database.reading():
            yield

    def counts(self) -> tuple[int, int]:
        """Count the articles that can be found, and their passages."""
        with self._guard:
            return self._database.counts()

    def published_range(self) -> tuple[date | None, date | None]:
        """First and last day of publication; None, None when no article says when it was published."""
        with self._guard:
            first, last, _ = self._database.coverage()
            return date.fromordinal(first) if first else None, date.fromordinal(last) if last else None

    def article(self, article_id: str) -> Article:
        """Load an article.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        with self._guard, self._database.reading():
            key = self._key(article_id)
            return self._database.articles([key])[key]

    def withdrawal_of(self, article_id: str) -> Withdrawal | None:
        """Look up the notice that withdraws a stored article; None if none does.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        with self._guard, self._database.reading():
            return self._database.liveness.withdrawal_of(self.article(article_id))

    def superseded_by(self, article_id: str) -> str | None:
        """Look up the id of the article in whose favour a stored one is not found; None if there is none.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        with self._guard, self._database.reading():
            return self._database.liveness.superseded_by(self.article(article_id))

    def family_of(self, article_id: str) -> Family:
        """Find the family of an article (see `families`).

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        with self._guard, self._database.reading():
            key = self._key(article_id)
            return self.families([key])[key]

    def families(self, article_keys: Iterable[int], as_of: date | None = None) -> dict[int, Family]:
        """Find the family of each article, given by key; keys that are gone are left out.

        A family has the articles that can be found and, as of a day, were published by then, in order
        (`search.family.family_of`). An article that is like no other, or cannot itself be found, is a family of
        one.
        """
        with self._guard, self._database.reading():
            members = self._database.kinship.members(article_keys, self._back_on(as_of))
            copies = self._database.copies({key for family in members.values() for key in family})
        found = {}
        for key, family in members.items():
            if key in copies:
                found[key] = family_of(
                    copies[member]
                    for member in family
                    if member == key or as_of is None or _published_by(as_of, copies[member])
                )
        return found

    def passages_of(self, article_id: str) -> list[Span]:
        """List the passages of an article, in order.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        with self._guard, self._database.reading():
            return [passage.span for passage in self._database.passages_of(self._key(article_id))]

    def ids(self, *, under: Path | None = None) -> list[str]:
        """List article ids in order: all, or those read from a file or from anywhere below a folder."""
        with self._guard:
            return self._database.ids(under=str(under.absolute()) if under else None)

    def input(self, path: Path) -> InputRecord | None:
        """Look up what is remembered of a file that was read."""
        with self._guard:
            return self._database.inputs.record(str(path.absolute()))

    def count_published_before(self, day: date) -> int:
        """Count the stored articles, found or not, that were published before a day."""
        with self._guard:
            return len(self._database.published_before(day))

    def content_hash(self, article_id: str) -> str | None:
        """Look up the content hash of a stored article; None if there is none of this id."""
        with self._guard:
            found = self._database.find(article_id)
            return found[1] if found else None

    # Candidates: what the rest of `search` asks for

    def resolve(self, condition: Filter) -> Filter:
        """Give the names in a filter the letter case that the archive has; unknown names stay as they are."""
        with self._guard:
            return replace(
                condition,
                sources=_as_stored(condition.sources, self._database.values("source")),
                sections=_as_stored(condition.sections, self._database.values("section")),
                languages=_as_stored(condition.languages, self._database.values("language")),
            )

    def dense(self, question: npt.NDArray[np.float32], k: int, condition: Filter) -> list[tuple[int, float]]:
        """Find the passages closest in meaning: at most `k` pairs of passage key and cosine, closest first.

        Every passage that passes the filter can be found: if there are `k`, `k` come back. As of a day, those
        that were superseded later are found here alone: the views do not have them.
        """
        with self.reading():
            found = self._dense(question, k, condition)
            if back := self._back_on(condition.as_of):
                found += self._scan(question, self._database.passage_keys(condition, of=back), back)
                found.sort(key=lambda pair: (-pair[1], pair[0]))
            return found[:k]

    def mentions(self, articles: Iterable[int]) -> dict[int, list[TimeMention]]:
        """Load the time mentions of articles, given by key, in the order of the text."""
        with self._guard:
            return self._database.mentions(articles)

    def statements(self, articles: Iterable[int]) -> dict[int, list[Statement]]:
        """Load the statements of articles, given by key, in the order of the text.

        A sentence that is not among them is plainly asserted, by nobody but the article.
        """
        with self._guard:
            return self._database.statements(articles)

    def closeness(self, question: npt.NDArray[np.float32], passages: Sequence[int]) -> dict[int, float]:
        """Cosine between a question and given passages, by passage key."""
        with self._guard:
            return dict(self._scan(question, np.array(passages, dtype=np.int64)))

    def spread(self, question: npt.NDArray[np.float32]) -> tuple[float, int]:
        """Standard deviation of the cosine between a question and the archive's passages, and over how many.

        Taken over a fixed, even sample of them where there are many.
        """
        with self.reading():
            sample = self._open_views.sample()
            return (float(cosines(sample, question).std()) if len(sample) else 0.0), len(sample)

    def lexical(self, question: Sequence[str], k: int, condition: Filter) -> list[int]:
        """Find the keys of at most `k` passages that share terms with a question, best first."""
        with self.reading():
            among = self._database.passage_keys(condition).tolist() if condition.tells_passages_apart else None
            return self._open_views.by_words(lambda view: view.search(question, k, condition, among))

    def lexical_scores(
        self, question: Sequence[str], passages: Mapping[int, int], as_of: date | None = None
    ) -> dict[int, float]:
        """Score passages, given as passage key -> article key, against a question's terms."""
        with self.reading():
            back = self._back_on(as_of)
            scores = self._open_views.by_words(lambda view: view.scores(question, passages))
            stored = self._database.passages((key for key, article in passages.items() if article in back), back)
            articles = self._database.articles({passage.article for passage in stored.values()})
            return scores | self._open_views.by_words(
                lambda view: {
                    key: view.score(question, articles[passage.article], passage.span)
                    for key, passage in stored.items()
                }
            )

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Inverse document frequency (as in BM25) of each term over the archive's passages."""
        with self.reading():
            return self._open_views.by_words(lambda view: view.rarity(terms))

    def fetch(self, passages: Iterable[int], as_of: date | None = None) -> dict[int, StoredPassage]:
        """Load passages by key; those that cannot be found, on a day if one is given, are left out."""
        with self._guard:
            return self._database.passages(passages, self._back_on(as_of))

    def bodies(self, ids: Iterable[str]) -> dict[str, str]:
        """Read the bodies of articles by id, as they are stored now; ids that are gone are left out."""
        with self._guard:
            return self._database.bodies(ids)

    def sources(self) -> dict[str, int]:
        """Count articles by source, the most frequent first."""
        with self._guard:
            return self._database.values("source")

    def fetch_articles(self, keys: Iterable[int]) -> dict[int, Article]:
        """Load articles by key."""
        with self._guard:
            return self._database.articles(keys)

    @property
    def archive_id(self) -> str:
        """The archive's own id, made when it was."""
        with self._guard:
            return self._database.manifest()["archive_id"]

    @property
    def lineage(self) -> str:
        """The line that its snapshots' numbers belong to; returning to an earlier state begins another."""
        with self._guard:
            return self._database.manifest().get("lineage", "")

    @property
    def snapshot(self) -> int:
        """Number of the last committed change."""
        with self._guard:
            return int(self._database.manifest()["snapshot"])

    # Changes

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Become the archive's one writer; what was not committed when the block ends is dropped.

        Raises:
            ArchiveBusyError: If another process is writing.
            ArchiveDiskError: If the disk is full or fails; what was committed before stays.
        """
        with naming_the_disk(self.folder), writer_lock(self.folder), self._guard:
            self.check_in_place()
            self._open_views.bring_up()
            publisher = Publisher(self.folder, self._database, self._regime)
            writer = Writer(self._database, publisher)
            try:
                yield writer
            finally:
                writer.roll_back()

    def rebuild(self) -> None:
        """Make the views anew from the database.

        Raises:
            ArchiveBusyError: If another process is writing.
            ArchiveDiskError: If they cannot be written; what was there before stays.
        """
        with naming_the_disk(self.folder), writer_lock(self.folder), self._guard:
            self.check_in_place()
            self._open_views.build()

    def check_views(self) -> ViewReport:
        """Compare what is saved of the views with the database, thoroughly; changes nothing."""
        with self._guard, self._database.reading():
            return check_views(self.folder, self._database, Stamp.of(self._database.manifest()), self._regime)

    # Inside

    def _key(self, article_id: str) -> int:
        found = self._database.find(article_id)
        if found is None:
            raise ArticleNotFoundError(
                f"The archive in {self.folder} has no article {article_id!r}.",
                "Article ids stand in every search result: dateline search QUESTION --json",
            )
        return found[0]

    def _check_schema(self) -> None:
        if not self._database.has_tables():
            raise ArchiveDamagedError(
                f"{self.folder / DATABASE_FILE} has no tables.",
                "Restore a backup, or index the files into another folder.",
            )
        version = self._database.manifest().get("schema_version", "")
        if version == str(SCHEMA_VERSION):
            return
        problem = (
            f"The archive in {self.folder} has schema version {version}, and this Dateline reads {SCHEMA_VERSION}."
        )
        if version.isdecimal() and int(version) > SCHEMA_VERSION:
            raise ArchiveMismatchError(problem, "It was made by a later Dateline: update this one.")
        raise ArchiveMismatchError(problem, f"Bring it up to date: dateline upgrade --index {self.folder}")

    def _back_on(self, day: date | None) -> frozenset[int]:
        """Keys of the articles that could be found on a day, and cannot any more because they are superseded."""
        return self._database.liveness.back_on(day) if day else frozenset()

    def _dense(self, question: npt.NDArray[np.float32], k: int, condition: Filter) -> list[tuple[int, float]]:
        view = self._open_views.current().vectors
        allowed = self._database.passage_keys(condition) if condition else None
        if allowed is not None and len(allowed) <= self._regime.scanned_exactly:
            return self._scan(question, allowed)[:k]
        found = view.search(question, k if view.exact else max(k, self._regime.rescored), allowed)
        if view.exact:
            return found
        return self._scan(question, np.array([key for key, _ in found], dtype=np.int64))[:k]

    def _scan(
        self, question: npt.NDArray[np.float32], keys: Keys, back: frozenset[int] = frozenset()
    ) -> list[tuple[int, float]]:
        """Score passages exactly from their stored vectors, closest first; those that are gone are left out."""
        keys = np.array(sorted(self._database.passages(keys.tolist(), back)), dtype=np.int64)
        scores = cosines(self._database.vectors(keys.tolist(), len(question)), question)
        pairs = zip(keys.tolist(), scores.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _published_by(day: date, copy: Copy) -> bool:
    return copy.published is not None and copy.published.last_day <= day


def _is_made(path: Path) -> bool:
    """Tell whether an archive's database was made, and not only begun by a process that was cut off."""
    if not path.is_file():
        return False
    with closing(Database(path)) as database:
        return database.has_tables()


def _as_stored(wanted: Iterable[str], stored: Iterable[str]) -> tuple[str, ...]:
    by_folded: dict[str, list[str]] = {}
    for name in stored:
        by_folded.setdefault(name.casefold(), []).append(name)
    return tuple(name for asked in wanted for name in by_folded.get(asked.casefold(), [asked]))
