import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search.archive import LocalArchive
from search.archive.care.checks import Part, check
from search.archive.local.files import DATABASE_FILE
from search.archive.local.generation import VERIFIED_FILE
from tests.fakes import MISSILES, NEWS, HashEmbedder, make_article, store

COPY = make_article("copy", MISSILES.body + "\n\nThe embassy had no comment.", "A copy", "2024-09-11")


@pytest.fixture
def families(archive: LocalArchive, hash_embedder: HashEmbedder) -> LocalArchive:
    """The sample articles and a copy of one of them."""
    store(archive, hash_embedder, *NEWS, COPY)
    return archive


def test_an_archive_that_is_right_is_found_right(families: LocalArchive) -> None:
    assert check(families) == ()


def test_an_empty_archive_is_right(archive: LocalArchive) -> None:
    assert check(archive) == ()


@pytest.mark.parametrize(
    ("damage", "part", "told"),
    [
        ("UPDATE articles SET body = body || 'x' WHERE id = 'rates'", Part.ARTICLES, "rates: has another content"),
        ("UPDATE articles SET body = body || 'x' WHERE id = 'rates'", Part.OFFSETS, "rates: is not covered"),
        ("UPDATE passages SET stop = 100000 WHERE key = 1", Part.OFFSETS, "missiles [0, 100000): has a passage"),
        ("UPDATE passages SET start = 1 WHERE key = 1", Part.OFFSETS, "missiles: is not covered"),
        ("UPDATE mentions SET stop = 100000 WHERE start = 0 OR 1", Part.OFFSETS, "has a time mention outside"),
        ("UPDATE statements SET stop = 100000", Part.OFFSETS, "has a statement outside"),
        (
            "UPDATE articles SET terms = 1 WHERE id = 'rates'",
            Part.TERMS,
            "rates: has other terms than",
        ),
        ("UPDATE passages SET counts = x'' WHERE key = 2", Part.TERMS, "rates: has other terms than"),
        ("UPDATE passages SET counts = x'00' WHERE key = 2", Part.TERMS, "Counts of terms cannot be read"),
        ("DELETE FROM frequencies WHERE passages = 1", Part.FREQUENCIES, "terms stand in other numbers"),
        ("UPDATE frequencies SET articles = articles + 1", Part.FREQUENCIES, "terms stand in other numbers"),
        ("UPDATE articles SET counted = 0 WHERE id = 'rates'", Part.FREQUENCIES, "rates: is counted and cannot"),
        ("DELETE FROM manifest WHERE name LIKE 'counted%'", Part.FREQUENCIES, "and 0 of 0 are kept"),
        (
            "UPDATE manifest SET value = '9' WHERE name = 'counted_article_terms'",
            Part.FREQUENCIES,
            "6 articles of",
        ),
        ("DELETE FROM vectors WHERE passage = 2", Part.VECTORS, "passage 2: has no vector"),
        ("UPDATE vectors SET vector = x'00' WHERE passage = 2", Part.VECTORS, "of other than 256 numbers"),
        ("UPDATE vectors SET vector = zeroblob(512) WHERE passage = 2", Part.VECTORS, "not of length 1"),
        ("DELETE FROM changes WHERE article = 3", Part.JOURNAL, "cathedral: came with no snapshot"),
        (
            "INSERT INTO changes VALUES (9, 3, 'cathedral')",
            Part.JOURNAL,
            "snapshot 9, and the last one is 1",
        ),
        ("UPDATE articles SET withdrawn = 1 WHERE id = 'bridge'", Part.LIVENESS, "bridge: is wrongly marked"),
        ("DELETE FROM relations WHERE one = 1", Part.FAMILIES, "text 6: is related to one that is not"),
        ("DELETE FROM relations", Part.FAMILIES, "text 6: is labelled with another family"),
        ("UPDATE texts SET family = 3 WHERE key = 1", Part.FAMILIES, "text 1: is labelled with another family"),
        ("DELETE FROM buckets WHERE text = 1", Part.FAMILIES, "text 1: is not in all of its buckets"),
        ("UPDATE articles SET text = NULL WHERE id = 'rates'", Part.FAMILIES, "text 2: is of no article"),
        ("DELETE FROM articles WHERE id = 'rates'", Part.DATABASE, "belong to rows that are not there"),
        ("UPDATE articles SET withdrawn = 1 WHERE id = 'bridge'", Part.VIEWS, "The view of"),
    ],
)
def test_what_is_not_right_is_named(families: LocalArchive, damage: str, part: Part, told: str) -> None:
    with families.snapshot():  # opens the views before
        pass
    with closing(sqlite3.connect(families.folder / DATABASE_FILE)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(damage)
        connection.commit()
    found = [finding.problem for finding in check(families) if finding.part is part]
    assert any(told in problem for problem in found), found


def test_a_damaged_file_is_named(families: LocalArchive) -> None:
    path = families.folder / "archive.sqlite"
    families.close()
    content = bytearray(path.read_bytes())
    content[8192:12288] = bytes(4096)
    path.write_bytes(content)
    with LocalArchive.open(path.parent) as opened:
        (finding, *_) = check(opened)
    assert finding.part is Part.DATABASE


def test_checking_changes_nothing(families: LocalArchive) -> None:
    def files() -> dict[Path, bytes]:
        return {
            path: path.read_bytes()
            for path in families.folder.rglob("*")
            if path.is_file() and not path.name.endswith(("-shm", VERIFIED_FILE))
        }

    before = files()
    check(families)
    assert files() == before
