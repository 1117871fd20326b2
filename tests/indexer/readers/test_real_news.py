import os
from collections import Counter
from pathlib import Path

import pytest

from indexer.identity import identified, is_akin
from indexer.readers import InputFile, ReadOptions, Skipped, find_files, read_file
from indexer.readers.draft import derived_id
from search.article import Article, Withdrawal

pytestmark = [
    pytest.mark.news,
    pytest.mark.skipif("DATELINE_NEWS" not in os.environ, reason="DATELINE_NEWS names no folder"),
]


def read_folder(name: str) -> list[Article | Skipped]:
    folder = Path(os.environ["DATELINE_NEWS"]) / name
    files = [file for file in find_files([folder]) if isinstance(file, InputFile)]
    return [entry for file in files for entry in read_file(file, ReadOptions())]


@pytest.mark.parametrize("folder", ["pages/html", "wire-formats", "warc"])
def test_every_file_is_read_or_says_why_not(folder: str) -> None:
    entries = read_folder(folder)
    assert any(isinstance(entry, Article) for entry in entries)
    assert all(entry.reason for entry in entries if isinstance(entry, Skipped))


def test_wire_formats_come_out_with_what_an_editor_expects() -> None:
    articles = [entry for entry in read_folder("wire-formats") if isinstance(entry, Article)]
    known = Counter[str]()
    for article in articles:
        known["published"] += article.published is not None
        known["source"] += article.source is not None
        known["headline"] += bool(article.headline)
        assert "Ã" not in article.body
        assert "<p>" not in article.body
        assert not any(ord(character) < 32 and character != "\n" for character in article.body)
    assert known["published"] >= 0.95 * len(articles)
    assert known["source"] >= 0.8 * len(articles)
    assert known["headline"] >= 0.9 * len(articles)


def test_the_wire_archive_is_read_whole() -> None:
    entries = list(read_folder("wire.jsonl.gz"))
    assert len(entries) == len({entry.id for entry in entries if isinstance(entry, Article)}) == 2452


@pytest.mark.parametrize(
    "folder", ["pages/html", "wire-formats", "warc", "wire.jsonl.gz", "bbc.jsonl.gz", "000_4a7673fdb80d388d.txt"]
)
def test_no_article_is_lost(folder: str) -> None:
    """Articles in = articles stored + those superseded by a later version of the same text + skipped with a reason."""  # noqa: E501
    entries = read_folder(folder)
    articles = [entry for entry in entries if isinstance(entry, Article)]
    withdrawn = [entry for entry in entries if isinstance(entry, Withdrawal)]
    skipped = [entry for entry in entries if isinstance(entry, Skipped)]
    assert all(entry.reason for entry in skipped)
    assert len(articles) + len(withdrawn) + len(skipped) == len(entries)
    stored: dict[str, Article] = {}
    superseded = 0
    for read in articles:
        article = identified(read, stored.get)
        before = stored.get(article.id)
        if before is not None:
            superseded += 1
            given = article.url is None or article.id != derived_id(article.url, article.origin)
            assert given or is_akin(before.body, article.body), f"{article.origin} replaces {before.origin}"
        stored[article.id] = article
    assert len(stored) + superseded == len(articles)
