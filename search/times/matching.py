"""Where the rules match in a text.

A shape is mostly the letter of words that have nothing to do with time. No match reaches across two such
words, nor across a letter that no rule knows: the shape falls into islands, and only those with a telling
letter are searched. A few thousand islands make up all news ("on Friday", "the third quarter of last year"),
so what matches in each is remembered.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from search.times.notation import Found
from search.times.rules import RULES, Rule
from search.times.tokens import LETTERS, Tokens, letters_of

_LETTERS_OF_RULES = frozenset("".join(re.sub(r"\?P<\w+>", "", rule.pattern.pattern) for rule in RULES))
_OTHER = LETTERS["OTHER"]
_KNOWN = "".join(sorted(_LETTERS_OF_RULES.intersection(LETTERS.values()) - {_OTHER}))
_AFTER_OTHER = "".join(sorted(letters_of("TIME MOMENT MONTH UNIT UNITS")))
_RULES_BY_LETTER = {
    letter: [index for index, rule in enumerate(RULES) if letter in rule.needs]
    for letter in frozenset().union(*(rule.needs for rule in RULES))
}
_TELLING = "".join(sorted(_RULES_BY_LETTER))
_QUIET = "".join(sorted(set(_KNOWN) - set(_TELLING)))

_BRIDGE = f"{_OTHER}(?=[{_AFTER_OTHER}])"
# No time expression is nearly as long; a table of figures is, and the rules' effort grows with its square.
_MOST_TOKENS = 200
_ISLAND = re.compile(
    f"(?:[{_QUIET}]|{_BRIDGE}){{0,{_MOST_TOKENS}}}+[{_TELLING}](?:[{_KNOWN}]|{_BRIDGE}){{0,{_MOST_TOKENS}}}+"
)

_REMEMBERED = 1 << 14
"""Islands whose matches are remembered."""


class _Match(NamedTuple):
    """A rule's match in an island: its first token and the one after its last, and the groups' spans."""

    first: int
    end: int
    rule: Rule
    groups: dict[str, tuple[int, int]]


def rules_matching(tokens: Tokens) -> Iterator[tuple[Found, Rule]]:
    """Every match of every rule, leftmost first, then the longest, then in the order of the rules."""
    for island in _ISLAND.finditer(tokens.shape):
        origin = island.start()
        for first, end, rule, groups in _matches(island.group()):
            yield Found(tokens, origin + first, origin + end - 1, groups, origin), rule


@lru_cache(maxsize=_REMEMBERED)
def _matches(island: str) -> tuple[_Match, ...]:
    """The matches within an island, in the order in which they are tried."""
    possible = {index for letter in set(island) for index in _RULES_BY_LETTER.get(letter, ())}
    found = [
        _Match(match.start(), match.end(), rule, _spans(match))
        for rule in map(RULES.__getitem__, sorted(possible))
        for match in rule.pattern.finditer(island)
        if match.group()
    ]
    return tuple(sorted(found, key=lambda match: (match.first, -match.end)))


def _spans(match: re.Match[str]) -> dict[str, tuple[int, int]]:
    """The spans of the groups that took part."""
    return {name: match.span(name) for name in match.groupdict() if match.start(name) >= 0}
