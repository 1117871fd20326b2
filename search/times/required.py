"""What a rule cannot do without: classes of which every match has at least one.

An article has a few kinds of time words and there are some sixty rules; a rule whose words are all missing
need not be searched for. This reads the sets off the rule's own pattern, so that they cannot disagree.
"""

import re

from search.times.tokens import LETTERS
from search.times.wordlist import words

_COMMON = {
    LETTERS[name]: weight
    for weight, names in (
        (20, "THE A OF IN TO COMMA STOP HYPHEN AND AT ON FOR BY FROM THAT POSSESSIVE DAY CARDINAL"),
        (10, "BEFORE ORDINAL FOLLOWING END HALF"),
        (5, "UNIT"),
    )
    for name in words(names)
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
