import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.evidence.features import NAMES
from search.asking.evidence.weights import (
    SIGNALS,
    SIGNALS_READ_CLOSELY,
    Calibration,
    least_probability,
    load_parameters,
    probability,
)

CALIBRATION = Calibration(dict.fromkeys(SIGNALS, 1.0), -1.0, ((0.5, 0.2), (0.8, 0.6)))


@pytest.mark.parametrize("read_by", [None, "careful", "fast"])
def test_the_parameters_weigh_every_feature_and_signal_and_tell_where_they_come_from(read_by: str | None) -> None:
    parameters = load_parameters(read_by)
    assert tuple(parameters.evidence) == NAMES
    assert tuple(parameters.confidence.weights) == (SIGNALS_READ_CLOSELY if read_by else SIGNALS)
    assert tuple(parameters.of_each.weights) == SIGNALS
    assert (parameters.evidence["answers"] > 0) is (read_by is not None)
    assert parameters.provenance["written_by"] == "benchmarks/evidence.py"
    thresholds = parameters.confidence.thresholds
    assert thresholds
    assert list(thresholds) == sorted(thresholds)


@given(st.lists(st.floats(-100, 100), min_size=len(SIGNALS), max_size=len(SIGNALS)))
def test_a_probability_lies_between_0_and_1_and_grows_with_its_signals(values: list[float]) -> None:
    signals = dict(zip(SIGNALS, values, strict=True))
    more = {name: value + 1 for name, value in signals.items()}
    assert 0 <= probability(signals, CALIBRATION) <= probability(more, CALIBRATION) <= 1


@pytest.mark.parametrize(
    ("wanted", "least"),
    [(0.0, 0.0), (0.25, 0.1), (0.5, 0.2), (0.65, 0.4), (0.8, 0.6), (1.0, 0.8)],
)
def test_a_wanted_precision_lies_between_the_measured_thresholds(wanted: float, least: float) -> None:
    assert least_probability(wanted, CALIBRATION) == pytest.approx(least)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_precision_never_asks_for_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert least_probability(low, CALIBRATION) <= least_probability(high, CALIBRATION)
