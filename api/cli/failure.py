"""The end of a command that cannot do what was asked: one message, one exit code, a JSON shape of its own."""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from itertools import takewhile
from typing import Self

import typer
from rich.text import Text

from api.cli.terminal import aside, drop_output


class Exit(IntEnum):
    """Exit codes of `dateline`, each with its meaning."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        """Make a code that knows its meaning."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    DONE = 0, 'Done; also when the archive does not have the answer: "not found" is a result.'
    SKIPPED = 1, "Some files or records could not be read; the rest was done."
    USAGE = 2, "The command, an option, a setting or the question is wrong."
    ARCHIVE = 3, "The archive is missing, busy, damaged, or made with another schema or model."
    MODEL = 4, "A model is missing or damaged."
    NO_ARTICLE = 5, "There is no article with this id."
    UNVERIFIED = 6, "A quote does not stand as given or its article was withdrawn, or there was nothing to check."
    NO_CITATION = 7, "There is no quote with this citation id, or no longer."
    UNSOUND = 8, "The archive was examined, and something is wrong with it."
    INTERRUPTED = 130, "Stopped by Ctrl-C; what was committed stays."
    UNREAD = 141, "Whoever read the output stopped reading it, as `head` does."
    TERMINATED = 143, "Stopped by SIGTERM; what was committed stays."


@contextmanager
def failing_clearly(*, as_json: bool) -> Iterator[None]:
    """Turn every error that Dateline raises on purpose into a message on standard error and an exit code."""
    from search.errors import DatelineError

    try:
        yield
    except DatelineError as error:
        tell(error.problem, error.remedy, as_json=as_json)
        raise typer.Exit(_exit_code(error)) from error
    except BrokenPipeError:
        drop_output()
        raise typer.Exit(Exit.UNREAD) from None
    except (sqlite3.DatabaseError, OSError) as error:
        tell(f"A file cannot be read or written: {error}.", as_json=as_json)
        raise typer.Exit(Exit.ARCHIVE) from error
    except KeyboardInterrupt:
        if as_json:
            tell("Interrupted; what was committed stays.", as_json=True)
        else:
            aside().print("Interrupted; what was committed stays.", style="yellow")
        raise typer.Exit(Exit.INTERRUPTED) from None


WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[1]  # typer's own name for it is private
"""What typer raises for a command line that cannot be read: an unknown command or option, a value that is none."""


def asks_for_json(words: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON, wherever it does so; it need not be one that can be read."""
    return "--json" in takewhile(lambda word: word != "--", words)


def tell_wrong_usage(error: Exception) -> None:
    """Tell as JSON on standard error what was wrong with a command line."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "dateline"
    problem = str(getattr(error, "format_message", lambda: str(error))())
    for pattern, words in _IN_PLAIN_WORDS:
        problem = pattern.sub(words, problem)
    tell(problem, f"{command} --help shows how it is used.", as_json=True)


_IN_PLAIN_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Value error, ", ""),
        (r"Input should be a valid (?:integer|number).*", "a whole number is needed."),
        (r"Input should be greater than or equal to (\d+)", r"a number from \1 up is needed."),
        (r"(\S+) is not in the range x>=(\d+)", r"a number from \2 up is needed."),
        (r"Input should be (.*)", r"it must be \1."),
        (r"(\S+) is not a valid (?:integer|int)\b", "a whole number is needed"),
    )
)
"""What the parser of options says of values, and the same in the words of who typed them."""


def tell(problem: str, remedy: str = "", *, as_json: bool) -> None:
    """Tell on standard error what was wrong; names of files and ids in it are untrusted."""
    from api.cli.rendering import plain

    if as_json:
        sys.stderr.write(json.dumps({"error": problem, "remedy": remedy}) + "\n")
        return
    console = aside(highlight=False)
    console.print(Text("Error: ", "bold red") + Text(plain(problem), "default"))
    if remedy:
        console.print(Text(plain(remedy), "dim"))


def _exit_code(error: Exception) -> Exit:
    from search.errors import (
        ArchiveError,
        ArticleNotFoundError,
        CitationNotFoundError,
        ModelError,
    )

    match error:
        case ArchiveError():
            return Exit.ARCHIVE
        case ModelError():
            return Exit.MODEL
        case ArticleNotFoundError():
            return Exit.NO_ARTICLE
        case CitationNotFoundError():
            return Exit.NO_CITATION
        case _:
            return Exit.USAGE
