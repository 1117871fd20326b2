"""What is measured from the command line, without an archive."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app

TEXT = "Ana Souza said the ferry was late."
LINE = {
    "_id": "a",
    "text": TEXT,
    "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, len(TEXT) - 1]]}],
}


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "marked.jsonl"
    path.write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    return path


def test_speakers_are_measured_as_json(marked: Path) -> None:
    ended = CliRunner().invoke(app, ["eval", "speakers", str(marked), "--json"])
    assert ended.exit_code == 0
    report = json.loads(ended.stdout)
    assert (report["set"], report["texts"], report["named"], report["statements"]) == ("marked.jsonl", 1, 1, 1)
    assert set(report["measures"]) == {"precision", "recall", "F1", "spurious"}
    assert report["measures"]["recall"]["value"] == 1.0


def test_speakers_are_measured_as_a_table(marked: Path) -> None:
    ended = CliRunner().invoke(app, ["eval", "speakers", str(marked), "--half", "odd"])
    assert ended.exit_code == 0
    assert "spurious" in ended.stdout


def test_a_line_without_a_text_is_one_json_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"attributions": []}\n', encoding="utf-8")
    ended = CliRunner().invoke(app, ["eval", "speakers", str(path), "--json"])
    assert ended.exit_code != 0
    assert "line 1" in json.loads(ended.stderr)["error"]
