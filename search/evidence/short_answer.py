"""The answer inside the evidence, where its kind can be told without a model: a time, a figure, a quotation.

Names, places and reasons need a reader (`search.models`); without one the sentence itself is the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.answer_type import AnswerType
from search.article import Span
from search.evidence.typed_spans import typed_spans
from search.evidence.units import fates_in, read_unit
from search.proximity import distance, places_of
from search.question import Question
from search.times import TimeMention
from search.when import TimeAnswer
from search.words import content_terms

_QUOTED = re.compile(r"[\"“](?P<words>[^\"“”]{3,}?)[\"”]")
_SHORTEST_QUOTED_WORDS = 3
_FAR = 10_000
_COUNTED = re.compile(r"\bhow many\s+(?P<rest>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words that answer.

    Attributes:
        words: `body[start:end]`.
        start: First code point in the article's body.
        end: One past the last.
        kind: What kind of thing it is.
        marked_by: `"rules"`, or the name of the reader model that marked it.
    """

    words: str
    start: int
    end: int
    kind: AnswerType
    marked_by: str = "rules"


def short_answer(
    question: Question, body: str, evidence: Span, when: TimeAnswer | None, mentions: Sequence[TimeMention]
) -> ShortAnswer | None:
    """Find the words of evidence that answer; None when its kind cannot be told without a model.

    Args:
        question: The question.
        body: The article's body.
        evidence: Offsets of the sentence, or two, that answer.
        when: The time expression that answers, if a time was asked for.
        mentions: The time mentions of the body.
    """
    match question.expected:
        case AnswerType.TIME:
            span = Span(when.start, when.end) if when else None
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            span = _figure(question, body, evidence, mentions)
        case AnswerType.STATEMENT:
            span = _quoted(body, evidence)
        case _:
            span = None
    return _answer(body, span, question.expected) if span else None


def _answer(body: str, span: Span, kind: AnswerType) -> ShortAnswer:
    return ShortAnswer(span.of(body), span.start, span.end, kind)


def _figure(question: Question, body: str, evidence: Span, mentions: Sequence[TimeMention]) -> Span | None:
    """The figure that stands nearest to what is counted, or else to the question's words.

    Of those hurt, where a question asks for them, and not of those killed.
    """
    inside = [mention for mention in mentions if evidence.start <= mention.start and mention.end <= evidence.end]
    found = typed_spans(question.expected, evidence.of(body), question.terms, inside, evidence.start)
    figures = [
        Span(evidence.start + span.start, evidence.start + span.end)
        for span in _of_fates(fates_in(question.text), evidence.of(body), found)
    ]
    counted = _COUNTED.search(question.text)
    anchors = places_of(body, evidence, content_terms(counted["rest"])[:1]) if counted else []
    anchors = anchors or places_of(body, evidence, question.terms)

    def remoteness(figure: Span) -> tuple[int, int]:
        return min((distance(body, figure, anchor) for anchor in anchors), default=_FAR), figure.start

    return min(figures, key=remoteness, default=None)


def _of_fates(asked: frozenset[str], sentence: str, figures: Sequence[Span]) -> Sequence[Span]:
    """The figures of what is asked to have happened; all of them if there is none."""
    fitting = [span for span in figures if read_unit(sentence, span.start, span.end).fates & asked]
    return fitting or figures


def _quoted(body: str, evidence: Span) -> Span | None:
    """The longest quotation in evidence, from its first to its last word."""
    quotations = [
        Span(*match.span("words"))
        for match in _QUOTED.finditer(body, evidence.start, evidence.end)
        if len(match["words"].split()) >= _SHORTEST_QUOTED_WORDS
    ]
    longest = max(quotations, key=lambda span: (span.end - span.start, -span.start), default=None)
    if longest is None:
        return None
    words = longest.of(body)
    start = longest.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))
