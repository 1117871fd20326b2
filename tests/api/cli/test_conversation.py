"""The prompt of `dateline ask`: what is typed at it, and what comes back."""

import io
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from api.cli.conversation import remember_lines, respond
from api.schemas import AnswerResponse
from search.archive import Archive
from search.asking.engine import Engine
from search.settings import Settings
from tests.fakes import HashEmbedder


@pytest.fixture
def talk(news_archive: Archive, hash_embedder: HashEmbedder) -> Callable[..., str]:
    """Type lines at a prompt; gives what is printed."""
    engine = Engine(news_archive, hash_embedder, Settings.load())

    def answer(text: str, previous: list[str], answered: str) -> AnswerResponse:
        return AnswerResponse.of(engine.ask(text, previous=previous, answered=answered))

    def typed(*lines: str) -> str:
        given = iter(lines)
        console = Console(file=io.StringIO(), width=200)

        def read(_: str) -> str:
            try:
                return next(given)
            except StopIteration:
                raise EOFError from None

        respond(read, answer, console)
        return console.file.getvalue()  # type: ignore[attr-defined]

    return typed


def test_a_question_is_read_with_the_one_before_and_that_is_told(talk: Callable[..., str]) -> None:
    printed = talk("What did Blinken say about the missiles?", "", "and when will Russia use them?")
    assert "read as: When will Russia use the missiles?" in printed
    assert "within weeks" in printed.split("read as:")[1]


def test_what_may_mean_two_things_is_asked_back_and_a_number_chooses(talk: Callable[..., str]) -> None:
    lines = ("When did Russia give missiles to Sweden?", "and Iran?")
    asked = talk(*lines)
    assert 'What is meant by "Iran"?' in asked
    assert "1. When did Iran give missiles to Sweden?" in asked
    assert "2. When did Russia give missiles to Iran?" in asked
    assert "read as" not in talk(*lines, "2").split("2. When did Russia")[1]


def test_new_forgets_and_a_word_ends(talk: Callable[..., str]) -> None:
    first = "What did Blinken say about the missiles?"
    assert "read as" not in talk(first, "new", "and when will Russia use them?")
    assert "within weeks" not in talk("quit", "When will Russia use the missiles?")


def test_a_question_that_cannot_be_asked_does_not_end_the_talk(
    talk: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "within weeks" in talk("???", "When will Russia use the missiles?")
    assert "The question is empty." in capsys.readouterr().err


def test_what_was_typed_is_kept_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Callable[[], None]] = []
    monkeypatch.setattr("atexit.register", kept.append)
    file = tmp_path / "state" / "history"
    remember_lines(file)
    kept[0]()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    file.mkdir()
    remember_lines(file)
    kept[1]()
