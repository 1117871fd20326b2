import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from search.models.answer_marker import TokenSpan, best_token_span, whole_words


@given(st.data(), st.integers(1, 8))
def test_the_best_span_is_that_of_trying_all(data: st.DataObject, longest: int) -> None:
    count = data.draw(st.integers(1, 12))
    logits = arrays.arrays(np.float32, count, elements=st.integers(-5, 5).map(float))
    starts, ends = data.draw(logits), data.draw(logits)
    usable = data.draw(arrays.arrays(np.bool_, count).filter(np.any))
    tried = [
        TokenSpan(first, last, float(starts[first] + ends[last]))
        for first in range(count)
        for last in range(first, min(count, first + longest))
        if usable[first] and usable[last]
    ]
    best = max(tried, key=lambda span: (span.score, -span.first, -span.last))
    assert best_token_span(starts, ends, usable, longest) == best


def test_where_no_token_is_usable_there_is_no_span() -> None:
    logits = np.zeros(3, dtype=np.float32)
    with pytest.raises(ValueError, match="neither begin nor end"):
        best_token_span(logits, logits, np.zeros(3, dtype=np.bool_))


@pytest.mark.parametrize(
    ("text", "marked", "widened"),
    [
        pytest.param("It was in 1987.", "98", "1987", id="a-year"),
        pytest.param("It lost 41,300 tonnes.", "300", "41,300", id="a-number-with-separators"),
        pytest.param("They can't sail.", "can", "can't", id="an-apostrophe"),
        pytest.param("He met Anne Smith.", "nne Smi", "Anne Smith", id="a-name"),
        pytest.param("He met Anne-Marie.", "Anne", "Anne", id="hyphens-part"),
        pytest.param("in the cafe\u0301, he said", "cafe", "cafe\u0301", id="a-letter-keeps-its-mark"),
        pytest.param("a \U0001f469\u200d\U0001f467 won", "\U0001f467", "\U0001f469\u200d\U0001f467", id="emoji"),
        pytest.param("知事は辞任した。", "辞任", "辞任", id="no-spaces"),
        pytest.param("in 1987 .", " 1987 ", "1987", id="white-space-is-stripped"),
        pytest.param("\u0301a", "\u0301", "\u0301", id="a-mark-without-a-letter"),
    ],
)
def test_a_span_is_widened_to_whole_words(text: str, marked: str, widened: str) -> None:
    start = text.index(marked)
    found = whole_words(text, start, start + len(marked))
    assert found is not None
    assert text[found[0] : found[1]] == widened


def test_white_space_has_no_words() -> None:
    assert whole_words("a \u00a0\n b", 1, 5) is None


@given(st.data())
def test_widening_keeps_what_was_marked(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = whole_words(text, start, end)
    if found is None:
        assert not text[start:end].strip()
        return
    assert 0 <= found[0] < found[1] <= len(text)
    assert text[start:end].strip() in text[found[0] : found[1]]
    assert text[found[0] : found[1]] == text[found[0] : found[1]].strip()
    assert whole_words(text, *found) == found
