from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.english.numbers import closed_up, number_value, parted_numbers, parts_a_number


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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("The ferry line lost 7. 25 million pounds.", "7. 25", id="a-multiple"),
        pytest.param("Rents rose 3. 4 per cent in Oslo.", "3. 4", id="per-cent"),
        pytest.param("A litre costs $ 1. 09 at the pump.", "1. 09", id="a-currency-before-it"),
        pytest.param("The krone stood at 8. 31 Danish kroner.", "8. 31", id="a-nation-before-the-currency"),
        pytest.param("She jumped 6. 84 metres.", "6. 84", id="a-length"),
        pytest.param("The gate shuts at 11. 30 p.m.", "11. 30", id="a-time-of-day"),
        pytest.param("The gate shuts at 11. 30 on weekdays.", "11. 30", id="a-time-of-day-behind-at"),
        pytest.param("The index closed at 2,411. 7.", "2,411. 7", id="the-end-of-the-sentence"),
        pytest.param("The index closed at 20411. 77 by noon.", "20411. 77", id="an-index"),
        pytest.param("He ran the mile in 3:58. 21.", "3:58. 21", id="a-time-of-a-race"),
        pytest.param("It fell by 0. 9 of a notch.", "0. 9", id="less-than-one"),
        pytest.param("The trip took 4 . 5 hours.", "4 . 5", id="blanks-on-both-sides"),
    ],
)
def test_a_number_goes_on_behind_the_blank_of_a_wire(text: str, number: str) -> None:
    assert [found.of(text) for found in parted_numbers(text)] == [number]
    assert parts_a_number(text, text.index(". ") + 1)


@pytest.mark.parametrize(
    "text",
    [
        "The mill closed in 1974. 30 years later it burned.",
        "The mill closed in 1974. 5 percent of its workers stayed.",
        "He is 41. 12 others are younger.",
        "The count stood at 12. 24 hours later it was 30.",
        "She wears No. 9. 2 million saw her.",
        "It was signed on 3 May. 7 ministers stayed away.",
        "It was signed on Jan. 3. 5 million watched.",
        "They won 4-1. 8 million watched.",
        "The crowd was 12,000. 300 police were there.",
        "Only 14 came. 3 of them spoke.",
        "There were 12. 5 percent of them were children.",
    ],
)
def test_a_number_ends_before_a_sentence_that_begins_with_one(text: str) -> None:
    assert list(parted_numbers(text)) == []


def test_a_parted_number_is_read_as_it_is_meant() -> None:
    assert closed_up("from 5. 2 to 6 . 1 percent") == "from 5.2 to 6.1 percent"
    assert number_value("5. 2 billion") == 5_200_000_000
