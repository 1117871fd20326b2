"""Why an archive does not answer a question, in words for people."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from search.asked import Material
from search.evidence import Evidence
from search.filters import Filter
from search.question import Question
from search.results import Searched
from search.words import STOP_WORDS, content_terms, terms

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTENED = re.compile(r"['’](?:s|m|d|ll|re|ve|t)\Z")
_ASKS_FOR = re.compile(
    r"\bhow\s+(?:many|much|long|often|old|far|soon|big|large|high|late|early|likely|come)\b"
    r"|\b(?:what|which)\s+(?:time|day|date|week|month|year|kind|sort|type)s?\b"
    r"|\b(?:please|exactly)\b",
    re.IGNORECASE,
)
"""What a question says about the kind of its answer, and not about what it is on."""


def why_not_found(
    question: Question,
    best: Evidence | None,
    searched: Searched,
    material: Material,
    least_probability: float,
    passes: Callable[[Filter], bool],
) -> str:
    """Say why the evidence does not support an answer; empty when it does.

    Args:
        question: The question.
        best: The best piece of evidence that stood up to verification.
        searched: What was searched.
        material: The passages that were read.
        least_probability: Below it, evidence is no answer.
        passes: Tells whether anything in the archive passes a filter; asked only when there is no evidence.
    """
    if not searched.articles:
        return "The archive is empty."
    if not question.names and not _telling_words(question):
        return "The question does not say what it is about: it has only words that any question may have."
    if best is None:
        return _nothing_passes(question, searched, passes)
    if best.probability >= least_probability:
        return ""
    reason = (
        f"The best evidence answers with a probability of {best.probability:.0%}, and {least_probability:.0%} is "
        "asked for."
    )
    missing = _missing_words(question, material)
    if missing:
        reason += f" None of the passages that come nearest has {_listed(missing)}."
    elif best.features.fits == 0 and question.expected != "other":
        reason += f" It has nothing of the kind that was asked for: a {question.expected}."
    return reason


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


def _telling_words(question: Question) -> list[str]:
    """The question's words that say what it is about, as it has them; none that only ask."""
    words = _WORD.findall(_ASKS_FOR.sub(" ", question.text))
    return [word for word in words if word == "US" or not _is_function_word(word)]


def _is_function_word(word: str) -> bool:
    """Tell whether a word, or what it is short for, stands in any question: "when", "What's", "didn't"."""
    bare = _SHORTENED.sub("", word.casefold())
    return bare in STOP_WORDS or (bare != word.casefold() and bare.removesuffix("n") in STOP_WORDS)


def _missing_words(question: Question, material: Material) -> list[str]:
    """The question's telling words that none of the passages, nor their headlines, has."""
    present: set[str] = set()
    for candidate in material.candidates:
        present.update(terms(material.articles[candidate.article].headline), terms(material.text_of(candidate)))
    absent = set(question.terms) - present
    if question.constraint:
        absent -= set(content_terms(question.constraint.words))  # a filter, and no word to look for
    return list(
        dict.fromkeys(word for word in _telling_words(question) if absent.intersection(content_terms(word)))
    )


def _listed(words: Sequence[str]) -> str:
    *others, last = [f'"{word}"' for word in words]
    return f"{', '.join(others)} or {last}" if others else last
