"""How far the words of an answer go: no word, figure or quotation is cut, and what belongs to it is taken in."""

import re
from collections.abc import Sequence

from search.article import Span
from search.asking.evidence.figure_choice import change_is_asked
from search.asking.evidence.typed_spans import figures_in
from search.asking.question import AnswerType, Question
from search.asking.shapes import QuestionShape
from search.english.calendar import named
from search.english.numbers import any_of, measure_words
from search.english.people import pronouns_of_given_names
from search.english.places import adjectives
from search.english.places import names as names_of_places
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS
from search.statements.attribution import find_attribution
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
_CAPITALISED = r"\b[A-ZÀ-ÖØ-Þ][\w-]{0,40}"
_NAME = re.compile(rf"{_CAPITALISED}(?:['’][A-Z]\w{{1,40}})?(?:\s{_CAPITALISED}){{0,8}}")
"""Bounded, as texts may have words and runs of capitals of any length."""
_PLACE_OF_OFFICE = re.compile(
    rf"(?P<place>{_CAPITALISED}(?:\s{_CAPITALISED})?)\s(?={_CAPITALISED}\s{_CAPITALISED}\Z)"
)
"""Before somebody's first and last name: "Ambassador to Norland Ida Lund"."""
_FIELD_OF_OFFICE = re.compile(rf"(?P<field>{_CAPITALISED})\s(?={_CAPITALISED}\s{_CAPITALISED}\Z)")
"""The same behind an office, of what is no place: "Secretary of State Ida Lund"."""
_SERVING = re.compile(r"\b(?P<office>\w+)\s(?:to|of|in|for)\s\Z")
_NAME_BEFORE = re.compile(rf"(?P<word>{_CAPITALISED}|[A-Z]\.) \Z")
_NAME_BEHIND = re.compile(rf" (?P<word>{_CAPITALISED})(?!['’]s)")
_LOOK_BACK = 30
_OPENERS = STOP_WORDS | words_of("name_parts", "opener")
_NO_NAMES = _OPENERS | ROLES | RANKS | COURTESY | TITLES | frozenset(named("weekday") | named("month"))
_BEFORE_TIME = re.compile(
    r"\b(?:in|on|at|by|until|till|since|from|before|after|within|during|around|about)\s\Z", re.IGNORECASE
)
_ASKS_A_UNIT = re.compile(r"\W*(?:\w+\s)?(?:what|which)\s", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|up to|as many as|as much as|over|under)\s\Z",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“](?P<words>[^\"“”]+)[\"”]")
_BASED = re.compile(r"-(?:based|born|area)\b.*\Z")
_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)
_AND = re.compile(r"\sand\s")
_DASH = re.compile(r"\s?[-\u2010-\u2013]\s?")
_TWO = re.compile(r"\d\s+and\s+\d")
_COUNTS = re.compile(r"\W*(?:\w+\s)?how many\b", re.IGNORECASE)
_MEASURES = measure_words("length", "area", "volume", "weight", "power", "heat", "speed", "duration")
_MEASURE_BEHIND = re.compile(rf"[\s-]{any_of(_MEASURES)}(?!\w)", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"[,;:](?!\d)|[\"“”()]|\s[-\u2010-\u2015]{1,2}\s"
    rf"|\s(?:{any_word_of('function_words', 'next')})\b",
    re.IGNORECASE,
)
_A_VERB = 2
"""Most words of what is no statement yet, as "has denounced"."""
_FIRST_WORD = re.compile(r"\S+")
_NAMED_THING = rf"(?:the\s)?{_NAME.pattern}"
_NAMES = re.compile(rf"{_NAMED_THING}(?:,\s{_NAMED_THING})*,?\sand\s{_NAMED_THING}")


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
    """Take in what belongs to an answer of its kind, and leave out what does not.

    The whole time, name, range, reason or quotation is taken in, and "at least"; who said it is left out.

    Args:
        question: The question.
        body: The article's body.
        sentence: Offsets of the sentence that the words stand in; nothing beyond it is taken in.
        span: Offsets of the words.
        mentions: The time mentions of the body.
        by_rules: Offsets of what rules would choose.
    """
    match question.expected:
        case AnswerType.TIME:
            return _whole_time(question, body, sentence, span, mentions, by_rules)
        case AnswerType.NUMBER | AnswerType.MONEY | AnswerType.PERCENTAGE:
            return _whole_figure(question, body, sentence, span, by_rules)
        case AnswerType.STATEMENT:
            return _whole_statement(body, sentence, span)
        case AnswerType.REASON:
            return _to_the_clause_end(body, sentence, span)
        case AnswerType.PERSON:
            span = _without_opener(body, span)
        case AnswerType.PLACE:
            span = _without_base(body, span)
        case AnswerType.OTHER:
            pass
    return _all_named(question, body, sentence, _whole_name(body, sentence, span))


