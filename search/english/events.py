"""Days that name an event: "the Sept. 11 attacks"."""

from functools import cache
from typing import NamedTuple

from search.english.table import table


class NamedDay(NamedTuple):
    """The event that a month and a day before a noun name.

    Attributes:
        year: When it happened.
        always: Whether it is meant without an article, too.
    """

    year: int
    always: bool


@cache
def named_days() -> dict[tuple[int, int, str], NamedDay]:
    """Events whose year everybody knows, by month, day and noun, lower case."""
    found: dict[tuple[int, int, str], NamedDay] = {}
    for row in table("named_days"):
        month, day = map(int, row["day"][0].split("-"))
        known = NamedDay(int(row["year"][0]), bool(row["always"]))
        found |= {(month, day, noun): known for noun in row["nouns"]}
    return found


@cache
def always_named() -> dict[tuple[int, int], NamedDay]:
    """Those of them that are meant without an article, by month and day."""
    return {(month, day): known for (month, day, _), known in named_days().items() if known.always}


@cache
def nouns(kind: str) -> frozenset[str]:
    """The nouns of a kind, lower case: of what "happened", or of what is "named" after a day."""
    return frozenset(noun for row in table("events") if row["kind"] == (kind,) for noun in row["nouns"])
