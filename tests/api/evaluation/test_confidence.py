import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.evaluation.confidence import (
    BINS,
    CALIBRATION_MEASURES,
    Sureness,
    calibration_error,
    calibration_statistic,
    estimate,
    means,
    picture,
    reliability,
)
from search.asking.tier import Tier


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_an_interval_lies_between_the_least_and_the_greatest_value(values: list[float]) -> None:
    found = estimate(["mean"], means(np.array(values)[:, np.newaxis]), len(values))["mean"]
    assert found.value == pytest.approx(sum(values) / len(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    values = np.arange(200.0) % 2
    found = estimate(["mean"], means(values[:, np.newaxis]), 200)["mean"]
    error = 0.5 / math.sqrt(200)
    assert found.low == pytest.approx(0.5 - 1.96 * error, abs=0.01)
    assert found.high == pytest.approx(0.5 + 1.96 * error, abs=0.01)


def test_equal_input_has_equal_intervals() -> None:
    rows = means(np.random.default_rng(1).random((40, 2)))
    assert estimate(["a", "b"], rows, 40) == estimate(["a", "b"], rows, 40)


def test_differences_are_paired() -> None:
    first = np.random.default_rng(2).random(50)
    rows = np.stack([first, first + 0.1, (first + 0.1) - first], axis=1)
    found = estimate(["first", "second", "difference"], means(rows), 50)
    assert found["difference"].low == pytest.approx(found["difference"].high) == pytest.approx(0.1)
    assert found["first"].high - found["first"].low > 0.05


def test_what_is_not_defined_has_no_interval() -> None:
    found = estimate(["none"], lambda _: np.array([math.nan]), 3)["none"]
    assert str(found) == "-"
    assert found.as_dict() == {"value": None, "low": None, "high": None}


def test_resamples_without_the_figure_do_not_count() -> None:
    def share_of_first(sample: np.ndarray) -> np.ndarray:
        return np.array([0.25 if 0 in sample else math.nan])

    assert str(estimate(["share"], share_of_first, 2)["share"]) == "0.250 [0.250, 0.250]"


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
