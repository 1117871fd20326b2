"""`schema_3.sql` is the dump of an archive that Dateline made when its schema was 3."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer.upgrades import upgrade
from search.archive import Archive, Outcome
from search.archive.local.schema import SCHEMA_VERSION
from search.asking.engine import Engine
from search.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from search.settings import Settings
from tests.fakes import CATHEDRAL, MISSILES, RATES, UNDATED, HashEmbedder, make_article, put

DUMP = Path(__file__).with_name("schema_3.sql")
COPY = make_article(
    "missiles-copy",
    MISSILES.body + "\n\nThe embassy had no comment.",
    "Tehran arms Moscow, Blinken says",
    "2024-09-11",
    source="Gazette",
    language="en",
)
STORED = (MISSILES, RATES, CATHEDRAL, UNDATED, COPY)


@pytest.fixture
def embedder() -> HashEmbedder:
    """What the dumped archive was made with."""
    return HashEmbedder(dimension=16)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of an archive of schema 3."""
    folder = tmp_path / "old"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database:
        database.executescript(DUMP.read_text(encoding="utf-8"))
    return folder


@pytest.fixture
def fresh(tmp_path: Path, embedder: HashEmbedder) -> Path:
    """The folder of an archive that the present Dateline made of the same articles in the same steps."""
    folder = tmp_path / "fresh"
    with Archive.create(folder, embedder.card) as archive, archive.write() as writer:
        for article in STORED[:-1]:
            put(writer, article, embedder, Path("/news/wire.jsonl"))
        writer.commit()
        put(writer, COPY, embedder)
        put(writer, make_article("gone", "This report was removed again."), embedder)
        writer.commit()
        writer.remove("gone")
        writer.commit()
    return folder


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(database.execute(f"SELECT * FROM {table}"), key=repr) for table in sorted(tables)}


def layout(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's columns and every index's, without comments and spaces."""
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database:
        names = database.execute(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'index')"
        ).fetchall()
        return {
            name: [
                row[1:]
                for row in database.execute(
                    f"PRAGMA table_xinfo('{name}')" if type_ == "table" else f"PRAGMA index_xinfo('{name}')"
                )
            ]
            for name, type_ in names
        }


def test_an_upgraded_archive_is_as_one_made_now(old: Path, fresh: Path) -> None:
    assert upgrade(old) == (3, SCHEMA_VERSION)
    assert layout(old) == layout(fresh)
    upgraded, made = content(old), content(fresh)
    for table in ("articles", "passages", "vectors", "mentions", "statements", "texts", "buckets", "relations"):
        assert upgraded[table] == made[table], table
    assert upgraded["changes"] == made["changes"]
    assert upgraded["holdings"] == made["holdings"]


def test_an_upgraded_archive_answers_as_one_made_now(old: Path, fresh: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with Archive.open(old) as upgraded, Archive.open(fresh) as made:
        engines = [Engine(archive, embedder, Settings.load(wanted_precision=0)) for archive in (upgraded, made)]
        answers = [engine.ask("Who has sent missiles to Russia?") for engine in engines]
        assert answers[0].citations
        assert answers[0].citations == answers[1].citations
        assert upgraded.family_of("missiles") == made.family_of("missiles")
        assert upgraded.family_of("missiles").copies


def test_what_is_indexed_again_is_not_embedded_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with Archive.open(old) as archive, archive.write() as writer:
        assert archive.input(Path("/news/wire.jsonl")) is None
        assert {put(writer, article, embedder) for article in STORED} == {Outcome.UNCHANGED}


def test_keys_of_articles_that_are_gone_are_not_used_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with Archive.open(old) as archive, archive.write() as writer:
        put(writer, make_article("new", "A new report."), embedder)
        writer.commit()
        assert archive._key("new") == 7


def test_an_upgrade_that_is_broken_off_changes_nothing(old: Path) -> None:
    before = content(old)

    def break_off(done: int, of: int) -> None:
        assert of == len(STORED)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(old, break_off)
    assert content(old) == before
    assert upgrade(old) == (3, SCHEMA_VERSION)


def test_an_archive_that_contradicts_itself_is_left_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old / "archive.sqlite")) as database, database:
        database.execute("DELETE FROM articles WHERE id = 'rates'")
    before = content(old)
    with pytest.raises(ArchiveDamagedError, match="belong to rows that are not there"):
        upgrade(old)
    assert content(old) == before


def test_opening_an_older_archive_says_how_to_upgrade_it(old: Path) -> None:
    with pytest.raises(ArchiveMismatchError, match="schema version 3") as caught:
        Archive.open(old)
    assert f"dateline upgrade --index {old}" in caught.value.remedy


def test_upgrading_twice_does_nothing(old: Path) -> None:
    upgrade(old)
    before = content(old)
    assert upgrade(old) == (SCHEMA_VERSION, SCHEMA_VERSION)
    assert content(old) == before


@pytest.mark.parametrize(("version", "remedy"), [("99", "later Dateline"), ("1", "another folder")])
def test_a_schema_from_which_no_step_leads_here_is_refused(old: Path, version: str, remedy: str) -> None:
    with closing(sqlite3.connect(old / "archive.sqlite")) as database, database:
        database.execute("UPDATE manifest SET value = ? WHERE name = 'schema_version'", (version,))
    with pytest.raises(ArchiveMismatchError, match=f"schema version {version}") as caught:
        upgrade(old)
    assert remedy in caught.value.remedy


def test_what_is_no_archive_cannot_be_upgraded(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError):
        upgrade(tmp_path)
    (tmp_path / "archive.sqlite").write_bytes(b"not a database, but long enough to have a header" * 100)
    with pytest.raises(ArchiveDamagedError):
        upgrade(tmp_path)
