"""Copies of an archive's database: backups, and named tags to return to.

A copy is one SQLite file with everything that cannot be made again; the views can. It is made online, page by page
from one committed state, while others read and write (SQLite's backup API), and put in its place only when it is
whole and on disk.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from search.archive.local.files import (
    TAG_SUFFIX,
    TAGS_FOLDER,
    database_in,
    sync,
    write_atomically,
)
from search.archive.local.schema import SCHEMA_VERSION
from search.errors import (
    ArchiveDamagedError,
    InputError,
    QueryError,
    TagNotFoundError,
)

Progress = Callable[[int, int], None]
"""Called with how many pages are copied and how many there are."""

BACKUPS_FILE = "backups.json"
"""Of the archive: where backups of it were made."""

ASIDE_SUFFIX = ".damaged"
"""Of what could not be read any more and was put aside."""

_PAGES_A_STEP = 2_000
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class NotAnArchiveError(InputError):
    """A file is readable, and no archive's database."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A copy on disk.

    Attributes:
        path: Its file.
        bytes: Its size.
        archive_id: Of the archive that it is of.
        snapshot: The number of the snapshot that it holds.
        articles: How many articles are stored in it, those that cannot be found included.
        made: When; UTC.
        schema_version: Of its database.
        damaged: Whether it is what could not be read any more, put aside.
    """

    path: Path
    bytes: int
    archive_id: str
    snapshot: int
    articles: int
    made: datetime
    schema_version: int = SCHEMA_VERSION
    damaged: bool = False


def back_up(folder: Path, target: Path, progress: Progress | None = None) -> Saved:
    """Copy the last committed state of an archive to a new file, while reading and writing go on.

    Raises:
        ArchiveMissingError: If there is no archive.
        ArchiveDamagedError: If it, and so the copy, is damaged.
        InputError: If the file exists, or cannot be written.
    """
    if target.exists():
        raise InputError(f"{target} exists.", "Name a file that does not exist yet; no backup is overwritten.")
    try:
        with _unfinished(target) as unfinished:
            with closing(opened(database_in(folder))) as source, closing(sqlite3.connect(unfinished)) as copy:
                _copy(source, copy, progress)
                copy.execute("PRAGMA journal_mode = DELETE")
            saved = read_copy(unfinished)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    except sqlite3.OperationalError as error:
        raise InputError(f"{target} cannot be written: {error}.", "Is there room for it?") from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(
            f"The archive in {folder} is damaged: {error}.", f"See how: dateline doctor --index {folder}"
        ) from error
    if target.parent != folder / TAGS_FOLDER:
        _note_backup(folder, target)
    return replace(saved, path=target)


def _note_backup(folder: Path, target: Path) -> None:
    """Remember where a backup was made, for when something is to be erased from it, too."""
    path, made = folder / BACKUPS_FILE, str(target.absolute())
    with suppress(OSError, ValueError, TypeError):  # the backup is good all the same
        known = json.loads(path.read_bytes()) if path.exists() else []
        write_atomically(path, json.dumps([*(one for one in known if one != made), made], indent=2).encode())


def read_copy(path: Path) -> Saved:
    """Check a copy through and through, and tell what it holds.

    Raises:
        InputError: If there is no such file, it is no copy of an archive, or not the whole of one.
        ArchiveDamagedError: If it is damaged.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise InputError(
            f"{path} is not the whole of an archive: the last changes are in {log.name}.",
            "Back up the archive that it is of: dateline backup FILE",
        )
    try:
        with closing(opened_copy(path)) as copy:
            if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone() is None:
                raise NotAnArchiveError(f"{path} is no backup of an archive.")
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
            manifest = dict(copy.execute("SELECT name, value FROM manifest"))
            articles = copy.execute("SELECT count(*) FROM articles").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(f"{path} is damaged: {error}.", "Use another backup.") from error
    if found != ["ok"]:
        raise ArchiveDamagedError(f"{path} is damaged: {found[0]}.", "Use another backup.")
    stat = path.stat()
    made = datetime.fromtimestamp(stat.st_mtime, UTC)
    try:
        snapshot, version = int(manifest["snapshot"]), int(manifest["schema_version"])
        return Saved(path, stat.st_size, manifest["archive_id"], snapshot, articles, made, version)
    except (KeyError, ValueError) as error:
        raise NotAnArchiveError(f"{path} is no backup of an archive: its manifest lacks {error}.") from error