def _whole_figure(question: Question, body: str, sentence: Span, span: Span, by_rules: Span | None) -> Span:
    """A figure, or where a mark has several the one of the rules, with its range, measure and "at least"."""
    if by_rules is not None and span.overlaps(by_rules) and _has_another_figure(body, span, by_rules):
        span = by_rules
    span = measured(question, body, sentence, span)
    hedge = _AT_LEAST.search(body, max(sentence.start, span.start - _LOOK_BACK), span.start)
    return Span(hedge.start(), span.end) if hedge else span


def measured(question: Question, body: str, sentence: Span, figure: Span) -> Span:
    """Take into a figure the other end of its range, and its measure unless the question names what is counted.

    Args:
        question: Asks for a figure.
        body: The article's body.
        sentence: Offsets of the evidence in it.
        figure: Offsets of the figure.
    """
    if not change_is_asked(question):
        figure = _whole_range(body, sentence, figure)
    if question.expected is not AnswerType.NUMBER or _COUNTS.match(question.text):
        return figure
    measure = _MEASURE_BEHIND.match(body, figure.end, sentence.end)
    return Span(figure.start, measure.end()) if measure and figure.of(body)[-1].isdigit() else figure


def _whole_range(body: str, sentence: Span, span: Span) -> Span:
    """A figure with the one that it stands together with: "between 3 and 5 tons", "4 - 6 percent"."""
    if _TWO.search(span.of(body)):
        between = _BETWEEN.search(body, max(sentence.start, span.start - _LOOK_BACK), span.start)
        return Span(between.start() if between else span.start, span.end)
    figures = sorted(figures_in(body, sentence, ()), key=lambda one: (one.start, -one.end))
    for low in figures:
        for high in figures:
            if not span.overlaps(low) and not span.overlaps(high):
                continue
            between = _BETWEEN.search(body, max(sentence.start, low.start - _LOOK_BACK), low.start)
            link = body[low.end : high.start] if low.end <= high.start else ""
            if between and _AND.fullmatch(link):
                return Span(between.start(), high.end)
            if _DASH.fullmatch(link):
                return Span(low.start, high.end)
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


def _whole_statement(body: str, sentence: Span, span: Span) -> Span:
    """A quotation without who said it, or, of what is told in other words, more than the verb."""
    for match in _QUOTED.finditer(body, sentence.start, sentence.end):
        words = Span(*match.span("words"))
        if words.start <= span.start and span.end <= words.end:
            whole = len(match["words"].split()) <= _QUOTATION_WORDS
            return Span(*_trimmed(body, *match.span("words"))) if whole else span
        beside = body[span.start : match.start()] + body[match.end() : span.end]
        if span.start <= words.start and words.end <= span.end and find_attribution(f"~~, {beside.strip(', ')}."):
            return Span(*_trimmed(body, *match.span("words")))
    return span if len(span.of(body).split()) > _A_VERB else _to_the_clause_end(body, sentence, span)


def _to_the_clause_end(body: str, sentence: Span, span: Span) -> Span:
    """Words that begin in the middle of a clause, to where it ends."""
    stop = _CLAUSE_END.search(body, span.end, sentence.end)
    _, end = _trimmed(body, span.start, stop.start() if stop else sentence.end)
    return Span(span.start, max(span.end, end))


def _without_opener(body: str, span: Span) -> Span:
    """A name without the word that opens its sentence: "Although Mr Lund"."""
    words = list(_FIRST_WORD.finditer(body, span.start, span.end))
    name = next((word for word in words if word.group().casefold() not in _OPENERS), None)
    return Span(name.start(), span.end) if name else span


def _without_base(body: str, span: Span) -> Span:
    """A place without what is said to be there: "Oslo-based"."""
    based = _BASED.search(span.of(body))
    return Span(span.start, span.start + based.start()) if based else span


def _all_named(question: Question, body: str, sentence: Span, span: Span) -> Span:
    """A name with those that it is listed with, where several are asked for: "which countries"."""
    if question.shape is not QuestionShape.LIST:
        return span
    listed = next(
        (one for one in _NAMES.finditer(body, sentence.start, sentence.end) if span.overlaps(Span(*one.span()))),
        None,
    )
    return Span(min(span.start, listed.start()), max(span.end, listed.end())) if listed else span


def _whole_name(body: str, sentence: Span, span: Span) -> Span:
    """A mark that is a name or a part of one, with the rest of the name; titles and offices are none of it."""
    start, end = span.start, span.end
    if not _NAME.fullmatch(span.of(body)):
        return span
    serving = _SERVING.search(body, max(sentence.start, start - _LOOK_BACK), start)
    place = _PLACE_OF_OFFICE.match(span.of(body))
    if place and serving and place["place"] in names_of_places():
        return Span(start + place.end(), end)
    field = _FIELD_OF_OFFICE.match(span.of(body))
    in_office = serving and serving["office"].casefold() in ROLES
    if field and in_office and field["field"] not in pronouns_of_given_names():
        return Span(start + field.end(), end)
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
