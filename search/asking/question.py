"""Questions: the kind of answer that one expects, its terms and its names."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.asking.question_time import (
    Side,
    TimeAsked,
    TimeConstraint,
    side_asked,
    time_asked,
    time_constraint,
    without_frame,
)
from search.asking.shapes import QuestionShape, shape_of
from search.english.recency import wants_the_latest
from search.english.table import any_word_of
from search.english.terms import STOP_WORDS, content_terms
from search.english.word_forms import framing_words
from search.errors import QueryError
from search.times.story import YEARS


class AnswerType(StrEnum):
    """What kind of thing answers a question."""

    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    REASON = "reason"
    STATEMENT = "statement"
    OTHER = "other"

    @property
    def phrase(self) -> str:
        """The kind in words, with its article: "a sum of money"."""
        return _PHRASES.get(self, f"a {self.value}")

    @property
    def is_figure(self) -> bool:
        """Whether the answer is a figure."""
        return self in {AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENTAGE}


_PHRASES = {AnswerType.MONEY: "a sum of money", AnswerType.OTHER: "an answer of any kind"}

_LEAD_IN = r"(?:\W*(?:and|but|so|then|also|in|on|at|of|to|for|from|by|with|under|into|about)\s+)*"
_PEOPLE, _PLACES, _MEASURES, _COUNTRIES, _SUMS, _SHARES = (
    f"(?:{any_word_of('expected', kind)})" for kind in ("person", "place", "measure", "country", "sum", "share")
)
_MONEY_WORDS = re.compile(rf"\b(?:{any_word_of('expected', 'money')})\b", re.IGNORECASE)
_AUXILIARY = f"(?:{any_word_of('function_words', 'do', 'have', 'be')})"
_STATED = (
    rf"(?:what {_AUXILIARY}\b.*\b(?:{any_word_of('saying', 'statement asked for')})\b"
    rf"|how {_AUXILIARY}\b.*\b(?:{any_word_of('saying', 'manner asked for')})\b)"
)
_NO_VERB = rf"(?:(?!(?:{any_word_of('function_words', 'be', 'do', 'have', 'modal')})\b)[\w'’-]+ )"
"""A word before the noun that is asked for: "what did the doctor do" asks for no doctor."""
_BE = f"(?:{any_word_of('function_words', 'be')})"
_NAMED = (
    rf"what {_BE} (?:the )?(?:names? of {_NO_VERB}{{0,3}}{_PEOPLE}\b"
    rf"|{_NO_VERB}{{0,3}}{_PEOPLE}(?:['’]s?)? names?\b)"
)
_PLACED = (
    rf"(?:which|what) {_NO_VERB}{{0,2}}{_PLACES}\b"
    rf"|what {_BE} (?:the|an?|one|\w+['’]s) (?:name of the )?"
    rf"(?:(?!(?:of|in|for|to|as|by|on)\b){_NO_VERB}){{0,3}}{_PLACES}"
    r"(?=\W*\Z|\W+(?:in|of|to|on|from|that|which|where|near|with)\b)"
)
_MEASURED = (
    r"(?:how (?:long|many|big|large|tall|high|far|fast|old|deep|heavy|wide|hot|cold|strong|often|small)\b"
    rf"|(?:what|which)(?:['’]s)? (?:was |is |were |are )?(?:the )?(?:[\w-]+ ){{0,2}}?{_MEASURES}\b"
    rf"|what(?:['’]s| was| is| were| are) the (?:(?!(?:of|in|for|to|as|by|on)\b)[\w-]+ ){{0,4}}?{_MEASURES}\b)"
)
_REASONED = (
    r"(?:why\b|how come\b|for what (?:reason|purpose)\b|what (?:reason|cause|motive)\b"
    r"|what (?:has |had )?(?:caused?|led|prompted|triggered|sparked|drove|forced)\b)"
)
_ASKED = tuple(
    (expected, re.compile(_LEAD_IN + pattern, re.IGNORECASE))
    for expected, pattern in (
        (AnswerType.STATEMENT, _STATED),
        (AnswerType.PERCENTAGE, r"(?:what|which) (?:\w+ )?(?:percentage|percent|share|proportion|rate)\b"),
        (AnswerType.PERCENTAGE, rf"what {_BE} (?:the )?{_NO_VERB}{{0,3}}{_SHARES}\b"),
        (AnswerType.PERCENTAGE, r"how much\b.*\b(?:percent|per cent|percentage)\b"),
        (AnswerType.NUMBER, _MEASURED),
        (AnswerType.MONEY, r"(?:how much|what (?:price|sum|ransom|fee|salary|amount))\b"),
        (AnswerType.REASON, _REASONED),
        (AnswerType.PERSON, rf"(?:who(?:m|se)?\b|(?:which|what) {_NO_VERB}{{0,3}}{_PEOPLE}\b|{_NAMED})"),
        (AnswerType.PLACE, rf"(?:where\b|{_PLACED})"),
        (AnswerType.MONEY, rf"what\b.*\b(?:cost|worth)\b|what {_BE} (?:the |an? )?{_NO_VERB}{{0,3}}{_SUMS}\b"),
    )
)
_COUNTRY_ASKED = re.compile(rf"{_LEAD_IN}(?:which|what) {_NO_VERB}{{0,2}}{_COUNTRIES}\b", re.IGNORECASE)
_HOW_MUCH = re.compile(_LEAD_IN + r"how much\b", re.IGNORECASE)


_TRADED = re.compile(
    rf"{_LEAD_IN}how much {_AUXILIARY}\b.*\b(?:{any_word_of('expected', 'traded')})\b", re.IGNORECASE
)
"""What is bought and sold for a sum: "how much was it sold for", not "how much oil was sold"."""


def expected_answer(question: str) -> AnswerType:
    """Tell what kind of answer a question expects.

    "How much" is a sum of money where the question has a word of money, else any number.
    """
    if time_asked(question):
        return AnswerType.TIME
    question = without_frame(question)
    for expected, pattern in _ASKED:
        if pattern.match(question):
            not_money = (
                expected is AnswerType.MONEY
                and _HOW_MUCH.match(question)
                and not (_MONEY_WORDS.search(question) or _TRADED.match(question))
            )
            return AnswerType.NUMBER if not_money else expected
    return AnswerType.OTHER


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
        respelt: Words that were misspelt, each with how it was read, in order.
        readings: How it may be read with the questions before it, where that cannot be told; else empty.
        pronoun: A pronoun that stands for nothing in it: "he" of "What did he say?"; empty when none does.
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    expected: AnswerType
    time_asked: TimeAsked | None
    side: Side | None
    constraint: TimeConstraint | None
    latest: bool
    respelt: tuple[tuple[str, str], ...] = ()
    pronoun: str = ""
    readings: tuple[str, ...] = ()

    @property
    def shape(self) -> QuestionShape:
        """What it wants: one thing, a list, a yes or no, somebody's fate; or whether it is keywords."""
        return shape_of(self.text)

    @property
    def asks_for_a_country(self) -> bool:
        """Whether a state answers it."""
        return _COUNTRY_ASKED.match(self.text) is not None

    @property
    def says_something(self) -> bool:
        """Whether it has a word that says what it is about: "who said so" has none."""
        framing = framing_words(self.text)
        return bool(self.names) or any(word.casefold() not in framing for word in self.telling_words)

    @property
    def can_be_understood(self) -> bool:
        """Whether it says what it is about, and nothing in it refers to what was said before, or may do so."""
        return self.says_something and not self.pronoun and not self.readings

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
        pronoun=_pronoun_of_nobody(normal),
    )


_ASKED_ABOUT = re.compile(
    rf"\b(?:{any_word_of('function_words', 'be', 'do', 'have', 'modal')})(?:n['’]t)?\s+"
    r"(?P<person>he|she|they)\b|\b(?P<owner>his|her|their)\s|\b(?P<thing>it|this|that|those|these|them|him)\b",
    re.IGNORECASE,
)


def _pronoun_of_nobody(question: str) -> str:
    """The first pronoun of a question that has nothing it may stand for: no name, and no noun before it."""
    for found in _ASKED_ABOUT.finditer(question):
        pronoun = found.group("person") or found.group("owner") or found.group("thing")
        before = question[: found.start()]
        says_little = not _names(question) and len(_telling(question) - framing_words(question)) <= 1
        if _telling(before) - framing_words(before) and not (found["thing"] and says_little):
            return ""
        if says_little or (found["person"] and pronoun.casefold() != "they"):
            return pronoun
    return ""


def _telling(text: str) -> set[str]:
    words = _WORD.findall(_ASKS_FOR.sub(" ", text))
    return {word.casefold() for word in words if word == "US" or not _is_function_word(word)}


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
