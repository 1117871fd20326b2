"""Isolation for every test, and what many of them share."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from search.archive import Archive, LocalArchive
from search.models.close_reading import CloseReader, load_close_reader
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings
from tests.fakes import NEWS, HashEmbedder, store
from tests.lengths import PROFILE, PROFILES

OPTIONAL_FOLDERS = ("DATELINE_NEWS", "DATELINE_EVAL")
LOOPBACK = {"127.0.0.1", "::1", "localhost", "testserver", "", None}


def pytest_configure(config: pytest.Config) -> None:
    """Cut the tests off from the network and from whatever the user has set."""
    folder = tempfile.TemporaryDirectory(prefix="dateline-tests-")
    patch = pytest.MonkeyPatch()
    config.add_cleanup(folder.cleanup)
    config.add_cleanup(patch.undo)
    for name in os.environ:
        if name.startswith("DATELINE_") and name not in OPTIONAL_FOLDERS:
            patch.delenv(name)
    patch.setenv("DATELINE_CACHE", str(Path(folder.name) / "cache"))
    patch.setenv("HF_HOME", str(Path(folder.name) / "hub"))
    patch.setenv("HF_HUB_OFFLINE", "1")
    patch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    _block_network(patch)
    # A shared machine may be slow at any moment; how long an example takes is no property of the code.
    for name, most in PROFILES.items():
        hypothesis.settings.register_profile(name, deadline=None, max_examples=most)
    hypothesis.settings.load_profile(PROFILE)


def _block_network(patch: pytest.MonkeyPatch) -> None:
    def guarded(name: str):  # noqa: ANN202
        original = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: object) -> object:
            address = arguments[-1]
            if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:  # type: ignore[index]
                pytest.fail(f"a test wanted to reach {address}")
            return original(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    look_up = socket.getaddrinfo

    def look_up_loopback(host: object, *arguments: object, **named: object) -> object:
        if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
            pytest.fail(f"a test wanted to look up {host!r}")
        return look_up(host, *arguments, **named)  # type: ignore[arg-type]

    patch.setattr(socket, "getaddrinfo", look_up_loopback)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the bundled models are prepared; that takes a minute, once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with FileLock(shared / "model-cache.lock"):
        settings = Settings.load(cache=shared / "model-cache", threads=2)
        load_embedder(settings)
        load_close_reader(settings)
    return settings.cache


@pytest.fixture(scope="session")
def embedder(model_cache: Path) -> Embedder:
    """The bundled model as it is used: run by openvino. Mark tests that use it with `model`."""
    return load_embedder(Settings.load(cache=model_cache, threads=2))


@pytest.fixture(scope="session")
def close_reader(model_cache: Path) -> CloseReader:
    """The reader as it is used: run by openvino. Mark tests that use it with `model`."""
    return load_close_reader(Settings.load(cache=model_cache, threads=2))


@pytest.fixture
def hash_embedder() -> HashEmbedder:
    """An embedder without a model."""
    return HashEmbedder()


@pytest.fixture
def archive(tmp_path: Path, hash_embedder: HashEmbedder) -> Iterator[Archive]:
    """An empty archive for the vectors of `hash_embedder`."""
    with LocalArchive.create(tmp_path / "archive", hash_embedder.card) as empty:
        yield empty


@pytest.fixture
def news_archive(archive: Archive, hash_embedder: HashEmbedder) -> Archive:
    """An archive of `tests.fakes.NEWS`."""
    store(archive, hash_embedder, *NEWS)
    return archive


def _optional_folder(name: str) -> Path:
    folder = os.environ.get(name)
    if not folder:
        pytest.skip(f"{name} names no folder")
    return Path(folder)


@pytest.fixture(scope="session")
def real_news() -> Path:
    """The folder of real news named by DATELINE_NEWS; tests that need it are skipped without it."""
    return _optional_folder("DATELINE_NEWS")
