"""Following a folder from the command line."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.app import app
from api.cli.terminal import Exit
from search.archive import LocalArchive
from tests.looking import ids_in

REPORT = "Report {0}\n\nThe mayor of town {0} said on Monday that the harbour is open again.\n"


def command(folder: Path, index: Path, *options: str) -> list[str]:
    main = "from api.cli import main; main()"
    return [sys.executable, "-c", main, "watch", str(folder), "--index", str(index), "--json", *options]


@pytest.mark.model
def test_what_comes_into_a_folder_is_indexed_until_the_command_is_stopped(
    tmp_path: Path, model_cache: Path
) -> None:
    inbox, index = tmp_path / "inbox", tmp_path / "archive"
    inbox.mkdir()
    (inbox / "1.txt").write_text(REPORT.format(1), encoding="utf-8")
    environment = os.environ | {"DATELINE_CACHE": str(model_cache)}
    with subprocess.Popen(
        command(inbox, index, "--every", "1"), env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["added"] == 1
        (inbox / "2.txt").write_text(REPORT.format(2), encoding="utf-8")
        assert json.loads(process.stdout.readline())["added"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 143
    with LocalArchive.open(index) as archive:
        assert len(ids_in(archive)) == 2


@pytest.mark.model
def test_looking_once_says_what_cannot_be_read(tmp_path: Path, model_cache: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "bad.json").write_text("{", encoding="utf-8")
    environment = os.environ | {"DATELINE_CACHE": str(model_cache)}
    arguments = command(tmp_path / "inbox", tmp_path / "archive", "--once")
    ended = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "bad.json" in json.loads(ended.stdout)["skipped"][0]["origin"]


def test_what_is_done_to_tables_alone_is_refused_of_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    address, runner = f"lance://{tmp_path / 'archive'}", CliRunner()
    refused = runner.invoke(app, ["upgrade", "--index", address])
    assert refused.exit_code != Exit.DONE
    assert "is no folder" in refused.output
    assert not (tmp_path / "archive").exists()
    refused = runner.invoke(app, ["upkeep", "--index", str(tmp_path / "folder")])
    assert refused.exit_code != Exit.DONE
    assert "only Lance tables are kept up by hand" in " ".join(refused.output.split())


def test_inspect_shows_what_a_file_would_become_and_indexes_nothing(tmp_path: Path) -> None:
    lines = '{"id": "a", "headline": "URGENT: Ferry sails", "date": "2024-03-04", "text": "It sails."}\n{}\n'
    file = tmp_path / "a.jsonl"
    file.write_text(lines, encoding="utf-8")
    runner = CliRunner()
    shown = runner.invoke(app, ["inspect", str(file)])
    assert shown.exit_code == Exit.SKIPPED
    assert "Ferry sails" in shown.stdout
    assert "2024-03-04 (JSON: date)" in shown.stdout
    plain = json.loads(runner.invoke(app, ["inspect", str(file), "--json"]).stdout)
    assert [(one["headline"], one["label"]) for one in plain["articles"]] == [("Ferry sails", "URGENT")]
    assert len(plain["skipped"]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl"]
