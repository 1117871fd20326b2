import pytest

from indexer.progress import COMMIT_SECONDS, FEWEST_PASSAGES, MOST_PASSAGES, PASSAGES_A_SECOND_MORE, Pace


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_round_is_full_by_its_passages() -> None:
    pace = Pace(Clock(), first=10)
    assert not pace.is_full(9)
    assert pace.is_full(10)


def test_a_round_is_full_when_its_time_is_over() -> None:
    clock = Clock()
    pace = Pace(clock, first=10)
    clock.now += COMMIT_SECONDS - 0.1
    assert not pace.is_full(1)
    clock.now += 0.2
    assert pace.is_full(1)


@pytest.mark.parametrize(
    ("passages", "seconds", "wanted"),
    [(64, 2.0, 160), (64, 64.0, FEWEST_PASSAGES), (64, 0.001, MOST_PASSAGES)],
)
def test_rounds_become_as_large_as_the_machine_is_fast(passages: int, seconds: float, wanted: int) -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += seconds
    pace.embedded(passages)
    pace.committed()
    assert pace.is_full(wanted)
    assert not pace.is_full(wanted - 1)


def test_how_long_a_commit_takes_does_not_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 1
    pace.embedded(50)
    clock.now += 60
    pace.committed()
    assert not pace.is_full(249)
    assert pace.is_full(250)


def test_rounds_take_longer_in_a_large_archive() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.begin(10 * PASSAGES_A_SECOND_MORE)
    clock.now += COMMIT_SECONDS + 9.9
    assert not pace.is_full(1)
    clock.now += 0.2
    assert pace.is_full(1)
