"""The pace of commits in a long run: every few seconds' worth of work, so that little can be lost."""

import time
from collections.abc import Callable

COMMIT_SECONDS = 5.0
"""About how long a round takes to be read and embedded before it is committed, in a small archive."""

PASSAGES_A_SECOND_MORE = 20_000
"""With each so many passages in the archive a round takes a second longer, because commits take longer."""

FEWEST_PASSAGES, MOST_PASSAGES = 16, 4_096
"""Bounds of a round, however slow or fast the machine."""

_FIRST_ROUND = 64


class Pace:
    """Says when a round is full: by the number of its passages and by the time it has taken.

    A round has as many passages as would have been read and embedded in its time at the rate of the last one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, first: int = _FIRST_ROUND) -> None:
        """Have a first round of `first` passages, and read the time in seconds from `clock`."""
        self._clock = clock
        self._began = clock()
        self._stored = 0
        self._wanted = first

    @property
    def seconds(self) -> float:
        """About how long a round takes."""
        return COMMIT_SECONDS + self._stored / PASSAGES_A_SECOND_MORE

    def begin(self, stored: int) -> None:
        """Begin the first round, in an archive of so many passages."""
        self._stored = stored
        self._began = self._clock()

    def is_full(self, passages: int) -> bool:
        """Tell whether a round of so many passages should be embedded and committed now."""
        return passages >= self._wanted or self._clock() - self._began >= self.seconds

    def embedded(self, passages: int) -> None:
        """Note that a round of so many passages is ready to be committed."""
        self._stored += passages
        taken = self._clock() - self._began
        if passages and taken > 0:
            self._wanted = max(FEWEST_PASSAGES, min(MOST_PASSAGES, round(passages / taken * self.seconds)))

    def committed(self) -> None:
        """Note that the round is committed; the next begins."""
        self._began = self._clock()
