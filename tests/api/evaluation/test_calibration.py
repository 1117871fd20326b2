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
)
from search.asking.tier import Tier


def test_the_calibration_error_is_that_of_bins_of_equal_mass() -> None:
    given = np.repeat([0.1, 0.5, 0.9], [40, 20, 40])
    right = np.concatenate([np.tile([1, 0, 0, 0], 10), np.tile([1, 0], 10), np.ones(40)])
    assert calibration_error(given, right) == pytest.approx((40 * 0.15 + 40 * 0.1) / 100, abs=0.02)
    assert np.isnan(calibration_error(np.array([]), np.array([])))


def test_bins_hold_equally_many_answers_in_the_order_of_their_probability() -> None:
    answers = [Sureness(place / 100, place >= 50, Tier.ANSWER) for place in range(100)]
    bins = reliability(answers)
    assert [one.questions for one in bins] == [10] * BINS
    assert [one.right for one in bins] == [0] * 5 + [1] * 5
    assert bins[0].probability == pytest.approx(0.045)
    assert len(reliability(answers[:3])) == 3
    assert reliability([]) == []


def test_tiers_have_a_share_and_a_precision() -> None:
    answers = [
        Sureness(0.9, True, Tier.ANSWER),
        Sureness(0.9, True, Tier.ANSWER),
        Sureness(0.9, False, Tier.ANSWER),
        Sureness(0.5, True, Tier.PERHAPS),
    ]
    found = dict(zip(CALIBRATION_MEASURES, calibration_statistic(answers)(np.arange(4)).tolist(), strict=True))
    assert found["answer share"] == 0.75
    assert found["answer precision"] == pytest.approx(2 / 3)
    assert (found["perhaps share"], found["perhaps precision"]) == (0.25, 1.0)
    assert found["not found share"] == 0
    assert np.isnan(found["not found precision"])
    assert found["right held by answer"] == pytest.approx(2 / 3)


def test_the_picture_is_an_svg_with_a_circle_for_each_bin() -> None:
    drawn = picture(reliability([Sureness(0.2, False, Tier.PERHAPS)] * 30))
    assert drawn.startswith("<svg ")
    assert drawn.count("<circle ") == drawn.count("<title>3 questions</title>") == BINS
