"""What moves something in time: "postponed", "put off", "brought forward", "an extension"."""

from functools import cache
from typing import NamedTuple

from search.english.table import table


class Move(NamedTuple):
    """A word that moves something in time.

    Attributes:
        particles: Words of which one must follow it ("put off"); none when it needs none.
        way: 1 when it moves to a later time, -1 to an earlier one, 0 when it may be either.
    """

    particles: frozenset[str]
    way: int


_WAYS = {"later": 1, "earlier": -1, "either": 0}


@cache
def moves() -> dict[str, Move]:
    """The forms of the verbs and their nouns, lower case."""
    found: dict[str, Move] = {}
    for row in table("moves"):
        way = _WAYS[row["way"][0]]
        found |= {noun: Move(frozenset(), way) for noun in row["nouns"]}
        found |= {form: Move(frozenset(row["particles"]), way) for form in row["forms"]}
    return found
