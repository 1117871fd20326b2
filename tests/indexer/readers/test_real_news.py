import os
from collections import Counter
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, Skipped, find_files, read_file
from search.article import Article

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
