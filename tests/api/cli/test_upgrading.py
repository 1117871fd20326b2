import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from search.archive.care.backups import tag
from search.archive.local.schema import SCHEMA_VERSION

DUMP = Path(__file__).parents[2] / "indexer" / "upgrades" / "schema_3.sql"
ALREADY = {"from": SCHEMA_VERSION, "to": SCHEMA_VERSION, "tags": [], "left": []}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of an archive of schema 3."""
    with closing(sqlite3.connect(tmp_path / "archive.sqlite")) as database:
        database.executescript(DUMP.read_text(encoding="utf-8"))
    return tmp_path


def test_an_older_archive_is_upgraded_once(old: Path) -> None:
    first = CliRunner().invoke(app, ["upgrade", "--index", str(old)])
    assert (first.exit_code, first.stdout) == (0, f"upgraded from schema version 3 to {SCHEMA_VERSION}\n")
    assert "Index the same paths again" in first.stderr
    assert "dateline rebuild --readings" in first.stderr
    second = CliRunner().invoke(app, ["upgrade", "--index", str(old), "--json"])
    assert (second.exit_code, json.loads(second.stdout)) == (0, ALREADY)


def test_tags_that_are_upgraded_or_left_are_named(old: Path) -> None:
    tag(old, "monday")
    (old / "tags" / "broken.sqlite").write_bytes(b"not a database")
    told = CliRunner().invoke(app, ["upgrade", "--index", str(old)])
    assert told.exit_code == 0
    assert told.stdout.splitlines()[1:] == ["tags upgraded with it: monday", "tags left as they were: broken"]


def test_what_reads_an_older_archive_names_the_command(old: Path) -> None:
    shown = CliRunner().invoke(app, ["show", "rates", "--index", str(old), "--json"])
    assert shown.exit_code == 3
    assert json.loads(shown.stderr)["remedy"] == f"Bring it up to date: dateline upgrade --index {old}"
