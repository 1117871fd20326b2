"""Nouns that are persons: officials, captains, workers; not rivers, though they end alike."""

from collections.abc import Sequence
from functools import cache

from search.english.table import table


def are_persons(nouns: Sequence[str]) -> bool:
    """Tell whether the last of some words is a plural noun of persons, as far as its form tells."""
    if not nouns:
        return False
    noun = nouns[-1].casefold().strip(".,'’")
    if noun in _words("noun"):
        return True
    return noun.endswith(tuple(_words("ending"))) and noun not in _words("not")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for row in table("persons") if row["kind"] == (kind,) for word in row["words"])
