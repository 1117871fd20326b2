from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.english.numbers import number_value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1.7 billion dollars", Fraction(1_700_000_000)),
        ("$1,700,000,000", Fraction(1_700_000_000)),
        ("twenty-two", Fraction(22)),
        ("two hundred and five", Fraction(205)),
        ("3.5m", Fraction(3_500_000)),
        ("two dozen", Fraction(24)),
        ("2.500.000 euros", Fraction(2_500_000)),
        ("1.2.3", None),
        ("1,5,3", None),
        ("9" * 5_000, None),
        ("several", None),
        ("2-1", None),
        ("one third", None),
        ("half a million", None),
    ],
)
def test_equal_numbers_are_equal_however_they_are_written(words: str, value: Fraction | None) -> None:
    assert number_value(words) == value


@given(st.text(max_size=80) | st.text("0123456789., -millodzent$", max_size=60))
def test_any_words_have_a_value_or_none(words: str) -> None:
    assert number_value(words) is None or number_value(words) >= 0  # type: ignore[operator]
