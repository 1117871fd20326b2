from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, Skipped, find_files, read_file
from search.article import Article, Withdrawal

Reading = Callable[..., list[Article | Skipped | Withdrawal]]
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    """Write a file and read it: its articles and what was skipped, in order."""

    def write_and_read(name: str, content: str | bytes, **options: object) -> list[Article | Skipped | Withdrawal]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (file,) = find_files([path])
        assert isinstance(file, InputFile)
        return list(read_file(file, ReadOptions(**{"now": NOW, **options})))  # type: ignore[arg-type]

    return write_and_read


@pytest.fixture
def read_one(read: Reading) -> Callable[..., Article]:
    """Write a file of one article and read it."""

    def write_and_read(name: str, content: str | bytes, **options: object) -> Article:
        (article,) = read(name, content, **options)
        assert isinstance(article, Article), article
        return article

    return write_and_read


@pytest.fixture
def refusal(read: Reading) -> Callable[..., str]:
    """Write a file that cannot be read as an article; the reason given."""

    def write_and_read(name: str, content: str | bytes, **options: object) -> str:
        (skipped,) = read(name, content, **options)
        assert isinstance(skipped, Skipped), skipped
        assert name in skipped.origin
        return skipped.reason

    return write_and_read


@pytest.fixture
def withdrawal(read: Reading) -> Callable[..., Withdrawal]:
    """Write a file that withdraws articles and read it."""

    def write_and_read(name: str, content: str | bytes, **options: object) -> Withdrawal:
        (notice,) = read(name, content, **options)
        assert isinstance(notice, Withdrawal), notice
        return notice

    return write_and_read
