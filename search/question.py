"""Reading a question."""

import unicodedata
from dataclasses import dataclass

from search.errors import QueryError
from search.words import content_terms


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: Unicode NFC, white space collapsed.
        terms: Its distinct telling index terms, in order.
    """

    text: str
    terms: tuple[str, ...]


def read_question(text: str, *, longest: int) -> Question:
    """Read a question of at most `longest` characters.

    Raises:
        QueryError: If it is empty or too long.
    """
    readable = "".join(character if character.isprintable() else " " for character in text)
    normal = unicodedata.normalize("NFC", " ".join(readable.split()))
    if not any(character.isalnum() for character in normal):
        raise QueryError("The question is empty.", "Ask in plain words: when will missiles be used?")
    if len(normal) > longest:
        raise QueryError(
            f"The question has {len(normal)} characters, more than the {longest} allowed.", "Shorten it."
        )
    return Question(normal, tuple(content_terms(normal)))
