"""The console entry: a foreign module in the way is named, not stumbled over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(program: list[str], foreign: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=foreign.parent,
        env=os.environ | {"PYTHONPATH": f"{foreign}{os.pathsep}{REPOSITORY}"},
    )


@pytest.mark.parametrize("module", ["search.py", "indexer/__init__.py", "api.py"])
def test_a_foreign_module_on_the_path_is_named_with_the_remedy(tmp_path: Path, module: str) -> None:
    file = tmp_path / "theirs" / module
    file.parent.mkdir(parents=True)
    file.write_text("raise SystemExit('imported')\n", encoding="utf-8")
    ended = run(["-m", "dateline", "--help"], tmp_path / "theirs")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"{file} stands before Dateline's own package")
    assert "Rename it" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_foreign_module_is_named_to_a_program_too(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    file = tmp_path / "theirs" / "search.py"
    file.write_text("raise SystemExit('imported')\n", encoding="utf-8")
    for program in ("from dateline import Filter", "import dateline; dateline.open_archive('nowhere')"):
        ended = run(["-c", program], tmp_path / "theirs")
        assert f"ImportError: {file} stands before Dateline's own package 'search'" in ended.stderr


def test_without_one_the_command_line_runs(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    ended = run(["-m", "dateline", "--help"], tmp_path / "theirs")
    assert ended.returncode == 0
    assert "Ask a news archive a question" in ended.stdout
