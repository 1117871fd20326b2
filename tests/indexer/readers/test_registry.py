import gzip
import os
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, Skipped, find_files, read_file
from search.article import Article

Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]
MEBIBYTE = 1 << 20


def test_content_decides_before_the_name(read: Reading) -> None:
    as_json = '{"headline": "Harbour reopens", "body": "Ships sailed again on Monday."}'
    assert [type(entry) for entry in read("notes.txt", as_json)] == [Article]
    assert read("notes.txt", as_json)[0].headline == "Harbour reopens"  # type: ignore[union-attr]


def test_gzip_is_unpacked_whatever_the_name(read: Reading) -> None:
    packed = gzip.compress(b"Harbour reopens\n\nShips sailed ") + gzip.compress(b"again on Monday.")
    for name in ("story.txt.gz", "story.txt"):
        (article,) = read(name, packed)
        assert isinstance(article, Article)
        assert article.body == "Ships sailed again on Monday."


def test_an_empty_file_is_reported(refusal: Refusal) -> None:
    assert refusal("a.txt", b"") == "is empty."
    assert refusal("a.json.gz", gzip.compress(b"")) == "is empty."


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.md", "a"])
def test_a_binary_file_is_reported_whatever_its_name(refusal: Refusal, name: str) -> None:
    assert "PNG image" in refusal(name, b"\x89PNG\r\n\x1a\n" + bytes(500))


def test_a_file_in_an_unknown_encoding_is_reported(refusal: Refusal) -> None:
    assert "not UTF-8" in refusal("a.txt", bytes(range(128, 256)) * 3)


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.jsonl", "a.csv", "a.html", "a.md"])
def test_fifty_megabytes_of_one_line_are_refused_within_bounded_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"{" + b"a" * (MEBIBYTE - 1))
    (found,) = find_files([path])
    assert isinstance(found, InputFile)
    tracemalloc.start()
    entries = list(read_file(found, ReadOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (skipped,) = entries
    assert isinstance(skipped, Skipped)
    assert "limit of" in skipped.reason
    assert "MiB" in skipped.reason
    assert peak < 40 * MEBIBYTE


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz"])
def test_a_gzip_bomb_is_refused(refusal: Refusal, name: str) -> None:
    bomb = gzip.compress(b"a" * (64 * MEBIBYTE))
    assert len(bomb) < MEBIBYTE
    assert "limit" in refusal(name, bomb) or "bomb" in refusal(name, bomb)


def test_a_gzip_bomb_of_many_lines_is_refused(read: Reading) -> None:
    line = b'{"body": "' + b"a" * 1000 + b'"}\n'
    entries = read("a.jsonl.gz", gzip.compress(line * 40_000), max_unpacking=50)
    assert isinstance(entries[-1], Skipped)
    assert "max_unpacking" in entries[-1].reason


def test_a_truncated_gzip_file_keeps_the_articles_before(read: Reading) -> None:
    lines = "".join(
        f'{{"id": "{n}", "body": "Report {sha256(str(n).encode()).hexdigest()} of the day."}}\n'
        for n in range(400)
    )
    packed = gzip.compress(lines.encode())
    entries = read("a.jsonl.gz", packed[: len(packed) // 2])
    assert len([entry for entry in entries if isinstance(entry, Article)]) > 50
    assert isinstance(entries[-1], Skipped)
    assert "truncated" in entries[-1].reason


def test_a_truncated_gzip_text_is_reported(refusal: Refusal) -> None:
    packed = gzip.compress(bytes(range(32, 127)) * 40)
    assert "truncated" in refusal("a.txt.gz", packed[:-12])


def test_a_file_that_vanishes_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Gone soon.", encoding="utf-8")
    (file,) = find_files([path])
    path.unlink()
    assert isinstance(file, InputFile)
    (skipped,) = read_file(file, ReadOptions())
    assert isinstance(skipped, Skipped)
    assert "No such file" in skipped.reason


def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Secret.", encoding="utf-8")
    (file,) = find_files([path])
    assert isinstance(file, InputFile)

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    (skipped,) = read_file(file, ReadOptions())
    assert isinstance(skipped, Skipped)
    assert "Permission denied" in skipped.reason


def test_importing_the_readers_loads_no_heavy_module() -> None:
    import subprocess
    import sys

    heavy = (
        "trafilatura",
        "pyarrow",
        "warcio",
        "feedparser",
        "dateparser",
        "htmldate",
        "charset_normalizer",
        "frontmatter",
    )
    code = f"import indexer.readers, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_flaw_of_a_reader_does_not_end_the_reading(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr("indexer.readers.plain_text.draft_of_text", fail)
    assert "did not expect ZeroDivisionError: by chance" in refusal("a.txt", "Ships sailed.")


@pytest.mark.parametrize(
    "content",
    [
        "<!doctype html>",
        "<!doctype html><p\u00a7to, x>Ships.",
        "<!doctype html><p>\x01Ships\x02 sailed.\ufffe</p>",
        "<rss><channel><item><description>&lt;w:t x=1&gt;Ships&lt;/w:t&gt;</description></item></channel></rss>",
    ],
)
def test_markup_that_parsers_choke_on_is_no_flaw(read: Reading, content: str) -> None:
    (entry,) = read("a.html", content)
    assert not isinstance(entry, Skipped) or "flaw" not in entry.reason


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ships sailed.", encoding="utf-8")
    (file,) = find_files([path])
    assert isinstance(file, InputFile)
    path.unlink()
    os.mkfifo(path)
    reasons = [entry.reason for entry in read_file(file, ReadOptions()) if isinstance(entry, Skipped)]
    assert reasons[0] == "is not a file (any more)."


def test_a_sidecar_that_is_a_pipe_or_endless_is_refused(read: Reading, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv.fields.toml")
    (tmp_path / "b.csv.fields.toml").symlink_to("/dev/zero")
    (tmp_path / "c.csv.fields.toml").write_bytes(b"#" * MEBIBYTE)
    for name in ("a.csv", "b.csv", "c.csv"):
        (skipped,) = read(name, "id,title,text\n1,Ships,Ships sailed.\n")
        assert isinstance(skipped, Skipped)
        assert "field mapping" in skipped.reason


def test_a_file_that_grows_while_it_is_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "Ships sailed."}\n' * 2, encoding="utf-8")
    (file,) = find_files([path])
    assert isinstance(file, InputFile)
    readings = read_file(file, ReadOptions())
    assert isinstance(next(readings), Article)
    with path.open("a", encoding="utf-8") as more:
        more.write('{"id": "2", "text": "Ships came back."}\n')
    *_, last = readings
    assert last == Skipped(str(path), "changed while it was read. Index it again.")


def test_a_file_that_shrinks_while_it_is_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "Ships sailed."}\n' * 100_000, encoding="utf-8")
    (file,) = find_files([path])
    assert isinstance(file, InputFile)
    readings = read_file(file, ReadOptions())
    next(readings)
    os.truncate(path, 100)
    *_, last = readings
    assert isinstance(last, Skipped)
    assert "changed" in last.reason
