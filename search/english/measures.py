"""What figures are numbers of, as data: currencies, shares, lengths, weights, times."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from search.english.table import table


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency.

    Attributes:
        name: What its figures are compared by: "USD".
        words: Its words, lower case: "dollar".
        sign: Its sign; empty when it has none.
        whose: Whose it is, where several share its words: "Hong Kong".
        prefix: Letters before the sign that say whose: "HK"; empty when none do.
    """

    name: str
    words: tuple[str, ...]
    sign: str
    whose: tuple[str, ...]
    prefix: str


@cache
def currencies() -> tuple[Currency, ...]:
    """The currencies; of those that share a word or a sign, the first is meant where nothing tells."""
    return tuple(
        Currency(row["name"][0], row["words"], "".join(row["sign"]), row["whose"], "".join(row["prefix"]))
        for row in table("currencies")
    )


@cache
def currency_words() -> tuple[str, ...]:
    """The words of all currencies, lower case, the longest first."""
    return _longest_first({word for currency in currencies() for word in currency.words})


@cache
def measure_words(*kinds: str) -> tuple[str, ...]:
    """List the words of some kinds of `measures.tsv`, lower case, the longest first: "percentage points"."""
    words = {
        word for row in table("measures") if row["kind"][0] in kinds for word in (*row["singular"], *row["plural"])
    }
    return _longest_first(words)


def any_of(words: Collection[str]) -> str:
    """Build the pattern of any of some words, with any white space or a hyphen between their parts."""
    patterns = (r"[\s-]".join(map(re.escape, word.split())) for word in words)
    return f"(?:{'|'.join(patterns)})"


def _longest_first(words: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
