"""Why an archive does not answer a question, in words for people."""

import re
from collections.abc import Sequence

from search.asked import Material
from search.evidence import Evidence
from search.question import Question
from search.results import Searched
from search.words import content_terms, terms


def why_not_found(
    question: Question,
    best: Evidence | None,
    probability: float,
    searched: Searched,
    material: Material,
    least_probability: float,
) -> str:
    """Say why the evidence does not support an answer; empty when it does.

    Args:
        question: The question.
        best: The best piece of evidence that stood up to verification.
        probability: That the evidence answers.
        searched: What was searched.
        material: The passages that were read.
        least_probability: Below it, evidence is no answer.
    """
    if not searched.articles and best is None:
        return "The archive is empty."
    if not question.says_something:
        return "The question has no word that says what it is about."
    if best is None:
        return _nothing_passes(question, searched)
    if probability >= least_probability:
        return ""
    reason = (
        f"The best evidence answers with a probability of {probability:.0%}, and {least_probability:.0%} is "
        "asked for."
    )
    missing = _missing_words(question, material)
    if missing:
        reason += f" None of the passages that come nearest has {_listed(missing)}."
    elif best.features.fits == 0 and question.expected != "other":
        reason += f" It has nothing of the kind that was asked for: a {question.expected}."
    return reason


def _nothing_passes(question: Question, searched: Searched) -> str:
    if question.constraint and searched.condition.from_or_about:
        period = question.constraint.period
        said = searched.condition.said_by
        who = f" with a sentence that is said by {_listed(said)}" if said else ""
        return (
            f'Nothing{who} was published in, or speaks of, "{question.constraint.words}" '
            f"({period.first or '...'} to {period.last or '...'})."
        )
    if searched.condition.said_by:
        return f"No sentence that passes the filter is said by {_listed(searched.condition.said_by)}."
    return f"None of the {searched.articles} articles passes the filter."


def _missing_words(question: Question, material: Material) -> list[str]:
    """The question's telling words that none of the passages, nor their headlines, has."""
    present: set[str] = set()
    for candidate in material.candidates:
        present.update(terms(material.articles[candidate.article].headline), terms(material.text_of(candidate)))
    absent = set(question.terms) - present
    words = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", question.text)
    return list(dict.fromkeys(word for word in words if absent.intersection(content_terms(word))))


def _listed(words: Sequence[str]) -> str:
    *others, last = [f'"{word}"' for word in words]
    return f"{', '.join(others)} or {last}" if others else last
