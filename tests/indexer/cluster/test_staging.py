"""What workers stage, and an archive that is filled from it, without a cluster."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

from indexer import pipeline
from indexer.cluster import objects
from indexer.cluster import partitions as cutting
from indexer.cluster.objects import ObjectPath, fetch, find_objects, is_object
from indexer.cluster.partitions import Partition, Share, partitions, shares_of
from indexer.cluster.run import StagedPreparation, forget_staged, staging_of
from indexer.cluster.staging import Staging
from indexer.cluster.worker import Order, Worker, treatment_of
from indexer.preparation import Due
from indexer.progress import IndexReport, Pace
from indexer.readers import InputFile, ReadOptions, Skipped, find_files
from indexer.settings import ClusterSettings
from search.archive import Archive, LocalArchive
from search.errors import SettingsError
from tests.fakes import HashEmbedder
from tests.looking import contents_of

OPTIONS = ReadOptions(now=datetime(2026, 1, 1, tzinfo=UTC), keep_embargoed=True)
CORPUS = Path(__file__).resolve().parents[3] / "corpus"
RECORDS = 40


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of a corpus in many formats, of many records in one file, and of files that cannot be read."""
    folder = tmp_path / "news"
    folder.mkdir()

    lines = [
        json.dumps(
            {
                "id": f"wire-{number}",
                "headline": f"Strike closes port {number}",
                "body": f"MARSEILLE - Dockers at quay {number} said on Monday they would strike on Friday.\n\n"
                f'"We will not unload ship {number}," Paul Martin, of the union, told reporters.',
                "published": f"2024-09-{1 + number % 28:02}T10:30:00+02:00",
                "source": "Wire",
            }
        )
        for number in range(RECORDS)
    ]
    lines[7] = "{this is no JSON"
    lines[9] = json.dumps({"headline": "no body", "body": ""})
    (folder / "wire.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.bin").write_bytes(bytes(range(256)) * 8)
    copy = json.loads(lines[3]) | {"id": "copy", "source": "Ledger"}
    (folder / "z-copy.jsonl").write_text(json.dumps(copy), encoding="utf-8")
    return folder


@pytest.fixture
def many_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut large files into shares from a size on that the test's own reach."""
    monkeypatch.setattr(cutting, "SHARE_BYTES", 3_000)


def order_of(folder: Path) -> Order:
    return Order(HashEmbedder, OPTIONS, Path.cwd(), str(folder / "staging"))


def stage_all(order: Order, shares: list[Share]) -> None:
    worker = Worker(order)
    for partition in partitions(shares, 4_000):
        worker.stage(partition)
    worker.close()


def all_shares(folder: Path) -> list[Share]:
    return shares_in([found for found in find_files([folder]) if isinstance(found, InputFile)])


def shares_in(files: Sequence[InputFile]) -> list[Share]:
    treatment = treatment_of(HashEmbedder().card)
    due = [Due(file, pipeline.recipe_of(file.path, OPTIONS)) for file in files]
    return [share for one in due for share in shares_of(one, treatment)]


def fill_from_staging(order: Order, folder: Path, archive: Archive, pace: Pace | None = None) -> IndexReport:
    embedder = HashEmbedder()
    staged = StagedPreparation(
        Staging(order.staging), order, ClusterSettings(), embedder, lambda _: None, lambda: False
    )
    report = pipeline.index(
        [folder],
        archive,
        staged.embedder,
        OPTIONS,
        on_commit=staged.committed,
        preparation=staged,
        pace=pace,
    )
    staged.close()
    assert not embedder.embedded
    return report


def told(report: IndexReport) -> IndexReport:
    return replace(report, seconds=0.0)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Archive]:
    with LocalArchive.create(tmp_path / "other", HashEmbedder().card) as empty:
        yield empty


