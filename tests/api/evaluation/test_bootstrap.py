import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.evaluation.bootstrap import estimate, means


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
