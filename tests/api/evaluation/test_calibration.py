from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
import pytest

from api.evaluation.calibration import (
    BINS,
    CALIBRATION_MEASURES,
    Sureness,
    calibration_error,
    calibration_statistic,
    picture,
    reliability,
    tier_of,
)


def test_the_calibration_error_is_that_of_bins_of_equal_mass() -> None:
    given = np.repeat([0.1, 0.5, 0.9], [40, 20, 40])
    right = np.concatenate([np.tile([1, 0, 0, 0], 10), np.tile([1, 0], 10), np.ones(40)])
    assert calibration_error(given, right) == pytest.approx((40 * 0.15 + 40 * 0.1) / 100, abs=0.02)
    assert np.isnan(calibration_error(np.array([]), np.array([])))


def test_bins_hold_equally_many_answers_in_the_order_of_their_probability() -> None:
    answers = [Sureness(place / 100, place >= 50, "answer") for place in range(100)]
    bins = reliability(answers)
    assert [one.questions for one in bins] == [10] * BINS
    assert [one.right for one in bins] == [0] * 5 + [1] * 5
    assert bins[0].probability == pytest.approx(0.045)
    assert len(reliability(answers[:3])) == 3
    assert reliability([]) == []


def test_tiers_have_a_share_and_a_precision() -> None:
    answers = [
        Sureness(0.9, True, "answer"),
        Sureness(0.9, True, "answer"),
        Sureness(0.9, False, "answer"),
        Sureness(0.5, True, "perhaps"),
    ]
    found = dict(zip(CALIBRATION_MEASURES, calibration_statistic(answers)(np.arange(4)).tolist(), strict=True))
    assert found["answer share"] == 0.75
    assert found["answer precision"] == pytest.approx(2 / 3)
    assert (found["perhaps share"], found["perhaps precision"]) == (0.25, 1.0)
    assert found["not found share"] == 0
    assert np.isnan(found["not found precision"])
    assert found["right held by answer"] == pytest.approx(2 / 3)


@dataclass
class Told:
    found: bool
    probability: float


@dataclass
class Tiered(Told):
    tier: str


def test_a_tier_is_the_one_that_an_answer_states_or_follows_from_its_probability() -> None:
    assert tier_of(Told(False, 0.99), closely=True) == "not found"  # type: ignore[arg-type]
    assert tier_of(Told(True, 1.0), closely=True) == "answer"  # type: ignore[arg-type]
    assert tier_of(Told(True, 0.3), closely=True) == "perhaps"  # type: ignore[arg-type]
    assert tier_of(Tiered(True, 0.3, "not_found"), closely=True) == "not found"  # type: ignore[arg-type]


def test_the_picture_is_an_svg_with_a_circle_for_each_bin() -> None:
    drawn = ElementTree.fromstring(picture(reliability([Sureness(0.2, False, "perhaps")] * 30)))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == BINS
