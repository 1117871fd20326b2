"""Why an archive does not answer a question, in words for people."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from search.asking.evidence import Evidence
from search.asking.question import AnswerType, Question
from search.asking.results import Searched
from search.asking.retrieval import Material
from search.english.terms import content_terms, terms
from search.filters import Filter


def why_not_found(
    question: Question,
    best: Evidence | None,
    probability: float,
    searched: Searched,
    material: Material,
    least_probability: float,
    passes: Callable[[Filter], bool],
) -> str:
    """Say why the evidence does not support an answer; empty when it does.

    Args:
        question: The question.
        best: The best piece of evidence that stood up to verification.
        probability: That the evidence answers.
        searched: What was searched.
        material: The passages that were read.
        least_probability: Below it, evidence is no answer.
        passes: Tells whether anything in the archive passes a filter; asked only when there is no evidence.
    """
    if not searched.articles and best is None:
        return "The archive is empty."
    if not question.says_something:
        return "The question does not say what it is about: it has only words that any question may have."
    if best is None:
        return _nothing_passes(question, searched, passes)
    if probability >= least_probability:
        return ""
    found, asked = shown_apart(probability, least_probability)
    reason = f"The best evidence answers with a probability of {found}, and {asked} is asked for."
    missing = _missing_words(question, material)
    if missing:
        reason += f" None of the passages that come nearest has {_listed(missing)}."
    elif best.features.fits == 0 and question.expected is not AnswerType.OTHER:
        reason += f" It has nothing of the kind that was asked for: {question.expected.phrase}."
    return reason


def shown_apart(lower: float, higher: float) -> tuple[str, str]:
    """Two probabilities as percentages, with as many decimals as it takes to tell them apart, four at most."""
    for decimals in range(5):
        shown = (f"{lower:.{decimals}%}", f"{higher:.{decimals}%}")
        if shown[0] != shown[1]:
            break
    return shown


def _nothing_passes(question: Question, searched: Searched, passes: Callable[[Filter], bool]) -> str:
    """Name the condition, or the conditions together, without which something would pass."""
    condition = searched.condition
    if condition.said_by:
        names = _listed(condition.said_by)
        if passes(replace(condition, said_by=())):
            if condition.restricts_time and passes(_at_any_time(condition)):
                return (
                    f"What is said by {names} lies outside {_time(question, condition)}; "
                    "what lies inside is said by others, or by the articles themselves."
                )
            return f"No sentence that passes the filter is said by {names}."
    others = replace(condition, said_by=())
    if question.constraint and condition.from_or_about and passes(_at_any_time(others)):
        return f"Nothing was published in, or speaks of, {_time(question, condition)}."
    return f"None of the {searched.articles} articles passes the filter."


def _at_any_time(condition: Filter) -> Filter:
    return replace(condition, published_from=None, published_to=None, about=None, from_or_about=None)


def _time(question: Question, condition: Filter) -> str:
    """The time that was asked for, in the words of the question where it is the question's."""
    if question.constraint and condition.from_or_about:
        period = question.constraint.period
        return f'"{question.constraint.words}" ({period.first or "..."} to {period.last or "..."})'
    return "the time of the filter"


def _missing_words(question: Question, material: Material) -> list[str]:
    """The question's telling words that none of the passages, nor their headlines, has."""
    present: set[str] = set()
    for candidate in material.candidates:
        present.update(terms(material.articles[candidate.article].headline), terms(material.text_of(candidate)))
    absent = set(question.terms) - present
    if question.constraint:
        absent -= set(content_terms(question.constraint.words))  # a filter, and no word to look for
    return list(dict.fromkeys(word for word in question.telling_words if absent.intersection(content_terms(word))))


def _listed(words: Sequence[str]) -> str:
    *others, last = [f'"{word}"' for word in words]
    return f"{', '.join(others)} or {last}" if others else last
