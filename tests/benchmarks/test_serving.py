"""What the acceptance of a server holds it to."""

from collections import Counter

import pytest
from serving import NO_ANSWER, UNTOLD, Round


def round_of(**other: object) -> Round:
    given: dict[str, object] = {
        "askers": 4,
        "seconds": 600.0,
        "statuses": Counter({200: 100, 304: 9, 429: 2, 503: 1}),
        "took": [0.1] * 98 + [0.2, 0.25],
        "spent": 10.0,
        "memory": (500.0, 540.0),
    }
    return Round(**given | other)  # type: ignore[arg-type]


def test_a_server_that_bears_its_askers_has_no_fault() -> None:
    assert round_of().faults() == []
    assert "p50 100 ms, p99 250 ms" in round_of().told()


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"statuses": Counter({200: 1, 500: 1})}, "1 of status 500"),
        ({"statuses": Counter({200: 1, UNTOLD: 2})}, "2 of status 503 without"),
        ({"statuses": Counter({200: 1, NO_ANSWER: 1})}, "no answer"),
        ({"took": []}, "no answer"),
        ({"took": [0.1] * 90 + [0.4] * 10}, "4.0 times the median"),
        ({"memory": (500.0, 600.0)}, "memory grew from 500 to 600 MB"),
    ],
)
def test_what_should_not_be_is_told(other: dict[str, object], fault: str) -> None:
    (found,) = round_of(**other).faults()
    assert fault in found


def test_many_askers_may_wait_long_but_are_all_told() -> None:
    assert round_of(askers=64, took=[0.1] * 90 + [9.0] * 10, memory=(500.0, 900.0)).faults() == []
    assert round_of(askers=64, statuses=Counter({500: 1})).faults()
