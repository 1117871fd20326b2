"""Written answers as people read them in a terminal: below the quotes, and marked as a model's."""

from contextlib import nullcontext
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.answers import render_answer
from api.cli.rendering import plain
from api.cli.terminal import aside

if TYPE_CHECKING:
    from api.schemas import AnswerResponse
    from api.schemas.writing import WrittenOut
    from api.writing.writer import Writer
    from search.asking.results import Answer


class Wording:
    """Has answers worded that are printed for people: the quotes at once, the model's words once it is done."""

    def __init__(self, writer: "Writer") -> None:
        """Take who writes; nothing is asked of it yet."""
        self._writer = writer
        self._answer: Answer | None = None

    def respond(self, answer: "Answer") -> "AnswerResponse":
        """Shape an answer, which is the next to be printed."""
        from api.schemas import AnswerResponse

        self._answer = answer
        return AnswerResponse.of(answer)

    def render(self, console: Console, response: "AnswerResponse") -> None:
        """Print an answer, and then what a model makes of it."""
        from api.schemas.writing import WrittenOut

        render_answer(console, response)
        if self._answer is None or not response.found:
            return
        waiting = aside()
        with waiting.status("A language model is writing ...") if waiting.is_terminal else nullcontext():
            written = self._writer.written(self._answer)
        _say_written(console, WrittenOut.model_validate(written))


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
