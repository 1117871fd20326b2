"""Which of the figures of a sentence answers: by what it counts, and by what is said of it.

A part is told from its whole ("450 of its 3,200 jobs"), a change from what it led to and from ("fell 12 percent to
48 million from 54.5 million"), those for from those against, the dead from the hurt, one time from another. A
figure that certainly counts something else does not answer, even when there is no other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from search.article import Span
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.english.calendar import named
from search.english.measures import any_of, measure_words
from search.english.numbers import NUMBER, NUMBERS
from search.english.people import are_persons
from search.english.table import any_word_of
from search.english.terms import STOP_WORDS, content_terms, distance, places_of, terms
from search.english.units import SYMBOL, Unit, fates_in, read_unit

_FAR = 10_000
_ENDS_THINGS = (
    any_word_of("function_words", "be", "do", "have", "modal") + r"|in|on|at|of|from|to|by|with|who|that|there"
)
_COUNTED = re.compile(
    r"\bhow many\s+(?:of\s+(?:the|its|his|her|their)\s+)?"
    rf"(?P<things>(?:(?!\b(?:{_ENDS_THINGS})\b)[\w'’.-]+\s*){{0,4}})",
    re.IGNORECASE,
)
"""What is counted, as far as it goes: "federal programs" of "How many federal programs were cut?"."""

_PERSONS = frozenset({"peopl", "person"})
_MEASURED = re.compile(
    r"\bhow (?P<how>long|big|large|tall|high|far|fast|old|deep|heavy|wide|hot|cold|strong)\b", re.IGNORECASE
)
_MEASURES_OF = dict.fromkeys(("long", "tall", "high", "far", "deep", "wide"), "length") | {
    "heavy": "weight",
    "hot": "heat",
    "cold": "heat",
    "old": "duration",
}
_HEADCOUNT = re.compile(
    r"\b(?:what|which)(?:['’]s| is| was| are| were)? (?:the )?(?:\w+ )?population\b", re.IGNORECASE
)
"""A share of those who live there is no answer to it."""
_SURELY_OF = {"long": "length", "tall": "length", "heavy": "weight", "strong": "strength"}
"""Of what is never said of a price or an index."""
_CHANGING = r"(?:rise|risen|rose|fall|fallen|fell|grow|grown|grew|climb\w*|increas\w*|jump\w*|drop\w*|declin\w*)"
_CHANGE_ASKED = re.compile(
    r"\bby (?:how|what)\b|\bhow (?:much|many) (?:more|less|fewer)\b"
    rf"|\b(?:how much|percent\w*|per\s?cent)\b.*\b{_CHANGING}\b(?!\s+to\b)"
    r"|\b(?:rise|fall|increase|decrease|growth|drop|decline)\s+in\b",
    re.IGNORECASE,
)
_ABOUT = r"(?:(?:about|some|at\s+least|nearly|almost|around|more\s+than|over)\s+)?"
_CHANGED = r"\b(?:rose|rises?|risen|grew|grown|climbed|increased|jumped|fell|fallen|dropped|declined|up|down)\b"
_IS_CHANGE = re.compile(
    rf"{_CHANGED}(?:\s+by)?\s+{_ABOUT}{SYMBOL}?\Z|{_CHANGED}[^.;]{{0,40}}?\bby\s+{_ABOUT}{SYMBOL}?\Z",
    re.IGNORECASE,
)
_IS_BEFORE = re.compile(
    rf"\bfrom\s+{_ABOUT}{SYMBOL}?\Z|\b(?:compared\s+(?:with|to)|against|than\s+the)\s+{_ABOUT}{SYMBOL}?\Z",
    re.IGNORECASE,
)
_BEFORE_ASKED = re.compile(
    r"\b(?:from what|before|previously|earlier|formerly|used to|originally)\b", re.IGNORECASE
)
_TIME_NAMED = re.compile(
    r"\b(?:last|previous|this|next)\s+(?:year|month|week|quarter|season|summer|winter)"
    r"|\b(?:in|of|for)\s+(?:1[5-9]|20)\d\d\b|\b(?:a|the)\s+(?:year|month|week)\s+(?:earlier|before|ago)"
    rf"|\b(?:in|for)\s+{any_of(tuple(named('month')))}\b",
    re.IGNORECASE,
)
_WHOLE_ASKED = re.compile(
    r"\bhow many\b.*\b(?:does|do|did)\b.*\b(?:have|own|employ|run|operate)\b"
    r"|\bhow many\b.*\b(?:are|were|was) there\b"
    r"|\b(?:in (?:all|total)|altogether)\b",
    re.IGNORECASE,
)
_OF_A_WHOLE = re.compile(
    rf"\s+(?:out\s+)?of\s+(?:(?:its|the|their|his|her|our|all|these|those|some|about|[\w-]+['’]s?)\s+){{0,2}}(?P<whole>{NUMBER})",
    re.IGNORECASE,
)
_OPENS_A_WHOLE = re.compile(
    r"\b(?:out\s+)?of\s+(?:(?:its|the|their|his|her|our|all|some|about|[\w-]+['’]s?)\s+){0,2}\Z", re.IGNORECASE
)
_CLAUSE_BEGUN = re.compile(r"(?:\A|[.;,:]|\s[-–—_]{1,2}|\band|\bbut)\W*\Z")
"""Behind a dateline, too."""
_AGAINST = re.compile(r"\b(?:against|opposed?|opposing|rejected)\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:vot\w+ for|for it|in favou?r|supported|backed|approved)\b", re.IGNORECASE)
_VOTES = re.compile(
    rf"(?P<first>{NUMBER})\s*(?:votes?\s+)?to\s+(?P<second>{NUMBER})\s+(?:votes?\s+)?"
    r"(?:(?P<against>against|to\s+reject)|for\b|in\s+favou?r|to\s+\w+)",
    re.IGNORECASE,
)
"""Of "voted 61 to 48 for the budget" the second is the number of those against."""
_CLAUSE_END = re.compile(r"[.;:!?()]\s|,(?!\d)|\b(?:and|but|while)\b|\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence says of a figure.

    Attributes:
        unit: What it is a number of; of a part, what its whole is.
        predicate: The words that are said of it.
        part: Whether it is a part of another figure beside it.
        whole: Whether another one is a part of it.
        change: Whether it tells by how much something changed.
        before: Whether it tells what something was before.
    """

    unit: Unit
    predicate: str
    part: bool
    whole: bool
    change: bool
    before: bool


