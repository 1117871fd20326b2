"""What of a question is not there: a name that nothing has, a subject of which nothing is said, a doer."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from search.asking.evidence.short_names import is_role
from search.asking.question import AnswerType, Question
from search.english.calendar import named
from search.english.people import Noun, words
from search.english.places import adjectives
from search.english.places import names as names_of_places
from search.english.places import people as people_of_places
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS, content_terms, terms
from search.english.word_forms import forms_of, framing_words

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_NAMED_THING = re.compile(
    r"\b(?P<noun>[a-z]{3,})\s+(?:of|in|on|at|near)\s+(?:the\s+)?(?P<name>[A-Z][a-z][\w-]*)(?!\s+[A-Z])"
)
_TOPIC = re.compile(
    rf"\b(?:{any_word_of('saying', 'statement asked for')})\b(?:\s+\w+){{0,3}}?"
    r"\s+(?:about|on|of|regarding)\s+(?P<topic>[^?,]+)",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(
    r"\W*who\s+(?:(?:will|has|had)\s+)?(?P<verb>[a-z]+)\s+(?:(?:the|an?|its|their)\s+)?"
    r"(?:[\w'’-]+\s+){0,3}?(?P<thing>[\w'’-]+)(?:\s+(?:of|in|on|at|for)\b.*)?\W*\Z",
    re.IGNORECASE,
)
_ITSELF = (
    r"\b(?:\s+(?:in|of|at|on|for)\s+(?:the\s+)?[\w'’-]+)?"
    r"\s+(?:(?:will|has|had|is to|is due to)\s+)?(?P<verb>[a-z]+)\b"
)
"""Behind a thing, where it is perhaps and what it does itself: "[The Astor] in Brack will open"."""
_BY = re.compile(r"\b(?:by|when|after|as)\s+(?:[A-Z]|(?:the|an?|its|his|her)\s)")
_TIME = re.compile(
    r"\s+(?:in|on|at|since|before|after|by|during|until|last|this|yesterday|today)\b.*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A thing in a question by the name that tells it from others: "the flood of the Adda".

    Attributes:
        noun: What it is: "flood".
        name: Its name: "Adda".
    """

    noun: str
    name: str

    def is_another(self, text: str) -> bool:
        """Tell whether a text has such a thing of another name: "the flood of the Tess"; a day is none."""
        noun = re.escape(self.noun)
        named = (
            rf"\b{noun}\s+(?:of|in|on|at|near)\s+(?:the\s+)?(?P<name>[A-Z][\w-]*)",
            rf"\b(?P<name>[A-Z][\w-]+)\s+{noun}\b",
        )
        names = (found["name"].casefold() for pattern in named for found in re.finditer(pattern, text))
        return any(not (name == self.name.casefold() or name in STOP_WORDS or _is_dated(name)) for name in names)


def bearer_nowhere(question: Question, unknown: Collection[str]) -> Bearer | None:
    """A thing of a question whose name nothing in the archive has; None when there is none.

    A place may be called otherwise ("Kremlin" for "Moscow"), and so may an institution.

    Args:
        question: The question.
        unknown: Its index terms that nothing in the archive has.
    """
    for found in _NAMED_THING.finditer(question.text):
        name = found["name"]
        if set(terms(name)) and set(terms(name)) <= {*unknown} and not may_be_called_otherwise(name):
            return Bearer(found["noun"], name)
    return None


def may_be_called_otherwise(word: str) -> bool:
    """Tell whether a name is of what has other names, too: a place, a day, an institution, somebody of a role."""
    plain = word.casefold()
    places = {part.casefold() for name in names_of_places() for part in name.split()}
    common = _is_dated(plain) or any(
        plain in words(kind) for kind in (Noun.GROUP, Noun.VOICE, Noun.DOCUMENT, Noun.SOMEBODY)
    )
    return common or is_role(word) or plain in places | adjectives() | people_of_places()


def _is_dated(plain: str) -> bool:
    return any(plain in named(kind) for kind in ("month", "weekday", "season"))


def topic_of(question: Question) -> tuple[str, ...]:
    """The telling words of what somebody is asked to have spoken about: "wolves" of "say about wolves"."""
    found = _TOPIC.search(question.text) if question.expected is AnswerType.STATEMENT else None
    if found is None:
        return ()
    framing = framing_words(question.text)
    if question.constraint and question.constraint.words in found["topic"]:
        framing |= {word.casefold() for word in _WORD.findall(question.constraint.words)}
    topic = _TIME.sub("", found["topic"])
    return tuple(word for word in _WORD.findall(topic) if content_terms(word) and word.casefold() not in framing)


def happens_by_itself(question: str, sentence: str) -> bool:
    """Tell whether a thing is only said to open, where it is asked who opens it."""
    done = _WHO_DOES.match(question)
    verb = forms_of(done["verb"]) if done else frozenset()
    if done is None or verb.isdisjoint(_happening()) or _BY.search(sentence):
        return False
    itself = re.finditer(rf"\b{re.escape(done['thing'])}{_ITSELF}", sentence, re.IGNORECASE)
    return any(not verb.isdisjoint(terms(found["verb"])) for found in itself)


@cache
def _happening() -> frozenset[str]:
    """Index terms of what things do by themselves, too: "open", "sink"."""
    return frozenset(term for word in words_of("expected", "by itself") for term in terms(word))
