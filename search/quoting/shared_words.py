"""Words that a text shares with a quote, three in a row or more.

Words are sequences of numbers here: everything is done row by row with numpy, in time proportional to the product
of the two lengths, after all of the text that shares no three words in a row with the quote has been left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SHORTEST_PIECE = 3
"""Words in a row that a piece of a quote must have; fewer stand everywhere by chance."""

_MOST_STEPS = 20_000_000
_APART = -1

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a quote that stand in a text in a row.

    Attributes:
        quote_word: Place of the first of them in the quote.
        text_word: Its place in the text.
        length: How many.
    """

    quote_word: int
    text_word: int
    length: int


class SharedWords:
    """The words of a text that stand in a quote too, three in a row or more.

    Of a text so repetitive that comparing would take long, the beginning is compared.
    """

    def __init__(self, quote: list[str], text: list[str]) -> None:
        vocabulary = {word: number for number, word in enumerate(dict.fromkeys(quote))}
        self._quote = np.array([vocabulary[word] for word in quote], dtype=np.int64)
        numbers = np.array([vocabulary.get(word, _APART) for word in text], dtype=np.int64)
        places = _shared_places(self._quote, numbers, len(vocabulary))
        breaks = np.flatnonzero(np.diff(places) > 1) + 1
        most = _MOST_STEPS // max(1, len(quote))
        self._text = np.insert(numbers[places], breaks, _APART)[:most]
        self._places = np.insert(places, breaks, _APART)[:most]

    def pieces(self) -> list[Piece]:
        """Cut the whole quote into pieces that stand in the text in the same order; empty when that cannot be.

        Of all ways the one that ends first is taken, and of those one that begins last.
        """
        ends = _first_ends(self._quote, self._text)
        end = int(ends[-1])
        if end > len(self._text):
            return []
        backwards = _cut(self._quote[::-1], self._text[:end][::-1])
        return [
            Piece(len(self._quote) - first - length, int(self._places[end - place - length]), length)
            for first, place, length in backwards
        ]

    def longest(self) -> Piece | None:
        """Find the most words of the quote that stand in the text in a row; the first such run."""
        best = Piece(0, 0, 0)
        run = np.zeros(len(self._text) + 1, dtype=np.int64)
        for place, word in enumerate(self._quote):
            run[1:] = np.where(self._text == word, run[:-1] + 1, 0)
            end = int(run.argmax())
            length = int(run[end])
            if length > best.length:
                best = Piece(place + 1 - length, int(self._places[end - length]), length)
        return best if best.length else None


def _shared_places(quote: Numbers, text: Numbers, size: int) -> Numbers:
    """Places in the text of words that belong to three in a row that the quote has too."""
    if min(len(quote), len(text)) < SHORTEST_PIECE:
        return np.zeros(0, dtype=np.int64)
    known = (text[:-2] >= 0) & (text[1:-1] >= 0) & (text[2:] >= 0)
    begins = known & np.isin(_triples(text, size), _triples(quote, size))
    belongs = np.zeros(len(text), dtype=bool)
    for offset in range(SHORTEST_PIECE):
        belongs[offset : len(text) - 2 + offset] |= begins
    return np.flatnonzero(belongs)


def _triples(words: Numbers, size: int) -> Numbers:
    return (words[:-2] * size + words[1:-1]) * size + words[2:]


def _first_ends(quote: Numbers, text: Numbers) -> Numbers:
    """For each number of the quote's first words: the earliest end in the text of pieces that are these words.

    Shape (len(quote) + 1,); past the end of the text where there are none.
    """
    ends = np.full(len(quote) + 1, len(text) + 1, dtype=np.int64)
    ends[0] = 0
    # By place in the text: how long the piece that ends before it is by now, counted up to the shortest allowed.
    length = np.zeros(len(text) + 1, dtype=np.int8)
    for place, word in enumerate(quote):
        longer = np.where(length[:-1] > 0, np.minimum(length[:-1] + 1, SHORTEST_PIECE), 0).astype(np.int8)
        np.maximum(longer[ends[place] :], 1, out=longer[ends[place] :])
        longer[text != word] = 0
        length[1:] = longer
        whole = longer == SHORTEST_PIECE
        if whole.any():
            ends[place + 1] = whole.argmax() + 1
        elif not longer.any():
            break
    return ends


def _cut(quote: Numbers, text: Numbers) -> list[tuple[int, int, int]]:
    """Cut a quote that can be cut into as long pieces as possible, the last one first.

    Gives first word in the quote, first word in the text, and length, of each.
    """
    ends = _first_ends(quote, text)
    pieces = []
    last = len(quote)
    while last:
        end = int(ends[last])
        equal = 0
        while equal < min(last, end) and quote[last - equal - 1] == text[end - equal - 1]:
            equal += 1
        length = next(
            length for length in range(equal, SHORTEST_PIECE - 1, -1) if ends[last - length] <= end - length
        )
        pieces.append((last - length, end - length, length))
        last -= length
    return pieces
