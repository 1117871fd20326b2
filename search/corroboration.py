"""Who else says so, and who says otherwise: the evidence of other families held beside the best.

A family of copies is one witness. Witnesses that answer with the same figure, a time that overlaps or, where no
short answer can be told, much the same words support the answer; those that answer with another figure or another
time, or deny what is asserted, differ. What differs is shown with its date, never averaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search.answer_type import AnswerType
from search.citation import Citation
from search.evidence import Evidence
from search.evidence.short_answer import figure_value
from search.statements import Standing
from search.times import Interval
from search.words import content_terms

SAME_MATTER = 0.7
"""Cosine between two sentences from which they speak of the same matter."""

_AS_PROBABLE = 0.75
_AS_MUCH_COVERED = 0.75
_SHARED_WORDS = 0.3


class Difference(StrEnum):
    """What two witnesses differ in."""

    NUMBER = "number"
    TIME = "time"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A witness that says otherwise.

    Attributes:
        difference: What it differs in from the best citation.
        citation: What it says.
    """

    difference: Difference
    citation: Citation


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How other witnesses stand to the best citation.

    Attributes:
        families: How many independent families support the answer, the best citation's own included.
        supporting: The best citation of each other family that supports it, best first.
        differing: The best citation of each family that says otherwise, by date of publication.
    """

    families: int
    supporting: tuple[Citation, ...] = ()
    differing: tuple[Disagreement, ...] = ()


def corroborate(
    cited: Sequence[tuple[Evidence, Citation]], families: Mapping[str, str], least_probability: float
) -> Corroboration:
    """Hold evidence of other families beside the best.

    Args:
        cited: Evidence with its citation, best first; the first is the answer.
        families: Id of the origin of each article's family, by article id.
        least_probability: Below it, evidence does not count as an answer to the question.
    """
    (best, answer), *others = cited
    seen = {families[answer.article_id]}
    supporting: list[Citation] = []
    differing: list[Disagreement] = []
    for evidence, citation in others:
        family = families[citation.article_id]
        if family in seen or evidence.probability < least_probability or not _same_matter(best, evidence):
            continue
        verdict = compare(answer, citation)
        if verdict is None:
            continue
        seen.add(family)
        if isinstance(verdict, Difference):
            differing.append(Disagreement(verdict, citation))
        else:
            supporting.append(citation)
    return Corroboration(1 + len(supporting), tuple(supporting), tuple(sorted(differing, key=_by_date)))


def compare(answer: Citation, other: Citation) -> Difference | bool | None:
    """Tell how another citation stands to the answer: a difference, True for support, None for neither."""
    if (answer.standing is Standing.DENIED) != (other.standing is Standing.DENIED):
        return Difference.OUTCOME if _alike(answer.quote, other.quote) else None
    if answer.when and other.when:
        return True if _overlap(answer.when.interval, other.when.interval) else Difference.TIME
    ours, theirs = answer.answer, other.answer
    if ours and theirs and ours.kind is theirs.kind and ours.kind.is_figure:
        value, other_value = figure_value(ours.words), figure_value(theirs.words)
        if value is None or other_value is None:
            return None  # it cannot be told whether they are the same
        return True if value == other_value else Difference.NUMBER
    if ours and ours.kind is not AnswerType.STATEMENT:
        return None
    return True if _alike(answer.quote, other.quote) else None


def _same_matter(best: Evidence, other: Evidence) -> bool:
    """Whether two sentences are about the same matter, so that they can agree or differ at all."""
    return (
        float(best.vector @ other.vector) >= SAME_MATTER
        and other.probability >= _AS_PROBABLE * best.probability
        and other.features.coverage >= _AS_MUCH_COVERED * best.features.coverage
    )


def _alike(one: str, other: str) -> bool:
    """Whether two texts share a good part of the telling words of the shorter one."""
    first, second = set(content_terms(one)), set(content_terms(other))
    return len(first & second) >= _SHARED_WORDS * min(len(first), len(second))


def _overlap(one: Interval, other: Interval) -> bool:
    bounds = (one.first_day, one.last_day, other.first_day, other.last_day)
    if any(bound is None for bound in bounds):
        return True  # one is open on a side, so it cannot be told that they differ
    first, last, other_first, other_last = bounds
    return first <= other_last and other_first <= last  # type: ignore[operator]


def _by_date(disagreement: Disagreement) -> tuple[str, str]:
    published = disagreement.citation.published
    return published.isoformat() if published else "", disagreement.citation.article_id
