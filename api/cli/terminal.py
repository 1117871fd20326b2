"""The terminal: answers on standard output, all else on standard error, and how a command ends.

A command that cannot do what was asked says so in one message, a JSON shape of its own where JSON was asked for,
and has an exit code; signals stop one between two of its steps.
"""

import errno
import json
import logging
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from itertools import takewhile
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from indexer.progress import Progress as IndexProgress


_UNFOLDED = 10_000
"""Columns where nobody looks at them: longer than any line of an answer."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHELL_ADDS = 128
WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[1]  # typer's own name for it is private
"""What typer raises for a command line that cannot be read: an unknown command or option, a value that is none."""

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


class _Output(Console):
    """A console that says when nobody reads it any more, instead of ending the process itself.

    What goes into a pipe or a file is plain: lines are not folded and have no blanks at their ends, so that a
    quote can be found and pasted.
    """

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as `rich` does on a terminal, and plain lines elsewhere."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **options)
        self.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))

    def on_broken_pipe(self) -> None:
        """Raise what was caught again; it ends the command as it does when JSON is written."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def output() -> Console:
    """Where answers are printed for people."""
    return _Output() if sys.stdout.isatty() else _Output(width=_UNFOLDED)


def aside(*, highlight: bool = True) -> Console:
    """Where everything is said that is not the answer."""
    return _Output(stderr=True, highlight=highlight, width=None if sys.stderr.isatty() else _UNFOLDED)


@contextmanager
def ending_quietly(code: int) -> Iterator[None]:
    """End the process with `code`, and nothing said, once nobody reads its output (as with `| head -1`)."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # or Python would do so at its very end, and complain
    except BrokenPipeError:
        drop_output()
        sys.exit(code)


def drop_output() -> None:
    """Let whatever is still written to standard output go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def show_notices() -> None:
    """Show the warnings of `search` and `indexer` to whoever sits at the terminal."""
    for name in ("search", "indexer"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _Notices) for handler in logger.handlers):
            logger.addHandler(_Notices(logging.WARNING))
            logger.propagate = False


class _Notices(logging.Handler):
    """Prints messages; names of files in them are untrusted."""

    def emit(self, record: logging.LogRecord) -> None:
        from api.cli.rendering import plain

        console = aside(highlight=False)
        console.print(Text("Notice: ", "yellow") + Text(plain(record.getMessage()), "default"))


class Stop:
    """Whether the command was asked to stop, and by what.

    Attributes:
        signal: The first signal that asked; None while none has.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """What the command ends with: 128 and the signal's number, as shells have it."""
        return _SHELL_ADDS + self.signal if self.signal is not None else 0


@contextmanager
def stoppable(doing: str) -> Iterator[Stop]:
    """Let the first signal only ask to stop; the second ends the command at once, as without this."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def ask(number: int, _: FrameType | None) -> None:
        stop.signal = signal.Signals(number)
        for each in _SIGNALS:
            signal.signal(each, before[each])
        aside().print(f"Stopping: {doing} is finished first. Once more to stop at once.", style="yellow")

    # What was ignored when the command began (nohup, a background job of a script) stays so.
    for number in _SIGNALS:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number in _SIGNALS:
            signal.signal(number, before[number])


def reporter(console: Console) -> Callable[[str], None]:
    """Print what takes long, line by line."""
    return lambda message: console.print(message, style="dim", highlight=False)


@contextmanager
def progress_bar(console: Console, unit: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a bar with the rate and the time left.

    Yields:
        A function to call with what is being done, how many units are done, and of how many (None: unknown).
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("starting", total=None, rate="")

        def show(description: str, done: int, total: int | None) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} {unit}/s" if speed else ""
            bar.update(task, description=description, completed=done, total=total, rate=rate)

        yield show


@contextmanager
def indexing_bar(console: Console) -> Iterator[Callable[["IndexProgress"], None]]:
    """Show how far an indexing run is, all of it in one bar; yields what the pipeline reports to.

    The bar goes by passages, which take the time; told are articles, which people count.
    """
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    began = time.monotonic()
    columns = (
        *(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None, told="")

        def show_indexing(progress: "IndexProgress") -> None:
            if progress.articles_expected:
                rate = progress.articles / max(time.monotonic() - began, 1.0)
                about = "" if progress.files == progress.files_found else "about "
                told = f"{progress.articles:,} of {about}{progress.articles_expected:,} articles, {rate:.0f}/s"
                if progress.workers:
                    told += f", {progress.workers:,} workers on {progress.nodes:,} machines"
                bar.update(task, description="indexing", completed=progress.share, total=1.0, told=told)
            else:
                told = f"file {progress.files + 1:,} of {progress.files_found:,}"
                bar.update(task, description="reading", told=told)

        yield show_indexing


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
    CLUSTER = 9, "The cluster cannot do its share; what was committed and what was staged stays."
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
        ClusterError,
        ModelError,
    )

    match error:
        case ArchiveError():
            return Exit.ARCHIVE
        case ClusterError():
            return Exit.CLUSTER
        case ModelError():
            return Exit.MODEL
        case ArticleNotFoundError():
            return Exit.NO_ARTICLE
        case CitationNotFoundError():
            return Exit.NO_CITATION
        case _:
            return Exit.USAGE
