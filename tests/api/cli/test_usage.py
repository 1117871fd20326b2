"""What is typed and piped; and a command line that cannot be read: JSON where it asks for JSON, else the usage."""

import io
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from api.cli.app import app
from api.cli.options import Form
from api.cli.streams import respond_to_each
from api.cli.terminal import Exit
from api.schemas.base import Shape
from search.errors import QueryError
from tests.commands import run_command, start_command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "--json"), "article_id"),
        (("--json", "ferry"), "--json"),
        (("search", "trams?", "--json", "--to", "31.12.2024"), "'31.12.2024' is no day. Write one as YYYY-MM-DD"),
        (("timeline", "trams", "--by", "decade", "--json"), "'decade' is not one of"),
        (("search", "trams", "-k", "many", "--json"), "a whole number is needed"),
        (("search", "trams", "-k", "0", "--json"), "a number from 1 up is needed"),
        (("eval", "--json"), "--json"),
        (("status", "--json", "--loud"), "No such option: --loud"),
        (("stauts", "--json"), "No such command 'stauts'"),
    ],
)
def test_wrong_usage_is_one_json_object_where_json_was_asked_for(words: tuple[str, ...], said: str) -> None:
    ended = run_command(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    told = json.loads(ended.stderr)
    assert told.keys() == {"error", "remedy"}
    assert said.lower() in told["error"].lower()
    assert "--help" in told["remedy"]


def test_without_json_the_usage_is_shown() -> None:
    for words in (("status", "--loud"), ("show", "--", "--json", "two")):
        ended = run_command(*words)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith("Usage: dateline ")


def test_the_version_is_printed() -> None:
    ended = start_command("--version")
    assert (ended.returncode, ended.stdout) == (0, f"dateline {version('dateline')}\n")


def _commands(command: Any, *words: str) -> list[tuple[str, ...]]:
    children = getattr(command, "commands", None)
    if not children:
        return [words]
    return [found for name, child in children.items() for found in _commands(child, *words, name)]


@pytest.mark.parametrize("words", _commands(typer.main.get_command(app)), ids=" ".join)
def test_the_help_of_every_command_has_an_example_of_it(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"}).stdout
    assert f"dateline {' '.join(words)}" in shown.split("Example: ")[1]


def test_the_commands_are_listed_in_groups() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    order = [
        "Ask",
        "ask",
        "search",
        "Check quotes",
        "verify",
        "Fill an archive",
        "index",
        "Care for",
        "doctor",
        "Serve",
    ]
    places = [shown.index(f"─ {name}" if name[0].isupper() else f"│ {name} ") for name in order]
    assert places == sorted(places)


def test_asking_without_a_question_where_nobody_can_be_asked_for_one_is_refused() -> None:
    ended = run_command("ask", "--json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert json.loads(ended.stderr)["error"] == "There is no question."
    assert "ask who won" in run_command("ask").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("who", "won", "--batch", "q.csv"), "both"),
        (("who", "won", "--output", "a.csv"), "--output"),
        (("who", "won", "--json", "--format", "csv"), "two forms"),
    ],
)
def test_what_contradicts_itself_is_refused(words: tuple[str, ...], said: str) -> None:
    ended = run_command("ask", *words)
    assert ended.returncode == Exit.USAGE
    assert said in ended.stderr


def test_a_file_in_the_place_of_an_archive_is_named_as_one(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("{}", encoding="utf-8")
    told = json.loads(run_command("status", "--index", str(file), "--json").stderr)
    assert told["error"] == f"{file} is a file, and an archive is a folder."


@pytest.fixture
def responses(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What is responded to words, and to what stands on standard input, in capitals."""

    def respond(*words: str, typed: str = "", as_json: bool = False) -> str:
        printed = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        monkeypatch.setattr(sys, "stdout", printed)

        def answer(question: str) -> Capitals:
            if not question.strip("?\n"):
                raise QueryError("The question is empty.")
            return Capitals(question=question.strip().upper())

        def render(console: Console, response: Capitals) -> None:
            console.print(f"-> {response.question}")

        respond_to_each(words, answer, render, Form.JSON if as_json else None)  # type: ignore[type-var]
        return printed.getvalue()

    return respond


class Capitals(Shape):
    """A question in capitals."""

    question: str


def test_words_without_quotation_marks_are_one_question(responses: Callable[..., str]) -> None:
    assert responses("who", "won", "the", "race?") == "-> WHO WON THE RACE?\n"
    assert responses("who won the race?") == "-> WHO WON THE RACE?\n"


def test_questions_from_standard_input_get_a_line_of_json_each(responses: Callable[..., str]) -> None:
    lines = responses("-", typed="who won?\n\nwho lost?", as_json=True).splitlines()
    assert [json.loads(line) for line in lines] == [{"question": "WHO WON?"}, {"question": "WHO LOST?"}]
    assert responses("who", "-", "won") == "-> WHO - WON\n"


def test_a_question_from_standard_input_that_cannot_be_asked_does_not_end_the_others(
    responses: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        responses("-", typed="who won?\n???\nwho lost?", as_json=True)
    assert ended.value.exit_code == Exit.SKIPPED
    assert json.loads(capsys.readouterr().err)["error"] == "Line 2: The question is empty."
    with pytest.raises(QueryError, match="no question on standard input"):
        responses("-", typed="\n")
