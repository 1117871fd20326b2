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
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.english.calendar import named
from search.english.datelines import length_of_dateline
from search.english.places import adjectives, names_a_country
from search.english.places import names as names_of_places
from search.english.terms import STOP_WORDS
from search.models.close_reading import Reading
from search.statements.lexicon import COURTESY, RANKS, ROLES, TITLES
from search.times import TimeMention

CONSIDERED = 12
"""How many of the likeliest marks of a sentence are looked at."""

LONGEST = {AnswerType.REASON: 48, AnswerType.STATEMENT: 60, AnswerType.OTHER: 30}
"""Most tokens of a mark, by the kind that is asked for."""

_LONGEST_OF_OTHERS = 20
_WRONG_KIND = 1.5
_A_TOKEN = 0.05
"""Log odds that a mark loses for each token where a name, a time or a figure is asked for."""
_CHOSEN_BY_RULES = dict.fromkeys((AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENTAGE), 4.0)
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|(?:\b[A-Z]{1,3})?[$€£¥]?\d+(?:[.,:/]\d+)*(?:\s?%|\w*)(?:[-\u2010-\u2013]\w+)*"  # US$3.15, 15-percent
    r"|[^\W_]+(?:(?:[.&@\u2010-\u2013-]|['’](?!s\b))[^\W_]+)*"
)
_QUOTED = re.compile(r"[\"“](?P<words>[^\"“”]+)[\"”]")
_BRACKETED = re.compile(r"\([^()]*\)")
_EDGES = " \t\n,;:.!?-–—()[]\"“”‘’'"
_MARKS = frozenset('"“”')
_TITLE_WORDS = 6
"""Most words of a quotation that is a title or a name, and is marked whole."""
_QUOTATION_WORDS = 25
"""Most words of a quotation that is marked whole where somebody's words are asked for."""
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w-]*"
_NAME = re.compile(rf"{_CAPITALISED}(?:['’][A-Z]\w+)?(?:\s{_CAPITALISED})*")
_PLACE_OF_OFFICE = re.compile(
    rf"(?P<place>{_CAPITALISED}(?:\s{_CAPITALISED})?)\s(?={_CAPITALISED}\s{_CAPITALISED}\Z)"
)
"""Before somebody's first and last name: "Ambassador to Norland Ida Lund"."""
_SERVING = re.compile(r"\b(?:to|of|in|for)\s\Z")
_NAME_BEFORE = re.compile(rf"(?P<word>{_CAPITALISED}|[A-Z]\.) \Z")
_NAME_BEHIND = re.compile(rf" (?P<word>{_CAPITALISED})(?!['’]s)")
_LOOK_BACK = 30
_NO_NAMES = STOP_WORDS | ROLES | RANKS | COURTESY | TITLES | frozenset(named("weekday") | named("month"))
_BEFORE_TIME = re.compile(
    r"\b(?:in|on|at|by|until|till|since|from|before|after|within|during|around|about)\s\Z", re.IGNORECASE
)
_ASKS_A_UNIT = re.compile(r"\W*(?:\w+\s)?(?:what|which)\s", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|up to|as many as|as much as|over|under)\s\Z",
    re.IGNORECASE,
)


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
        by_rules: Offsets of what rules would choose: a time of theirs is the one that is marked, a figure of
            theirs has weight.
    """
    kind = question.expected
    longest, chosen = LONGEST.get(kind, _LONGEST_OF_OTHERS), _CHOSEN_BY_RULES.get(kind, 0.0)
    a_token = 0.0 if kind in LONGEST else _A_TOKEN
    best: tuple[float, Span, Span] | None = None
    for whole in sentences:
        sentence = whole if kind is AnswerType.PLACE else _without_dateline(body, whole)
        inside = [one for one in mentions if sentence.start <= one.start and one.end <= sentence.end]
        figures = _figures(body, sentence, inside)
        of_kind = _of_kind(question, body, sentence, inside)
        pieces = WholePieces(body, sentence, figures)
        for mark in marks(reading, begin, [sentence], longest):
            if best is not None and mark.odds + chosen <= best[0]:
                break  # they come best first: none of the rest can be better
            span = pieces.made_whole(mark.span)
            if span is None:
                continue
            odds = mark.odds - a_token * mark.tokens
            of_the_kind = of_kind is None or any(span.overlaps(one) for one in of_kind)
            if not of_the_kind or (question.asks_for_a_country and not _is_country(span.of(body))):
                odds -= _WRONG_KIND
            by_both = by_rules is not None and span.overlaps(by_rules)
            if by_rules is not None and kind is AnswerType.TIME and not by_both:
                continue  # the time that is told as the answer is the one that is marked
            if by_both:
                odds += chosen
            if best is None or odds > best[0]:
                best = odds, span, sentence
    return _finished(question, body, best[2], best[1], mentions, by_rules) if best else None


def _finished(
    question: Question,
    body: str,
    sentence: Span,
    span: Span,
    mentions: Sequence[TimeMention],
    by_rules: Span | None,
) -> Span:
    """Take in what belongs to an answer of its kind: the whole time, name or quotation, and "at least"."""
    match question.expected:
        case AnswerType.TIME:
            return _whole_time(question, body, sentence, span, mentions, by_rules)
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            if by_rules is not None and span.overlaps(by_rules) and _has_another_figure(body, span, by_rules):
                span = by_rules
            hedge = _AT_LEAST.search(body, max(sentence.start, span.start - _LOOK_BACK), span.start)
            return Span(hedge.start(), span.end) if hedge else span
        case AnswerType.STATEMENT:
            return _whole_quotation(body, sentence, span)
        case AnswerType.PERSON | AnswerType.PLACE | AnswerType.OTHER:
            return _whole_name(body, sentence, span)
        case _:
            return span


def _whole_time(
    question: Question,
    body: str,
    sentence: Span,
    span: Span,
    mentions: Sequence[TimeMention],
    by_rules: Span | None,
) -> Span:
    """A mark with the time expressions that it touches; one that is reckoned from another with its preposition.

    "On Friday" and "in June" are read as they stand; a date that is complete in itself needs no preposition, nor
    does the answer to "what day".
    """
    relative = False
    span = by_rules or span
    for mention in mentions:
        if sentence.start <= mention.start and mention.end <= sentence.end and span.overlaps(mention):
            span = Span(min(span.start, mention.start), max(span.end, mention.end))
            relative = relative or bool(mention.anchor)
    if relative and not _ASKS_A_UNIT.match(question.text):
        before = _BEFORE_TIME.search(body, max(sentence.start, span.start - _LOOK_BACK), span.start)
        return Span(before.start(), span.end) if before else span
    return span


def _whole_quotation(body: str, sentence: Span, span: Span) -> Span:
    for match in _QUOTED.finditer(body, sentence.start, sentence.end):
        words = Span(*match.span("words"))
        if words.start <= span.start and span.end <= words.end:
            whole = len(match["words"].split()) <= _QUOTATION_WORDS
            return Span(*_trimmed(body, *match.span("words"))) if whole else span
    return span


def _whole_name(body: str, sentence: Span, span: Span) -> Span:
    """A mark that is a name or a part of one, with the rest of the name; titles and offices are none of it."""
    start, end = span.start, span.end
    if not _NAME.fullmatch(span.of(body)):
        return span
    place = _PLACE_OF_OFFICE.match(span.of(body))
    serving = place and _SERVING.search(body, max(sentence.start, start - _LOOK_BACK), start)
    if place and serving and place["place"] in names_of_places():
        return Span(start + place.end(), end)
    while before := _NAME_BEFORE.search(body, max(sentence.start, start - _LOOK_BACK), start):
        if not _is_of_name(before["word"]):
            break
        start = before.start()
    while behind := _NAME_BEHIND.match(body, end, sentence.end):
        if not _is_of_name(behind["word"]):
            break
        end = behind.end()
    return Span(start, end)


def _without_dateline(body: str, sentence: Span) -> Span:
    return Span(sentence.start + length_of_dateline(sentence.of(body)), sentence.end)


def _has_another_figure(body: str, span: Span, figure: Span) -> bool:
    """Whether a mark has a figure beside one."""
    return any(not other.overlaps(figure) for other in _figures(body, span, ()))


def _is_of_name(word: str) -> bool:
    bare = word.rstrip(".").casefold()
    return bare not in _NO_NAMES and bare not in adjectives()


def _figures(body: str, sentence: Span, mentions: Sequence[TimeMention]) -> list[Span]:
    """Offsets in the body of a sentence's sums of money, shares and numbers."""
    kinds = (AnswerType.MONEY, AnswerType.PERCENTAGE, AnswerType.NUMBER)
    return [span for kind in kinds for span in _typed(kind, body, sentence, (), mentions)]


