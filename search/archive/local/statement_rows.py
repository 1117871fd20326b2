"""Statements as rows of the database and back."""

from collections.abc import Sequence
from typing import Any

from search.statements import Speaker, Standing, Statement, folded_speaker


def is_stored(statement: Statement) -> bool:
    """Tell whether a statement says more than that the article asserts it."""
    return statement.speaker is not None or statement.standing is not Standing.ASSERTED


def statement_to_row(statement: Statement, place: int) -> tuple[Any, ...]:
    """Lay a statement, the one at a place among those of its article, out as the columns after `article`."""
    speaker = statement.speaker
    return (
        statement.start,
        statement.end,
        place,
        statement.standing.value,
        speaker.name if speaker else None,
        speaker.role if speaker else None,
        speaker.start if speaker else None,
        speaker.end if speaker else None,
        folded_speaker(speaker) if speaker else None,
    )


def statement_from_row(body: str, row: Sequence[Any]) -> Statement:
    """Read a statement of `body` from those columns."""
    start, end, _, standing, name, role, words_start, words_end, _ = row
    speaker = None
    if name is not None:
        speaker = Speaker(name, role, body[words_start:words_end], words_start, words_end)
    return Statement(Standing(standing), speaker, start, end)
