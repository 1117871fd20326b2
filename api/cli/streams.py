"""Questions as they come in, from words, standard input or a file, and responses as they go out."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer
from rich.text import Text

from api.cli.options import Form
from api.cli.terminal import Exit, aside, output, progress_bar, tell

if TYPE_CHECKING:
    from typing import TypeVar

    from rich.console import Console

    from api.schemas import AnswerResponse, SearchResponse, TimelineResponse

    Response = TypeVar("Response", AnswerResponse, SearchResponse, TimelineResponse)

_MOST_BYTES = 64 * 1024 * 1024
_OUTPUTS = {".csv": Form.CSV, ".jsonl": Form.JSON}


def chosen_form(form: Form | None, *, as_json: bool) -> Form | None:
    """The form that `--format` and `--json` ask for together; None for that of the terminal.

    Raises:
        QueryError: If they ask for two.
    """
    from search.errors import QueryError

    if as_json and form not in {None, Form.JSON}:
        raise QueryError(f"--json and --format {form} ask for two forms.", "Give one of them.")
    return Form.JSON if as_json else form


def respond_to_each(
    words: Sequence[str],
    respond: "Callable[[str], Response]",
    render: "Callable[[Console, Response], None]",
    form: Form | None,
) -> None:
    """Respond to the question that words make together or, where they are "-", to each line of standard input.

    Questions from standard input are told before what is printed for people, and get a line of JSON each. One that
    cannot be asked is told on standard error, and the others are responded to.

    Args:
        words: As they were typed.
        respond: What to ask.
        render: Prints a response for people.
        form: What responses are written as; None for people at a terminal.

    Raises:
        QueryError: If the question cannot be asked, or standard input has none.
        typer.Exit: With `Exit.SKIPPED`, at the end, if one from standard input could not be.
    """
    if list(words) != ["-"]:
        response = respond(" ".join(words))
        if form is None:
            render(output(), response)
        else:
            from api.formats import Format, formatted

            sys.stdout.write(formatted(response, Format(form.value)))
        return
    lines = ((f"Line {number}", line) for number, line in enumerate(sys.stdin, start=1) if line.strip())
    written = _Written(sys.stdout, form, render)
    if not _respond(lines, respond, written):
        from search.errors import QueryError

        raise QueryError("There is no question on standard input.", "Give one a line.")


def respond_to_batch(
    batch: Path,
    target: Path | None,
    respond: "Callable[[str], Response]",
    render: "Callable[[Console, Response], None]",
    form: Form | None,
) -> None:
    """Respond to the questions of a file, into another file or on standard output.

    Args:
        batch: Where they stand: see `questions_of`.
        target: Where responses go, CSV or JSON Lines by its ending, a new file; None for standard output.
        respond: What to ask.
        render: Prints a response for people.
        form: What responses are written as; None for what the target's name says, or for people.

    Raises:
        InputError: If there is no such file, it has no questions, or the target is there already.
        QueryError: If the target does not say what to write.
        typer.Exit: With `Exit.SKIPPED`, at the end, if a question could not be asked.
    """
    from search.errors import InputError

    questions = list(questions_of(batch))
    if not questions:  # told before the target is made
        raise InputError(
            f"{batch} has no question.", "Give one a line, or a CSV file with a column called question."
        )
    if target is None:
        _respond(iter(questions), respond, _Written(sys.stdout, form, render))
        return
    form = _form_of(target, form)
    with _new(target) as stream, progress_bar(aside(), "questions") as show:
        written = _Written(stream, form, render)
        counted = _counting(questions, lambda done: show("asking", done, len(questions)))
        _respond(counted, respond, written)
    aside().print(Text(f"{len(questions)} questions answered in {target}", "dim"))


def questions_of(file: Path) -> Iterator[tuple[str, str]]:
    """Read the questions of a file.

    Each comes with the place where it stands. CSV files have them in the column `question` (or `q`), or else in
    their only one; of JSON Lines each is a text or an object with `question` (or `q`); others have one a line.

    Raises:
        InputError: If it cannot be read, or a CSV file has several columns and none of that name.
    """
    text = _text(file)
    suffix = file.suffix.casefold()
    if suffix in {".csv", ".tsv"}:
        yield from _questions_of_table(file, text, "\t" if suffix == ".tsv" else ",")
    elif suffix in {".jsonl", ".ndjson"}:
        yield from _questions_of_lines(file, text)
    else:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield f"{file}, line {number}", line.strip()


def _questions_of_table(file: Path, text: str, delimiter: str) -> Iterator[tuple[str, str]]:
    from search.errors import InputError

    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = next(rows, [])
        names = [name.strip().casefold() for name in head]
        column = next((names.index(name) for name in ("question", "q") if name in names), None)
        if column is None and len(names) > 1:
            raise InputError(
                f"{file} has the columns {', '.join(head)}, and none is called question.",
                "Name one of them question.",
            )
        if column is None and any(head):
            yield f"{file}, line 1", head[0]
        for row in rows:
            if len(row) > (column or 0) and row[column or 0].strip():
                yield f"{file}, line {rows.line_num}", row[column or 0]
    except csv.Error as error:
        raise InputError(f"{file}, line {rows.line_num}, is no CSV: {error}.") from error


def _questions_of_lines(file: Path, text: str) -> Iterator[tuple[str, str]]:
    from search.errors import InputError

    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{file}, line {number}, is not JSON.") from error
        question = value.get("question", value.get("q")) if isinstance(value, dict) else value
        if not isinstance(question, str):
            raise InputError(
                f"{file}, line {number}, has no question.", 'Each line is a text, or an object with "question".'
            )
        yield f"{file}, line {number}", question


def _text(file: Path) -> str:
    from search.errors import InputError

    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > _MOST_BYTES:
        raise InputError(f"{file} has more than {_MOST_BYTES} bytes.", "Ask in parts.")
    return decoded(content, str(file))


def decoded(content: bytes, name: str) -> str:
    """Decode what came in as UTF-8, with a byte order mark or without.

    Raises:
        InputError: If it is not UTF-8, said with the name of where it came from.
    """
    from search.errors import InputError

    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8: byte {error.start} cannot be read.", "Convert it to UTF-8."
        ) from error


def _form_of(target: Path, form: Form | None) -> Form:
    from search.errors import QueryError

    named = _OUTPUTS.get(target.suffix.casefold())
    if form or named:
        return form or _OUTPUTS[target.suffix.casefold()]
    raise QueryError(f"{target} does not say what to write.", "Call it .csv or .jsonl, or give --format.")


def _new(target: Path) -> IO[str]:
    from search.errors import InputError

    try:
        return target.open("x", encoding="utf-8", newline="")
    except FileExistsError as error:
        raise InputError(f"{target} is there already.", "Name another file, or remove it.") from error
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error


def _counting(questions: Sequence[tuple[str, str]], show: Callable[[int], None]) -> Iterator[tuple[str, str]]:
    for done, question in enumerate(questions):
        show(done)
        yield question
    show(len(questions))


def _respond(
    questions: Iterator[tuple[str, str]],
    respond: "Callable[[str], Response]",
    written: "_Written",
) -> int:
    """Respond to each question that can be asked; returns how many there were.

    Raises:
        typer.Exit: With `Exit.SKIPPED`, at the end, if one could not be.
    """
    from search.errors import QueryError

    asked = failed = 0
    for where, question in questions:
        asked += 1
        try:
            response = respond(question)
        except QueryError as error:
            failed += 1
            tell(f"{where}: {error.problem}", error.remedy, as_json=written.form is Form.JSON)
            continue
        written.write(response)
    if failed:
        raise typer.Exit(Exit.SKIPPED)
    return asked


@dataclass(slots=True)
class _Written:
    """Writes responses one after another, each at once.

    Attributes:
        stream: Where to.
        form: As what; None for people.
        render: Prints one for people.
        begun: Whether one was written.
    """

    stream: IO[str]
    form: Form | None
    render: "Callable[[Console, Any], None]"
    begun: bool = False

    def write(self, response: "AnswerResponse | SearchResponse | TimelineResponse") -> None:
        """Write one response: JSON as a line of its own, tables with one head for all."""
        from api.formats import Format, formatted, table

        match self.form:
            case None:
                output().print(Text(f"{response.question}\n", "bold cyan"))
                self.render(output(), response)
            case Form.JSON:
                self.stream.write(response.to_json() + "\n")
            case Form.CSV:
                self.stream.write(table([response], header=not self.begun))
            case form:
                between = "\n" if self.begun else ""
                self.stream.write(between + formatted(response, Format(form.value)))
        self.begun = True
        self.stream.flush()
