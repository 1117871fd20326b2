"""What snapshots share is loaded by one of them, and nobody who wants something else waits for it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from search.archive import LocalArchive
from search.archive.local import generation, parts
from tests.fakes import HashEmbedder, make_article, store
from tests.search.archive.glances import number, stored

PATIENCE = 60


class Gate:
    """Holds up the first who comes to it until it is opened; counts all."""

    def __init__(self) -> None:
        self.reached, self.opened, self.count = Event(), Event(), 0

    def pass_through(self) -> None:
        self.count += 1
        if self.count == 1:
            self.reached.set()
            assert self.opened.wait(PATIENCE)


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Holds up the first who loads views."""
    gate, load = Gate(), parts.load_views

    def load_slowly(*given: Any) -> Any:
        gate.pass_through()
        return load(*given)

    monkeypatch.setattr(parts, "load_views", load_slowly)
    return gate


def test_of_many_who_want_the_same_one_loads_it(news_archive: LocalArchive, loading: Gate) -> None:
    with LocalArchive.open(news_archive.folder) as opened, ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(number, opened) for _ in range(4)]
        try:
            assert loading.reached.wait(PATIENCE)
        finally:
            loading.opened.set()
        assert [one.result(PATIENCE) for one in asking] == [1, 1, 1, 1]
    assert loading.count == 1


def test_nobody_waits_for_one_who_loads_something_else(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, loading: Gate
) -> None:
    with LocalArchive.open(news_archive.folder) as opened, ThreadPoolExecutor(2) as threads:
        first = threads.submit(number, opened)
        try:
            assert loading.reached.wait(PATIENCE)
            store(news_archive, hash_embedder, make_article("later", "Ships sailed from Lisbon."))
            assert threads.submit(number, opened).result(PATIENCE) == 2
            assert not first.done()
        finally:
            loading.opened.set()
        assert first.result(PATIENCE) == 2  # what it wanted to load was replaced meanwhile


def test_what_is_committed_is_found_before_its_views_are_published(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, publish = Gate(), generation.publish

    def publish_late(folder: Path, made: Path) -> None:
        gate.pass_through()
        publish(folder, made)

    monkeypatch.setattr(generation, "publish", publish_late)
    with LocalArchive.open(news_archive.folder) as opened, ThreadPoolExecutor(2) as threads:
        article = make_article("later", "Ships sailed from Lisbon.")
        writing = threads.submit(store, news_archive, hash_embedder, article)
        try:
            assert gate.reached.wait(PATIENCE)
            assert "later" in threads.submit(stored, opened).result(PATIENCE)
            assert number(opened) == 2
            assert not writing.done()
        finally:
            gate.opened.set()
        writing.result(PATIENCE)
        assert number(opened) == 2
        assert opened.check_views().behind == 0
