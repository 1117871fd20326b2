"""What changed: of several reports that answer a question, the newest first, and the older ones as its history.

Tolls, prices and counts, holders of an office, dates that were moved and states change from report to report. A
question that wants how it is, or how it ended, is answered by the newest of those that answer it about as well as
the best; which of two is the later decides, not which is the more probable. A question that names a time or wants
what was so at first is left alone, and so are facts that do not change and figures of another event; one that
wants what was so as of a day is answered by the newest until then.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from search.article import Publication, Span
from search.asking.citation import Citation
from search.asking.corroboration import name_the_same
from search.asking.evidence import Evidence
from search.asking.evidence.figures import Figure, bounded, read_figure
from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType, Question
from search.asking.question_time import Side
from search.english.chains import shares_step
from search.english.datelines import length_of_dateline
from search.english.people import Noun
from search.english.people import words as people
from search.english.recency import is_of_the_past, says_corrected, says_former, wants_the_oldest
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS, terms
from search.statements import Standing
from search.versions import was_earlier

_AS_GOOD, _COMPARABLE = 2.5, 4.0  # less in the weighed sum of features; more where figures can be compared
_AS_MUCH_COVERED, _PARTLY_COVERED = 0.75, 0.6
_LEAST_ALONE = 0.3  # of the probability of the best one alone
_SAME_EVENT = timedelta(days=4)
_SAME_STORY = timedelta(days=14)
_AUXILIARY = re.compile(
    rf"\b(?:{any_word_of('function_words', 'be', 'do', 'have', 'modal')})\b|['’]s\b", re.IGNORECASE
)
_OUTCOME = re.compile(
    r"\W*what (?:happened to|became of|has become of|is the (?:state|status|situation))\b", re.IGNORECASE
)
_PRESENT = frozenset({*words_of("recency", "present"), "'s", "’s"})
_PAST = re.compile(rf"\b(?:{any_word_of('recency', 'past')})\b", re.IGNORECASE)
_CHANGING = frozenset({AnswerType.PERSON, AnswerType.PLACE, AnswerType.OTHER})
_BEFORE_A_DAY = re.compile(r"\b(?:before|earlier than|prior to|previous to)(?:\s+the)?\s*\Z", re.IGNORECASE)
_OF_SOME = re.compile(r"\s+of\s+(?:the|them|whom|those|these|its|his|her|their)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An older report of what has changed since.

    Attributes:
        words: What it gave, with its bound: "at least 12"; empty where no short answer could be told.
        published: When it was published.
        citation: The report.
    """

    words: str
    published: Publication
    citation: Citation


@dataclass(frozen=True, slots=True)
class _Report:
    evidence: Evidence
    citation: Citation
    published: Publication
    figure: Figure | None


def wants_the_newest(question: Question) -> bool:
    """Tell whether a question is about how something is, stood on a day, or ended, not about a time of its own."""
    if question.constraint and not question.constraint.until_then:
        return False
    asked = _without_its_time(question)
    if is_of_the_past(asked) or wants_the_oldest(asked):
        return False
    if question.latest:
        return True
    if question.expected is AnswerType.TIME:
        return question.side is Side.AHEAD
    if question.expected.is_figure or _OUTCOME.match(question.text):
        return True
    auxiliary = _AUXILIARY.search(question.text)
    return question.expected in _CHANGING and auxiliary is not None and auxiliary.group().casefold() in _PRESENT


def _without_its_time(question: Question) -> str:
    """The question without the day that it names: the "before" of "before March 6" does not ask for what was."""
    if question.constraint is None:
        return question.text
    before, words, after = question.text.partition(question.constraint.words)
    return _BEFORE_A_DAY.sub(" ", before) + after if words else question.text


def newest_first(
    question: Question,
    cited: Sequence[tuple[Evidence, Citation]],
    families: Mapping[str, str],
) -> tuple[list[tuple[Evidence, Citation]], tuple[Earlier, ...]]:
    """Put the newest of the reports that answer first, where that is wanted; the oldest where it is.

    Args:
        question: What was asked.
        cited: Evidence with its citation, best first; what only comes near is not among it.
        families: Id of the origin of each article's family, by article id.

    Returns:
        The same, the newest report first and the others as they were; and the older reports that say otherwise,
        the newest of them first, one for each family and each figure.
    """
    oldest = bool(cited) and question.expected.is_figure and wants_the_oldest(question.text)
    if not cited or not (oldest or wants_the_newest(question)):
        return list(cited), ()
    reports = _answering(question, cited)
    if not reports:
        return list(cited), ()
    newest = reports[0]
    for report in reports[1:]:
        if oldest:
            newest = report if was_earlier(report.published, newest.published) else newest
        elif (
            was_earlier(newest.published, report.published)
            and _is_until_then(question, report)
            and _overtakes(question, report, newest)
        ):
            newest = report
    newest = max((one for one in reports if _gives_the_same(one, newest)), key=lambda one: one.evidence.weighed)
    ordered = [one for one in cited if one[1] is newest.citation] + [
        one for one in cited if one[1] is not newest.citation
    ]
    return ordered, tuple(_earlier(question, newest, reports, families))


