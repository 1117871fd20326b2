"""Plans: what a sentence tells only as planned, denies, has moved to another time or given up.

"The pool will open on 1 July" does not answer when it opened, nor "the flight, due on Monday, was put off to June"
with Monday when it will leave.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date

from search.article import Span
from search.asking.noun_phrases import Part, frame_of
from search.asking.question_time import Side
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS, terms
from search.english.word_forms import forms_of
from search.times import Direction, Relation, TimeMention, direction_of
from search.times.forms import is_past_form

_TO_BE = any_word_of("function_words", "be", "infinite be")
_PLANNING = any_word_of("tense", "planning")
_PLANNED = re.compile(
    rf"(?:\b(?:{any_word_of('tense', 'will')})|['’]ll|\b(?:{_TO_BE})\s+(?:\w+ly\s+)?to|\b(?:{_PLANNING})\s+to)"
    rf"\s+(?:(?:not|also|only|\w+ly)\s+)?(?:(?:{_TO_BE}|have|have been)\s+)?\Z",
    re.IGNORECASE,
)
"""Words just before a verb by which it tells what is planned: "will", "is to", "is expected to be"."""
_IS = re.compile(r"\b(?:is|are)\s+(?:(?:also|only|\w+ly)\s+)?\Z", re.IGNORECASE)
_WAS_TO_HAVE = re.compile(
    rf"\b(?:was|were|been)\s+(?:\w+\s+)?to\s+have\s+(?:been\s+)?\w+\b|\boriginally\b"
    rf"|\bhad\s+(?:\w+ly\s+)?been\s+(?:{_PLANNING})\b",
    re.IGNORECASE,
)
"""What a plan was that no longer holds."""
_GIVEN_UP = re.compile(rf"\b(?:{any_word_of('tense', 'given up')})\b", re.IGNORECASE)
_HINDERING = any_word_of("tense", "hindering")
"""What does not hinder a thing does not deny it."""
_DENIED = re.compile(
    rf"\b(?:{any_word_of('function_words', 'be', 'do', 'have', 'modal')})\s+(?:\w+\s+)?not\b"
    rf"(?!\s+(?:{_HINDERING})\b)"
    r"|n['’]t\b|\bnever\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:,]\s|\s(?:but|and|while|when|although|though|because|as|that)\s", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|before|earlier|sooner|prior|since|after)\b", re.IGNORECASE)
_BASE = re.compile(
    r"\bdid\s+(?:[\w'’-]+\s+){1,6}?(?P<verb>[a-z]+)\s+(?:the|an?|its|his|her|their)\s", re.IGNORECASE
)
"""The verb before its object, of a question that is not understood otherwise."""
_MORE_OF_THE_SUBJECT = re.compile(
    r"\A(?:\s+[A-ZÀ-ÖØ-Þ][\w’'-]*)+|\b(?:of|in|at|near|from|for|with|on|between)\s+"
    r"(?:(?:the|an?|its|his|her|their)\s+(?:[A-ZÀ-ÖØ-Þ][\w’'-]*|[\w’'-]+)|[A-ZÀ-ÖØ-Þ][\w’'-]*(?:\s[A-ZÀ-ÖØ-Þ][\w’'-]*)*|[\w’'-]+(?=\s+[a-z]))"
)
"""Behind the first words of a subject: the rest of a name, and where it is: "Karl [Breen]", "fire [in Grell]"."""
_NO_VERB = re.compile(r"\A[A-ZÀ-ÖØ-Þ]|(?:tion|ness|ship|ity)\Z")
_IN_THE_PRESENT = re.compile(
    r"(?:[\w'’-]+\s+){1,3}?(?:is|are|do|does)\b(?!.*\b(?:originally|initially|first)\b)", re.IGNORECASE
)
_FIRST_PLAN = re.compile(
    rf"\b(?:originally|initially|first)\s+(?:to|{_PLANNING})\b|\boriginal\b|\bbefore\s+(?:it|they)\s+(?:was|were)\b",
    re.IGNORECASE,
)
_BEING = re.compile(rf"(?:{any_word_of('function_words', 'be')})\b", re.IGNORECASE)
_ANY_DAY = date(2000, 1, 1)
"""What verb a question asks about does not depend on when it is asked."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_INFINITE = words_of("function_words", "infinite be") | {"to"}
"""Before a verb, these make no new one of it: "not expected to be opened"."""


def verb_asked(question: str) -> frozenset[str]:
    """Index terms of the forms of the verb of a question: of "open" in "When did the pool open?"."""
    frame = frame_of(question, _ANY_DAY)
    behind = max((phrase.span.end for phrase in frame.phrases if phrase.part is Part.SUBJECT), default=None)
    if frame.auxiliary is None or behind is None:
        return frozenset()
    rest = _MORE_OF_THE_SUBJECT.sub(" ", question[behind:])
    passive = _BEING.match(question, frame.auxiliary) is not None
    told = [
        word for word in _WORD.findall(rest) if word.casefold() not in STOP_WORDS and not _NO_VERB.search(word)
    ]
    verb = next((word for word in told if passive and is_past_form(word.casefold())), next(iter(told), ""))
    if not verb and (bare := _BASE.search(question)):
        verb = bare["verb"]
    return forms_of(verb) if verb else frozenset()


