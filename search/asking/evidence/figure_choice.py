"""Which of the figures of a sentence answers: by what it counts, and by what is said of it.

A part is told from its whole ("450 of its 3,200 jobs"), a change from what it led to and from ("fell 12 percent to
48 million from 54.5 million"), those for from those against, the dead from the hurt, one time from another. A
figure that certainly counts something else does not answer, even when there is no other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from search.article import Span
from search.asking.evidence.figure_said import (
    AGAINST,
    IN_FAVOUR,
    Said,
    clause_of,
    is_share_of,
    is_so_much_of,
    said_of,
    votes_for,
)
from search.asking.evidence.figures import read_figure
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.english.calendar import named
from search.english.numbers import NUMBERS, any_of, currency_words, measure_words
from search.english.people import are_persons
from search.english.table import any_word_of
from search.english.terms import STOP_WORDS, content_terms, distance, places_of, terms
from search.english.units import SYMBOL, Unit, fates_in, is_plural
from search.english.word_forms import forms_of

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

_SUBSTANCE = re.compile(
    rf"\bhow much\s+(?P<things>(?:(?!\b(?:{_ENDS_THINGS})\b)[\w'’.-]+\s*){{1,4}})", re.IGNORECASE
)
"""What there is so much of: "rice" of "How much rice was sold?"."""

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
    r"\bby (?:how|what)\b|\bhow (?:much|many) (?:more|less|fewer|higher|lower|larger|smaller)\b"
    rf"|\b(?:how much|percent\w*|per\s?cent)\b.*\b{_CHANGING}\b(?!\s+to\b)"
    r"|\b(?:rise|fall|increase|decrease|growth|drop|decline)\s+in\b",
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
_STILL = re.compile(rf"\b(?:{any_word_of('figures', 'still so')})\b", re.IGNORECASE)
_HEAD_ASKED_ABOUT = re.compile(
    rf"\b(?:{any_word_of('function_words', 'be', 'do', 'have', 'modal')})\s+(?:the\s+)?(?P<head>[\w'’-]+)"
    r"\s+(?:of|at|in|from)\b"
)
_WORDS_BEFORE = re.compile(
    rf"(?:[\w'’-]+\s+){{0,2}}(?<!\band\s)(?<!\bor\s)(?<!\bbut\s)(?<!['’]s\s)(?<!['’]\s){SYMBOL}?\Z"
)
_TWO = re.compile(r"\d[-\u2010-\u2015]\d")
_NAMED = re.compile(r"\b[A-Z][\w'’-]+")
_THINGS = re.compile(r"\bhow many\s+(?P<things>[\w'’-]+(?:\s+[\w'’-]+){0,2})", re.IGNORECASE)
_MEASURED_THINGS = frozenset(
    {*currency_words(), "percent", "per", "percentage", "points", "times", "million", "billion"}
)
_IN_SO_MANY = re.compile(r"\s(?:in|out\sof)\s", re.IGNORECASE)
"""In a share that tells how many of things: "one in four"."""
_SHARE_ASKED = re.compile(
    r"\b(?:what|which|how\s+(?:big|large)\s+a)\s+(?:percentage|percent|per\s?cent|share|proportion|part)\s+of\s+"
    r"(?:the\s+|its\s+|their\s+|all\s+)?(?P<things>[\w'’-]+)",
    re.IGNORECASE,
)
_HOW = re.compile(r"\b[a-z]{3,}ly\b")
_HOW_OFTEN = re.compile(r"\bhow (?:often|many times)\b", re.IGNORECASE)
_NTH_TIME = re.compile(r"\b(?:once|twice|thrice|times?)\b", re.IGNORECASE)
_WHOLE_ASKED = re.compile(
    rf"\bhow many\b.*\b(?:does|do|did)\b.*\b(?:{any_word_of('figures', 'has as a whole')})\b"
    r"|\bhow many\b.*\b(?:are|were|was)\s+(?:there|in|at|on)\b"
    r"|\b(?:in (?:all|total)|altogether)\b",
    re.IGNORECASE,
)


def lacks_the_measure(question: Question, sentence: str) -> str | None:
    """Name the measure that a question surely asks for and of which a sentence has no word: "length"."""
    if _HEADCOUNT.search(question.text):
        shares = typed_spans(AnswerType.PERCENTAGE, sentence, ())
        counts = [
            one for one in typed_spans(AnswerType.NUMBER, sentence, ()) if not any(map(one.overlaps, shares))
        ]
        return "count" if shares and not counts else None
    if (things := _THINGS.search(question.text)) and _MEASURED_THINGS.isdisjoint(things["things"].lower().split()):
        shares = typed_spans(AnswerType.PERCENTAGE, sentence, ())
        sums = [
            *typed_spans(AnswerType.MONEY, sentence, ()),
            *(one for one in shares if not _IN_SO_MANY.search(one.of(sentence))),
        ]
        counts = typed_spans(AnswerType.NUMBER, sentence, ())
        return "count" if sums and all(any(map(one.overlaps, sums)) for one in counts) else None
    measured = _MEASURED.search(question.text)
    kind = _SURELY_OF.get(measured["how"].lower()) if measured else None
    if kind is None or question.expected is not AnswerType.NUMBER:
        return None
    return None if _word_of(kind).search(sentence) else kind


def tells_how_often(question: Question, sentence: str) -> bool:
    """Tell whether a sentence says how often, where that is asked: "for the third time"."""
    return bool(_HOW_OFTEN.search(question.text) and _NTH_TIME.search(sentence))


def figure_that_answers(question: Question, sentence: str, figures: Sequence[Span]) -> Span | None:
    """Choose the figure that answers; None if there is none, or each counts something else.

    Args:
        question: Asks for a figure.
        sentence: The evidence.
        figures: Offsets into it.
    """
    counted = _things_counted(question.text)
    things = _forms_of(counted) if counted else []
    persons = not _PERSONS.isdisjoint(things)
    measured = _MEASURED.search(question.text)
    fates, change_asked = fates_in(question.text), change_is_asked(question)
    substance = _SUBSTANCE.search(question.text) if question.expected is AnswerType.NUMBER else None
    of_what = content_terms(substance["things"])[-1:] if substance else []
    share = _SHARE_ASKED.search(question.text) if question.expected is AnswerType.PERCENTAGE else None
    shared = content_terms(share["things"]) if share else []
    before_asked = _BEFORE_ASKED.search(question.text) is not None
    said = {figure: said_of(sentence, figure) for figure in figures}
    acts = _is_act(counted)
    if counted:
        of_persons = persons or are_persons(counted.split()[-1:])
        said = {
            figure: one
            for figure, one in said.items()
            if (not _counts_else(one.unit, things, of_persons) or _is_of_a_ballot(sentence, figure, one))
            and not _of_another_fate(one.unit, fates)
            and not _is_score(sentence, figure)
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
    told = {figure: _tells_of(sentence, figure, said[figure], predicates or question.terms) for figure in said}
    asks_whole = _WHOLE_ASKED.search(question.text) is not None
    has_whole = asks_whole and any(one.whole for one in said.values())
    beside = set() if has_whole else _named_before(question, sentence, said) or _contrasted(question, said)
    still = {figure for figure, one in said.items() if question.latest and _STILL.search(one.predicate)}
    told_apart = _told_of_others(sentence, said, predicates) if things else set()
    doing = {
        figure
        for figure, one in said.items()
        if acts and (one.unit.counted in things or not set(things).isdisjoint(terms(one.predicate)))
    }
    fate_told = not things and any(not one.unit.fates.isdisjoint(fates) for one in said.values())
    against, in_favour = AGAINST.search(question.text), IN_FAVOUR.search(question.text)

    votes = {figure: votes_for(sentence, figure, one) for figure, one in said.items()}
    cast = {figure for figure, way in votes.items() if way is not None and way is (against is None)}
    cast = cast if against or in_favour else set()
    befores = {figure for figure, one in said.items() if one.before} if before_asked else set()
    adverbs = _told_how(question, sentence, said)

    def unfitness(figure: Span) -> tuple[float, ...]:
        one = said[figure]
        counts = one.unit.counted in things and not persons
        sought = predicates if things else question.terms
        has_term = not set(sought).isdisjoint(terms(f"{figure.of(sentence)}{one.predicate}"))
        told_of_another = bool(predicates) and not has_term and any(told.values())
        at_its_time = figure in some_time
        return (
            bool(of_what) and not is_so_much_of(sentence, figure, of_what),
            bool(of_what) and one.unit.measure is not None,
            bool(measures) and one.unit.counted not in measures,
            bool(one.unit.fates)
            and one.unit.fates.isdisjoint(fates)
            and (bool(fates) or not counts or told_of_another),
            bool(things)
            and not (persons or acts)
            and one.unit.counted not in {None, *things, *_PERSONS}
            and not _is_of_a_ballot(sentence, figure, one),
            bool(some_time) and not at_its_time,
            bool(still) and figure not in still,
            bool(beside) and figure not in beside,
            bool(adverbs) and figure not in adverbs,
            bool(befores) and figure not in befores,
            bool(shared) and not is_share_of(sentence, figure, shared),
            one.change is not change_asked
            and not counts
            and (one.change or any(other.change for other in said.values())),
            one.before and not before_asked and not at_its_time and _names_none(one, question),
            bool(cast) and figure not in cast,
            bool(doing) and figure not in doing,
            one.part if asks_whole else (one.whole and not has_term),
            fate_told and not one.unit.fates,
            bool(predicates)
            and (one.part or one.whole or some_count or not things)
            and ((not counts and not has_term) or (counts and figure in told_apart)),
            some_count and not persons and not counts,
            bool(fates) and not one.unit.fates,
            bool(fates) and fates.isdisjoint(fates_in(one.predicate)),
            bool(things) and bool(question.names) and _names_none(one, question),
            min((distance(sentence, figure, anchor) for anchor in anchors), default=_FAR),
            figure.start,
        )

    return min(said, key=unfitness, default=None)


def _is_of_a_ballot(sentence: str, figure: Span, said: Said) -> bool:
    """Tell whether a figure counts the votes of a ballot, which are as many as those who voted so."""
    return said.unit.counted in {None, *terms("votes")} and votes_for(sentence, figure, said) is not None


def _is_act(things: str) -> bool:
    """Tell whether what is counted is left out, and what they did follows: "how many abstained"."""
    first = things.split()[:1]
    return bool(first) and first[0].casefold().endswith("ed")


def _is_score(sentence: str, figure: Span) -> bool:
    """Tell whether a figure is the two of a score or a vote, of which neither is marked alone: "52-48"."""
    read = read_figure(sentence, figure) if _TWO.search(figure.of(sentence)) else None
    return read is not None and read.score is not None


def _things_counted(question: str) -> str:
    """What is counted, up to its noun: "homes" of "How many homes lost power?"; empty where nothing is."""
    counted = _COUNTED.search(question)
    words = counted["things"].split() if counted else []
    nouns = [is_plural(word) for word in words]
    last = next(
        (place for place, noun in enumerate(nouns) if noun and not any(nouns[place + 1 : place + 2])), None
    )
    return " ".join(words if last is None else words[: last + 1])


def _forms_of(words: str) -> list[str]:
    """The terms of what is counted, and of its other forms: "abstained", "abstentions"."""
    return [
        *dict.fromkeys(content_terms(words)),
        *sorted({term for word in words.split() for term in forms_of(word)}),
    ]


def _tells_of(sentence: str, figure: Span, said: Said, sought: Iterable[str]) -> bool:
    """Tell whether a figure, or what is said of it, has one of some terms."""
    return not set(sought).isdisjoint(terms(f"{figure.of(sentence)}{said.predicate}"))


def _told_of_others(sentence: str, figures: Mapping[Span, Said], predicates: Sequence[str]) -> set[Span]:
    """The figures that lack what one beside them tells and the question asks: "90 cars, 14 of them electric"."""
    asked = set(predicates)
    own = {figure: asked & set(terms(clause_of(sentence, figure, one))) for figure, one in figures.items()}
    telling = {term for has in own.values() for term in has if not all(term in other for other in own.values())}
    alone = [one for one in figures if figures[one].unit.counted is None and NUMBERS.fullmatch(one.of(sentence))]
    if not any(telling & set(terms(figures[one].predicate)) for one in alone):
        return set()
    return {figure for figure, has in own.items() if not has & telling}


def _named_before(question: Question, sentence: str, figures: Iterable[Span]) -> set[Span]:
    """The figures right before which what a question asks about is named: "... and its director 40,000".

    Whose something is goes before the owner: of "the director of Brask" the director.
    """
    heads = _HEAD_ASKED_ABOUT.search(question.text)
    before = {figure: _WORDS_BEFORE.search(sentence[: figure.start]) for figure in figures}
    for asked in (content_terms(heads["head"]) if heads else [], question.names):
        found = {
            figure
            for figure, words in before.items()
            if words and not set(asked).isdisjoint(content_terms(words.group()))
        }
        if found:
            return found if len(found) < len(before) else set()
    return set()


def _contrasted(question: Question, figures: Mapping[Span, Said]) -> set[Span]:
    """The figures of which a name of the question is said, others being told of others: "14 in Vik, six in Mo"."""
    named = {figure: set(question.names) & set(terms(one.predicate)) for figure, one in figures.items()}
    others = any(not named[figure] and _NAMED.search(one.predicate) for figure, one in figures.items())
    return {figure for figure, names in named.items() if names} if others else set()


def _told_how(question: Question, sentence: str, figures: Iterable[Span]) -> set[Span]:
    """The figures right behind which a word of the question tells how: "six of them seriously"."""
    asked = {term for found in _HOW.finditer(question.text) for term in terms(found.group())}
    behind = {figure: _around(sentence, figure) for figure in figures}
    return {figure for figure, words in behind.items() if not asked.isdisjoint(terms(words))}


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


def _names_none(said: Said, question: Question) -> bool:
    """Tell whether what is said of a figure has no name of the question: "compared with 200 in Oslo" has one."""
    return set(question.names).isdisjoint(terms(said.predicate))


def change_is_asked(question: Question) -> bool:
    """Tell whether a question asks by how much something changed."""
    return _CHANGE_ASKED.search(question.text) is not None


def _around(sentence: str, figure: Span) -> str:
    """A figure's own stretch of the sentence: behind it up to the next figure."""
    timed = [found.span() for found in _TIME_NAMED.finditer(sentence, figure.end)]
    numbers = NUMBERS.finditer(sentence, figure.end)
    number = next((one for one in numbers if not any(a <= one.start() < b for a, b in timed)), None)
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
