import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.readers import InputFile, IsolatedReader, ReadOptions, Skipped, find_files, read_file
from indexer.readers.contract import MEBIBYTE, Reading
from indexer.readers.isolation import _serve
from search.article import Article

CORPUS = Path(__file__).parents[3] / "corpus"
Misbehaviour = Callable[[str], None]


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    """A reader in a process of its own."""
    with IsolatedReader() as isolated:
        yield isolated


def found(path: Path) -> InputFile:
    (file,) = find_files([path])
    assert isinstance(file, InputFile)
    return file


def story(path: Path, text: str = "Ships sailed from the harbour.") -> InputFile:
    path.write_text(text, encoding="utf-8")
    return found(path)


def serve_badly(connection: object, memory: int) -> None:
    """Serve as always, but fail at texts that say how: what a parser could do, done by the plain text reader."""
    from indexer.readers import plain_text

    honest = plain_text.draft_of_text

    def draft_of_text(text: str, options: ReadOptions) -> object:
        if "sleep" in text:
            time.sleep(600)
        if "swallow" in text:
            try:
                time.sleep(600)
            except Exception:  # noqa: BLE001 - as parsers do
                text = "A part only."
        if "deaf" in text:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            time.sleep(600)
        if "greedy" in text:
            bytearray(1024 * MEBIBYTE)
        if "crash" in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "exit" in text:
            os._exit(3)
        return honest(text, options)

    plain_text.draft_of_text = draft_of_text  # type: ignore[assignment]
    _serve(connection, memory)  # type: ignore[arg-type]


@pytest.fixture
def failing_reader(monkeypatch: pytest.MonkeyPatch, reader: IsolatedReader) -> IsolatedReader:
    """A reader whose process fails at texts that say how."""
    monkeypatch.setattr("indexer.readers.isolation._serve", serve_badly)
    monkeypatch.setattr("indexer.readers.isolation._GRACE_SECONDS", 0.5)
    return reader


def test_it_reads_what_is_read_without_it(reader: IsolatedReader) -> None:
    options = ReadOptions()
    files = [file for file in find_files([CORPUS]) if isinstance(file, InputFile)]
    assert len(files) > 20
    for file in files:
        assert list(reader(file, options)) == list(read_file(file, options))


def test_a_reading_that_is_given_up_leaves_nothing_behind(reader: IsolatedReader) -> None:
    options = ReadOptions()
    lines = next(found(path) for path in CORPUS.rglob("*.jsonl"))
    readings = reader(lines, options)
    first = next(readings)
    readings.close()  # type: ignore[attr-defined]
    assert next(iter(reader(lines, options))) == first


def test_it_may_be_closed_twice_or_unused(reader: IsolatedReader) -> None:
    reader.close()
    reader.close()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("sleep", "took longer than 1 s to read (max_read_seconds)"),
        ("swallow", "took longer than 1 s to read (max_read_seconds)"),
        ("deaf", "took longer than 1 s to read (max_read_seconds); the file is not read beyond it"),
        ("crash", "ended the process that read it (by SIGSEGV)"),
        ("exit", "ended the process that read it (exit code 3)"),
        pytest.param(
            "greedy",
            "needs more memory than may be taken (max_read_memory_bytes)",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="bounds memory on Linux only"),
        ),
    ],
)
def test_a_parser_that_fails_costs_one_file(
    failing_reader: IsolatedReader, tmp_path: Path, said: str, reason: str
) -> None:
    options = ReadOptions(max_read_seconds=1, max_read_memory_bytes=512 * MEBIBYTE)
    bad = story(tmp_path / "bad.txt", f"The parser shall {said} now.")
    (skipped,) = failing_reader(bad, options)
    assert isinstance(skipped, Skipped)
    assert skipped.origin == str(bad.path)
    assert reason in skipped.reason
    (article,) = failing_reader(story(tmp_path / "good.txt"), options)
    assert isinstance(article, Article)


def test_time_is_bounded_for_each_record_and_the_next_is_read(
    reader: IsolatedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.readers.isolation._serve", serve_slow_records)
    lines = "".join(f'{{"id": "{id_}", "text": "Ships sailed."}}\n' for id_ in ("one", "slow", "three"))
    entries: list[Reading] = list(reader(story(tmp_path / "a.jsonl", lines), ReadOptions(max_read_seconds=1)))
    assert [type(entry) for entry in entries] == [Article, Skipped, Article]
    assert entries[1].origin.endswith("a.jsonl#2")


def serve_slow_records(connection: object, memory: int) -> None:
    """Serve as always, but never finish a record with the id "slow"."""
    from indexer.readers import json_records

    honest = json_records.parse_json

    def parse_json(text: str) -> object:
        while "slow" in text:
            pass
        return honest(text)

    json_records.parse_json = parse_json
    _serve(connection, memory)  # type: ignore[arg-type]


def test_what_waits_to_be_taken_is_not_late(reader: IsolatedReader, tmp_path: Path) -> None:
    lines = "".join(f'{{"id": "{n}", "text": "{"Ships sailed. " * 500}"}}\n' for n in range(50))
    readings = reader(story(tmp_path / "a.jsonl", lines), ReadOptions(max_read_seconds=1))
    first = next(readings)
    began = time.monotonic()
    while time.monotonic() - began < 2:
        pass
    assert all(isinstance(entry, Article) for entry in (first, *readings))
