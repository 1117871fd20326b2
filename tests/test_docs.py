"""The documentation says what the code does."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import LocalArchive
from search.models.embedding import Embedder

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def test_generated_pages_are_up_to_date() -> None:
    checked = subprocess.run(
        [sys.executable, "scripts/generate_docs.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.model
def test_the_python_of_the_readme_answers(
    embedder: Embedder,
    model_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATELINE_INDEX", str(tmp_path / "archive"))
    monkeypatch.setenv("DATELINE_CACHE", str(model_cache))
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        index([REPOSITORY / "corpus"], archive, embedder, ReadOptions())
    (program,) = re.findall(
        r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - our own
    assert "missiles" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_figure_is_left_to_fill_in(page: Path) -> None:
    assert not re.search(r"@[A-Z]+@", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_lock_of_servers_has_every_requirement_but_those_that_prepare_models() -> None:
    checked = subprocess.run(
        [sys.executable, "scripts/lock_server.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stderr
    lock = (REPOSITORY / "requirements" / "server.txt").read_text(encoding="utf-8")
    assert not re.search(r"^(torch|transformers|sentence-transformers|nvidia-.*)==", lock, re.MULTILINE)
    pin = r"^[a-z0-9-]+(?:\[[^]]*\])?==[^ ]+(?: ;[^\\]*)? \\\n    --hash=sha256:"
    pinned = re.findall(pin, lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==", lock, re.MULTILINE))


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", changes, re.MULTILINE)
    assert headings[0].partition(" ")[0] == project["version"]
    assert set(re.findall(r"^### (.*)$", changes, re.MULTILINE)) <= {"Added", "Changed", "Fixed"}