def _answering(question: Question, cited: Sequence[tuple[Evidence, Citation]]) -> list[_Report]:
    """The reports that answer about as well as the best, which comes first; none where the best has no date."""
    (best, _), *_ = cited
    found: list[_Report] = []
    for evidence, citation in cited:
        if citation.published is None:
            if evidence is best:
                return []
            continue
        report = _Report(evidence, citation, citation.published, _figure(citation))
        if evidence is best or _is_as_good(question, report, found[0]):
            found.append(report)
    steps = [shares_step(question.text, report.citation.quote) for report in found]
    tell_of_it = [
        report
        for report, step in zip(found, steps, strict=True)
        if step or (step is False and _same_fate(report, found[0]))
    ]
    return tell_of_it or [report for report in found if not _is_of_somebody_near(question, report.citation.quote)]


def _is_of_somebody_near(question: Question, quote: str) -> bool:
    """Whether a name of the question is there only as that of whose relative or aide the quote is about."""
    nouns = "|".join(sorted(people(Noun.ATTENDANT)))
    for name in re.findall(r"\b[A-Z][\w-]+(?=['’]s|\W*\Z|\s+[a-z])", question.text[1:]):
        theirs = re.escape(name)
        beside = rf"\b(?:{nouns})\s+of\s+(?:\S+\s+){{0,3}}?{theirs}|\b{theirs}['’]s\s+(?:\w+\s+)?(?:{nouns})\b"
        if re.search(beside, quote) and not re.search(rf"\b{theirs}\b", re.sub(beside, " ", quote)):
            return True
    return False


def _is_as_good(question: Question, report: _Report, best: _Report) -> bool:
    evidence, first = report.evidence, best.evidence
    if _alone_tells_the_step(question, report, best):
        return evidence.weighed >= first.weighed - _COMPARABLE
    goes_on = _goes_on(question, report, best)
    if evidence.features.names < first.features.names and not goes_on:
        return False
    if best.figure is not None:
        return (
            report.figure is not None
            and best.figure.unit.is_of(report.figure.unit)
            and evidence.weighed >= first.weighed - _COMPARABLE
            and (question.latest or goes_on or _has_as_much_of(question, report, best))
            and _of_one_event(question, best, report)
        )
    untimed = question.expected is AnswerType.TIME and None in {report.citation.when, best.citation.when}
    if untimed or report.citation.standing in {Standing.CONDITIONAL, Standing.ASKED}:
        return False
    wants_it = question.latest or _OUTCOME.match(question.text) is not None
    if not wants_it and evidence.features.coverage < _AS_MUCH_COVERED * first.features.coverage:
        return False
    return evidence.weighed >= first.weighed - (_COMPARABLE if wants_it else _AS_GOOD) and (
        wants_it or evidence.probability_alone >= _LEAST_ALONE * first.probability_alone
    )


def _alone_tells_the_step(question: Question, report: _Report, best: _Report) -> bool:
    """Whether a report tells of the step of a chain of events that is asked about, and the best one does not."""
    if best.figure is not None or report.evidence.features.names < best.evidence.features.names:
        return False
    told, by_the_best = (shares_step(question.text, one.citation.quote) for one in (report, best))
    return told is True and by_the_best is False


def _goes_on(question: Question, report: _Report, best: _Report) -> bool:
    """Whether a sentence without names tells of the same, in a passage that has as much of the question.

    "Rescuers ended the search in Osk. The collapse of the mine killed 22."
    """
    sentence = report.citation.quote[length_of_dateline(report.citation.quote) :]
    plain = sentence.split(maxsplit=1)[0].casefold() in STOP_WORDS
    context = report.evidence.features.context
    if not plain or not context or typed_spans(AnswerType.OTHER, sentence, question.terms):
        return False
    return context >= _AS_MUCH_COVERED * best.evidence.features.context


def _has_as_much_of(question: Question, report: _Report, best: _Report) -> bool:
    """Whether a report has most of what the best one has of the question: its words, and its names."""
    ours, theirs = (set(question.names).intersection(terms(one.citation.quote)) for one in (best, report))
    covered = report.evidence.features.coverage >= _PARTLY_COVERED * best.evidence.features.coverage
    covered = covered or _same_fate(report, best)
    return covered and (not ours or 2 * len(ours & theirs) > len(ours))


def _same_fate(report: _Report, best: _Report) -> bool:
    """Whether both figures count those of whom the same became: a toll and the killed."""
    fates = [one.figure.unit.fates if one.figure else frozenset() for one in (report, best)]
    return bool(fates[0] & fates[1])


def _is_until_then(question: Question, report: _Report) -> bool:
    """Whether a report is not younger than the day until which a question wants the newest."""
    last = question.constraint.period.last if question.constraint else None
    return last is None or report.published.first_day <= last


