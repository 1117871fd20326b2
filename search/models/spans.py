"""From a reader's logits over tokens to a span of the text."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

LONGEST_ANSWER = 30
"""Most tokens of a short answer, as in the reference evaluation of SQuAD models."""


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A run of tokens.

    Attributes:
        first: Index of its first token.
        last: Index of its last token, inclusive.
        score: Sum of the first token's start logit and the last one's end logit.
    """

    first: int
    last: int
    score: float


def best_token_span(
    starts: npt.NDArray[np.float32],
    ends: npt.NDArray[np.float32],
    usable: npt.NDArray[np.bool_],
    longest: int = LONGEST_ANSWER,
) -> TokenSpan:
    """Find the best span of at most `longest` tokens; the earliest, then shortest, of equals.

    Source: Devlin et al. 2019 (BERT), section 4.2.

    Args:
        starts: Logit of an answer beginning at each token, shape (n,).
        ends: Logit of an answer ending at each token, shape (n,).
        usable: Whether an answer may begin or end at each token, shape (n,).
        longest: Most tokens of a span.

    Raises:
        ValueError: If no token is usable.
    """
    if not usable.any():
        raise ValueError("an answer can neither begin nor end at any of these tokens")
    sums = np.where(usable, starts, -np.inf)[:, None] + np.where(usable, ends, -np.inf)[None, :]
    within = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), k=longest)
    sums[~within] = -np.inf
    first, last = divmod(int(sums.argmax()), len(starts))
    return TokenSpan(first, last, float(sums[first, last]))


def whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Widen `text[start:end]` to whole words and strip white space from it.

    Words end where Unicode's default word boundaries are (UAX #29): numbers with their separators stay whole, a
    letter keeps its marks, and scripts without spaces are not widened beyond a character.

    Args:
        text: The text.
        start: Code point offset of the first character.
        end: Code point offset after the last one; more than `start`.

    Returns:
        The offsets, 0-based, end-exclusive, in code points; None when only white space is between them.
    """
    # The ends of a text are boundaries by definition, whatever stands there.
    boundaries = [0, *(match.start() for match in _word_boundary().finditer(text)), len(text)]
    start = boundaries[bisect_right(boundaries, start) - 1]
    end = boundaries[bisect_left(boundaries, end)]
    bare = text[start:end].strip()
    if not bare:
        return None
    start += text[start:end].index(bare)
    return start, start + len(bare)


@cache
def _word_boundary() -> Any:
    import regex

    return regex.compile(r"\b", regex.WORD)
