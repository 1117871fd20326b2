"""What is given twice in a request: which one counts would be a guess."""

from collections import Counter
from collections.abc import Iterable


def repeated(names: Iterable[str]) -> list[str]:
    """List the names that stand more than once, in the order of their first places."""
    return [name for name, times in Counter(names).items() if times > 1]