def tag(folder: Path, name: str, progress: Progress | None = None) -> Saved:
    """Give the last committed state of an archive a name to return to.

    Raises:
        QueryError: If the name is taken, or is none.
        ArchiveMissingError: If there is no archive.
    """
    path = _tag_path(folder, name)
    database_in(folder)
    if path.exists():
        raise QueryError(f"There is a tag {name!r} already.", "Choose another name, or delete that tag.")
    path.parent.mkdir(exist_ok=True)
    return back_up(folder, path, progress)


def tags(folder: Path) -> dict[str, Saved]:
    """List an archive's tags by name, the oldest first; those that are damaged are left out.

    Raises:
        ArchiveMissingError: If there is no archive.
    """
    database_in(folder)
    found = {}
    for path in (folder / TAGS_FOLDER).glob(f"*{TAG_SUFFIX}"):
        try:
            found[path.name.removesuffix(TAG_SUFFIX)] = read_copy(path)
        except (InputError, ArchiveDamagedError):
            continue
    return dict(sorted(found.items(), key=lambda pair: (pair[1].made, pair[0])))


def saved_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """List the files in an archive's folder that earlier states of it were saved in, whole or damaged.

    Returns:
        The tags, and what was put aside because it could not be read any more, with its logs.

    Raises:
        ArchiveMissingError: If there is no archive.
    """
    database_in(folder)
    place = folder / TAGS_FOLDER
    return sorted(place.glob(f"*{TAG_SUFFIX}")), sorted(place.glob(f"*{ASIDE_SUFFIX}*"))


def delete_tag(folder: Path, name: str) -> None:
    """Forget a tag.

    Raises:
        TagNotFoundError: If there is none of this name.
    """
    existing_tag(folder, name).unlink()


def _tag_path(folder: Path, name: str) -> Path:
    if not _TAG.fullmatch(name):
        raise QueryError(
            f"{name!r} cannot be a tag.",
            "A tag has up to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit.",
        )
    return folder / TAGS_FOLDER / f"{name}{TAG_SUFFIX}"


def existing_tag(folder: Path, name: str) -> Path:
    """Find the file of a tag.

    Raises:
        TagNotFoundError: If there is none of this name.
    """
    path = _tag_path(folder, name)
    if not path.is_file():
        raise TagNotFoundError(
            f"The archive in {folder} has no tag {name!r}.", f"List them: dateline tag --index {folder}"
        )
    return path


def opened(path: Path) -> sqlite3.Connection:
    """Open a database that others may be reading and writing."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress | None) -> None:
    """Copy one committed state; a transaction that is held open keeps it the same to the end."""
    source.execute("BEGIN")
    source.execute("SELECT 1 FROM sqlite_master").fetchone()
    source.backup(
        target,
        pages=_PAGES_A_STEP,
        progress=page_counter(progress),
    )
    source.execute("COMMIT")


def page_counter(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    """What SQLite tells how far it is, so that somebody is told."""
    return (lambda _, remaining, total: progress(total - remaining, total)) if progress else None


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place, whole and on disk, when all went well."""
    path = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    try:
        yield path
        sync(path)
        try:
            os.link(path, target)  # unlike a rename, this never replaces a file that came meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            path.rename(target)
        sync(target.parent)
    finally:
        path.unlink(missing_ok=True)


def opened_copy(path: Path) -> sqlite3.Connection:
    """Open a copy that nobody changes, to be read."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
