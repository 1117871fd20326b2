"""Erasing articles: from an archive, its views and free pages, its tags, and the backups that were made of it.

What else has copies cannot be reached, and is told.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from search.archive.care.backups import BACKUPS_FILE, back_up, opened_copy, read_copy, saved_in
from search.archive.care.restoration import restore
from search.archive.local.archive import LocalArchive
from search.archive.local.files import database_in, failing_clearly, write_atomically
from search.archive.local.merging import clear
from search.archive.scope import EVERYTHING
from search.errors import ArchiveError, ArticleNotFoundError, DatelineError

UNREACHED = (
    "copies of the archive or of a backup that Dateline did not make, or of the disk",
    "answers and articles that others have been given",
)
"""What is in nobody's reach here, in words for people."""

_BEGUN_FILE = "erasing.json"
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Erasure:
    """What came of erasing articles.

    Attributes:
        erased: Their ids.
        snapshot: Number of the commit.
        copies: The tags and backups that had any of them and have none now.
        files: The files that they were read from, which stay and bring them back when they are indexed again.
        unreached: What may still have them, in words for people.
    """

    erased: tuple[str, ...]
    snapshot: int
    copies: tuple[Path, ...]
    files: tuple[str, ...]
    unreached: tuple[str, ...]


def erase(folder: Path, ids: Sequence[str], *, patience: float = _PATIENCE_SECONDS) -> Erasure:
    """Erase articles, with what earlier states of the archive kept of them.

    What is broken off is gone on with when it is called again.

    Args:
        folder: Of the archive.
        ids: Of the articles; one that is stored in a copy alone is erased from that.
        patience: Seconds to wait for another process that merges what had them.

    Raises:
        ArticleNotFoundError: If one is stored nowhere.
        ArchiveBusyError: If another process is writing.
        ArchiveError: If the archive cannot be written; copies are erased from after it.
    """
    wanted = list(dict.fromkeys(ids))
    copies, aside = saved_in(folder)
    backups, missing = _known_backups(folder)
    begun = _begun(folder)
    holding = [path for path in (*copies, *backups) if _held(path, wanted)]
    with LocalArchive.open(folder) as archive:
        with archive.snapshot(EVERYTHING) as snapshot:
            stored = snapshot.read(wanted)
        for article_id in wanted:
            known = article_id in stored or article_id in begun
            if not known and not any(_held(path, [article_id]) for path in holding):
                raise ArticleNotFoundError(f"Neither the archive nor a copy of it has an article {article_id!r}.")
        write_atomically(folder / _BEGUN_FILE, json.dumps(sorted({*begun, *wanted})).encode())
        number = _remove(archive, wanted)
    if not clear(folder, patience):
        raise _unfinished(folder, "what is being merged has them yet", "when that is done")
    _compact(folder)
    cleaned, failed = [], []
    for path in holding:
        try:
            _erase_from_copy(path, wanted)
            cleaned.append(path)
        except (DatelineError, OSError) as error:
            failed.append(f"{path}: {error}")
    (folder / _BEGUN_FILE).unlink(missing_ok=True)
    files = {dossier.article.origin.partition("#")[0] for dossier in stored.values() if dossier.article.origin}
    return Erasure(
        tuple(wanted),
        number,
        tuple(cleaned),
        tuple(sorted(files)),
        (
            *failed,
            *(
                f"{path}: nothing can be erased from what is damaged; delete it if it may have them"
                for path in aside
            ),
            *(f"{path}: the backup is not there any more" for path in missing),
            *UNREACHED,
        ),
    )


def _begun(folder: Path) -> frozenset[str]:
    """The ids that were being erased when that was broken off."""
    try:
        return frozenset(map(str, json.loads((folder / _BEGUN_FILE).read_bytes())))
    except (OSError, ValueError, TypeError):
        return frozenset()


def _unfinished(folder: Path, why: str, when: str) -> ArchiveError:
    return ArchiveError(
        f"The articles were removed from the archive in {folder}; {why}.", f"Run the same command again {when}."
    )


def _remove(archive: LocalArchive, ids: Collection[str]) -> int:
    """Remove what is stored of articles, withdrawals too, and make the views anew without them."""
    with archive.write() as writer:
        for article_id in ids:
            for _ in range(2):  # a withdrawal outlives its article
                try:
                    writer.remove(article_id)
                except ArticleNotFoundError:
                    break
        number = writer.commit()
    archive.rebuild()
    return number


def _compact(folder: Path) -> None:
    """Write the database anew, so that no free page and no log has what was removed.

    Raises:
        ArchiveError: If it cannot be, because somebody reads, say.
    """
    with failing_clearly(folder), closing(sqlite3.connect(database_in(folder), isolation_level=None)) as database:
        database.execute("PRAGMA busy_timeout = 10000")
        database.execute("VACUUM")
        (busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise _unfinished(folder, "its log has them yet: it is being read", "when nobody asks")


def _held(path: Path, ids: Sequence[str]) -> bool:
    """Tell whether a copy has any of some articles; one that cannot be read is taken to."""
    try:
        with closing(opened_copy(path)) as copy:
            query = "SELECT 1 FROM articles WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1"
            return copy.execute(query, (json.dumps(list(ids)),)).fetchone() is not None
    except sqlite3.Error:
        return True


def _erase_from_copy(path: Path, ids: Collection[str]) -> None:
    """Make a copy anew without some articles, in its own place.

    Raises:
        DatelineError: If it is damaged, or of another schema.
        OSError: If it cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix=".dateline-", dir=path.parent) as made:
        folder, clean = Path(made, "archive"), Path(made, path.name)
        restore(path, folder)
        with LocalArchive.open(folder) as archive:
            _remove(archive, ids)
        _compact(folder)
        back_up(folder, clean)
        shutil.copystat(path, clean)
        clean.replace(path)
    read_copy(path)


def _known_backups(folder: Path) -> tuple[list[Path], list[Path]]:
    """The backups that were made of an archive: those that are there, and those that are not any more."""
    try:
        known = [Path(one) for one in json.loads((folder / BACKUPS_FILE).read_bytes())]
    except (OSError, ValueError, TypeError):
        known = []
    return [path for path in known if path.is_file()], [path for path in known if not path.is_file()]
