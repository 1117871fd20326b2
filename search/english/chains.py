"""Chains of events: steps of which one is easily taken for another, as applied, joined, left (`chains.tsv`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from search.english.table import any_word_of, table

_NO_STEP = "-"
_COMMA = 15
"""Code points that a comma counts for."""
_GAPS = {"..": r"(?:[\w'’-]+\s+){0,3}?", "...": r"(?:[\w'’-]+\s+){0,7}?"}
_NEGATED = re.compile(
    r"(?:\b(?:not|never|nor|no|without|nobody)\b|n['’]t\b|\b(?:refus|declin|fail)\w*\s+to\b)(?:\s+[\w'’-]+){0,3}\s*\Z",
    re.IGNORECASE,
)
_IN_THE_END = re.compile(r"[^.;]{0,40}?\b(?:until|till|before)\b", re.IGNORECASE)
_OF_SOMETHING_NAMED = re.compile(r"(?:\w['’]s|\bof(?:\s+(?:an?|the))?)\s+\Z", re.IGNORECASE)
"""Before a noun that tells who or what is spoken of, and not what is asked: "suspected of a murder"."""
_ONLY_WANTED = re.compile(
    r"\b(?:want|hop|seek|wish|tri|try|plan|threaten|promis|vow|offer|agre|appl|ask|intend|prepar|bid|eligible|free"
    r"|invit|push|press|urg|consider|refus)\w*\s+(?:[\w'’-]+\s+){0,2}?to\s+\Z"
    r"|\b(?:need|requir|await|lack)(?:e?s|e?d|e|ing)?\s+"
    rf"(?:(?!(?:{any_word_of('function_words', 'next')})\b)[\w'’-]+\s+){{0,4}}\Z",
    re.IGNORECASE,
)
"""Before a verb, or before a noun: "needs the president's signature"."""


_WHO = re.compile(rf"\W*(?:who|whose|which|{any_word_of('function_words', 'be', 'do', 'have')})\b", re.IGNORECASE)
"""A question that asks who did something, or whether it was done."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chain that a text tells of.

    Attributes:
        chain: The chain: "membership".
        name: The step: "join".
        start: First code point of the words for it.
        end: One past the last.
        negated: Whether it is said not to have been taken: "has not joined".
        wanted: Whether it is only said to be wanted: "asked to join".
        also: Names of the steps of the same chain that the words tell of as well.
    """

    chain: str
    name: str
    start: int
    end: int
    negated: bool = False
    wanted: bool = False
    also: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The steps that the words tell of."""
        return self.also | {self.name}


def steps_in(text: str, chains: Iterable[str] | None = None) -> list[Step]:
    """List the steps of some chains, or of all, that a text tells of: chain by chain, in the order of the text.

    Of words that share any with others the longest count ("agreed to buy", not "buy").
    """
    return [step for chain in (_patterns() if chains is None else chains) for step in _of_chain(chain, text)]


def steps_asked(question: str, *, when: bool) -> list[Step]:
    """List the steps that a question asks about; of what is only wanted where there is nothing else.

    Args:
        question: The question.
        when: Whether it asks for a time.
    """
    chains = _asked_by("any", "when" if when else "", "who" if _WHO.match(question) else "")
    found = [step for step in steps_in(question, chains) if not _OF_SOMETHING_NAMED.search(question[: step.start])]
    return [step for step in found if not step.wanted] or found


def shares_step(question: str, text: str) -> bool | None:
    """Tell whether a text tells of a step that a question asks about; None when the question asks about none."""
    asked = {(step.chain, step.name) for step in steps_asked(question, when=True)}
    if not asked:
        return None
    return any(
        (step.chain, name) in asked
        for step in steps_in(text, {chain for chain, _ in asked})
        for name in step.names
    )


def looks_like_a_step(text: str, chains: Iterable[str]) -> str:
    """The first words of a text that look like a step of some chains and are none: "stay open"; or nothing."""
    found = (step for chain in chains for step in _of_chain(chain, text, only_none=True))
    return next((text[step.start : step.end] for step in found), "")


def is_nearest_step(text: str, steps: Sequence[Step], others: Sequence[Step], start: int, end: int) -> bool:
    """Tell whether `text[start:end]` stands nearer to one of some steps than to any of the others.

    What stands behind a comma is far: "elected on May 6, is sworn in".
    """

    def away(step: Step) -> int:
        first, last = min(step.end, end), max(step.start, start)
        return max(last - first, 0) + _COMMA * text.count(",", first, max(first, last))

    return min(map(away, steps)) <= min(map(away, others))


def _of_chain(chain: str, text: str, *, only_none: bool = False) -> Iterator[Step]:
    found = sorted(
        (
            (match.start(), match.end(), name, also)
            for name, also, pattern in _patterns()[chain]
            for match in pattern.finditer(text)
        ),
        key=lambda one: (one[0] - one[1], one[0]),
    )
    kept: list[tuple[int, int, str, frozenset[str]]] = []
    for one in found:
        if all(one[1] <= start or end <= one[0] for start, end, _, _ in kept):
            kept.append(one)
    for start, end, name, also in sorted(kept, key=lambda one: one[0]):
        if (name == _NO_STEP) is only_none:
            before = text[:start]
            negated = _NEGATED.search(before) is not None and not _IN_THE_END.match(text, end)
            yield Step(chain, name, start, end, negated, _ONLY_WANTED.search(before) is not None, also)


@cache
def _asked_by(*kinds: str) -> tuple[str, ...]:
    """The chains that questions of some kinds ask about, in the order of the file."""
    return tuple(dict.fromkeys(row["chain"][0] for row in table("chains") if row["asked"][0] in kinds))


@cache
def _patterns() -> dict[str, tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]]:
    """By chain, its steps: the name, the steps it tells of as well, and a pattern of the words for it."""
    found: dict[str, list[tuple[str, frozenset[str], re.Pattern[str]]]] = {}
    for row in table("chains"):
        chain, step = row["chain"][0], row["step"][0]
        also = frozenset(other.removeprefix(f"{chain}:") for other in row["also"])
        words = "|".join(_pattern(phrase) for phrase in row["words"])
        found.setdefault(chain, []).append((step, also, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)))
    return {chain: tuple(steps) for chain, steps in found.items()}


def _pattern(phrase: str) -> str:
    parts = [_GAPS.get(word) or rf"(?:{'|'.join(map(re.escape, word.split('/')))})" for word in phrase.split()]
    pattern = ""
    for part, following in zip(parts, (*parts[1:], ""), strict=True):
        pattern += part if part in _GAPS.values() or not following else rf"{part}\s+"
    return pattern