def lacks_the_measure(question: Question, sentence: str) -> str | None:
    """Name the measure that a question surely asks for and of which a sentence has no word: "length"."""
    if _HEADCOUNT.search(question.text):
        shares = typed_spans(AnswerType.PERCENTAGE, sentence, ())
        counts = [
            one for one in typed_spans(AnswerType.NUMBER, sentence, ()) if not any(map(one.overlaps, shares))
        ]
        return "count" if shares and not counts else None
    measured = _MEASURED.search(question.text)
    kind = _SURELY_OF.get(measured["how"].lower()) if measured else None
    if kind is None or question.expected is not AnswerType.NUMBER:
        return None
    return None if _word_of(kind).search(sentence) else kind


def figure_that_answers(question: Question, sentence: str, figures: Sequence[Span]) -> Span | None:
    """Choose the figure that answers; None if there is none, or each counts something else.

    Args:
        question: Asks for a figure.
        sentence: The evidence.
        figures: Offsets into it.
    """
    counted = _COUNTED.search(question.text)
    things = content_terms(counted["things"]) if counted else []
    persons = not _PERSONS.isdisjoint(things)
    measured = _MEASURED.search(question.text)
    fates, change_asked = fates_in(question.text), change_is_asked(question)
    before_asked = _BEFORE_ASKED.search(question.text) is not None
    said = {figure: _said_of(sentence, figure) for figure in figures}
    if counted:
        of_persons = persons or are_persons(counted["things"].split()[-1:])
        said = {
            figure: one
            for figure, one in said.items()
            if not _counts_else(one.unit, things, of_persons) and not _of_another_fate(one.unit, fates)
        }
    measures = _terms_of_measures(_MEASURES_OF.get(measured["how"].lower(), "")) if measured else frozenset()
    some_count = any(one.unit.counted in things for one in said.values())
    near = things if some_count else (content_terms(measured["how"]) if measured else [])
    anchors = places_of(sentence, Span(0, len(sentence)), near) or places_of(
        sentence, Span(0, len(sentence)), question.terms
    )
    names = {*things, *question.names}
    predicates = [term for term in question.terms if term not in names]
    some_time = _at_the_time(question, sentence, said)
    asks_whole = _WHOLE_ASKED.search(question.text) is not None
    against, in_favour = _AGAINST.search(question.text), _FOR.search(question.text)

    def unfitness(figure: Span) -> tuple[float, ...]:
        one = said[figure]
        counts = one.unit.counted in things and not persons
        sought = predicates if things else question.terms
        has_term = not set(sought).isdisjoint(terms(f"{figure.of(sentence)}{one.predicate}"))
        at_its_time = figure in some_time
        return (
            bool(measures) and one.unit.counted not in measures,
            bool(one.unit.fates) and one.unit.fates.isdisjoint(fates) and (bool(fates) or not counts),
            bool(things) and not persons and one.unit.counted not in {None, *things, *_PERSONS},
            bool(some_time) and not at_its_time,
            one.change is not change_asked
            and not counts
            and (one.change or any(other.change for other in said.values())),
            one.before and not before_asked and not at_its_time and _names_none(one, question),
            (against is not None and _votes_for(sentence, figure, one) is True)
            or (in_favour is not None and _votes_for(sentence, figure, one) is False),
            one.part if asks_whole else (one.whole and not has_term),
            bool(predicates)
            and (one.part or one.whole or some_count or not things)
            and not has_term
            and not counts,
            some_count and not persons and not counts,
            bool(fates) and not one.unit.fates,
            bool(fates) and fates.isdisjoint(fates_in(one.predicate)),
            bool(things) and bool(question.names) and _names_none(one, question),
            min((distance(sentence, figure, anchor) for anchor in anchors), default=_FAR),
            figure.start,
        )

    return min(said, key=unfitness, default=None)


