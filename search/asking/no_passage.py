"""Why a search finds no passage: what was looked for, and what there is."""

from collections.abc import Sequence

from search.archive.records import Facts
from search.asking.retrieval import Asked, Candidate, Method
from search.filters import Filter

_SHOWN = 8


def why_no_passage(
    asked: Asked,
    facts: Facts,
    method: Method,
    phrases: Sequence[str],
    candidates: Sequence[Candidate],
    least_closeness: float,
) -> str:
    """Say why no passage is to come back; empty where some are.

    None is, also, where nothing in the archive has a word of the question and nothing comes near it in meaning.

    Args:
        asked: What was looked for.
        facts: What the archive holds.
        method: How passages were looked for.
        phrases: Those in quotation marks, which an article must have.
        candidates: What was found.
        least_closeness: Cosine below which meanings are not near.
    """
    question, condition = asked.question, asked.condition
    nowhere = (
        method is Method.FUSED
        and not any(asked.frequencies.passages_with[term] for term in question.terms)
        and all(candidate.closeness < least_closeness for candidate in candidates)
    )
    if candidates and not nowhere:
        return ""
    if not facts.articles or (reason := unknown_names(condition, facts)):
        return reason if facts.articles else "The archive is empty."
    if nowhere:
        words = " or ".join(f'"{word}"' for word in dict.fromkeys(question.telling_words))
        return f"Nothing in the archive has {words or 'its words'}, and nothing comes near in meaning."
    if phrases:
        passing = " that passes the filter" if condition else ""
        quoted = " and ".join(f'"{phrase}"' for phrase in phrases)
        return f"No article{passing} has {quoted} in its text."
    if method is Method.LEXICAL:
        return f"No passage{' that passes the filter' if condition else ''} has a word of it."
    return f"None of the {facts.articles} articles passes the filter."


def unknown_names(condition: Filter, facts: Facts) -> str:
    """Name the sources, sections and languages of a filter that no article has, and those that there are."""
    reasons = []
    for noun, wanted, held in (
        ("source", condition.sources, facts.sources),
        ("section", condition.sections, facts.sections),
        ("language", condition.languages, facts.languages),
    ):
        known = {name.casefold() for name in held}
        if not wanted or any(name.casefold() in known for name in wanted):
            continue
        names = " or ".join(f'"{name}"' for name in wanted)
        there = f"there are: {_listed(list(held))}" if held else f"no article says its {noun}"
        codes = " Languages are codes of two letters, such as en." if noun == "language" else ""
        reasons.append(f"No article has the {noun} {names}; {there}.{codes}")
    return " ".join(reasons)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
