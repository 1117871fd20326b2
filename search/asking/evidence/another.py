"""Of what else a sentence tells: another thing of a kind, another place's mayor, another place in a race.

What is there looks like what is asked for, and is told of something that is certainly not it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from search.asking.evidence.doers import is_person
from search.asking.evidence.typed_spans import typed_spans
from search.asking.noun_phrases import Part, frame_of
from search.asking.question import AnswerType, Question
from search.asking.question_time import Side
from search.english.places import with_standard_places
from search.english.table import any_word_of, table
from search.english.terms import STOP_WORDS, present_terms, terms
from search.english.units import read_unit
from search.english.word_forms import forms_of

_BE = any_word_of("function_words", "be")
_NAME = r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,3}"
_HOLDER_ASKED = re.compile(
    rf"\W*who\s+(?:{_BE}|(?:will|has)\s+(?:be|been))\s+(?:(?:now|currently|still)\s+)?(?:the\s+)?(?:(?:new|current|present|acting)\s+)?"
    rf"(?P<role>{any_word_of('expected', 'seated')})\s+of\s+(?P<the>the\s+)?"
    r"(?P<place>[\w’'-]+(?:\s(?-i:[A-Z])[\w’'-]+){0,3})",
    re.IGNORECASE,
)
"""The holder of a place somewhere: "who is the mayor of Brack"."""
_IN_CAPITALS = re.compile(r"[A-Z]{2,}\Z")
_PLACED = rf"(?:c[oa]me|comes|finish(?:ed|es)?|place[ds]?|ranked|ended|{_BE}|took|takes|got|stood)"
_PLACE_ASKED = re.compile(
    rf"\W*(?:who|which\s+\w+)\s+(?:{_PLACED})\s+(?:up\s+)?(?:in\s+)?(?:the\s+)?(?P<rank>[\w-]+)(?:\s+place)?"
    r"(?:\W*\Z|\s+(?:at|behind)\b|\s+in\s+(?:the\b|an?\b|\d|(?-i:[A-Z])))",
    re.IGNORECASE,
)
_OPENS_WITH_PRONOUN = re.compile(
    rf"\W*(?:{any_word_of('follow_ups', 'thing alone', 'several alone')})\s", re.IGNORECASE
)
_THINGS_ASKED = re.compile(r"\bhow\s+many\s+(?P<things>[\w'’-]+(?:\s+[\w'’-]+){0,2})", re.IGNORECASE)
_PLANNED_TO = re.compile(
    rf"\b(?P<who>[\w'’-]+)\s+(?:{_BE})\s+(?:\w+ly\s+)?"
    rf"(?:{any_word_of('tense', 'planning')})\s+to\s+(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_THINKING = re.compile(rf"\b(?:{any_word_of('saying', 'statement asked for')}|expect|expected)\b", re.IGNORECASE)
_REFERS = re.compile(rf"\b(?:{any_word_of('function_words', 'object')}|it|they|these|those)\b", re.IGNORECASE)
_ANY_DAY = date(2000, 1, 1)
"""Of the phrases of a question none depends on when it is asked."""


@dataclass(frozen=True, slots=True)
class Another:
    """What a sentence tells of, where it is not what is asked about.

    Attributes:
        rule: Name of the rule that says so.
        reason: In words for people, as the end of "What comes nearest ...".
    """

    rule: str
    reason: str


def another(question: Question, sentence: str) -> Another | None:
    """Tell of what else a sentence tells; None when no rule says so."""
    if word := another_of_the_kind(question, sentence):
        return Another("another of the kind", f'tells of "{word}"')
    if holder := another_holder(question.text, sentence):
        return Another("another holder", f"is about the {holder}")
    if rank := no_such_rank(question.text, sentence):
        return Another("another place", f"does not tell who was {rank}")
    if verb := another_plan(question, sentence):
        return Another("another plan", f'tells when somebody is to "{verb}"')
    return None


def another_of_the_kind(question: Question, sentence: str) -> str:
    """The word for another thing of the kind whose number or price is asked for; empty when there is none.

    "Rangers counted 34 wolves" does not tell how many bears there are, nor "a car costs 90" what a bicycle costs.
    """
    if not question.expected.is_figure or _OPENS_WITH_PRONOUN.match(sentence):
        return ""
    asked = _THINGS_ASKED.search(question.text)
    about = asked["things"] if asked else question.text
    present = _with_phrases(sentence)
    for kind in _kinds():
        wanted = [forms for forms in kind.values() if not forms.isdisjoint(_with_phrases(about))]
        if len(wanted) != 1 or not wanted[0].isdisjoint(present):
            continue
        others = {word: forms for word, forms in kind.items() if not forms.isdisjoint(present)}
        if others and (not asked or _count_only(sentence, frozenset().union(*others.values()))):
            return min(others)
    return ""


def _count_only(sentence: str, others: frozenset[str]) -> bool:
    """Whether the figures of a sentence that count something named count nothing but others of the kind."""
    units = [
        read_unit(sentence, one.start, one.end) for one in typed_spans(AnswerType.NUMBER, sentence, frozenset())
    ]
    counted = {unit.counted for unit in units if unit.counted}
    return bool(counted) and counted <= others


def another_holder(question: str, sentence: str) -> str:
    """The place and the office in another place: "mayor of Selm", where Brack's is asked for; empty if none."""
    asked = _HOLDER_ASKED.match(question)
    if asked is None or _IN_CAPITALS.match(asked["place"]):
        return ""
    if asked["place"][0].islower() and (asked["the"] or not question[1:].islower()):
        return ""
    ours, role = asked["place"], re.escape(asked["role"])
    if not _shares_no_word(ours, sentence):
        return ""
    for found in re.finditer(
        rf"\b{role}\s+of\s+(?:the\s+)?(?P<place>{_NAME})|\b(?P<owner>{_NAME})['’]s\s+{role}\b", sentence
    ):
        theirs = found["place"] or found["owner"]
        if not _IN_CAPITALS.search(theirs) and _standard(ours) != _standard(theirs):
            return f"{asked['role'].lower()} of {theirs}"
    return ""