def is_only_planned(sentence: str, verb: Collection[str]) -> bool:
    """Tell whether a sentence has a verb only as what is planned.

    Args:
        sentence: The sentence.
        verb: Index terms of the verb's forms.
    """
    found = [word for word in _WORD.finditer(sentence) if not set(terms(word.group())).isdisjoint(verb)]
    return bool(found) and all(is_planned_at(sentence, word.start()) for word in found)


def is_planned_at(sentence: str, start: int) -> bool:
    """Tell whether the verb that begins at `sentence[start]` tells what is planned."""
    return _PLANNED.search(sentence, 0, start) is not None


def is_told_as_coming(sentence: str, verb: Collection[str]) -> bool:
    """Tell whether a sentence has a verb only in the present, as beside a coming day: "is sworn in on Tuesday"."""
    found = [word for word in _WORD.finditer(sentence) if not set(terms(word.group())).isdisjoint(verb)]
    return bool(found) and all(_IS.search(sentence, 0, word.start()) for word in found)


def given_up(sentence: str) -> str:
    """The word by which a sentence tells that a plan was given up: "cancelled"; empty when it does not."""
    found = _GIVEN_UP.search(sentence)
    return found.group() if found else ""


def as_planned(
    question: str, body: str, sentence: Span, mentions: Sequence[TimeMention], verb: Collection[str]
) -> list[TimeMention]:
    """Of times between which a thing was moved, keep those that a question without a side asks for.

    "When does it end?" asks for the time to which it was moved, "when was it first to end?" for the one before.

    Args:
        question: The question.
        body: The article's body.
        sentence: Offsets into it.
        mentions: Time mentions of the sentence, in order.
        verb: Index terms of the forms of the verb asked about.
    """
    if _IN_THE_PRESENT.match(question):
        return still_holding(body, sentence, mentions, Side.AHEAD, verb)
    if not _FIRST_PLAN.search(question):
        return list(mentions)
    text = sentence.of(body)
    kept = [
        one
        for one in mentions
        if direction_of(text, one.start - sentence.start, one.end - sentence.start) is not Direction.MOVED
    ]
    return kept if any(one.interval for one in kept) else list(mentions)


def still_holding(
    body: str, sentence: Span, mentions: Sequence[TimeMention], side: Side, verb: Collection[str] = ()
) -> list[TimeMention]:
    """Drop the times at which a thing does not happen, as a sentence says.

    Those are denied ("will not fly in May"), given up ("was to have opened in 2024"), or told beside the time to
    which it was moved.

    Args:
        body: The article's body.
        sentence: Offsets into it.
        mentions: Time mentions of the sentence, in order.
        side: On which side of the day of publication a time is asked for.
        verb: Index terms of the forms of the verb asked about.
    """
    kept = [mention for mention in mentions if not _is_denied(body, sentence, mention, verb)]
    if side is not Side.AHEAD:
        return kept
    text = sentence.of(body)
    kept = [one for one in kept if not _WAS_TO_HAVE.search(_clause_before(body, sentence, one))]
    moved = [
        direction_of(text, one.start - sentence.start, one.end - sentence.start) is Direction.MOVED for one in kept
    ]
    if not any(moved):
        return kept
    last = max(place for place, is_new in enumerate(moved) if is_new)
    return [
        one
        for place, one in enumerate(kept)
        if moved[place] or (place > last and one.relation is not Relation.FROM) or one.interval is None
    ]


def _clause_before(body: str, sentence: Span, mention: TimeMention) -> str:
    before = body[sentence.start : mention.start]
    return before[max((cut.end() for cut in _CLAUSE.finditer(before)), default=0) :]


def _is_denied(body: str, sentence: Span, mention: TimeMention, verb: Collection[str]) -> bool:
    before = _clause_before(body, sentence, mention)
    denied = _DENIED.search(before)
    if denied is None or mention.relation is not Relation.IN or _UNTIL.search(before, denied.end()):
        return False
    return not _has_verb_of_its_own(before[denied.end() :], verb)


def _has_verb_of_its_own(behind: str, verb: Collection[str]) -> bool:
    """Whether a time behind a negation goes with another verb than the negated one.

    "Never made a profit closed on Friday" has one, and so has "not named the driver killed on Monday" unless it is
    asked who was named.
    """

    def is_asked(word: str) -> bool:
        return not set(terms(word)).isdisjoint(verb)

    words = _WORD.findall(behind)
    telling = [
        at for at, word in enumerate(words) if is_asked(word) or not (word in STOP_WORDS or word.endswith("ly"))
    ]
    told = [words[at] for at in telling[1:] if is_past_form(words[at]) and words[at - 1] not in _INFINITE]
    return any(map(is_asked, told)) or (bool(told) and not is_asked(words[telling[0]]))
