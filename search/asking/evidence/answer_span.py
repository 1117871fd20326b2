"""The words of evidence that answer, from where a close reader sees an answer begin and end.

A reader marks tokens, and its mark may cut a name, a number or a quotation. So each of its likeliest marks is made
whole, and then held against what the rules know: log odds are taken off one that has nothing of the kind that is
asked for, and given to one with the time or the figure that the rules would choose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.article import Span
from search.asking.evidence.answer_bounds import WholePieces, finished
from search.asking.evidence.typed_spans import figures_in, typed_in
from search.asking.question import AnswerType, Question
from search.english.chains import steps_in
from search.english.datelines import length_of_dateline
from search.english.places import names_a_country
from search.english.table import any_word_of
from search.models.close_reading import Reading
from search.times import TimeMention

CONSIDERED = 12
"""How many of the likeliest marks of a sentence are looked at."""

LONGEST = {AnswerType.REASON: 48, AnswerType.STATEMENT: 60, AnswerType.OTHER: 30}
"""Most tokens of a mark, by the kind that is asked for."""

_LONGEST_OF_OTHERS = 20
_WRONG_KIND = 1.5
_A_TOKEN = 0.05
"""Log odds that a mark loses for each token where a name, a time or a figure is asked for."""
_CHOSEN_BY_RULES = {
    AnswerType.NUMBER: 4.0,
    AnswerType.MONEY: 4.0,
    AnswerType.PERCENTAGE: 4.0,
    AnswerType.STATEMENT: 2.0,
}
"""Log odds that a mark gains where it is what the rules would choose: a figure, or somebody's quotation."""

