"""Passages are put into inverted lists beside the writer; whatever happens, nothing is lost or doubled."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.archive import LocalArchive
from search.archive.local import archive as archives
from search.archive.local.vectors import Regime
from tests.fakes import HashEmbedder
from tests.search.archive.glances import near
from tests.search.archive.local.test_views import DIMENSION, cloud, is_exact, store_vectors

REGIME = Regime(exact_limit=100, scanned_exactly=10, merged_at_once=50, merged_behind=False)
STEP = 90


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[tuple[LocalArchive, np.ndarray]]:
    """An archive that has grown past the size that is searched exactly, and its vectors."""
    vectors = cloud(3 * STEP, seed=1)
    with LocalArchive.create(tmp_path / "grown", HashEmbedder("cloud", DIMENSION).card, REGIME) as archive:
        for begin in range(0, len(vectors), STEP):
            store_vectors(archive, begin + 1, vectors[begin : begin + STEP])
        yield archive, vectors


def check_finds_all(archive: LocalArchive, vectors: np.ndarray) -> None:
    for question in cloud(5, seed=2):
        found = {int(one.passage.article_id) for one in near(archive, question, len(vectors))}
        assert found == set(range(1, len(vectors) + 1))
        (nearest,) = near(archive, question, 1)
        assert nearest.cosine == pytest.approx(float((vectors @ question).max()), abs=1e-3)
    report = archive.check_views()
    assert (report.problems, report.behind) == ((), 0)


def test_what_has_grown_is_merged_without_a_commit(grown: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = grown
    with LocalArchive.open(archive.folder, REGIME) as other:
        check_finds_all(other, vectors)
        assert is_exact(archive)
        assert archive.merge()
        assert not is_exact(archive)
        check_finds_all(archive, vectors)
        check_finds_all(other, vectors)
    assert not archive.merge()
    assert not (archive.folder / "merging").exists()


def test_who_asks_again_is_answered_from_what_was_merged(grown: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = grown
    check_finds_all(archive, vectors)
    assert archive.merge()
    check_finds_all(archive, vectors)
    mapped = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    assert not [line for line in mapped if str(archive.folder) in line and line.endswith("(deleted)")]


def test_what_is_merged_while_another_writes_is_taken_up_by_its_commit(
    grown: tuple[LocalArchive, np.ndarray],
) -> None:
    archive, vectors = grown
    more = cloud(20, seed=3)
    with archive.write() as writer:
        assert archive.merge()
        assert is_exact(archive)
        writer.remove("1")
        writer.commit()
        assert not is_exact(archive)
    store_vectors(archive, 1, vectors[:1])
    store_vectors(archive, len(vectors) + 1, more)
    check_finds_all(archive, np.concatenate([vectors, more]))


def test_what_was_merged_before_a_segment_grew_is_taken_up(
    grown: tuple[LocalArchive, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, vectors = grown
    with monkeypatch.context() as patch:
        patch.setattr(archives, "take_up_merged", lambda *_: None)  # as if killed before
        assert archive.merge()
    assert is_exact(archive)
    more = cloud(STEP, seed=3)  # enough to be joined with the segment before it
    store_vectors(archive, len(vectors) + 1, more)
    assert not is_exact(archive)
    assert not (archive.folder / "merging").exists()
    check_finds_all(archive, np.concatenate([vectors, more]))


def test_a_merge_that_was_broken_off_is_begun_again(grown: tuple[LocalArchive, np.ndarray]) -> None:
    archive, vectors = grown
    left = archive.folder / "merging" / "000000000001-000000000090"
    left.mkdir(parents=True)
    (left / "vectors.faiss").write_bytes(b"half")
    store_vectors(archive, len(vectors) + 1, cloud(1, seed=4))
    assert is_exact(archive)
    assert archive.merge()
    check_finds_all(archive, np.concatenate([vectors, cloud(1, seed=4)]))


def test_what_was_merged_of_another_line_of_snapshots_is_not_taken_up(
    grown: tuple[LocalArchive, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, vectors = grown
    monkeypatch.setattr(archives, "take_up_merged", lambda *_: None)
    assert archive.merge()
    made = HashEmbedder("cloud", DIMENSION).card
    with LocalArchive.create(tmp_path / "other", made, REGIME) as other:
        shutil.copytree(archive.folder / "merging", other.folder / "merging")
        store_vectors(other, 1, vectors[::-1])
        check_finds_all(other, vectors[::-1])


def test_what_was_merged_before_all_was_made_anew_is_not_taken_up(
    grown: tuple[LocalArchive, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, vectors = grown
    monkeypatch.setattr(archives, "take_up_merged", lambda *_: None)
    assert archive.merge()
    archive.rebuild()
    before = [mark.name for mark in (archive.folder / "views").glob("*/segments/*")]
    store_vectors(archive, len(vectors) + 1, cloud(1, seed=4))
    after = [mark.name for mark in (archive.folder / "views").glob("*/segments/*")]
    assert set(before) < set(after)
    check_finds_all(archive, np.concatenate([vectors, cloud(1, seed=4)]))


def test_lists_that_find_too_little_are_refused(
    grown: tuple[LocalArchive, np.ndarray], caplog: pytest.LogCaptureFixture
) -> None:
    archive, vectors = grown
    archive.close()
    strict = replace(REGIME, recall_wanted=2.0, recall_needed=2.0)
    with LocalArchive.open(archive.folder, strict) as careful:
        assert careful.merge()
        assert not careful.merge()
        assert is_exact(careful)
        check_finds_all(careful, vectors)
    assert len([line for line in caplog.messages if "compared one by one" in line]) == 1


def test_merging_begins_by_itself_when_a_writer_has_ended(
    grown: tuple[LocalArchive, np.ndarray],
) -> None:
    archive, vectors = grown
    archive.close()
    with LocalArchive.open(archive.folder, replace(REGIME, merged_behind=True)) as opened:
        store_vectors(opened, len(vectors) + 1, cloud(1, seed=4))
    assert not is_exact(archive)
