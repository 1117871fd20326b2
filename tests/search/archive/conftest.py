"""Archives of every engine, for what has to hold whichever stores it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from search.archive import Archive, LocalArchive, MemoryArchive
from search.archive.lance.archive import LanceArchive
from tests.fakes import NEWS, HashEmbedder, store

pytest.register_assert_rewrite("tests.search.archive.life")  # so that what fails there is told as fully

ENGINES = ("local", "memory", "lance")


def create(engine: str, folder: Path, embedder: HashEmbedder, stack: ExitStack) -> Archive:
    """Make an empty archive for the vectors of an embedder; the stack closes it."""
    if engine == "local":
        return stack.enter_context(LocalArchive.create(folder, embedder.card))
    if engine == "lance":
        return stack.enter_context(LanceArchive.create(f"lance://{folder}", embedder.card, patience=1))
    return stack.enter_context(MemoryArchive.create(embedder.card, patience=1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the engines have in common is tried on Lance tables at length; their protocol and a life always."""
    for item in items:
        told = getattr(item, "callspec", None)
        if told and told.params.get("door") == "lance" and item.path.name != "test_protocol.py":
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=ENGINES)
def door(request: pytest.FixtureRequest, tmp_path: Path, hash_embedder: HashEmbedder) -> Iterator[Archive]:
    """An empty archive for the vectors of `hash_embedder`."""
    with ExitStack() as stack:
        yield create(request.param, tmp_path / "archive", hash_embedder, stack)


@pytest.fixture
def news(door: Archive, hash_embedder: HashEmbedder) -> Archive:
    """An archive of `tests.fakes.NEWS`."""
    store(door, hash_embedder, *NEWS)
    return door
