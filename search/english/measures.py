"""What figures are numbers of, as data: currencies, shares, lengths, weights, times."""

import re
from collections.abc import Collection
from functools import cache

from search.english.table import table


@cache
def measure_words(*kinds: str) -> tuple[str, ...]:
    """List the words of some kinds of `measures.tsv`, lower case, the longest first: "percentage points"."""
    words = {
        word for row in table("measures") if row["kind"][0] in kinds for word in (*row["singular"], *row["plural"])
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def any_of(words: Collection[str]) -> str:
    """Build the pattern of any of some words, with any white space or a hyphen between their parts."""
    patterns = (r"[\s-]".join(map(re.escape, word.split())) for word in words)
    return f"(?:{'|'.join(patterns)})"
