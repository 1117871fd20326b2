"""Whether an archive is sound: everything stored is looked at, and what is wrong is told with its remedy."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path

import numpy as np

from search.archive.archive import Archive
from search.archive.copies import read_copy
from search.archive.database import Database
from search.archive.place import DATABASE_FILE, TAGS_FOLDER
from search.archive.schema import TABLES
from search.archive.writing import writer_lock
from search.errors import ArchiveBusyError, ArchiveError, ArchiveMissingError, DatelineError

_BATCH = 500
_UNIT_LENGTH_WITHIN = 0.01
_NAMED = 3


class Part(StrEnum):
    """A part of an archive that is looked at, in order."""

    DATABASE = "database"
    SCHEMA = "schema"
    ARTICLES = "articles"
    OFFSETS = "offsets"
    VECTORS = "vectors"
    FAMILIES = "families"
    CURRENCY = "currency"
    VIEWS = "views"
    TAGS = "tags"
    FILES = "files"


class Mend(StrEnum):
    """What `repair` does about something."""

    VIEWS = "views"
    FAMILIES = "families"
    CURRENCY = "currency"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        part: Where.
        problem: What, in plain words.
        remedy: What to do about it.
        mend: What `repair` does about it; None when it can do nothing.
    """

    part: Part
    problem: str
    remedy: str
    mend: Mend | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination of an archive found.

    Attributes:
        checked: What was looked at, in order; what follows damage may be left out.
        findings: What is wrong.
        articles: How many stored articles were read.
        passages: How many passages.
    """

    checked: tuple[Part, ...]
    findings: tuple[Finding, ...]
    articles: int = 0
    passages: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


Progress = Callable[[Part], None]
"""Called with each part before it is looked at."""


def examine(folder: Path, progress: Progress = lambda _: None) -> Examination:
    """Look at everything in an archive; changes nothing, and reads one committed state while writing goes on.

    Raises:
        ArchiveMissingError: If there is none.
    """
    if not (folder / DATABASE_FILE).is_file():
        raise ArchiveMissingError(
            f"There is no archive in {folder}.", f"Make one: dateline index PATH... --index {folder}"
        )
    return _Doctor(folder, progress).examine()


def repair(folder: Path, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Mend what can be mended without a model or a backup; returns what was.

    Raises:
        ArchiveBusyError: If another process is writing.
    """
    mends = {finding.mend for finding in findings}
    if mends & {Mend.VIEWS, Mend.FAMILIES, Mend.CURRENCY}:
        with Archive.open(folder) as archive:
            if mends & {Mend.FAMILIES, Mend.CURRENCY}:
                with archive.write() as writer:
                    writer.settle_anew()
                    writer.commit()
            if Mend.VIEWS in mends:
                archive.rebuild()
    if Mend.FILES in mends:
        with writer_lock(folder):
            for path in _left_behind(folder):
                path.unlink(missing_ok=True)
    return tuple(finding for finding in findings if finding.mend is not None)


