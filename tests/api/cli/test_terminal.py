"""What commands do when nobody reads their output any more; run as a user runs them, without a model."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.terminal import Exit
from search.archive import LocalArchive
from tests.fakes import HashEmbedder, make_article, store

REPOSITORY = Path(__file__).resolve().parents[3]
LONG = make_article("long", "The ferries sailed to Madeira. " * 8_000, "Ferries")
"""Longer than what a pipe holds."""
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""Unbuffered, Python takes half a write for a whole one."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, LONG, make_article("short", "The trains stood still."))
    return folder


@pytest.mark.parametrize("words", [["show", "long"], ["show", "long", "--json"]], ids=["people", "json"])
@pytest.mark.parametrize("read", [0, 10])
def test_a_reader_who_stops_reading_ends_the_command_without_a_word(
    words: list[str], read: int, folder: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", *words, "--index", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
        env=BUFFERED,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(read)
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == Exit.UNREAD
    assert said == b""


@pytest.mark.parametrize("words", [["show", "short"], ["show", "short", "--json"]], ids=["people", "json"])
def test_a_little_output_that_nobody_reads_is_no_failure_with_a_traceback(words: list[str], folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", "from api.cli import main; main()", *words, "--index", str(folder)],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=REPOSITORY,
            env=BUFFERED,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (Exit.UNREAD, b"")


def test_what_goes_into_a_pipe_is_not_folded_and_has_no_blanks_at_its_ends(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "dateline", "show", "short", "--index", str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=REPOSITORY,
        env=os.environ | {"COLUMNS": "12"},
    )
    lines = ended.stdout.splitlines()
    assert "The trains stood still." in lines
    assert lines == [line.rstrip() for line in lines]
