"""A rule: a pattern of word classes, and the function that reads what it matches."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.times.notation import Found, compiled, required
from search.times.story import Reading, Story

Reader = Callable[[Found, Story], Reading | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the grammar.

    Attributes:
        name: Its name, told with every expression that it reads.
        pattern: What it matches, over the shape of a text.
        needs: Classes' letters of which a shape has at least one if the rule matches in it.
        read: The reading of a match in a story; None when the match is no time expression after all.
    """

    name: str
    pattern: re.Pattern[str]
    needs: frozenset[str]
    read: Reader


class Rules:
    """The rules of one module, in the order in which they were written."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __call__(self, pattern: str) -> Callable[[Reader], Reader]:
        """Make the decorated function the reader of a pattern; the rule takes its name."""

        def keep(read: Reader) -> Reader:
            shapes = compiled(pattern)
            needs = required(shapes.pattern)
            if not needs:
                raise ValueError(f"the rule {read.__name__} can match without any word of time: {pattern}")
            self._rules.append(Rule(read.__name__, shapes, needs, read))
            return read

        return keep
