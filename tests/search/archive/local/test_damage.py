"""Whatever happens to a file of the views, it is noticed before it is used, and the answers stay the same."""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import LocalArchive
from search.archive.local.vectors import Regime
from search.archive.records import Query
from search.english.terms import content_terms
from search.filters import Filter
from tests.fakes import NEWS, HashEmbedder, store

EMBEDDER = HashEmbedder()
PATIENCE = 30
QUESTION = "The bridge in Baltimore, the missiles of Tehran, the rates of the Fed"

Damage = tuple[str, int, int]
"""What is done to a file, where in it and with which byte or file."""

DAMAGES = st.tuples(
    st.sampled_from(["flip", "cut", "lengthen", "wipe", "swap within", "swap without", "remove"]),
    st.integers(0, 2**20),
    st.integers(1, 255),
)


def answers(archive: LocalArchive) -> list[object]:
    """All that the views say about a question."""
    query = Query(EMBEDDER.embed_question(QUESTION), tuple(content_terms(QUESTION)))
    with archive.snapshot() as snapshot:
        found = [
            snapshot.candidates(query, k, condition)
            for k, condition in ((100, Filter()), (2, Filter(sources=("Wire",))), (100, Filter(languages=("en",))))
        ]
    return [(sorted(one.passages, key=lambda passage: passage.passage), one.passing) for one in found]


def view_files(folder: Path) -> list[Path]:
    """Every file of the saved views; Tantivy's locks hold nothing."""
    files = [folder / "views.json", *sorted((folder / "views").rglob("*"))]
    return [path for path in files if path.is_file() and path.suffix != ".lock"]


def do(damage: Damage, path: Path, folder: Path, other: Path) -> bool:
    """Damage a file in place; tells whether its content is another now."""
    what, where, byte = damage
    content = path.read_bytes()
    where = where % max(1, len(content))
    match what:
        case "flip":
            changed = content[:where] + bytes([content[where] ^ byte]) + content[where + 1 :]
        case "cut":
            changed = content[:where]
        case "lengthen":
            changed = content + bytes([byte]) * (1 + where % 5_000)
        case "wipe":
            changed = content[:where] + bytes(len(content) - where)
        case "swap within" | "swap without":
            others = [
                one for one in view_files(folder if what == "swap within" else other) if one.suffix == path.suffix
            ]
            changed = others[byte % len(others)].read_bytes()
        case _:
            path.unlink()
            return True
    path.write_bytes(changed)
    return changed != content


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what is said of the archive."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("search.archive").addHandler(handler)
    try:
        yield said
    finally:
        logging.getLogger("search.archive").removeHandler(handler)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """The folder of an archive of two snapshots, and what it answers."""
    folder = tmp_path_factory.mktemp("whole")
    with LocalArchive.create(folder, EMBEDDER.card) as archive:
        store(archive, EMBEDDER, *NEWS[:2])
        store(archive, EMBEDDER, *NEWS[2:])
        return folder, answers(archive)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of another archive."""
    folder = tmp_path_factory.mktemp("other")
    with LocalArchive.create(folder, EMBEDDER.card) as archive:
        store(archive, EMBEDDER, *NEWS[1:])
        answers(archive)
    return folder


@given(damage=DAMAGES, which=st.integers(0, 1_000))
def test_a_damaged_file_is_healed_when_the_archive_is_opened(
    whole: tuple[Path, list[object]], other: Path, damage: Damage, which: int
) -> None:
    folder, expected = whole
    with TemporaryDirectory() as name, listening() as said:
        copy = Path(name) / "copy"
        shutil.copytree(folder, copy)
        files = view_files(copy)
        path = files[which % len(files)]
        changed = do(damage, path, copy, other)
        with LocalArchive.open(copy) as archive:
            before = archive.check_views()
            assert answers(archive) == expected
            assert archive.check_views().problems == ()
        gone = path.name == "views.json" and damage[0] == "remove"
        assert bool(before.problems) == (changed and not gone)
        assert len([line for line in said if "made anew from the database" in line]) == (changed and not gone)


@given(damage=DAMAGES.filter(lambda damage: damage[0] != "remove"), which=st.integers(0, 1_000))
def test_a_file_that_is_damaged_while_it_is_open_is_healed(
    whole: tuple[Path, list[object]], other: Path, damage: Damage, which: int
) -> None:
    folder, expected = whole
    with TemporaryDirectory() as name:
        copy = Path(name) / "copy"
        shutil.copytree(folder, copy)
        with LocalArchive.open(copy) as archive:
            assert answers(archive) == expected
            files = view_files(copy)
            path = files[which % len(files)]
            status = path.stat()
            do(damage, path, copy, other)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))  # clocks of file systems are coarse
            assert answers(archive) == expected
        with LocalArchive.open(copy) as archive:
            assert answers(archive) == expected
            assert archive.check_views().problems == ()


def test_only_what_is_damaged_is_made_anew(whole: tuple[Path, list[object]], tmp_path: Path) -> None:
    folder, expected = whole
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (segment,) = copy.glob("views/*/segments/*/vectors.faiss")
    (words, *_) = copy.glob("views/*/passages/*.term")
    kept = segment.stat().st_ino
    words.write_bytes(words.read_bytes()[:-1])
    with LocalArchive.open(copy) as archive, listening() as said:
        assert answers(archive) == expected
        assert archive.check_views().problems == ()
    (segment,) = copy.glob("views/*/segments/*/vectors.faiss")
    assert segment.stat().st_ino == kept
    assert [str(words) in line for line in said] == [True]


def _verified(archive: LocalArchive) -> bool:
    with archive.snapshot() as snapshot:
        return snapshot.card.verified


def test_what_is_verified_behind_the_first_answer_is_healed(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    folder, expected = whole
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (path,) = copy.glob("views/*/segments/*/vectors.faiss")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with LocalArchive.open(copy, Regime(verified_first=0)) as archive, listening() as said:
        with archive.snapshot() as snapshot:
            assert not snapshot.card.verified
        deadline = time.monotonic() + PATIENCE
        while not said and time.monotonic() < deadline:
            time.sleep(0.01)
        assert answers(archive) == expected
        while not _verified(archive) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert _verified(archive)
        assert archive.check_views().problems == ()
    assert str(path) in said[0]
    with LocalArchive.open(copy, Regime(verified_first=0)) as archive, archive.snapshot() as snapshot:
        assert snapshot.card.verified
