from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.evidence.weights import Calibration
from search.asking.tier import Bounds, Tier

CALIBRATION = Calibration({}, 0.0, ((0.5, 0.2), (0.7, 0.4), (0.9, 0.8)))


@pytest.mark.parametrize(
    ("probability", "tier"),
    [
        (0.1, "not_found"),
        (0.29, "not_found"),
        (0.31, "perhaps"),
        (0.69, "perhaps"),
        (0.71, "answer"),
        (1.0, "answer"),
    ],
)
def test_a_probability_lies_in_a_tier(probability: float, tier: str) -> None:
    assert Bounds(answer=0.7, perhaps=0.3).tier(probability) == tier


def test_perhaps_may_be_wrong_a_third_more_often() -> None:
    bounds = Bounds.of(0.75, CALIBRATION)
    assert bounds.answer == pytest.approx(0.5)
    assert bounds.perhaps == pytest.approx(0.2 + 0.2 * 5 / 6)


def test_a_calibration_that_was_not_measured_still_parts_the_tiers() -> None:
    low, high = (Bounds.of(wanted, CALIBRATION) for wanted in (0.0, 1.0))
    assert (low.answer, low.perhaps, low.tier(0.0)) == (0.0, 0.0, Tier.ANSWER)
    assert high.answer == high.perhaps == pytest.approx(0.9)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_who_wants_more_gets_no_better_tier(one: float, other: float, probability: float) -> None:
    order = [Tier.NOT_FOUND, Tier.PERHAPS, Tier.ANSWER]
    lenient, strict = (Bounds.of(wanted, CALIBRATION) for wanted in sorted((one, other)))
    assert strict.perhaps <= strict.answer
    assert order.index(strict.tier(probability)) <= order.index(lenient.tier(probability))
    assert replace(strict, perhaps=0.0).tier(0.0) in {Tier.PERHAPS, Tier.ANSWER}
