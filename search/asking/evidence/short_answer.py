"""The answer inside the evidence: the words that a close reader sees it in, or else what rules can tell.

Without a reader only a time, a figure or a quotation can be told; of names, places and reasons the sentence itself
is the answer then.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.article import Span
from search.asking.evidence.answer_bounds import measured
from search.asking.evidence.answer_span import answer_span
from search.asking.evidence.figure_choice import change_is_asked, figure_that_answers, is_told_by_its_time
from search.asking.evidence.time_answer import TimeAnswer
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.english.terms import content_terms, terms
from search.models.close_reading import Reading
from search.statements.attribution import find_attribution
from search.statements.naming import Kind
from search.statements.quotations import unquoted
from search.times import TimeMention

_QUOTED = re.compile(r"[\"“](?P<words>[^\"“”]{3,}?)[\"”]")
_SHORTEST_QUOTED_WORDS = 3
_CLAUSE = re.compile(r"(?<=[.!?\"”])\s+(?=[A-Z\"“])|;\s+|,\s+(?:while|whereas|but|and)\s+")


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words that answer.

    Attributes:
        words: `body[start:end]`.
        start: First code point in the article's body.
        end: One past the last.
        kind: What kind of thing it is.
        marked_by: `"rules"`, `"close reader"`, or the name of the model that marked it.
    """

    words: str
    start: int
    end: int
    kind: AnswerType
    marked_by: str = "rules"


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """What a close reader read around evidence.

    Attributes:
        reading: Of the passage.
        begin: Where the passage begins in the article's body.
        sentences: Offsets of the evidence's sentences in the body.
    """

    reading: Reading
    begin: int
    sentences: tuple[Span, ...]


def short_answer(
    question: Question,
    body: str,
    evidence: Span,
    when: TimeAnswer | None,
    mentions: Sequence[TimeMention],
    read: ReadPassage | None = None,
) -> ShortAnswer | None:
    """Find the words of evidence that answer; None when only the whole does, or it takes a reader to tell.

    Args:
        question: The question.
        body: The article's body.
        evidence: Offsets of the sentence, or two, that answer.
        when: The time expression that answers, if a time was asked for.
        mentions: The time mentions of the body.
        read: What the close reader read around it; None where it did not.
    """
    by_rules = _by_rules(question, body, evidence, when, mentions)
    figures = _figures(question, body, evidence, mentions) if question.expected.is_figure else []
    if read is not None and not (by_rules and is_told_by_its_time(question, evidence, body, figures, by_rules)):
        span = answer_span(question, body, read.sentences, mentions, read.reading, read.begin, by_rules)
        if span is not None and by_rules is None and any(map(span.overlaps, figures)):
            return None  # each of them counts something else
        if span is not None:
            return ShortAnswer(span.of(body), span.start, span.end, question.expected, "close reader")
    if by_rules is None:
        return None
    if question.expected.is_figure:
        by_rules = measured(question, body, evidence, by_rules)
    return ShortAnswer(by_rules.of(body), by_rules.start, by_rules.end, question.expected)


def _by_rules(
    question: Question, body: str, evidence: Span, when: TimeAnswer | None, mentions: Sequence[TimeMention]
) -> Span | None:
    match question.expected:
        case AnswerType.TIME:
            return Span(when.start, when.end) if when else None
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            return _figure(question, body, evidence, mentions)
        case AnswerType.STATEMENT:
            return _quoted(question, body, evidence)
        case _:
            return None


def _figure(question: Question, body: str, evidence: Span, mentions: Sequence[TimeMention]) -> Span | None:
    figures = _figures(question, body, evidence, mentions)
    found = [Span(one.start - evidence.start, one.end - evidence.start) for one in figures]
    figure = figure_that_answers(question, evidence.of(body), found)
    return Span(evidence.start + figure.start, evidence.start + figure.end) if figure else None


def _figures(question: Question, body: str, evidence: Span, mentions: Sequence[TimeMention]) -> list[Span]:
    """Figures of the kind that is asked for: offsets into the body."""
    inside = [mention for mention in mentions if evidence.start <= mention.start and mention.end <= evidence.end]
    sentence = evidence.of(body)

    def of_kind(kind: AnswerType) -> list[Span]:
        return typed_spans(kind, sentence, question.terms, inside, evidence.start)

    found = of_kind(question.expected)
    if question.expected is not AnswerType.PERCENTAGE and (
        question.expected is AnswerType.NUMBER or change_is_asked(question)
    ):
        found = _with_units(found, [*of_kind(AnswerType.MONEY), *of_kind(AnswerType.PERCENTAGE)])
    return [Span(evidence.start + one.start, evidence.start + one.end) for one in found]


def _with_units(figures: Sequence[Span], measured: Sequence[Span]) -> list[Span]:
    """Figures, those that are sums of money or shares with their units, and these themselves: in order."""
    bare = [one for one in figures if not any(one.overlaps(other) for other in measured)]
    return sorted({*bare, *measured}, key=lambda span: span.start)


def _quoted(question: Question, body: str, evidence: Span) -> Span | None:
    """The longest quotation in evidence, from its first to its last word; of another person's only if all are."""
    quotations = [
        Span(*match.span("words"))
        for match in _QUOTED.finditer(body, evidence.start, evidence.end)
        if len(match["words"].split()) >= _SHORTEST_QUOTED_WORDS
    ]
    quotations = [one for one in quotations if not _is_asked_about(question, one.of(body))]
    quotations = [one for one in quotations if not _of_another(question, body, evidence, one)] or quotations
    longest = max(quotations, key=lambda span: (span.end - span.start, -span.start), default=None)
    if longest is None:
        return None
    words = longest.of(body)
    start = longest.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _is_asked_about(question: Question, quotation: str) -> bool:
    """Whether the question has all words of a quotation, as of a name or a title."""
    found = content_terms(quotation)
    return bool(found) and set(found) <= set(question.terms)


def _of_another(question: Question, body: str, evidence: Span, quotation: Span) -> bool:
    """Whether a quotation stands in a clause that somebody says whom the question does not name."""
    blank = unquoted(evidence.of(body))
    place = quotation.start - evidence.start
    begin = max((cut.end() for cut in _CLAUSE.finditer(blank, 0, place)), default=0)
    end = next((cut.start() for cut in _CLAUSE.finditer(blank, place)), len(blank))
    said = find_attribution(blank[begin:end])
    if said is None or said.naming.kind is not Kind.NAME:
        return False
    return set(terms(f"{said.naming.role or ''} {said.naming.name}")).isdisjoint(question.terms)
