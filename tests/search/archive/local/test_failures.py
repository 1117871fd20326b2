"""What SQLite and the file system say is told as what it means for the archive."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from search.archive.local.files import archive_failure, failing_clearly
from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveDiskError,
    ArchiveError,
    ArchiveUnwritableError,
)

FOLDER = Path("news")


def failing(act: object) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        act()  # type: ignore[operator]
    return caught.value


def made(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (randomblob(20000));")
    connection.close()
    return path


def test_a_database_that_may_only_be_read_is_unwritable(tmp_path: Path) -> None:
    connection = sqlite3.connect(f"file:{made(tmp_path / 'a')}?mode=ro", uri=True)
    error = failing(lambda: connection.execute("INSERT INTO t VALUES (1)"))
    connection.close()
    found = archive_failure(error, FOLDER)
    assert type(found) is ArchiveUnwritableError
    assert "news" in found.problem
    assert found.remedy


def test_a_full_database_is_a_matter_of_the_disk(tmp_path: Path) -> None:
    connection = sqlite3.connect(made(tmp_path / "a"))
    connection.execute("PRAGMA max_page_count = 10")
    error = failing(lambda: connection.execute("INSERT INTO t VALUES (randomblob(100000))"))
    connection.close()
    found = archive_failure(error, FOLDER)
    assert type(found) is ArchiveDiskError
    assert "full" in found.problem


def test_a_database_that_another_writes_is_busy(tmp_path: Path) -> None:
    one, other = (sqlite3.connect(tmp_path / "a", isolation_level=None, timeout=0) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    error = failing(lambda: other.execute("BEGIN IMMEDIATE"))
    one.close()
    other.close()
    assert type(archive_failure(error, FOLDER)) is ArchiveBusyError


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"no database " * 1_000)
    connection = sqlite3.connect(tmp_path / "a")
    error = failing(lambda: connection.execute("SELECT * FROM t"))
    connection.close()
    assert type(archive_failure(error, FOLDER)) is ArchiveDamagedError


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, ArchiveDiskError),
        (errno.EDQUOT, ArchiveDiskError),
        (errno.EACCES, ArchiveUnwritableError),
        (errno.EROFS, ArchiveUnwritableError),
        (errno.EIO, ArchiveError),
    ],
)
def test_what_the_file_system_says_is_told(number: int, kind: type[ArchiveError]) -> None:
    with pytest.raises(ArchiveError) as caught, failing_clearly(FOLDER):
        raise OSError(number, os.strerror(number))
    assert type(caught.value) is kind
    assert isinstance(caught.value.__cause__, OSError)


def test_our_own_errors_pass() -> None:
    with pytest.raises(ArchiveBusyError, match="Mine"), failing_clearly(FOLDER):
        raise ArchiveBusyError("Mine.")