def _of_kind(question: Question, body: str, sentence: Span, mentions: Sequence[TimeMention]) -> list[Span] | None:
    """What a sentence has of the kind that is asked for; None where any words may be of it."""
    match question.expected:
        case AnswerType.PERSON | AnswerType.PLACE:
            return _typed(AnswerType.OTHER, body, sentence, question.terms, ())
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            return _figures(body, sentence, mentions)
        case AnswerType.TIME:
            return _typed(AnswerType.TIME, body, sentence, (), mentions)
        case _:
            return None


def _is_country(name: str) -> bool:
    return names_a_country(name.removesuffix("'s").removesuffix("’s"))


def _typed(
    kind: AnswerType, body: str, sentence: Span, known: Sequence[str], mentions: Sequence[TimeMention]
) -> list[Span]:
    found = typed_spans(kind, sentence.of(body), known, mentions, sentence.start)
    return [Span(span.start + sentence.start, span.end + sentence.start) for span in found]


class WholePieces:
    """The words, figures, quotations and brackets of a sentence, none of which a mark may cut."""

    def __init__(self, body: str, sentence: Span, figures: Sequence[Span] = ()) -> None:
        """Find them.

        Args:
            body: The text.
            sentence: Offsets of the sentence; nothing beyond it is taken in.
            figures: Offsets of figures that stay whole.
        """
        self._body = body
        words = (Span(*match.span()) for match in _WORD.finditer(body, sentence.start, sentence.end))
        self._words = (*words, *figures)
        self._quotations = list(_QUOTED.finditer(body, sentence.start, sentence.end))
        self._brackets = [Span(*match.span()) for match in _BRACKETED.finditer(body, sentence.start, sentence.end)]

    def made_whole(self, mark: Span) -> Span | None:
        """Widen a mark to whole words and figures, and to both ends of a quotation or a bracket that it cuts.

        Returns:
            The offsets, without the punctuation at either end; None if the mark has no word.
        """
        body = self._body
        start, end = _trimmed(body, mark.start, mark.end)
        for piece in self._words:
            if piece.start < end and start < piece.end:
                start, end = min(start, piece.start), max(end, piece.end)
        for match in self._quotations:
            if match.start("words") <= start < end <= match.end("words"):
                if len(match["words"].split()) <= _TITLE_WORDS:
                    start, end = _trimmed(body, *match.span("words"))
            elif match.start() < end and start < match.end():
                start, end = min(start, match.start()), max(end, match.end())
        for piece in self._brackets:
            if piece.start < end and start < piece.end and not piece.start < start < end < piece.end:
                start, end = min(start, piece.start), max(end, piece.end)
        start, end = _without_half_a_quotation(body, start, end)
        return Span(start, end) if start < end else None


def _without_half_a_quotation(body: str, start: int, end: int) -> tuple[int, int]:
    """Leave out, of a mark with one mark of a quotation that ends in another sentence, the shorter side of it."""
    marks_inside = [place for place in range(start, end) if body[place] in _MARKS]
    if len(marks_inside) != 1:
        return start, end
    place = marks_inside[0]
    return _trimmed(body, start, place) if place - start > end - place else _trimmed(body, place + 1, end)


def _trimmed(body: str, start: int, end: int) -> tuple[int, int]:
    while start < end and body[start] in _EDGES:
        start += 1
    while start < end and body[end - 1] in _EDGES:
        end -= 1
    return start, end
