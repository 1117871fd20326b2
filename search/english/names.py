"""Words that make a name of a month or a weekday beside them: "Mr. May", "April Rydell", "Black Friday"."""

from functools import cache

from search.english.table import table


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind of `names.tsv`, lower case."""
    return frozenset(word for row in table("names") if row["kind"] == (kind,) for word in row["words"])
