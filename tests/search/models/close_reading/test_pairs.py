from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from search.article import Precision, Publication, Span
from search.models.close_reading.pairs import (
    LONGEST_HEADING,
    LONGEST_QUESTION,
    MOST_CERTAIN,
    WINDOW,
    Pair,
    Pairing,
    Reading,
    heading,
)
from search.models.session import TokenRow

WORDS = ("who", "painted", "the", "bridge", "harbour", "news", "rui", "costa", "did", "?", ".")
PASSAGE = "The bridge  is old. Rui Costa painted the bridge."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    made = Tokenizer(WordLevel({word: place for place, word in enumerate(known)}, unk_token="[UNK]"))  # noqa: S106
    made.add_special_tokens(["[PAD]", "[CLS]", "[SEP]"])
    made.pre_tokenizer = Whitespace()
    return made


def test_a_pair_is_the_question_then_the_heading_and_the_passage(tokenizer: Tokenizer) -> None:
    (pair,) = Pairing(tokenizer).pairs("who painted ?", [("harbour news", "costa did .")])
    words = [tokenizer.id_to_token(number) for number in pair.row.ids]
    assert words == ["[CLS]", "who", "painted", "?", "[SEP]", "harbour", "news", "costa", "did", ".", "[SEP]"]
    assert pair.row.first_length == 5
    assert pair.first == 7


def test_a_heading_is_the_day_and_the_headline_where_they_are_known() -> None:
    day = Publication(datetime(2024, 6, 2, tzinfo=UTC), Precision.DAY, "given")
    month = Publication(datetime(2024, 6, 1, tzinfo=UTC), Precision.MONTH, "given")
    assert heading("Bridge painted", day) == "2 June 2024. Bridge painted:"
    assert heading("Bridge painted", month) == heading(" Bridge painted ", None) == "Bridge painted:"
    assert heading("", day) == "2 June 2024:"
    assert heading("", None) == ""


def test_offsets_are_those_of_the_passage(tokenizer: Tokenizer) -> None:
    (pair,) = Pairing(tokenizer).pairs("who ?", [("news", PASSAGE)])
    assert [PASSAGE[start:end] for start, end in pair.spans] == PASSAGE.replace(".", " .").split()


def test_what_is_too_long_is_cut_but_never_the_question_to_nothing(tokenizer: Tokenizer) -> None:
    (pair,) = Pairing(tokenizer).pairs("who " * 500, [("news " * 500, "costa " * 5000)])
    assert len(pair.row.ids) == WINDOW
    assert pair.row.first_length == LONGEST_QUESTION + 2
    assert pair.first == LONGEST_QUESTION + 2 + LONGEST_HEADING
    assert len(pair.spans) == WINDOW - pair.first - 1


def test_a_passage_without_words_has_no_tokens(tokenizer: Tokenizer) -> None:
    (pair,) = Pairing(tokenizer).pairs("who ?", [("", "")])
    assert pair.spans.shape == (0, 2)
    logits = np.zeros((len(pair.row.ids), 2), dtype=np.float32)
    assert Reading.of(pair, logits).answers(Span(0, 9)) == -MOST_CERTAIN


def test_what_looks_like_a_separator_in_a_text_is_none(tokenizer: Tokenizer) -> None:
    (pair,) = Pairing(tokenizer).pairs("who [SEP] ?", [("[CLS] news", "[SEP] costa [PAD]")])
    marks = {tokenizer.token_to_id(token) for token in ("[PAD]", "[CLS]", "[SEP]")}
    places = [place for place, number in enumerate(pair.row.ids) if number in marks]
    assert pair.row.first_length is not None
    assert places == [0, pair.row.first_length - 1, len(pair.row.ids) - 1]


def reading(odds: list[float]) -> Reading:
    """A reading of words of three characters and a blank, the same odds for begin and end."""
    spans = np.array([(4 * place, 4 * place + 3) for place in range(len(odds))], dtype=np.int64).reshape(-1, 2)
    return Reading(spans, np.array([(value, value) for value in odds], dtype=np.float32).reshape(-1, 2))


def test_a_sentence_answers_as_far_as_its_tokens_do_together() -> None:
    read = reading([1.0, 1.0, -9.0])
    assert read.answers(Span(0, 7)) == pytest.approx(1 + np.log(2))
    assert read.answers(Span(0, 3)) == pytest.approx(1.0)
    assert read.answers(Span(8, 11)) == pytest.approx(-9.0)


def test_what_has_no_token_does_not_answer() -> None:
    assert reading([1.0]).answers(Span(3, 4)) == -MOST_CERTAIN
    assert reading([1.0]).answers(Span(50, 60)) == -MOST_CERTAIN


def test_no_answer_is_the_measure() -> None:
    pair = Pair(TokenRow([1, 2, 3, 4], first_length=1), 2, np.array([[0, 3]], dtype=np.int64))
    logits = np.array([[2.0, 1.0], [9.0, 9.0], [5.0, 5.0], [9.0, 9.0]], dtype=np.float32)
    assert Reading.of(pair, logits).answers(Span(0, 3)) == pytest.approx(3.5)


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=9), st.data())
def test_more_text_never_answers_less(odds: list[float], data: st.DataObject) -> None:
    read = reading(odds)
    start = data.draw(st.integers(0, 4 * len(odds)))
    inner = Span(start, data.draw(st.integers(start + 1, 4 * len(odds) + 1)))
    outer = Span(data.draw(st.integers(0, inner.start)), data.draw(st.integers(inner.end, inner.end + 9)))
    assert -MOST_CERTAIN <= read.answers(inner) <= read.answers(outer) + 1e-6
    assert read.answers(outer) <= MOST_CERTAIN


def test_two_readings_are_averaged_token_by_token() -> None:
    spans = np.array([[0, 3], [4, 8], [9, 14]], dtype=np.int64)
    passage = Reading(spans, np.array([[4, 0], [-2, 6], [1, 1]], dtype=np.float32))
    of_its_end = Reading(spans[1:] - 4, np.array([[0, 2], [3, -3]], dtype=np.float32))
    both = passage.averaged(of_its_end, 4)
    assert np.array_equal(both.spans, spans)
    assert both.odds.tolist() == [[4, 0], [-1, 4], [2, -1]]
    assert both.odds.dtype == np.float32


def test_what_another_reading_cuts_otherwise_is_left_as_it_was_read() -> None:
    passage = Reading(np.array([[0, 3], [4, 8]]), np.array([[4, 0], [-2, 6]], dtype=np.float32))
    other = Reading(np.array([[0, 2], [4, 8]]), np.array([[9, 9], [0, 0]], dtype=np.float32))
    assert passage.averaged(other, 0).odds.tolist() == [[4, 0], [-1, 3]]
    nothing = Reading(np.empty((0, 2), dtype=np.int64), np.empty((0, 2), dtype=np.float32))
    assert np.array_equal(passage.averaged(nothing, 7).odds, passage.odds)
    assert passage.odds.tolist() == [[4, 0], [-2, 6]]
