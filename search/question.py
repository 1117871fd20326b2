"""Reading a question."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from search.answer_type import AnswerType, expected_answer
from search.errors import QueryError
from search.question_time import TimeAsked, TimeConstraint, time_asked, time_constraint, wants_the_latest
from search.times.story import YEARS
from search.words import content_terms, tells


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: Unicode NFC, white space collapsed.
        terms: Its distinct telling index terms, in order.
        names: Those of them that are names or figures: capitalised inside the question, or with a digit.
        expected: The kind of answer it expects.
        time_asked: The kind of time it asks for; None when it asks for something else.
        constraint: The time it restricts itself to; None when it does not.
        latest: Whether it wants what was reported last rather than what fits best.
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    expected: AnswerType
    time_asked: TimeAsked | None
    constraint: TimeConstraint | None
    latest: bool

    @property
    def says_something(self) -> bool:
        """Whether it has a word that says what it is about."""
        return bool(self.names) or tells(self.text)


def read_question(text: str, *, as_of: date, longest: int) -> Question:
    """Read a question of at most `longest` characters, its relative times reckoned from `as_of`.

    Raises:
        QueryError: If it is empty or too long, or no times can be reckoned from that day.
    """
    readable = "".join(character if character.isprintable() else " " for character in text)
    normal = unicodedata.normalize("NFC", " ".join(readable.split()))
    if not any(character.isalnum() for character in normal):
        raise QueryError("The question is empty.", "Ask in plain words: when will missiles be used?")
    if len(normal) > longest:
        raise QueryError(
            f"The question has {len(normal)} characters, more than the {longest} allowed.", "Shorten it."
        )
    if as_of.year not in YEARS:
        raise QueryError(
            f"The question is asked as of {as_of}, and times are read from the year {YEARS[0]} to {YEARS[-1]}.",
            "Ask as of another day.",
        )
    return Question(
        text=normal,
        terms=(terms := tuple(content_terms(normal))),
        names=tuple(term for term in terms if term in _names(normal)),
        expected=expected_answer(normal),
        time_asked=time_asked(normal),
        constraint=time_constraint(normal, as_of),
        latest=wants_the_latest(normal),
    )


def _names(text: str) -> set[str]:
    words = re.findall(r"\S+", text)
    named = [
        word
        for place, word in enumerate(words)
        if any(character.isdigit() for character in word) or (place and word.strip("\"'“‘(")[:1].isupper())
    ]
    return {term for word in named for term in content_terms(word)}
