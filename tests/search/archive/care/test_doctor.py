import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.dossier import readings_fingerprint
from search.archive import LocalArchive
from search.archive.care.backups import tag
from search.archive.care.checks import Part
from search.archive.care.doctor import Finding, examine, repair
from search.archive.local.files import DATABASE_FILE, writer_lock
from search.errors import ArchiveMissingError
from tests.fakes import NEWS, HashEmbedder, make_article, store

FERRY = make_article(
    "ferry",
    "The ferry from Porto did not leave on Monday, its captain Ana Souza said, because the storm had torn away "
    "the quay. Ninety passengers spent the night in the harbour hall, where the town had put up beds.\n\n"
    "The line hopes to sail again on Thursday, with two ships instead of one, and to carry the lorries first.",
    "Ferry waits",
    "2024-09-10",
    language="en",
)


@pytest.fixture
def folder(archive: LocalArchive, hash_embedder: HashEmbedder) -> Path:
    """An archive with a family, a superseded article and a tag; closed."""
    copy = replace(FERRY, id="copy", body=f"{FERRY.body}\n\nThe mayor was there.", source="Gazette")
    later = replace(make_article("later", "The quay is closed.", day="2024-09-11"), supersedes="old")
    store(archive, hash_embedder, *NEWS, FERRY, copy, make_article("old", "The quay is shut."), later)
    tag(archive.folder, "monday")
    archive.close()
    return archive.folder


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
        connection.commit()


def found(folder: Path) -> list[Finding]:
    return list(examine(folder).findings)


def test_a_sound_archive_is_told_to_be_sound(folder: Path) -> None:
    seen: list[Part] = []
    examination = examine(folder, seen.append)
    assert examination.sound
    assert list(examination.checked) == seen == list(Part)
    assert (examination.articles, examination.passages > 0) == (len(NEWS) + 3, True)


@pytest.mark.parametrize(
    ("statement", "part", "problem"),
    [
        (
            "UPDATE articles SET body = body || '!' WHERE id = 'ferry'",
            Part.ARTICLES,
            "another content than its hash says",
        ),
        ("UPDATE passages SET stop = 100000 WHERE key = 1", Part.OFFSETS, "outside its body"),
        ("UPDATE mentions SET start = -1 WHERE start >= 0", Part.OFFSETS, "outside its body"),
        ("UPDATE passages SET terms = terms + 1 WHERE key = 1", Part.TERMS, "other terms than were counted"),
        ("UPDATE articles SET counted = 0 WHERE id = 'ferry'", Part.FREQUENCIES, "ferry: is counted and cannot"),
        ("DELETE FROM vectors WHERE passage = 1", Part.VECTORS, "has no vector"),
        ("UPDATE vectors SET vector = zeroblob(4) WHERE passage = 1", Part.VECTORS, "has a vector"),
        ("UPDATE vectors SET vector = zeroblob(length(vector)) WHERE passage = 1", Part.VECTORS, "has a vector"),
        (
            "UPDATE texts SET family = 99 WHERE key = (SELECT one FROM relations)",
            Part.FAMILIES,
            "than its relations make",
        ),
        (
            "UPDATE articles SET superseded = 1 WHERE id = 'ferry'",
            Part.LIVENESS,
            "is wrongly marked",
        ),
        ("DELETE FROM articles WHERE id = 'ferry'", Part.DATABASE, "rows"),
        ("UPDATE manifest SET value = '99' WHERE name = 'schema_version'", Part.SCHEMA, "schema version 99"),
        ("ALTER TABLE articles RENAME COLUMN byline TO by", Part.SCHEMA, "not as the schema says: articles"),
    ],
)
def test_what_is_wrong_is_found(folder: Path, statement: str, part: Part, problem: str) -> None:
    change(folder, statement)
    matching = [finding for finding in found(folder) if finding.part is part and problem in finding.problem]
    assert matching
    assert all(finding.remedy for finding in matching)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE texts SET family = 99 WHERE key = (SELECT max(one) FROM relations)",
        "DELETE FROM relations WHERE one < other",
        "UPDATE articles SET superseded = 1 WHERE id = 'ferry'",
        "UPDATE articles SET superseded = 0 WHERE id = 'old'",
        "UPDATE articles SET counted = 1 WHERE id = 'old'",
        "UPDATE passages SET counts = zeroblob(7) WHERE key = 1",
        "UPDATE articles SET terms = 1, counts = x''",
        "DELETE FROM frequencies",
        "UPDATE frequencies SET passages = passages + 1 WHERE articles = 1",
        "UPDATE manifest SET value = '1' WHERE name LIKE 'counted%'",
    ],
)
def test_what_is_derived_is_mended(folder: Path, statement: str) -> None:
    change(folder, statement)
    wrong = examine(folder).findings
    assert wrong
    assert repair(folder, wrong) == wrong
    assert found(folder) == []


def test_a_sound_archive_has_the_same_frequencies_when_they_are_settled_anew(folder: Path) -> None:
    def kept() -> tuple[list[tuple[int, ...]], list[tuple[str, str]]]:
        with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
            return (
                connection.execute("SELECT * FROM frequencies ORDER BY term").fetchall(),
                connection.execute("SELECT * FROM manifest WHERE name LIKE 'counted%'").fetchall(),
            )

    before = kept()
    with LocalArchive.open(folder) as archive, archive.write() as writer:
        writer.count_anew()
        writer.settle_anew()
        writer.commit()
    assert kept() == before


def test_what_rules_read_the_articles_is_told_and_is_no_flaw(folder: Path) -> None:
    change(folder, "UPDATE articles SET readings = 'older' WHERE id IN ('old', 'ferry')")
    examination = examine(folder)
    assert examination.sound
    assert examination.readings == {readings_fingerprint(): len(NEWS) + 2, "older": 2}


def test_damaged_views_are_made_anew(folder: Path) -> None:
    victim = next(path for path in (folder / "views").rglob("*") if path.is_file() and path.stat().st_size > 100)
    victim.write_bytes(victim.read_bytes()[:-10])
    wrong = examine(folder).findings
    assert {finding.part for finding in wrong} == {Part.VIEWS}
    repair(folder, wrong)
    assert found(folder) == []


def test_what_a_killed_process_left_is_cleared_unless_one_is_writing(folder: Path) -> None:
    left = folder / ".backup.0123abcd.tmp"
    left.write_bytes(b"half")
    assert found(folder) == [], "somebody may be working on it"
    os.utime(left, (0, 0))
    with writer_lock(folder):
        assert found(folder) == []
    wrong = examine(folder).findings
    assert [finding.part for finding in wrong] == [Part.FILES]
    repair(folder, wrong)
    assert not left.exists()


def test_a_damaged_database_and_a_damaged_tag_are_told(folder: Path) -> None:
    for path in (folder / DATABASE_FILE, folder / "tags" / "monday.sqlite"):
        content = bytearray(path.read_bytes())
        content[4_096:8_192] = b"\xff" * 4_096
        path.write_bytes(content)
    parts = [finding.part for finding in found(folder)]
    assert parts[0] is Part.DATABASE
    assert Part.TAGS in parts


def test_nothing_is_changed_by_looking(folder: Path) -> None:
    change(folder, "UPDATE articles SET superseded = 1 WHERE id = 'ferry'")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    examine(folder)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path for path in before if before[path] != after.get(path)} == set()


def test_where_there_is_no_archive_nothing_is_examined(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError):
        examine(tmp_path)
