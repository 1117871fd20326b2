"""What a figure is a number of: a currency, a share, things counted and what became of them."""

import pytest

from search.english.units import Unit, read_unit


def unit_of(text: str, figure: str) -> Unit:
    start = text.index(figure)
    return read_unit(text, start, start + len(figure))


@pytest.mark.parametrize(
    ("text", "figure", "measure"),
    [
        ("It cost HK$40.", "40", "HKD"),
        ("It cost 40 dollars.", "40", "USD"),
        ("It cost 40 Australian dollars.", "40", "AUD"),
        ("It cost €40.", "40", "EUR"),
        ("It cost 40 roubles.", "40", "rouble"),
        ("It cost 40 rubles.", "40", "rouble"),
        ("It cost 40 dirhams.", "40", "dirham"),
        ("It rose 40 percent.", "40", "percent"),
        ("They took 12 won games.", "12", None),
        ("They built 40 boats.", "40", None),
    ],
)
def test_a_currency_or_a_share_is_known_by_its_word_or_sign(text: str, figure: str, measure: str | None) -> None:
    assert unit_of(text, figure).measure == measure


@pytest.mark.parametrize(
    ("text", "figure", "fates"),
    [
        ("Some 22 sailors were killed.", "22", {"dead"}),
        ("The blast in the 3 villages killed 12 sailors.", "12", {"dead"}),
        ("One sailor was killed in a fight with 90 pirates.", "90", set()),
        ("Two were wounded and 14 boats sank.", "14", set()),
    ],
)
def test_a_fate_is_that_of_those_who_met_it(text: str, figure: str, fates: set[str]) -> None:
    assert unit_of(text, figure).fates == fates
