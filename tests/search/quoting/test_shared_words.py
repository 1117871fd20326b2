from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.quoting.shared_words import SHORTEST_PIECE, SharedWords

WORDS = st.lists(st.sampled_from("abc"), max_size=12)


def can_be_cut(quote: list[str], text: list[str]) -> bool:
    """Try every first piece at its first place, and the rest after it."""
    if not quote:
        return True
    for length in range(SHORTEST_PIECE, len(quote) + 1):
        for place in range(len(text) - length + 1):
            if text[place : place + length] == quote[:length]:
                if can_be_cut(quote[length:], text[place + length :]):
                    return True
                break
    return False


@given(WORDS.filter(bool), WORDS)
def test_a_quote_is_cut_when_it_can_be(quote: list[str], text: list[str]) -> None:
    pieces = SharedWords(quote, text).pieces()
    assert bool(pieces) == can_be_cut(quote, text)
    assert [word for piece in pieces for word in quote[piece.quote_word :][: piece.length]] == (
        quote if pieces else []
    )
    for piece in pieces:
        assert piece.length >= SHORTEST_PIECE
        said = quote[piece.quote_word : piece.quote_word + piece.length]
        assert text[piece.text_word : piece.text_word + piece.length] == said
    for first, second in pairwise(pieces):
        assert first.text_word + first.length <= second.text_word


@given(WORDS.filter(bool), WORDS)
def test_the_longest_run_is_the_longest(quote: list[str], text: list[str]) -> None:
    lengths = [
        length
        for length in range(SHORTEST_PIECE, len(quote) + 1)
        for start in range(len(quote) - length + 1)
        if any(text[place : place + length] == quote[start : start + length] for place in range(len(text)))
    ]
    longest = SharedWords(quote, text).longest()
    assert (longest.length if longest else 0) == max(lengths, default=0)
    if longest:
        said = quote[longest.quote_word : longest.quote_word + longest.length]
        assert text[longest.text_word : longest.text_word + longest.length] == said


def test_pieces_stand_as_close_together_as_they_can() -> None:
    text = "a b c x a b c y d e f".split()
    assert [piece.text_word for piece in SharedWords(list("abcdef"), text).pieces()] == [4, 8]