@pytest.mark.parametrize("folder", ["news", "corpus"])
def test_what_was_staged_makes_the_archive_that_one_machine_makes(
    folder: str, news: Path, archive: Archive, other: Archive, tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    place = news if folder == "news" else CORPUS
    order = order_of(tmp_path)
    stage_all(order, all_shares(place))
    staged = fill_from_staging(order, place, archive)
    plain = pipeline.index([place], other, hash_embedder, OPTIONS)
    assert plain.added
    assert told(staged) == told(plain)
    assert contents_of(archive) == contents_of(other)
    with archive.snapshot() as one, other.snapshot() as two:
        assert np.array_equal(one.sample, two.sample)
        assert one.facts == two.facts


def test_the_shares_of_a_large_file_are_joined_in_its_order(
    many_shares: None, news: Path, archive: Archive, other: Archive, tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    order = order_of(tmp_path)
    shares = all_shares(news)
    assert max(share.of for share in shares) > 2
    stage_all(order, shares)
    staged = fill_from_staging(order, news, archive)
    assert told(staged) == told(pipeline.index([news], other, hash_embedder, OPTIONS))
    assert contents_of(archive) == contents_of(other)


def test_a_file_of_which_a_share_was_given_up_is_read_again_in_the_next_run(
    many_shares: None, news: Path, archive: Archive, tmp_path: Path
) -> None:
    order = order_of(tmp_path)
    shares = all_shares(news)
    lost = next(share for share in shares if share.of > 1 and share.number == 1)
    stage_all(order, [share for share in shares if share is not lost])

    class Losing(StagedPreparation):
        def begin(self, due: Iterable[Due]) -> None:
            list(due)
            super().begin([])
            self._shares = {}
            for share in shares:
                self._shares[share.due.file.path] = (*self._shares.get(share.due.file.path, ()), share)
            self._give_up(Partition((lost,)), "ended the worker")

    staged = Losing(
        Staging(order.staging), order, ClusterSettings(), HashEmbedder(), lambda _: None, lambda: False
    )
    report = pipeline.index([news], archive, staged.embedder, OPTIONS, preparation=staged)
    staged.close()
    assert Skipped(str(news / "wire.jsonl"), "ended the worker") in report.skipped
    assert 0 < report.added < RECORDS - 1
    stage_all(order, [lost])
    again = fill_from_staging(order, news, archive)
    assert report.added + again.added == RECORDS - 1


def test_what_is_committed_is_removed_from_the_staging(news: Path, archive: Archive, tmp_path: Path) -> None:
    order = order_of(tmp_path)
    stage_all(order, all_shares(news))
    (news / "zz.txt").write_text("Another\n\nThe port is open again, the harbour master said.", encoding="utf-8")
    stage_all(order, all_shares(news))
    staging = Staging(order.staging)
    before = {place.partition for place in staging.ledger().values()}
    fill_from_staging(order, news, archive, Pace(lambda: 0.0, first=1))
    left = {place.partition for place in staging.ledger().values()}
    assert left < before  # those of the last rounds the run as a whole removes
    staging.clear()
    assert not (tmp_path / "staging").exists()


def test_a_partition_that_is_not_whole_is_not_in_the_ledger(news: Path, tmp_path: Path) -> None:
    order = order_of(tmp_path)
    stage_all(order, all_shares(news))
    staging = Staging(order.staging)
    before = staging.ledger()
    (first, *_) = sorted((tmp_path / "staging").glob("*.parquet"))
    first.write_bytes(first.read_bytes()[:-20])
    after = staging.ledger()
    assert set(after) < set(before)
    assert {place.partition for place in before.values()} - {place.partition for place in after.values()} == {
        first.stem
    }
    (tmp_path / "staging" / "stranger.parquet").write_bytes(b"PAR1")
    assert staging.ledger() == after


def test_a_partition_that_is_staged_twice_stands_once(news: Path, tmp_path: Path) -> None:
    order = order_of(tmp_path)
    shares = all_shares(news)
    stage_all(order, shares)
    before = {path.name: path.read_bytes() for path in (tmp_path / "staging").iterdir()}
    stage_all(order, shares)
    assert {path.name: path.read_bytes() for path in (tmp_path / "staging").iterdir()} == before


def test_a_file_that_changed_since_is_not_taken_from_the_staging(news: Path, tmp_path: Path) -> None:
    order = order_of(tmp_path)
    stage_all(order, all_shares(news))
    changed = news / "z-copy.jsonl"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ledger = Staging(order.staging).ledger()
    missing = [share.due.file.path for share in all_shares(news) if share.key not in ledger]
    assert missing == [changed]


def test_what_is_stored_as_it_is_is_not_embedded_again(
    news: Path, archive: Archive, tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    pipeline.index([news], archive, hash_embedder, OPTIONS)
    with (news / "wire.jsonl").open("a", encoding="utf-8") as wire:
        wire.write(
            "\n" + json.dumps({"id": "late", "headline": "Late", "body": "The strike is over, the union said."})
        )
    due: list[Due] = []

    class Noting(StagedPreparation):
        def begin(self, found: Iterable[Due]) -> None:
            due.extend(found)
            treatment = treatment_of(hash_embedder.card)
            stage_all(order, [share for one in due for share in shares_of(one, treatment)])
            super().begin(due)

    order = order_of(tmp_path)
    staged = Noting(
        Staging(order.staging), order, ClusterSettings(), HashEmbedder(), lambda _: None, lambda: False
    )
    report = pipeline.index([news], archive, staged.embedder, OPTIONS, preparation=staged)
    staged.close()
    wire = next(one for one in due if one.file.path.name == "wire.jsonl")
    assert len(wire.hashes) == RECORDS - 2
    assert (report.added, report.unchanged, report.passages) == (1, RECORDS - 2 + 1, 1)


def test_staging_has_a_place_of_its_own_for_each_archive(tmp_path: Path) -> None:
    at = ClusterSettings(index=tmp_path)
    assert staging_of(at, "a1") == str(tmp_path / "staging" / "a1")
    assert staging_of(ClusterSettings(ray_staging="s3://news/stage/?region=eu"), "a1") == (
        "s3://news/stage/a1?region=eu"
    )
    with pytest.raises(SettingsError, match="no folder"):
        staging_of(ClusterSettings(index="s3://news/archive"), "a1")
    with pytest.raises(SettingsError, match="cannot be staged"):
        Staging("gopher://news")


def test_what_a_run_left_staged_of_an_archive_is_forgotten_and_nothing_of_another(
    news: Path, tmp_path: Path
) -> None:
    settings = ClusterSettings(ray_staging=str(tmp_path / "staging"), index="s3://news/archive")
    assert forget_staged(settings, "a1") == ""
    for archive_id in ("a1", "a2"):
        order = replace(order_of(tmp_path), staging=staging_of(settings, archive_id))
        stage_all(order, all_shares(news))
    assert forget_staged(settings, "a1") == str(tmp_path / "staging" / "a1")
    assert [path.name for path in (tmp_path / "staging").iterdir()] == ["a2"]
    assert Staging(staging_of(settings, "a2")).ledger()
    assert forget_staged(ClusterSettings(index="s3://news/archive"), "a1") == ""


@pytest.fixture
def bucket(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The news in an object store, which is a folder."""
    store = tmp_path / "store"
    shutil.copytree(news, store / "bucket" / "news")
    (store / "bucket" / "news" / "note.txt").write_text(
        "A note\n\nThe mayor opened the harbour.", encoding="utf-8"
    )
    (store / "bucket" / "news" / ".hidden.txt").write_text("Hidden\n\nNobody reads this.", encoding="utf-8")
    files = SubTreeFileSystem(str(store), LocalFileSystem())
    monkeypatch.setattr(objects, "_store", lambda address: (files, address.removeprefix("s3://")))
    return store / "bucket" / "news"


def test_objects_are_read_as_files_are(
    bucket: Path, archive: Archive, other: Archive, tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    order = order_of(tmp_path)
    given = Path("s3://bucket/news")
    assert is_object(given)
    files = [one for one in find_objects(given) if isinstance(one, InputFile)]
    assert [str(file.path) for file in files] == [
        f"s3://bucket/news/{name}"
        for name in ("empty.txt", "note.txt", "picture.bin", "wire.jsonl", "z-copy.jsonl")
    ]
    stage_all(order, shares_in(files))
    staged = fill_from_staging(order, given, archive)
    plain = pipeline.index([bucket], other, hash_embedder, OPTIONS)
    assert (staged.added, staged.passages) == (plain.added, plain.passages)
    assert [(one.origin.replace("s3://bucket/news", str(bucket)), one.reason) for one in staged.skipped] == [
        (one.origin, one.reason) for one in plain.skipped
    ]
    stored, expected = contents_of(archive), contents_of(other)
    assert {one[0] for one in stored.values()} == {one[0] for one in expected.values()}
    assert {one[1] for one in stored.values()} >= {"s3://bucket/news/note.txt", "s3://bucket/news/wire.jsonl#1"}
    with archive.write() as writer:
        assert len(writer.held_under(ObjectPath("s3://bucket/news/wire.jsonl"))) == RECORDS - 2
    again = fill_from_staging(order, given, archive)
    assert (again.unchanged_files, again.added) == (3, 0)


def test_an_object_that_is_gone_or_a_store_that_does_not_answer_is_told(bucket: Path, tmp_path: Path) -> None:
    (one,) = [file for file in find_objects(Path("s3://bucket/news/note.txt")) if isinstance(file, InputFile)]
    (bucket / "note.txt").unlink()
    assert not fetch(one, tmp_path / "here").exists()
    (missing,) = find_objects(Path("s3://bucket/nothing"))
    assert isinstance(missing, Skipped)
    assert missing.origin == "s3://bucket/nothing"
    assert missing.reason.startswith("cannot be listed")
