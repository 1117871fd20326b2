"""Written answers as people read them in a terminal: below the quotes, and marked as a model's."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.answers import render_answer
from api.cli.rendering import plain

if TYPE_CHECKING:
    from api.schemas import AnswerResponse
    from api.schemas.writing import WrittenOut


def render_written_answer(console: Console, answer: "AnswerResponse") -> None:
    """Print an answer and, where a model was asked to write, what it wrote below."""
    render_answer(console, answer)
    # Its class is not asked for: that would load what writes for every answer.
    written: WrittenOut | None = getattr(answer, "written", None)
    if answer.found and written is not None:
        _say_written(console, written)


def _say_written(console: Console, written: "WrittenOut") -> None:
    name = plain(written.model) or "a language model"
    if not written.sentences:
        console.print(Text(f"Nothing was written by {name}: {plain(written.reason)}", "dim"))
        return
    console.print(Text(f"Written by {name} from the quotes above, and checked against them:", "dim"))
    for sentence in written.sentences:
        numbers = "".join(f"[{number}]" for number in sentence.citations)
        console.print(Padding(Text(f"{plain(sentence.text)} ") + Text(numbers, "cyan"), (0, 0, 0, 3)))
    if written.dropped:
        told = ", ".join(f"{count} {rule.value}" for rule, count in written.dropped.items())
        console.print(Text(f"Left out, because the quotes do not bear it out: {told}", "dim"))
