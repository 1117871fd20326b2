"""Examine an archive: everything stored is looked at, and what is wrong is told with its remedy."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from search.archive.care.backups import read_copy
from search.archive.care.checks import Flaw, Part, check_contents, check_database
from search.archive.local.archive import LocalArchive
from search.archive.local.files import DATABASE_FILE, TAGS_FOLDER, database_in, writer_lock
from search.archive.local.schema import SCHEMA_VERSION, TABLES
from search.errors import ArchiveBusyError, ArchiveError, DatelineError

_NAMED = 3
_WORKED_ON_SECONDS = 3_600


class Mend(StrEnum):
    """What `repair` does about something."""

    VIEWS = "views"
    FAMILIES = "families"
    LIVENESS = "liveness"
    TERMS = "terms"
    FREQUENCIES = "frequencies"
    FILES = "files"


_MENDS = {
    Part.FAMILIES: Mend.FAMILIES,
    Part.LIVENESS: Mend.LIVENESS,
    Part.TERMS: Mend.TERMS,
    Part.FREQUENCIES: Mend.FREQUENCIES,
    Part.VIEWS: Mend.VIEWS,
}


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
        articles: How many articles can be found in it.
        passages: How many passages.
        readings: Articles, found or not, by the fingerprint of the rules that read them. Older ones are no flaw.
    """

    checked: tuple[Part, ...]
    findings: tuple[Finding, ...]
    articles: int = 0
    passages: int = 0
    readings: Mapping[str, int] = field(default_factory=dict)

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
    database_in(folder)
    return _Doctor(folder, progress).examine()


def repair(folder: Path, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Mend what can be mended without a model or a backup; returns what was.

    Raises:
        ArchiveBusyError: If another process is writing.
    """
    mends = {finding.mend for finding in findings}
    derived = mends & {Mend.FAMILIES, Mend.LIVENESS, Mend.TERMS, Mend.FREQUENCIES}
    if derived or Mend.VIEWS in mends:
        with LocalArchive.open(folder) as archive:
            if derived:
                with archive.write() as writer:
                    if Mend.TERMS in mends:
                        writer.count_anew()
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

    def examine(self) -> Examination:
        articles = passages = 0
        readings: Mapping[str, int] = {}
        if self._look(Part.DATABASE, self._database) and self._look(Part.SCHEMA, self._schema):
            with LocalArchive.open(self._folder) as archive:
                with archive.stored() as snapshot:
                    articles, passages = snapshot.facts.articles, snapshot.facts.passages
                    readings = snapshot.facts.readings
                self._findings += map(self._with_remedy, check_contents(archive, self._note))
        self._look(Part.TAGS, self._tags)
        self._look(Part.FILES, self._files)
        return Examination(tuple(self._checked), tuple(self._findings), articles, passages, readings)

    def _note(self, part: Part) -> None:
        self._progress(part)
        self._checked.append(part)

    def _look(self, part: Part, look: Callable[[], Iterator[Finding]]) -> bool:
        """Look at one part; tells whether nothing was found."""
        self._note(part)
        found = list(look())
        self._findings += found
        return not found

    def _with_remedy(self, flaw: Flaw) -> Finding:
        part, problem = flaw.part, flaw.problem
        if mend := _MENDS.get(part):
            return Finding(part, problem, f"dateline doctor --repair --index {self._folder}", mend)
        if part is Part.DATABASE:
            restore = f"dateline restore FILE --replace --index {self._folder}"
            return Finding(part, problem, f"Return to a tag, or restore a backup: {restore}")
        if part is Part.VECTORS:
            embed = f"Embed everything again: dateline rebuild --embed --index {self._folder}"
            return Finding(part, problem, embed)
        remedy = "Remove them and index their files again: dateline remove ID... ; dateline index PATH..."
        return Finding(part, problem, remedy)

    def _database(self) -> Iterator[Finding]:
        yield from map(self._with_remedy, check_database(self._folder))

    def _schema(self) -> Iterator[Finding]:
        """The schema is this version's, and the tables are as it says."""
        try:
            LocalArchive.open(self._folder).close()
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

    def _tags(self) -> Iterator[Finding]:
        for path in sorted((self._folder / TAGS_FOLDER).glob("*.sqlite")):
            name = path.name.removesuffix(".sqlite")
            try:
                saved = read_copy(path)
            except DatelineError as error:
                yield Finding(Part.TAGS, error.problem, f"Delete the tag: dateline tag --delete {name}")
                continue
            if saved.schema_version < SCHEMA_VERSION:
                yield Finding(
                    Part.TAGS,
                    f"The tag {name} has schema version {saved.schema_version}, and the archive {SCHEMA_VERSION}.",
                    f"Bring it up to date: dateline upgrade --index {self._folder}",
                )

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
    """Unfinished files that nobody can be working on any more: a backup goes on without the writer's lock."""
    until = time.time() - _WORKED_ON_SECONDS
    found = [path for place in (folder, folder / TAGS_FOLDER) for path in place.glob(".*.tmp*")]
    return sorted(path for path in found if path.stat().st_mtime < until)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
