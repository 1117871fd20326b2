"""Where sentences end, as far as the tense of a date needs to know."""

import re

from search.times.tokens import PARAGRAPH, Tokens

_SENTENCE_END = frozenset(["?", "!", ";", PARAGRAPH])
_ABBREVIATED = re.compile(
    r"(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Rep|Sen|Gov|Corp|Inc|Co|Ltd|Jr|Sr|No|U|vs|Prof|Rev)"
)


def closes(tokens: Tokens, index: int) -> bool:
    """Whether a sentence ends with this token."""
    word = tokens.words[index]
    if word != ".":
        return word in _SENTENCE_END
    if index == 0:
        return True
    following = tokens.words[index + 1] if index + 1 < len(tokens.words) else ""
    return not (_ABBREVIATED.fullmatch(tokens.words[index - 1]) or following[:1].islower() or following == ",")