def _shares_no_word(name: str, text: str) -> bool:
    return all(present_terms(text).isdisjoint(forms_of(word)) for word in name.split())


def _standard(name: str) -> str:
    return with_standard_places(name.casefold())


def no_such_rank(question: str, sentence: str) -> str:
    """The place in an order that is asked for and of which a sentence says nothing: "fourth"; empty otherwise."""
    asked = _PLACE_ASKED.match(question)
    rank = asked["rank"].casefold() if asked else ""
    for row in table("ranks"):
        if rank in row["asked"]:
            told = "|".join(map(re.escape, row["words"]))
            return "" if re.search(rf"\b(?:{told})\b", sentence, re.IGNORECASE) else rank
    return ""


def another_plan(question: Question, sentence: str) -> str:
    """The verb of what somebody else is to do then: "visit", where it is asked when missiles hit; empty if none.

    Of a sentence on persons that has nothing of the thing that is asked about, and no word that may stand for it.
    """
    planned = _PLANNED_TO.search(sentence)
    if (
        question.side is not Side.AHEAD
        or planned is None
        or not is_person(planned["who"])
        or _REFERS.search(sentence)
    ):
        return ""
    phrases = frame_of(question.text, _ANY_DAY).phrases
    kinds = {Part.OBJECT} if _THINKING.search(question.text) else {Part.SUBJECT}
    about = next((phrase.text for phrase in phrases if phrase.part in kinds), "")
    words = [word for word in re.findall(r"[\w'’-]+", about) if word.casefold() not in STOP_WORDS]
    present = present_terms(sentence)
    if not words or is_person(words[-1]) or any(not present.isdisjoint(forms_of(word)) for word in words):
        return ""
    verb = planned["verb"].lower()
    return "" if not set(terms(verb)).isdisjoint(question.terms) else verb


def _with_phrases(text: str) -> frozenset[str]:
    """The index terms of a text, and of each two neighbouring ones: "police officer"."""
    found = terms(text)
    return frozenset(found) | {" ".join(pair) for pair in pairwise(found)}


@cache
def _kinds() -> tuple[dict[str, frozenset[str]], ...]:
    """By kind, the index terms of each of its things, by the first word for it."""
    return tuple(
        {
            thing.split("/")[0]: frozenset(" ".join(terms(word)) for word in thing.split("/"))
            for thing in row["things"]
        }
        for row in table("kinds")
    )
