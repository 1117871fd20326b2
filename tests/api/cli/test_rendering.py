"""What the terminal shows of what it was given."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from api.cli.rendering import plain, print_table

IDS = ["dateline-2024-09-10-blinken-missiles", "tag:news.example,2024-06-10:dateline-wire:baltimore-channel"]


@pytest.mark.parametrize("text", ["ساخته می\u200cشود", "क्\u200dष", "👩\u200d🚀 flew", "plain"])
def test_joiners_that_make_letters_are_kept(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\nb", "a\u202eb", "a\u200bb"])
def test_what_controls_the_terminal_is_not(text: str) -> None:
    assert plain(text).isprintable()


def shown(width: int, least_width: int | None = None) -> str:
    table = Table("id", "value")
    for number, id_ in enumerate(IDS):
        table.add_row(id_, str(number))
    console = Console(file=io.StringIO(), width=width)
    print_table(console, table, least_width)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_table_is_shown_whole_at_any_width(width: int) -> None:
    text = shown(width)
    assert "…" not in text
    assert all(id_ in "".join(text.split()) or id_[: width // 2] in text for id_ in IDS)
    assert all(len(line) <= width for line in text.splitlines())


def test_a_table_that_fits_stays_one_and_one_that_may_be_folded_is() -> None:
    assert "│" in shown(200) or "┃" in shown(200)
    assert "│" not in shown(40)
    assert "│" in shown(60, 50) or "┃" in shown(60, 50)
