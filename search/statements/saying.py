"""Whether a statement is by somebody who was asked for."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from search.statements.statement import Speaker, Statement

_REMEMBERED = 4_096


@lru_cache(_REMEMBERED)
def folded(text: str) -> str:
    """Reduce text to words parted and surrounded by single spaces, letter case and accents gone.

    `folded(part) in folded(whole)` then tells whether `part` stands in `whole` as whole words.
    """
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    words = "".join(character if character.isalnum() else " " for character in bare.casefold()).split()
    return f" {' '.join(words)} "


def folded_speaker(speaker: Speaker) -> str:
    """Fold name and role into one text in which words of either, but not of both together, are found."""
    return folded(speaker.name) + "|" + folded(speaker.role or "")


def speaks(statement: Statement, said_by: Iterable[str]) -> bool:
    """Tell whether one of the given names or roles is the speaker's, in whole words, case and accents aside.

    Args:
        statement: With or without a speaker.
        said_by: Names, parts of names or roles: "blinken", "secretary of state".
    """
    if statement.speaker is None:
        return False
    spoken = folded_speaker(statement.speaker)
    return any(folded(name).strip() and folded(name) in spoken for name in said_by)