def is_told_by_its_time(question: Question, evidence: Span, body: str, figures: Sequence[Span], one: Span) -> bool:
    """Tell whether a figure, and none else, has beside it the time that a question names: "up from 11 last year".

    Args:
        question: The question.
        evidence: Offsets of the evidence in the body.
        body: The article's body.
        figures: Offsets of the figures of evidence in the body.
        one: That of the figure.
    """
    found = [Span(figure.start - evidence.start, figure.end - evidence.start) for figure in figures]
    timed = _at_the_time(question, evidence.of(body), found)
    return len(found) > 1 and timed == {Span(one.start - evidence.start, one.end - evidence.start)}


def _at_the_time(question: Question, sentence: str, figures: Iterable[Span]) -> set[Span]:
    """The figures beside which a time stands that the question names."""
    times = {found.group().casefold() for found in _TIME_NAMED.finditer(question.text)}
    return {figure for figure in figures if times and _has_any(_around(sentence, figure), times)}


def _of_another_fate(unit: Unit, asked: frozenset[str]) -> bool:
    """Tell whether a figure counts those of whom something else became: killed, where missing is asked."""
    return bool(asked) and bool(unit.fates) and unit.fates.isdisjoint(asked)


def _votes_for(sentence: str, figure: Span, said: _Said) -> bool | None:
    """Tell whether a figure counts those for it, or those against; None where neither is said."""
    for votes in _VOTES.finditer(sentence):
        for group in ("first", "second"):
            if figure.start <= votes.start(group) < figure.end:
                return (group == "first") is (votes["against"] is None)
    if _FOR.search(said.predicate):
        return True
    return False if _AGAINST.search(said.predicate) else None


def _names_none(said: _Said, question: Question) -> bool:
    """Tell whether what is said of a figure has no name of the question: "compared with 200 in Oslo" has one."""
    return set(question.names).isdisjoint(terms(said.predicate))


def change_is_asked(question: Question) -> bool:
    """Tell whether a question asks by how much something changed."""
    return _CHANGE_ASKED.search(question.text) is not None


def _said_of(sentence: str, figure: Span) -> _Said:
    before, after = sentence[: figure.start], sentence[figure.end :]
    opened = _OPENS_A_WHOLE.search(before)
    behind_its_part = opened is not None and _ends_in_a_figure(before[: opened.start()])
    unit = read_unit(sentence, figure.start, figure.end)
    share = _OF_A_WHOLE.match(after)
    behind = figure.end
    if share:
        start, behind = figure.end + share.start("whole"), figure.end + share.end("whole")
        unit = read_unit(sentence, start, behind)
    return _Said(
        unit,
        _predicate(sentence, behind, whole=behind_its_part),
        share is not None,
        behind_its_part or (opened is not None and _CLAUSE_BEGUN.search(before[: opened.start()]) is not None),
        _IS_CHANGE.search(before) is not None,
        _IS_BEFORE.search(before) is not None,
    )


def _ends_in_a_figure(text: str) -> bool:
    """Tell whether a figure stands at the end, as a part before the "of" of its whole: "450 of its 3,200 jobs"."""
    return any(number.end() == len(text.rstrip()) for number in NUMBERS.finditer(text))


def _predicate(sentence: str, start: int, *, whole: bool) -> str:
    """The words behind a figure, up to the end of its clause or the next figure; of a whole up to its noun."""
    stop = _CLAUSE_END.search(sentence, start)
    number = NUMBERS.search(sentence, start)
    end = min(found.start() for found in (stop, number) if found) if stop or number else len(sentence)
    words = sentence[start:end]
    if not whole:
        return words
    noun = re.search(r"^\W*(?:[\w'’-]+\s+){0,3}?[\w'’-]+s\b", words)
    return noun.group() if noun else ""


def _around(sentence: str, figure: Span) -> str:
    """A figure's own stretch of the sentence: behind it up to the next figure."""
    number = NUMBERS.search(sentence, figure.end)
    stop = re.compile(r";|,\s|\b(?:and|from|to|against|than)\b").search(sentence, figure.end)
    ends = [found.start() for found in (number, stop) if found]
    return sentence[figure.end : max(figure.end, min(ends, default=len(sentence)))]


def _has_any(text: str, phrases: set[str]) -> bool:
    plain = text.casefold()
    return any(phrase in plain for phrase in phrases)


def _counts_else(unit: Unit, things: Sequence[str], of_persons: bool) -> bool:  # noqa: FBT001
    """Tell whether a figure certainly counts something else: days, or things where persons are asked for."""
    if unit.counted is None or unit.counted in things:
        return False
    measured = _terms_of_measures("duration", "length", "area", "volume", "weight", "speed", "heat", "power")
    if unit.counted in measured:
        return measured.isdisjoint(things)
    return of_persons and not are_persons([unit.noun])


@cache
def _terms_of_measures(*kinds: str) -> frozenset[str]:
    return frozenset(term for word in measure_words(*kinds) for term in terms(word) if word not in STOP_WORDS)


@cache
def _word_of(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_]){any_of(measure_words(kind))}\b", re.IGNORECASE)
