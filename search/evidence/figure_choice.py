"""Which figure of a sentence answers: the nearest to what is asked for, but for those of something else."""

import re
from collections.abc import Sequence

from search.article import Span
from search.evidence.units import fates_in, read_unit
from search.proximity import distance, places_of
from search.question import Question
from search.words import content_terms

_FAR = 10_000
_COUNTED = re.compile(r"\bhow many\s+(?P<rest>.+)", re.IGNORECASE)
_PERSONS = frozenset({"peopl", "person"})
_MEASURED = re.compile(
    r"\bhow (?P<how>big|large|tall|high|far|fast|old|deep|heavy|wide|hot|cold|strong)\b", re.IGNORECASE
)
_CHANGE_ASKED = re.compile(r"\bby (?:how|what)\b|\bhow (?:much|many) (?:more|less|fewer)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:rose|rises?|risen|grew|grown|climbed|increased|jumped|fell|fallen|dropped|declined|up|down)\b[^.;]{0,40}?"
    r"\b(?:by|from)\s+(?:about\s+|some\s+|at\s+least\s+)?[$€£¥]?\Z",
    re.IGNORECASE,
)


def figure_that_answers(question: Question, sentence: str, figures: Sequence[Span]) -> Span | None:
    """Choose the figure that answers; None if there is none.

    The nearest to what is counted or measured, or else to the question's words. One of another fate ("killed 25,
    injured 140"), of other things counted, or that tells a change ("rose by 12 to 87") comes behind all others.

    Args:
        question: Asks for a figure.
        sentence: The evidence.
        figures: Offsets into it.
    """
    counted = _COUNTED.search(question.text)
    things = content_terms(counted["rest"])[:1] if counted else []
    measured = _MEASURED.search(question.text)
    fates, change_asked = fates_in(question.text), _CHANGE_ASKED.search(question.text) is not None
    units = {figure: read_unit(sentence, figure.start, figure.end) for figure in figures}
    near = things if any(unit.counted in things for unit in units.values()) else []
    near = near or (content_terms(measured["how"]) if measured else [])
    whole = Span(0, len(sentence))
    anchors = places_of(sentence, whole, near) or places_of(sentence, whole, question.terms)

    def unfitness(figure: Span) -> tuple[bool, bool, bool, bool, int, int]:
        unit = units[figure]
        other_things = bool(things) and things[0] not in _PERSONS and unit.counted not in {None, things[0]}
        return (
            bool(unit.fates) and unit.fates.isdisjoint(fates),
            other_things,
            not change_asked and _CHANGE.search(sentence, 0, figure.start) is not None,
            bool(fates) and not unit.fates,
            min((distance(sentence, figure, anchor) for anchor in anchors), default=_FAR),
            figure.start,
        )

    return min(figures, key=unfitness, default=None)
