"""`dateline ask` as a prompt: one question after another, each read with those before it."""

import atexit
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.text import Text

from api.cli.answers import render_answer
from api.cli.rendering import plain
from api.cli.terminal import aside, output, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.schemas import AnswerResponse
    from search.asking.engine import Engine

_PROMPT = "? "
_REMEMBERED = 1_000
_ENDS = frozenset(("exit", "quit", "bye", ":q"))
_FORGETS = frozenset(("new", "clear", "reset"))
_HINT = (
    'Ask in plain words. "and when?" and "what did he say about it?" are read with the question before; '
    '"new" forgets it, Ctrl-D ends.'
)


class Answering(Protocol):
    """Answers a question, read with those before it and the short answer to the last of them."""

    def __call__(self, text: str, previous: "Sequence[str]", answered: str) -> "AnswerResponse":
        """Answer it."""


def converse(engine: "Engine", answer: Answering) -> None:
    """Ask for questions at the terminal and answer each, until there are no more."""
    with engine.archive.snapshot() as snapshot:
        facts = snapshot.facts
    covers = f", published {facts.first_published} to {facts.last_published}" if facts.first_published else ""
    aside(highlight=False).print(Text(f"{facts.articles:,} articles{covers}. {_HINT}", "dim"))
    remember_lines(history_file())
    respond(input, answer, output())


def respond(read: Callable[[str], str], answer: Answering, console: Console) -> None:
    """Answer what is read, line by line, until it ends.

    Args:
        read: Gives the next line that is typed behind a prompt; raises EOFError when there is none.
        answer: What to ask.
        console: Where answers are printed.
    """
    from search.errors import QueryError

    talk = Talk()
    while True:
        try:
            line = read(_PROMPT).strip()
        except EOFError:
            aside().print()
            return
        if line.casefold() in _ENDS:
            return
        if line.casefold() in _FORGETS:
            talk = Talk()
            aside().print(Text("What was asked before is forgotten.", "dim"))
            continue
        if not line:
            continue
        try:
            response = answer(talk.meant(line), talk.asked, talk.answered)
        except QueryError as error:
            tell(error.problem, error.remedy, as_json=False)
            continue
        console.print()
        render_answer(console, response)
        console.print()
        talk.note(response)


class Talk:
    """What was asked and answered so far.

    Attributes:
        asked: The questions as they were read, the last one last.
        answered: The short answer to the last one; empty when there was none.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answered = ""
        self._offered: Sequence[str] = ()

    def meant(self, line: str) -> str:
        """The reading that a number chooses of those that were offered; any other line as it is."""
        number = int(line) if line.isdecimal() and len(line) == 1 else 0
        return self._offered[number - 1] if 1 <= number <= len(self._offered) else line

    def note(self, response: "AnswerResponse") -> None:
        """Keep what the next question may hang on; one that could not be read is no part of that."""
        follow_up = response.follow_up
        self._offered = follow_up.possible if follow_up else ()
        if self._offered:
            return
        self.asked.append(response.question)
        marked = response.citations[0].answer if response.citations else None
        self.answered = plain(marked.words) if marked else ""


def history_file() -> Path:
    """Where the lines that were typed are kept for the next time."""
    from platformdirs import user_state_path

    return user_state_path("dateline", appauthor=False) / "history"


def remember_lines(file: Path) -> None:
    """Let lines be edited and called back, those of earlier times, too; nothing where the system cannot.

    The file can be read by its owner alone. That it cannot be read or written ends nothing.
    """
    try:
        import readline
    except ImportError:  # Windows
        return
    with contextlib.suppress(OSError):
        readline.read_history_file(file)

    def keep() -> None:
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            readline.set_history_length(_REMEMBERED)
            readline.write_history_file(file)

    atexit.register(keep)
