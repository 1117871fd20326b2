"""How far the words of an answer go: no word, figure or quotation is cut, and what belongs to it is taken in."""

import re
from collections.abc import Sequence

from search.article import Span
from search.asking.evidence.typed_spans import figures_in
from search.asking.question import AnswerType, Question
from search.english.calendar import named
from search.english.places import adjectives
from search.english.places import names as names_of_places
from search.english.terms import STOP_WORDS
from search.statements.lexicon import COURTESY, RANKS, ROLES, TITLES
from search.times import TimeMention

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|(?:\b[A-Z]{1,3})?[$€£¥]?\d+(?:[.,:/]\d+)*(?:\s?%|\w*)(?:[-\u2010-\u2013]\w+)*"  # US$3.15, 15-percent
    r"|[^\W_]+(?:(?:[.&@\u2010-\u2013-]|['’](?!s\b))[^\W_]+)*"
)
_BRACKETED = re.compile(r"\([^()]*\)")
_MARKS = frozenset('"“”')
_TITLE_WORDS = 6
"""Most words of a quotation that is a title or a name, and is marked whole."""
_EDGES = " \t\n,;:.!?-–—()[]\"“”‘’'"
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
_QUOTED = re.compile(r"[\"“](?P<words>[^\"“”]+)[\"”]")


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


def finished(
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


def _has_another_figure(body: str, span: Span, figure: Span) -> bool:
    """Whether a mark has a figure beside one."""
    return any(not other.overlaps(figure) for other in figures_in(body, span, ()))


def _is_of_name(word: str) -> bool:
    bare = word.rstrip(".").casefold()
    return bare not in _NO_NAMES and bare not in adjectives()


def _trimmed(body: str, start: int, end: int) -> tuple[int, int]:
    while start < end and body[start] in _EDGES:
        start += 1
    while start < end and body[end - 1] in _EDGES:
        end -= 1
    return start, end
