"""Who else says so, and who says otherwise: the evidence of other witnesses held beside the best.

A family of copies is one witness, and so are a source and a speaker, however often they say it. Witnesses that
put the same forward in the same way (a forecast does not bear out a report), with the same figure, a time that
lies in that of the answer or, where no short answer can be told, much the same words, support the answer; those
of the same weeks that answer with another figure or another time, or deny what is asserted, differ. What cannot
be told to be either is neither. What differs is shown with its date, never averaged: reports of different days
are no contradiction.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from search.article import Precision, Span
from search.asking.citation import Citation
from search.asking.evidence import Evidence
from search.asking.evidence.figures import Figure, read_figure
from search.asking.evidence.typed_spans import typed_spans
from search.asking.evidence.weights import Calibration, probability
from search.asking.question import AnswerType, Question
from search.english.terms import content_terms, terms
from search.statements import Speaker, Standing, folded
from search.times import Interval
from search.versions import was_earlier

SAME_MATTER = 0.7
"""Cosine between two sentences from which they speak of the same matter."""

SAME_STORY = timedelta(days=14)
"""Longest time between two reports that may differ; what is farther apart may tell of another such event."""

_SAME_OCCASION = timedelta(days=2)  # the day of an event and that of a report of it
_AS_GOOD = 2.0  # less in the weighed sum of features: a seventh of the best one's share
_AS_MUCH_COVERED, _PARTLY_COVERED = 0.75, 0.5
_ALIKE_IN_THE_ANSWER = 0.5  # cosine from which two sentences that give the same day or figure are of one matter
_TELLING_FIGURE = 10  # below it many things are equally many
_SHARED_WORDS = 0.3
_MUCH_THE_SAME_WORDS = 0.5
_NEGATED = re.compile(
    r"(?:\b(?:not|never|cannot)|n['’]t)\s+(?!(?:only|just|merely)\b)(?![^.;]*?\b(?:until|till|before)\b)"
    r"(?:(?:\w+ly|yet|be|been|have)\s+){0,2}(?P<what>\w+)"
    r"|\b(?:fail(?:s|ed|ing)?|refus(?:es?|ed|ing)|declin(?:es?|ed|ing)|unable)\s+to\s+(?P<undone>\w+)"
    r"|\b(?P<without>\w+)\s+no\s+(?!(?:fewer|less|more|later|sooner|earlier|doubt|say)\b)(?P<none>\w+)",
    re.IGNORECASE,
)
_NAMED = frozenset({AnswerType.PERSON, AnswerType.PLACE, AnswerType.OTHER})
_DAY_OR_FINER = frozenset({Precision.SECOND, Precision.MINUTE, Precision.DAY})


class Difference(StrEnum):
    """What two witnesses differ in."""

    NUMBER = "number"
    TIME = "time"
    OUTCOME = "outcome"


class Order(StrEnum):
    """How a report stands in time to the answer; only what is said on one day contradicts it."""

    SAME_DAY = "same day"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A witness that says otherwise.

    Attributes:
        difference: What it differs in from the best citation.
        order: Whether it is of the same day or, by the days that the two speak of or else by their publication,
            of an earlier or a later one.
        citation: What it says.
    """

    difference: Difference
    order: Order
    citation: Citation


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How other witnesses stand to the best citation.

    Attributes:
        families: How many families of articles, all of different sources and speakers as far as they are known,
            support the answer, the best citation's own included.
        supporting: The best citation of each other family that supports it, best first.
        differing: The best citation of each family that says otherwise, by date of publication.
    """

    families: int
    supporting: tuple[Citation, ...] = ()
    differing: tuple[Disagreement, ...] = ()


def corroborate(
    question: Question,
    cited: Sequence[tuple[Evidence, Citation]],
    families: Mapping[str, str],
    least_probability: float,
    confidence: Calibration,
    told: Collection[str] = (),
) -> Corroboration:
    """Hold evidence of other families beside the best.

    Args:
        question: What was asked.
        cited: Evidence with its citation, best first; the first is the answer.
        families: Id of the origin of each article's family, by article id.
        least_probability: Below it, evidence does not count as an answer to the question.
        confidence: How probable an answer is, by the best evidence.
        told: Ids of citations that are told as the history of the answer, and not once more as differing.
    """
    (best, answer), *others = cited
    seen = {families[answer.article_id]}
    heard = [answer]
    differing: list[Disagreement] = []
    for evidence, citation in others:
        family = families[citation.article_id]
        if family in seen or _in_its_place(best, evidence, confidence) < least_probability:
            continue
        verdict = compare(question, answer, citation)
        if not _same_matter(best, evidence, alike=verdict is True and _is_specific(answer)):
            continue
        if isinstance(verdict, Difference):
            if citation.id in told:
                continue
            if order := _order(verdict, answer, citation):
                seen.add(family)
                differing.append(Disagreement(verdict, order, citation))
        elif verdict and all(_independent(citation, other) for other in heard):
            seen.add(family)
            heard.append(citation)
    return Corroboration(len(heard), tuple(heard[1:]), tuple(sorted(differing, key=_by_date)))


def compare(question: Question, answer: Citation, other: Citation) -> Difference | bool:
    """Tell how another citation stands to the answer: a difference, True for support, False for neither."""
    if answer.standing is not other.standing:
        denial = {answer.standing, other.standing} == {Standing.ASSERTED, Standing.DENIED}
        return Difference.OUTCOME if denial and _share_words(answer, other, _MUCH_THE_SAME_WORDS) else False
    if answer.standing is Standing.ASKED:
        return False
    if _negated(question, answer) != _negated(question, other):
        return Difference.OUTCOME if _share_words(answer, other, _SHARED_WORDS) else False
    if answer.when and other.when:
        return _compared(_agree_in_time(answer.when.interval, other.when.interval), Difference.TIME)
    if question.expected.is_figure:
        verdict = _agree_in_figure(answer, other)
        return False if verdict and _far_apart(answer, other) else _compared(verdict, Difference.NUMBER)
    return not _far_apart(answer, other) and _agree_in_words(question, answer, other)


def _negated(question: Question, citation: Citation) -> bool:
    """Whether a quote says of what the question asks that it is not so: "has not approved", "failed to reach"."""
    negated = (word for match in _NEGATED.finditer(citation.quote) for word in match.groups() if word)
    return any(term in question.terms for word in negated for term in terms(word))


def _compared(agree: bool | None, difference: Difference) -> Difference | bool:  # noqa: FBT001
    return difference if agree is False else bool(agree)


def _in_its_place(best: Evidence, other: Evidence, confidence: Calibration) -> float:
    """How probable an answer would be if the other were the best: witnesses lessen the share of one another."""
    return probability(other.signals | {"share": best.share}, confidence)


def _same_matter(best: Evidence, other: Evidence, *, alike: bool) -> bool:
    """Whether two sentences are about the same matter, so that they can agree or differ at all.

    Two that give the same day, the same name, or the same figure of the same things, are more likely to be: two
    agencies tell of one event in words of their own.
    """
    closeness, less, covered = (
        (_ALIKE_IN_THE_ANSWER, 2 * _AS_GOOD, _PARTLY_COVERED)
        if alike
        else (SAME_MATTER, _AS_GOOD, _AS_MUCH_COVERED)
    )
    return (
        float(best.vector @ other.vector) >= closeness
        and other.weighed >= best.weighed - less
        and other.features.coverage >= covered * best.features.coverage
        and other.features.names >= best.features.names
    )


def _is_specific(answer: Citation) -> bool:
    """Whether an answer is a day, a name, or a figure that few things have: agreement is then hardly by chance."""
    if answer.answer and answer.answer.kind in {AnswerType.PERSON, AnswerType.PLACE}:
        return any(word[0].isupper() for word in answer.answer.words.split())
    if answer.when:
        interval = answer.when.interval
        return interval.first_day is not None and interval.first_day == interval.last_day
    figure = _figure(answer)
    if figure is None or figure.low is None or figure.low != figure.high:
        return False
    unit = figure.unit
    return figure.low >= _TELLING_FIGURE and bool(unit.counted or unit.measure or unit.fates)


def _independent(one: Citation, other: Citation) -> bool:
    """Whether two citations are of different sources and speakers, as far as these are known."""
    same_source = one.source and other.source and folded(one.source) == folded(other.source)
    return not same_source and not _same_speaker(one.speaker, other.speaker)


def _same_speaker(one: Speaker | None, other: Speaker | None) -> bool:
    """Whether two speakers may be one: the name of one has that of the other ("Antony Blinken", "Blinken")."""
    if one is None or other is None:
        return False
    first, second = folded(one.name), folded(other.name)
    return first in second or second in first


def _share_words(one: Citation, other: Citation, least: float) -> bool:
    """Whether two quotes share a part of the telling words of the shorter one."""
    first, second = set(content_terms(one.quote)), set(content_terms(other.quote))
    return len(first & second) >= least * min(len(first), len(second))


def name_the_same(question: Question, one: Citation, other: Citation) -> bool:
    """Whether, where a name is asked for, two quotes have most of those that may answer in common."""
    if question.expected not in _NAMED:
        return True
    first, second = (
        {
            term
            for span in typed_spans(question.expected, citation.quote, question.terms)
            for term in terms(span.of(citation.quote))
        }
        - set(question.terms)
        for citation in (one, other)
    )
    if not first and not second:
        return question.expected is AnswerType.OTHER
    return 2 * len(first & second) > min(len(first), len(second))


def _agree_in_figure(one: Citation, other: Citation) -> bool | None:
    """Whether the figures that answer are the same; None when that cannot be told."""
    first, second = _figure(one), _figure(other)
    if first is None or second is None or not _share_words(one, other, _SHARED_WORDS):
        return None
    return first.agrees_with(second)


def _figure(citation: Citation) -> Figure | None:
    found = citation.answer
    if found is None or not found.kind.is_figure or found.start < citation.start or citation.end < found.end:
        return None
    return read_figure(citation.quote, Span(found.start - citation.start, found.end - citation.start))


def _agree_in_words(question: Question, one: Citation, other: Citation) -> bool:
    """Whether two citations answer in the same words or, where none are marked, in much the same."""
    ours, theirs = one.answer, other.answer
    if ours and ours.kind is not AnswerType.STATEMENT:
        return theirs is not None and _say_the_same(ours.words, theirs.words)
    return _share_words(one, other, _MUCH_THE_SAME_WORDS) and name_the_same(question, one, other)


def _say_the_same(one: str, other: str) -> bool:
    """Whether the telling words of one short answer are all in the other: "Blinken", "Antony Blinken"."""
    first, second = set(content_terms(one)), set(content_terms(other))
    return folded(one) == folded(other) or (bool(first and second) and (first <= second or second <= first))


def _agree_in_time(one: Interval, other: Interval) -> bool | None:
    """Whether the other interval is one or lies in it; None when it is wider, or a bound is not known.

    "Last month" does not bear out that it was on the 23rd, nor does it say otherwise.
    """
    first, last, other_first, other_last = one.first_day, one.last_day, other.first_day, other.last_day
    if (last and other_first and last < other_first) or (other_last and first and other_last < first):
        return False
    if (first, last) == (other_first, other_last):
        return True
    inside = first and last and other_first and other_last and first <= other_first and other_last <= last
    return True if inside else None


def _of_different_days(one: Citation, other: Citation) -> bool:
    """Whether both quotes name days and have none in common."""
    ours, theirs = _days_named(one), _days_named(other)
    return bool(ours and theirs) and not any(
        _agree_in_time(first, second) is not False for first in ours for second in theirs
    )


def _far_apart(one: Citation, other: Citation) -> bool:
    """Whether both quotes name days, and none of one is within `_SAME_OCCASION` of one of the other."""
    ours, theirs = _days_named(one), _days_named(other)
    return bool(ours and theirs) and all(
        max(_first([first]), _first([second])) - min(_last(first), _last(second)) > _SAME_OCCASION
        for first in ours
        for second in theirs
    )


def _days_named(citation: Citation) -> list[Interval]:
    return [
        mention.interval
        for mention in citation.times
        if mention.interval and mention.interval.first_day and mention.interval.last_day
    ]


def _order(difference: Difference, answer: Citation, other: Citation) -> Order | None:
    """How a report that differs stands in time; None when it may tell of another event."""
    ours, theirs = answer.published, other.published
    if not ours or not theirs or not {ours.precision, theirs.precision} <= _DAY_OR_FINER:
        return None
    if abs(ours.first_day - theirs.first_day) > SAME_STORY:
        return None
    if difference is not Difference.TIME and _of_different_days(answer, other):
        return Order.EARLIER if _first(_days_named(other)) < _first(_days_named(answer)) else Order.LATER
    if ours.first_day == theirs.first_day:
        return Order.SAME_DAY
    return Order.EARLIER if was_earlier(theirs, ours) else Order.LATER


def _first(intervals: Iterable[Interval]) -> date:
    return min(interval.first_day for interval in intervals if interval.first_day)


def _last(interval: Interval) -> date:
    return interval.last_day or date.max


def _by_date(disagreement: Disagreement) -> tuple[str, str]:
    published = disagreement.citation.published
    return published.isoformat() if published else "", disagreement.citation.article_id
