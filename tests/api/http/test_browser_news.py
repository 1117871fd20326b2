"""The page in a real browser over real news, where DATELINE_NEWS names a collection."""

import gzip
import json
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import pytest

from api.http import HttpSettings
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import LocalArchive
from tests.fakes import HashEmbedder

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.news,
    pytest.mark.skipif("DATELINE_NEWS" not in os.environ, reason="DATELINE_NEWS names no folder"),
]

ARTICLES = 200
"""How many are indexed; several are looked at."""


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first articles of the newswire, as JSON Lines."""
    path = tmp_path_factory.mktemp("wire") / "wire.jsonl"
    with gzip.open(Path(os.environ["DATELINE_NEWS"]) / "wire.jsonl.gz", "rt", encoding="utf-8") as lines:
        path.write_text("".join(islice(lines, ARTICLES)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def served(wire: Path, serving: Callable[[HttpSettings], str]) -> str:
    """Where an archive of them is served."""
    folder = wire.parent / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        index([wire], archive, embedder, ReadOptions())
    return serving(HttpSettings.load(index=folder))


def test_what_is_searched_for_is_read_in_its_article(
    browse: Callable[[str], sync_api.Page], served: str, wire: Path
) -> None:
    page = browse(served)
    lines = wire.read_text(encoding="utf-8").splitlines()
    for line in lines[:: ARTICLES // 4]:
        article = json.loads(line)
        words = " ".join(article["text"].split()[8:14])
        page.goto(f"/?q={quote(words)}&view=search")
        expect(page.locator("main .passages li").first).to_be_visible()
        page.goto(f"/?article={quote(article['_id'])}")
        expect(page.locator("#article .body")).to_contain_text(article["text"].split("\n")[-1].strip()[:40])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