_HOLDER_ASKED = re.compile(r"\W*who(?:['’]s|\s+(?:is|are|leads|heads|runs|chairs))\b", re.IGNORECASE)
_LEAVING = frozenset({"resign", "dismiss"})
_NOTHING_BETWEEN = re.compile(r"\s*(?:(?:who|has|had|was|is|been|also|\w+ly)\s+)*")
_FOLLOWED = re.compile(rf"\b(?:{any_word_of('recency', 'followed')})\s+(?:[a-z]+\s+){{0,2}}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """Words of evidence that answer.

    Attributes:
        span: Their offsets in the article's body.
        odds: Log odds, summed, that an answer begins and ends there rather than that there is none in the passage.
        tokens: Of how many tokens it is.
    """

    span: Span
    odds: float
    tokens: int


def marks(reading: Reading, begin: int, sentences: Sequence[Span], longest: int) -> list[MarkedSpan]:
    """List where a reader most likely sees an answer, best first.

    Args:
        reading: Of a passage.
        begin: Where the passage begins in the article's body.
        sentences: Offsets into the body; a mark lies in one of them.
        longest: Most tokens of a mark.

    Returns:
        At most `CONSIDERED` marks of each sentence, as the tokens stand.
    """
    found = []
    for sentence in sentences:
        starts, ends = reading.spans[:, 0] + begin, reading.spans[:, 1] + begin
        inside = np.flatnonzero((starts >= sentence.start) & (ends <= sentence.end))
        if not len(inside):
            continue
        odds = reading.odds[inside].astype(np.float64)
        sums = odds[:, 0][:, None] + odds[:, 1][None, :]
        allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), k=longest)
        sums[~allowed] = -np.inf
        order = np.argsort(-sums, axis=None, kind="stable")[:CONSIDERED]
        for first, last in zip(*np.unravel_index(order, sums.shape), strict=True):
            if np.isfinite(sums[first, last]):
                span = Span(int(starts[inside[first]]), int(ends[inside[last]]))
                found.append(MarkedSpan(span, float(sums[first, last]), int(last - first) + 1))
    return sorted(found, key=lambda mark: -mark.odds)


def answer_span(
    question: Question,
    body: str,
    sentences: Sequence[Span],
    mentions: Sequence[TimeMention],
    reading: Reading,
    begin: int,
    by_rules: Span | None = None,
) -> Span | None:
    """Find the words of sentences that most likely answer; None if the reader read none that may.

    Args:
        question: The question.
        body: The article's body.
        sentences: Offsets of the evidence's sentences in it.
        mentions: The time mentions of the body.
        reading: What the reader read in the passage that they stand in.
        begin: Where that passage begins in the body.
        by_rules: Offsets of what rules would choose: a time of theirs is the one that is marked, a figure or a
            quotation of theirs has weight.
    """
    kind = question.expected
    longest, chosen = LONGEST.get(kind, _LONGEST_OF_OTHERS), _CHOSEN_BY_RULES.get(kind, 0.0)
    a_token = 0.0 if kind in LONGEST else _A_TOKEN
    holder_asked = kind is AnswerType.PERSON and _HOLDER_ASKED.match(question.text) is not None
    best: tuple[float, Span, Span] | None = None
    for whole in sentences:
        sentence = whole if kind is AnswerType.PLACE else _without_dateline(body, whole)
        inside = [one for one in mentions if sentence.start <= one.start and one.end <= sentence.end]
        figures = figures_in(body, sentence, inside)
        of_kind = _of_kind(question, body, sentence, inside)
        pieces = WholePieces(body, sentence, figures)
        for mark in marks(reading, begin, [sentence], longest):
            if best is not None and mark.odds + chosen <= best[0]:
                break  # they come best first: none of the rest can be better
            span = pieces.made_whole(mark.span)
            if span is None or (holder_asked and _holds_no_longer(body, sentence, span)):
                continue
            odds = mark.odds - a_token * mark.tokens
            of_the_kind = of_kind is None or any(span.overlaps(one) for one in of_kind)
            if not of_the_kind or (question.asks_for_a_country and not _is_country(span.of(body))):
                odds -= _WRONG_KIND
            by_both = by_rules is not None and _agrees(kind, span, by_rules)
            if by_rules is not None and kind is AnswerType.TIME and not by_both:
                continue  # the time that is told as the answer is the one that is marked
            if by_both:
                odds += chosen
            if best is None or odds > best[0]:
                best = odds, span, sentence
    return finished(question, body, best[2], best[1], mentions, by_rules) if best else None


def _agrees(kind: AnswerType, mark: Span, by_rules: Span) -> bool:
    """Whether a mark touches what the rules chose; of a quotation, whether at least half of the mark is in it."""
    if kind is not AnswerType.STATEMENT:
        return mark.overlaps(by_rules)
    shared = min(mark.end, by_rules.end) - max(mark.start, by_rules.start)
    return 2 * shared >= mark.end - mark.start


def _without_dateline(body: str, sentence: Span) -> Span:
    return Span(sentence.start + length_of_dateline(sentence.of(body)), sentence.end)


def _of_kind(question: Question, body: str, sentence: Span, mentions: Sequence[TimeMention]) -> list[Span] | None:
    """What a sentence has of the kind that is asked for; None where any words may be of it."""
    match question.expected:
        case AnswerType.PERSON | AnswerType.PLACE:
            return typed_in(AnswerType.OTHER, body, sentence, question.terms, ())
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            return figures_in(body, sentence, mentions)
        case AnswerType.TIME:
            return typed_in(AnswerType.TIME, body, sentence, (), mentions)
        case _:
            return None


def _holds_no_longer(body: str, sentence: Span, span: Span) -> bool:
    """Tell whether somebody is told to have left a place, or to have been followed there."""
    before, behind = body[sentence.start : span.start], body[span.end : sentence.end]
    left = next((step for step in steps_in(behind, ("office",)) if step.name in _LEAVING), None)
    leaves = left is not None and not left.negated and _NOTHING_BETWEEN.fullmatch(behind[: left.start]) is not None
    return leaves or _FOLLOWED.search(before) is not None


def _is_country(name: str) -> bool:
    return names_a_country(name.removesuffix("'s").removesuffix("’s"))
