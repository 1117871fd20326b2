"""Servers on the loopback interface that clients are tested against."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from api.http import HttpSettings, create_app
from search.archive import LocalArchive
from search.models.embedding import Embedder
from tests.commands import REPOSITORY, run_command
from tests.fakes import NEWS, HashEmbedder, store

PATIENCE = 60


class Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self.listening.set()


@contextmanager
def serving(settings: HttpSettings, embedder: Embedder | None = None) -> Iterator[str]:
    """Serve an archive in a thread; gives the address."""
    server = Server(uvicorn.Config(create_app(settings, embedder), host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.listening.wait(PATIENCE)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE)


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of `tests.fakes.NEWS`."""
    folder = tmp_path_factory.mktemp("client") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *NEWS)
    with serving(HttpSettings.load(index=folder, least_closeness=0.2), embedder) as address:
        yield address


@pytest.fixture(scope="package")
def corpus_address(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[str]:
    """The address of a server of the sample corpus, with the real model."""
    folder = tmp_path_factory.mktemp("corpus") / "archive"
    indexed = run_command("index", REPOSITORY / "corpus", "--index", folder, DATELINE_CACHE=str(model_cache))
    assert indexed.returncode == 0, indexed.stderr
    with serving(HttpSettings.load(index=folder, cache=model_cache, threads=2)) as address:
        yield address
