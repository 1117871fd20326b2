"""Archives of earlier formats, and what is in a database, whatever its format."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

Rows = list[tuple[object, ...]]

DATABASE = "archive.sqlite"


def archive_of(dump: str, folder: Path) -> Path:
    """Make the folder of an archive of an earlier format from a dump beside this module."""
    folder.mkdir()
    script = Path(__file__).with_name(dump).read_text(encoding="utf-8")
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.executescript(script)
        database.execute("PRAGMA journal_mode = WAL")
    return folder


def run(path: Path, statement: str) -> None:
    """Run a statement in a database, whatever refers to what."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(statement)
        database.commit()


def content(path: Path) -> dict[str, Rows]:
    """Every row of every table of a database, the counters of keys among them."""
    with closing(sqlite3.connect(path)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(database.execute(f"SELECT * FROM {table}"), key=repr) for table in sorted(tables)}


def without(rows: Rows, *columns: int) -> Rows:
    """Rows without some of their columns, by place."""
    return [tuple(value for place, value in enumerate(row) if place not in columns) for row in rows]


def layout(path: Path) -> dict[str, tuple[str, Rows]]:
    """Each table's and index's definition, without comments and spaces, and its columns."""
    with closing(sqlite3.connect(path)) as database:
        names = database.execute(
            "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'index') AND name != 'sqlite_stat1'"
        ).fetchall()
        return {
            name: (_plain(sql or ""), database.execute(f"PRAGMA {type_}_xinfo('{name}')").fetchall())
            for name, type_, sql in names
        }


def _plain(sql: str) -> str:
    text = " ".join(line.partition("--")[0] for line in sql.splitlines()).replace('"', "")
    return re.sub(r" ?([(),]) ?", r"\1 ", " ".join(text.split()))
