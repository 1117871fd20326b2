"""Misspelt words of a question, told by the articles that come nearest to it.

A word counts as misspelt when nothing in the archive has it, it is none that the embedding model knows as a word,
and the articles found by meaning have one that is spelt nearly so. A name is changed by a single letter at most.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from search.english.terms import content_terms

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _SHORTEST_NAME, _LONG = 5, 7, 8
"""Letters of a word, or a name, that may be misspelt; and of one that may be so in two places."""


def respelt(
    question: str, unknown: Collection[str], texts: Iterable[str], is_word: Callable[[str], bool]
) -> tuple[tuple[str, str], ...]:
    """Find the words of a question that are misspelt.

    Args:
        question: As it was asked.
        unknown: Those of its index terms that nothing in the archive has.
        texts: What comes nearest to it.
        is_word: Tells whether a word, lower case, is known to be one.

    Returns:
        Pairs of a word as it stands and as it is spelt in the texts, in order.
    """
    suspects = [
        word
        for place, word in _words(question)
        if len(word) >= (_SHORTEST_NAME if place and word[0].isupper() else _SHORTEST)
        and (found := content_terms(word))
        and set(found).issubset(unknown)
        and not is_word(word.lower())
        and not all(map(is_word, found))
    ]
    if not suspects:
        return ()
    spelt = Counter(word for text in texts for word in _WORD.findall(text) if len(word) >= _SHORTEST - 1)
    pairs = ((word, _nearest(word, spelt)) for word in dict.fromkeys(suspects))
    return tuple((word, other) for word, other in pairs if other)


def _words(question: str) -> list[tuple[int, str]]:
    return [(match.start(), match.group()) for match in _WORD.finditer(question)]


def _nearest(word: str, spelt: Counter[str]) -> str:
    """The word that differs least; of equals one in small letters, the most frequent. Empty if none is near."""
    named = word[0].isupper()
    most = 2 if len(word) >= _LONG and not named else 1
    best = (most + 1, False, 0, "")
    for other, times in spelt.items():
        if (
            other[0].lower() != word[0].lower()
            or abs(len(other) - len(word)) > most
            or (named and other.islower())
        ):
            continue
        best = min(best, (distance(word.lower(), other.lower(), most), not other.islower(), -times, other))
    return best[-1] if best[0] <= most else ""


def distance(one: str, other: str, most: int) -> int:
    """Count the letters to leave out, put in, change, or exchange with the next one, to make a word of another.

    Source: optimal string alignment, after Damerau 1964. More than `most` is given as `most + 1`.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)


def written_anew(question: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Write a question with its misspelt words as they are spelt."""
    spelt = dict(pairs)
    return _WORD.sub(lambda match: spelt.get(match.group(), match.group()), question)
