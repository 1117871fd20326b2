"""What a text says not to be known, or not told: "whose name was not released", "the price was not disclosed"."""

import re
from functools import cache

from search.article import Span
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.english.sentences import sentences
from search.english.table import any_word_of, table
from search.english.terms import STOP_WORDS, terms

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CLAUSE = re.compile(r"[.;:]\s|,\s|\s(?:and|but|while|although|though)\s", re.IGNORECASE)
_BEING = re.compile(
    rf"\b(?P<subject>[^\W\d_]+)\s+(?:{any_word_of('function_words', 'be', 'have')})\s+\Z", re.IGNORECASE
)
_ENDS = re.compile(r"\W*(?:\Z|(?:by|until|till|yet|so|at|immediately|to)\b)|[.,;:]", re.IGNORECASE)
"""Behind what is said of a thing, and not of another: not "Huguenot has unclear origins"."""
_NEXT_SENTENCE = 400
"""Code points in which the next sentence is looked for."""


def says_unknown(question: Question, sentence: str) -> str:
    """The words by which a sentence says of what is asked for that it is not known or told; empty if none do."""
    kind = question.expected
    things = _things(kind)
    for found in _undisclosed().finditer(sentence):
        begin = max((cut.end() for cut in _CLAUSE.finditer(sentence, 0, found.start())), default=0)
        cut = _CLAUSE.search(sentence, found.end())
        clause = sentence[begin : cut.start() if cut else len(sentence)]
        if clause.startswith(("which ", "whose ", "who ")):
            clause = " ".join((*sentence[:begin].split()[-2:], clause))
        if kind is not AnswerType.TIME and _is_asked_for(question, sentence, found):
            return found.group()
        about = {word.casefold() for word in _WORD.findall(clause)}
        if about.isdisjoint(things) or (
            kind is not AnswerType.REASON and typed_spans(kind, clause, question.terms)
        ):
            continue
        rest = sentence.replace(clause, " ")
        if kind in {AnswerType.PERSON, AnswerType.PLACE, AnswerType.REASON} or not typed_spans(
            kind, rest, question.terms
        ):
            return found.group()
    return ""


def says_unknown_behind(question: Question, body: str, sentence: Span) -> str:
    """The same of the sentence behind one that has nothing of the kind that is asked for.

    Args:
        question: The question.
        body: An article's body.
        sentence: Offsets into it.
    """
    kind = question.expected
    if kind is AnswerType.TIME or not _things(kind) or typed_spans(kind, sentence.of(body), question.terms):
        return ""
    behind = body[sentence.end : sentence.end + _NEXT_SENTENCE].lstrip()
    following = sentences(behind)
    return says_unknown(question, following[0].of(behind)) if following else ""


def _is_asked_for(question: Question, sentence: str, unknown: re.Match[str]) -> bool:
    """Whether what is said not to be known is the very thing: "turnout was not disclosed"."""
    subject = _BEING.search(sentence, 0, unknown.start())
    return (
        subject is not None
        and _ENDS.match(sentence, unknown.end()) is not None
        and subject["subject"].casefold() not in STOP_WORDS
        and not set(terms(subject["subject"])).isdisjoint(question.terms)
    )


@cache
def _undisclosed() -> re.Pattern[str]:
    phrases = sorted((phrase for row in table("undisclosed") for phrase in row["words"]), key=len, reverse=True)
    pattern = "|".join(r"\s+".join(phrase.split()) for phrase in phrases)
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


@cache
def _things(kind: AnswerType) -> frozenset[str]:
    return frozenset(
        word for row in table("asked_things") if row["kind"] == (kind.value,) for word in row["words"]
    )
