"""The notation of rules: regular expressions whose upper-case words are classes of tokens.

`(?P<count>COUNT) UNITS AGO` matches the tokens "three weeks ago". White space means nothing, a lower-case
group names what the rule reads, and a word of `MACROS` stands for a pattern of its own.

An article has a few kinds of time words and there are some seventy rules; a rule whose words are all missing need
not be searched for. `required` reads what a rule cannot do without off its pattern, so that they cannot disagree.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from search.times.story import Reading, Story
from search.times.tokens import CARDINALS, LETTERS, Tokens, meaning
from search.times.value import Unit

MACROS = {
    "WORD_HUNDREDS": "HUNDRED(?:AND?[CARDINAL HUNDRED])*",
    "WORD_NUMBER": "[CARDINAL HUNDRED](?:HYPHEN?[CARDINAL HUNDRED]|(?<=HUNDRED)AND[CARDINAL HUNDRED])*",
    "DIGITS": "[DAY INTEGER DECIMAL YEAR]",
    "FRACTION": "(?:DAY HYPHEN?)?DAY SLASH DAY",
    "PLAIN_COUNT": "(?:A WORD_HUNDREDS|WORD_NUMBER|FRACTION|DIGITS)",
    "VAGUE_COUNT": "(?:A?FEW|A?COUPLE OF?|A?DOZEN|MANY)",
    "COUNT": "(?:VAGUE_COUNT|PLAIN_COUNT(?:HYPHEN?[OR TO HYPHEN]PLAIN_COUNT)?AND_A_HALF?)",
    "AND_A_HALF": "(?:HYPHEN?AND HYPHEN?A HYPHEN?HALF)",
    "QUANTITY": "(?:NO MORE THAN|[MORE LESS]THAN|AT[LEAST MOST]|UP TO|AS MUCH AS|[ABOUT NEARLY OVER])",
}

_CLASS = re.compile(r"(?<!\(\?)\b[A-Z][A-Z_]*\b")


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the notation as a regular expression over shapes."""

    def letters(found: re.Match[str]) -> str:
        name = found.group()
        return letters_in(MACROS[name]) if name in MACROS else LETTERS[name]

    def letters_in(text: str) -> str:
        return _CLASS.sub(letters, text)

    return re.compile(re.sub(r"\s+", "", letters_in(pattern)))


class Found(NamedTuple):
    """The tokens that a rule's pattern has matched.

    Attributes:
        tokens: All tokens of the text.
        first: Index of the first token matched.
        last: Index of the last one.
        groups: For each group that took part, its first token and the one after its last, counted from
            `origin`.
        origin: The token from which groups are counted.
    """

    tokens: Tokens
    first: int
    last: int
    groups: Mapping[str, tuple[int, int]]
    origin: int

    def words(self, group: str) -> list[str]:
        """The tokens of a group; none when the pattern lacks it or it took no part."""
        if group not in self.groups:
            return []
        first, end = self.groups[group]
        return self.tokens.words[self.origin + first : self.origin + end]

    def has(self, group: str) -> bool:
        """Whether the pattern has the group and it took part in the match."""
        return group in self.groups

    def text(self, group: str) -> str:
        """The tokens of a group in lower case, parted by spaces."""
        return " ".join(self.words(group)).lower()

    def number(self, group: str) -> int:
        """The number that the group's only token counts or names: a weekday, a month, a direction, digits."""
        (word,) = self.words(group)
        digits = word.strip("'\u2019sthndr")
        return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_NUMBER else int(meaning(word) or 0)

    def unit(self, group: str = "unit") -> Unit:
        """The unit that the group's only token names."""
        (word,) = self.words(group)
        return Unit(str(meaning(word)))

    def amount(self, group: str = "count") -> float | None:
        """How many the group says; None when it does not tell ("several", "12 to 18")."""
        return count_of(self.words(group))


_LONGEST_NUMBER = 18
"""Digits beyond which a number counts nothing; Python refuses some thousands of them."""

_GROUPS = {"couple": 2, "dozen": 12}


