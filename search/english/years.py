"""Words that tell a year from a count of four digits."""

from functools import cache

from search.english.table import table


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind of `years.tsv`, lower case."""
    return frozenset(word for row in table("years") if row["kind"] == (kind,) for word in row["words"])


def is_counted(word: str) -> bool:
    """Whether a noun is of what is counted, never dated: "troops", "tons"."""
    return word in words_of("counted")
