"""Reading a question."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from search.asking.answer_type import AnswerType, expected_answer
from search.asking.question_time import (
    Side,
    TimeAsked,
    TimeConstraint,
    side_asked,
    time_asked,
    time_constraint,
    wants_the_latest,
)
from search.english.terms import STOP_WORDS, content_terms
from search.errors import QueryError
from search.times.story import YEARS

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTENED = re.compile(r"['’](?:s|m|d|ll|re|ve|t)\Z")
_ASKS_FOR = re.compile(
    r"\bhow\s+(?:many|much|long|often|old|far|soon|big|large|high|late|early|likely|come)\b"
    r"|\b(?:what|which)\s+(?:time|day|date|week|month|year|kind|sort|type)s?\b"
    r"|\b(?:please|exactly)\b",
    re.IGNORECASE,
)
"""What a question says about the kind of its answer, and not about what it is on."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: Unicode NFC, white space collapsed.
        terms: Its distinct telling index terms, in order.
        names: Those of them that are names or figures: capitalised inside the question, or with a digit.
        expected: The kind of answer it expects.
        time_asked: The kind of time it asks for; None when it asks for something else.
        side: On which side of the day of a report that time lies; None when either will do, or none is asked for.
        constraint: The time it restricts itself to; None when it does not.
        latest: Whether it wants what was reported last rather than what fits best.
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    expected: AnswerType
    time_asked: TimeAsked | None
    side: Side | None
    constraint: TimeConstraint | None
    latest: bool

    @property
    def says_something(self) -> bool:
        """Whether it has a word that says what it is about."""
        return bool(self.names or self.telling_words)

    @property
    def telling_words(self) -> list[str]:
        """Its words that say what it is about, as it has them; none that only ask."""
        words = _WORD.findall(_ASKS_FOR.sub(" ", self.text))
        return [word for word in words if word == "US" or not _is_function_word(word)]


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
        time_asked=(asked := time_asked(normal)),
        side=side_asked(normal) if asked else None,
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


def _is_function_word(word: str) -> bool:
    """Tell whether a word, or what it is short for, stands in any question: "when", "What's", "didn't"."""
    bare = _SHORTENED.sub("", word.casefold())
    return bare in STOP_WORDS or (bare != word.casefold() and bare.removesuffix("n") in STOP_WORDS)