def count_of(words: list[str]) -> float | None:
    """The number that words spell: "twenty-six", "a hundred", "2.5", "two and a half"; None if none."""
    lower = [word.lower() for word in words]
    for word, number in _GROUPS.items():
        if word in lower:
            return number
    joint = next((lower.index(word) for word in ("or", "to") if word in lower), None)
    if joint is not None:
        return count_of(words[:joint])
    told = [word for word in lower if word[0].isalnum() or word == "/"]
    if told[-3:] == ["and", "a", "half"]:
        whole = count_of(told[:-3])
        return None if whole is None else whole + 0.5
    return _count_of_one([word for word in told if word not in ("a", "an", "and")]) if told else None


def _count_of_one(lower: list[str]) -> float | None:
    """The number of words without article; with nothing but an article, one."""
    if not lower:
        return 1
    if "/" in lower:
        return _fraction([word for word in lower if word != "/"])
    if len(lower) == 1 and lower[0][0].isdecimal():
        return _digits(lower[0])
    return _spelled(lower) if all(word in CARDINALS for word in lower) else None


def _fraction(digits: list[str]) -> float | None:
    """The number of "4 1/2" or "3/4"."""
    *whole, above, below = map(int, digits)
    return sum(whole) + above / below if below and above < below else None


def _digits(word: str) -> float | None:
    digits = "".join(word.replace(",", "").split())
    if len(digits) > _LONGEST_NUMBER:
        return None
    number = float(digits)
    return int(number) if number.is_integer() else number


def _spelled(words: list[str]) -> int:
    """The number: a year as it is spoken ("nineteen ninety six"), else a sum of hundreds and thousands."""
    numbers = [CARDINALS[word] for word in words]
    if len(numbers) > 1 and 10 < numbers[0] < 22 and 20 <= numbers[1] < 100:  # noqa: PLR2004 - "nineteen ninety"
        return 100 * numbers[0] + sum(numbers[1:])
    total = current = 0
    for number in numbers:
        if number == 100:  # noqa: PLR2004 - a hundred multiplies what stands before it
            current = max(current, 1) * number
        elif number == 1000:  # noqa: PLR2004 - and a thousand closes the group
            total, current = total + max(current, 1) * number, 0
        else:
            current += number
    return total + current


_COMMON = {
    LETTERS[name]: weight
    for weight, names in (
        (20, "THE A OF IN TO COMMA STOP HYPHEN AND AT ON FOR BY FROM THAT POSSESSIVE DAY CARDINAL"),
        (10, "BEFORE ORDINAL FOLLOWING END HALF"),
        (5, "UNIT"),
    )
    for name in names.split()
}
_LOOKAROUND = re.compile(r"\(\?(?:<?[=!])(?:[^()]|\([^()]*\))*\)")
_GROUP = re.compile(r"\(([^()]*)\)([?*]?)")
_ITEM = re.compile(r"(\[[^\]]*\]|\w)([?*]?)")


def required(pattern: str) -> frozenset[str]:
    """Letters of which every match of a pattern over shapes contains one or more; empty if none are sure."""
    flat = re.sub(r"\?(?:P<\w+>|:)", "", _LOOKAROUND.sub("", pattern))
    while (group := _GROUP.search(flat)) is not None:
        letters = "" if group[2] else "".join(sorted(_of_alternatives(group[1])))
        flat = flat[: group.start()] + (f"[{letters}]" if letters else "") + flat[group.end() :]
    return _of_alternatives(flat)


def _of_alternatives(pattern: str) -> frozenset[str]:
    """For `a|b`, what either needs; nothing when one of them needs nothing."""
    needs = [_of_sequence(alternative) for alternative in pattern.split("|")]
    return frozenset().union(*needs) if all(needs) else frozenset()


def _of_sequence(pattern: str) -> frozenset[str]:
    """Of the items that a sequence must have, the one that is rarest in news."""
    items = [frozenset(item.strip("[]")) for item, optional in _ITEM.findall(pattern) if not optional]
    return min(items, key=lambda item: sum(_COMMON.get(letter, 1) for letter in item), default=frozenset())


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
