"""The documentation says what the code does."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from api.formats import Format, formatted
from api.schemas import AnswerResponse
from dateline import open_archive
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import LocalArchive
from search.models.embedding import Embedder
from tests.commands import run_command

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
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


@pytest.fixture(scope="module")
def sample(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that `make` makes of `corpus/`."""
    folder = tmp_path_factory.mktemp("sample") / "archive"
    with LocalArchive.create(folder, embedder.card) as archive:
        index([REPOSITORY / "corpus"], archive, embedder, ReadOptions())
    return folder


@pytest.mark.model
def test_the_python_of_the_readme_answers(
    sample: Path,
    model_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATELINE_INDEX", str(sample))
    monkeypatch.setenv("DATELINE_CACHE", str(model_cache))
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - our own
    assert "missiles" in capsys.readouterr().out


EXPECTED = {
    "ask who will command Artemis II": "Reid Wiseman will command Artemis II",
    "ask when did the Key Bridge collapse --format markdown": "Francis Scott Key Bridge in Baltimore collapsed",
    "ask what will Russia do with the missiles --said-by Blinken --explain": "will likely use them within weeks",
    'search "Notre-Dame" --source "Harbour News" -k 5': "Notre-Dame",
    "timeline Artemis II launch": "Artemis II",
}
"""What whoever types a line of the README expects to see."""

ASKED = [
    line.split("#")[0].strip()
    for line in re.findall(r"^\$ dateline ((?:ask|search|timeline) .*)$", README, re.MULTILINE)
]


@pytest.mark.model
@pytest.mark.parametrize("line", [line for line in ASKED if "--batch" not in line and line != "ask"])
def test_a_line_of_the_readme_answers_as_is_expected(line: str, sample: Path, model_cache: Path) -> None:
    words = shlex.split(line)
    ended = run_command(*words, DATELINE_INDEX=str(sample), DATELINE_CACHE=str(model_cache))
    assert ended.returncode == 0, ended.stderr
    assert EXPECTED[line] in " ".join(ended.stdout.split())


@pytest.mark.model
def test_questions_of_a_file_are_answered_into_another_as_the_readme_says(
    sample: Path, model_cache: Path, tmp_path: Path
) -> None:
    line = next(line for line in ASKED if "--batch" in line)
    questions = tmp_path / "questions.csv"
    questions.write_text("question\nwho will command Artemis II\n", encoding="utf-8")
    words = [str(tmp_path / word) if word.endswith(".csv") else word for word in shlex.split(line)]
    assert run_command(*words, DATELINE_INDEX=str(sample), DATELINE_CACHE=str(model_cache)).returncode == 0
    assert "Reid Wiseman" in (tmp_path / "answers.csv").read_text(encoding="utf-8")


QUESTIONS = (
    "when will missiles be used?",
    "who will command Artemis II?",
    "how many people were killed in the earthquakes in Turkey and Syria?",
    "which countries sent rescuers?",
    "Did the Key Bridge collapse?",
    "When did the Key Bridge fall and how many people died?",
    "what did Blinken say about the missiles?",
    "who won the chess olympiad?",
    "when will Artemis II be launched?",
)
"""Of every kind: times, persons, figures, lists, yes or no, several in one, words, nothing found, what changed."""


@pytest.mark.long
@pytest.mark.model
def test_what_dateline_answers_is_verified_by_dateline(sample: Path, model_cache: Path) -> None:
    with open_archive(sample, cache=model_cache) as archive:
        for question in QUESTIONS:
            answer = AnswerResponse.of(archive.ask(question, 5))
            for form in (Format.JSON, Format.TEXT, Format.MARKDOWN):
                report = archive.verify(formatted(answer, form))
                failed = [one.located.claim for one in report.checked if not one.verification.verified]
                assert (failed, report.refused) == ([], ()), (question, form)
                assert report.checked or not answer.found


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