class _Doctor:
    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._checked: list[Part] = []
        self._findings: list[Finding] = []
        self._articles = self._passages = 0

    def examine(self) -> Examination:
        if self._look(Part.DATABASE, self._database) and self._look(Part.SCHEMA, self._schema):
            self._contents()
        self._look(Part.TAGS, self._tags)
        self._look(Part.FILES, self._files)
        return Examination(tuple(self._checked), tuple(self._findings), self._articles, self._passages)

    def _look(self, part: Part, check: Callable[[], Iterator[Finding]]) -> bool:
        """Run one check; tells whether it found nothing."""
        self._progress(part)
        self._checked.append(part)
        found = list(check())
        self._findings += found
        return not found

    def _database(self) -> Iterator[Finding]:
        """Every page and index of the SQLite file, and every reference between its tables."""
        remedy = f"Return to a tag, or restore a backup: dateline restore FILE --replace --index {self._folder}"
        path = (self._folder / DATABASE_FILE).absolute()
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
                problems = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
                orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            yield Finding(Part.DATABASE, f"{path} cannot be read: {error}.", remedy)
            return
        if problems != ["ok"]:
            yield Finding(Part.DATABASE, f"{path} is damaged: {'; '.join(problems[:_NAMED])}.", remedy)
        if orphans:
            yield Finding(Part.DATABASE, f"{len(orphans)} rows refer to others that are gone.", remedy)

    def _schema(self) -> Iterator[Finding]:
        """The schema is this version's, and the tables are as it says."""
        try:
            Archive.open(self._folder).close()
        except ArchiveError as error:
            yield Finding(Part.SCHEMA, error.problem, error.remedy)
            return
        with (
            closing(sqlite3.connect(self._folder / DATABASE_FILE)) as connection,
            closing(sqlite3.connect(":memory:")) as fresh,
        ):
            fresh.executescript(TABLES)
            found, expected = _columns(connection), _columns(fresh)
        if wrong := sorted(table for table in expected if found.get(table) != expected[table]):
            yield Finding(
                Part.SCHEMA,
                f"These tables are not as the schema says: {_some(wrong)}.",
                f"Index the files into another folder: dateline index PATH... --index FOLDER, not {self._folder}",
            )

    def _contents(self) -> None:
        database = Database(self._folder / DATABASE_FILE)
        try:
            with database.reading():
                self._look(Part.ARTICLES, lambda: self._bodies(database))
                self._look(Part.OFFSETS, lambda: self._offsets(database))
                comparable = self._look(Part.VECTORS, lambda: self._vectors(database))
                self._look(Part.FAMILIES, lambda: self._families(database))
                self._look(Part.CURRENCY, lambda: self._currency(database))
        finally:
            database.close()
        if comparable:
            with Archive.open(self._folder) as archive:
                self._look(Part.VIEWS, lambda: self._views(archive))

    def _bodies(self, database: Database) -> Iterator[Finding]:
        """Every article can be loaded and is what its content hash says."""
        wrong = []
        for keys in _batches(database.inspection.article_keys()):
            hashes = database.inspection.content_hashes(keys)
            articles = database.articles(keys)
            self._articles += len(articles)
            wrong += [article.id for key, article in articles.items() if article.content_hash != hashes[key]]
        if wrong:
            yield Finding(
                Part.ARTICLES,
                f"{len(wrong)} articles are not as they were stored: {_some(wrong)}.",
                "Remove them and index their files again: dateline remove ID... ; dateline index PATH...",
            )

    def _offsets(self, database: Database) -> Iterator[Finding]:
        """Every passage, time mention and statement is a slice of its body that is not empty."""
        outside: dict[str, None] = {}
        without = []
        for keys in _batches(database.inspection.article_keys()):
            articles = database.articles(keys)
            for key, offsets in database.inspection.offsets(keys).items():
                article = articles[key]
                self._passages += len(offsets.passages)
                if not offsets.passages and article.body.strip():
                    without.append(article.id)
                for start, stop in chain(offsets.passages, offsets.marks):
                    if not 0 <= start < stop <= len(article.body):
                        outside[article.id] = None
        again = "Index their files again after removing them: dateline remove ID... ; dateline index PATH..."
        if outside:
            yield Finding(Part.OFFSETS, f"Offsets lie outside the text of {_some(list(outside))}.", again)
        if without:
            yield Finding(Part.OFFSETS, f"{len(without)} articles have no passages: {_some(without)}.", again)

    def _vectors(self, database: Database) -> Iterator[Finding]:
        """Every passage has a unit vector of the archive's dimension."""
        size = 2 * int(database.manifest()["dimension"])
        missing = wrong = 0
        for blobs in database.inspection.vectors(_BATCH):
            missing += sum(blob is None for blob in blobs)
            whole = [blob for blob in blobs if blob is not None and len(blob) == size]
            wrong += sum(blob is not None and len(blob) != size for blob in blobs)
            if whole:
                vectors = np.frombuffer(b"".join(whole), dtype="<f2").astype(np.float32).reshape(len(whole), -1)
                lengths = np.linalg.norm(vectors, axis=1)
                wrong += int((~(np.abs(lengths - 1) <= _UNIT_LENGTH_WITHIN)).sum())
        remedy = f"Embed everything again: dateline rebuild --embed --index {self._folder}"
        if missing:
            yield Finding(Part.VECTORS, f"{missing} passages have no vector.", remedy)
        if wrong:
            yield Finding(Part.VECTORS, f"{wrong} passages have no unit vector of the right length.", remedy)

    def _families(self, database: Database) -> Iterator[Finding]:
        """Every relation goes both ways and stays inside one family."""
        if broken := database.inspection.strays():
            yield Finding(
                Part.FAMILIES,
                f"{broken} texts are in a family that their relations do not make.",
                f"dateline doctor --repair --index {self._folder}",
                Mend.FAMILIES,
            )

    def _currency(self, database: Database) -> Iterator[Finding]:
        """What is superseded or withdrawn is marked so, and nothing else is."""
        wrong = []
        currency = database.currency
        for keys in _batches(database.inspection.article_keys()):
            flags = database.inspection.flags(keys)
            for key, article in database.articles(keys).items():
                true = (currency.superseded_by(article) is not None, currency.withdrawal_of(article) is not None)
                if flags[key] != true:
                    wrong.append(article.id)
        if wrong:
            yield Finding(
                Part.CURRENCY,
                f"Whether they are superseded or withdrawn is wrong of {len(wrong)} articles: {_some(wrong)}.",
                f"dateline doctor --repair --index {self._folder}",
                Mend.CURRENCY,
            )

    def _views(self, archive: Archive) -> Iterator[Finding]:
        report = archive.check_views()
        for problem in report.problems:
            remedy = f"dateline doctor --repair --index {self._folder}"
            yield Finding(Part.VIEWS, problem, remedy, Mend.VIEWS)

    def _tags(self) -> Iterator[Finding]:
        for path in sorted((self._folder / TAGS_FOLDER).glob("*.sqlite")):
            name = path.name.removesuffix(".sqlite")
            try:
                read_copy(path)
            except DatelineError as error:
                yield Finding(Part.TAGS, error.problem, f"Delete the tag: dateline tag --delete {name}")

    def _files(self) -> Iterator[Finding]:
        """Nothing was left behind by a process that was killed; while one writes, its files are left alone."""
        try:
            with writer_lock(self._folder, patience=0):
                left = _left_behind(self._folder)
        except ArchiveBusyError:
            return
        if left:
            yield Finding(
                Part.FILES,
                f"{len(left)} unfinished files were left behind: {_some([path.name for path in left])}.",
                f"dateline doctor --repair --index {self._folder}",
                Mend.FILES,
            )


def _columns(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """Names and types of the columns of every table."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_xinfo({name})")]
        for name in names
        if not name.startswith("sqlite_")
    }


def _left_behind(folder: Path) -> list[Path]:
    return sorted(path for place in (folder, folder / TAGS_FOLDER) for path in place.glob(".*.tmp*"))


def _batches(keys: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(keys), _BATCH):
        yield keys[begin : begin + _BATCH]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