def _overtakes(question: Question, later: _Report, earlier: _Report) -> bool:
    """Whether a later report is in the place of an earlier one."""
    if earlier.figure and later.figure:
        if not _is_beyond(later.figure, earlier.figure):
            return False
        fates = later.figure.unit.fates and earlier.figure.unit.fates
        grows = _value(later.figure) >= _value(earlier.figure)
        return (
            grows or not fates or says_corrected(later.citation.quote) or says_corrected(later.citation.headline)
        )
    return question.latest or not says_former(later.citation.quote) or says_former(question.text)


def _earlier(
    question: Question, newest: _Report, reports: Sequence[_Report], families: Mapping[str, str]
) -> list[Earlier]:
    seen = {families[newest.citation.article_id]}
    values = {_of(newest.figure)}
    found = []
    for report in sorted(reports, key=_when_published, reverse=True):
        family = families[report.citation.article_id]
        same = _of(report.figure) in values if newest.figure else _says_the_same(question, newest, report)
        if family in seen or same or not was_earlier(report.published, newest.published):
            continue
        seen.add(family)
        values.add(_of(report.figure))
        found.append(Earlier(_words(report.citation), report.published, report.citation))
    return found


def _when_published(report: _Report) -> tuple[date, str]:
    return report.published.first_day, report.published.isoformat()


def _is_beyond(later: Figure, earlier: Figure) -> bool:
    """Whether a later figure is not that of an earlier report put more loosely: "more than 100" after 106."""
    if earlier.agrees_with(later) is False or earlier.low != earlier.high:
        return True
    return later.low is not None and earlier.high is not None and later.low > earlier.high


def _gives_the_same(one: _Report, other: _Report) -> bool:
    """Whether two reports are one, or give the same figure: a later one may only recall it."""
    return one is other or (one.figure is not None and _of(one.figure) == _of(other.figure))


def _says_the_same(question: Question, newest: _Report, report: _Report) -> bool:
    if newest.citation.when and report.citation.when:
        return newest.citation.when.interval == report.citation.when.interval
    return question.expected is not AnswerType.PERSON or name_the_same(question, newest.citation, report.citation)


def _words(citation: Citation) -> str:
    found = citation.answer
    if found is None or found.start < citation.start or citation.end < found.end:
        return ""
    if not found.kind.is_figure:
        return found.words
    return bounded(citation.quote, Span(found.start - citation.start, found.end - citation.start)).of(
        citation.quote
    )


def _figure(citation: Citation) -> Figure | None:
    """The figure that answers; None for a part of it ("ten of the dead")."""
    found = citation.answer
    if found is None or not found.kind.is_figure or found.start < citation.start or citation.end < found.end:
        return None
    span = Span(found.start - citation.start, found.end - citation.start)
    if _OF_SOME.match(citation.quote, span.end):
        return None
    figure = read_figure(citation.quote, span)
    return None if figure is None or figure.score else figure


def _of(figure: Figure | None) -> tuple[object, object] | None:
    return (figure.low, figure.high) if figure else None


def _value(figure: Figure) -> float:
    bounds = [bound for bound in (figure.low, figure.high) if bound is not None]
    return float(max(bounds, default=0))


def _of_one_event(question: Question, best: _Report, other: _Report) -> bool:
    """Whether two figures may be of one event, told at two times, or of one thing that has no day.

    By the days that the reports name besides their own; a report of its own day alone is of that day, unless it
    speaks of the event as one that is known ("the fire in Tann").
    """
    earlier, later = sorted((best, other), key=lambda one: one.published.first_day)
    if not earlier.figure or not later.figure or not (earlier.figure.unit.fates or _PAST.search(question.text)):
        return True
    told, recalled = _days(earlier.citation), _days(later.citation)
    begins = told or [(earlier.published.first_day, earlier.published.last_day)]
    if recalled:
        return any(_near(one, another) for one in begins for another in recalled)
    if later.published.first_day - earlier.published.last_day <= _SAME_STORY:
        return True
    return _speaks_of_it_as_known(question.terms, later.citation.quote)


def _days(citation: Citation) -> list[tuple[date, date]]:
    """The days that a quote names, without the day of the report itself and what lies ahead of it."""
    published = citation.published
    found = []
    for mention in citation.times:
        interval = mention.interval
        if interval is None or interval.first_day is None or interval.last_day is None or published is None:
            continue
        if mention.end - citation.start <= length_of_dateline(citation.quote):
            continue
        if interval.first_day <= published.last_day and published.first_day <= interval.last_day:
            continue
        if interval.first_day <= published.last_day:
            found.append((interval.first_day, interval.last_day))
    return found


def _near(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] - _SAME_EVENT <= other[1] and other[0] <= one[1] + _SAME_EVENT


def _speaks_of_it_as_known(wanted: Collection[str], quote: str) -> bool:
    for found in re.finditer(
        r"(?:\bthe|['’]s|\b(?:19|20)\d\d)\s+(?P<words>(?:[\w'’-]+\s+){0,3}[\w'’-]+)", quote, re.IGNORECASE
    ):
        if not set(terms(found["words"])).isdisjoint(wanted):
            return True
    return False
