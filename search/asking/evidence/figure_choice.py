"""Which figure of a sentence answers: the nearest to what is asked for, but for those of something else."""

import re
from collections.abc import Sequence

from search.article import Span
from search.asking.question import Question
from search.english.proximity import distance, places_of
from search.english.terms import content_terms
from search.english.units import fates_in, read_unit

_FAR = 10_000
_ENDS_THINGS = (
    r"is|are|was|were|did|do|does|has|have|had|will|would|can|could|may|might|must|should"
    r"|in|on|at|of|from|to|by|with|who|that|there"
)
_COUNTED = re.compile(
    rf"\bhow many\s+(?P<things>(?:(?!\b(?:{_ENDS_THINGS})\b)[\w'’.-]+\s*){{0,4}})", re.IGNORECASE
)
"""What is counted, as far as it goes: "federal programs" of "How many federal programs were cut?"."""

_PERSONS = frozenset({"peopl", "person"})
_MEASURED = re.compile(
    r"\bhow (?P<how>big|large|tall|high|far|fast|old|deep|heavy|wide|hot|cold|strong)\b", re.IGNORECASE
)
_CHANGING = r"(?:rise|risen|rose|fall|fallen|fell|grow|grown|grew|climb\w*|increas\w*|jump\w*|drop\w*|declin\w*)"
_CHANGE_ASKED = re.compile(
    r"\bby (?:how|what)\b|\bhow (?:much|many) (?:more|less|fewer)\b"
    rf"|\b(?:how much|percent\w*|per\s?cent)\b.*\b{_CHANGING}\b(?!\s+to\b)"
    r"|\b(?:rise|fall|increase|decrease|growth|drop|decline)\s+in\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:rose|rises?|risen|grew|grown|climbed|increased|jumped|fell|fallen|dropped|declined|up|down)\b[^.;]{0,40}?"
    r"\b(?P<way>by|from)\s+(?:about\s+|some\s+|at\s+least\s+)?[$€£¥]?\Z",
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
    things = content_terms(counted["things"]) if counted else []
    persons = not _PERSONS.isdisjoint(things)
    measured = _MEASURED.search(question.text)
    fates, change_asked = fates_in(question.text), _CHANGE_ASKED.search(question.text) is not None
    units = {figure: read_unit(sentence, figure.start, figure.end) for figure in figures}
    some_count = any(unit.counted in things for unit in units.values())
    near = things if some_count else (content_terms(measured["how"]) if measured else [])
    whole = Span(0, len(sentence))
    anchors = places_of(sentence, whole, near) or places_of(sentence, whole, question.terms)

    def unfitness(figure: Span) -> tuple[bool, bool, bool, bool, bool, int, int]:
        unit = units[figure]
        counts = unit.counted in things and not persons
        change = _CHANGE.search(sentence, 0, figure.start)
        return (
            bool(unit.fates) and unit.fates.isdisjoint(fates) and (bool(fates) or not counts),
            bool(things) and not persons and unit.counted not in {None, *things, *_PERSONS},
            change is not None and (not change_asked or change["way"].lower() == "from"),
            some_count and not persons and not counts,
            bool(fates) and not unit.fates,
            min((distance(sentence, figure, anchor) for anchor in anchors), default=_FAR),
            figure.start,
        )

    return min(figures, key=unfitness, default=None)
