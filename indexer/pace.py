"""How much an indexing run does between commits: a few seconds' worth, so that little can be lost."""

import time
from collections.abc import Callable

COMMIT_SECONDS = 5.0
"""About how long a round lasts from the first file read to its commit, where commits are cheap."""

FEWEST_PASSAGES, MOST_PASSAGES = 16, 4_096
"""Bounds of a round, however slow or fast the machine."""

_FIRST_ROUND = 64
_COMMITS_SHARE = 0.1
_MOST_SECONDS = 120.0


class Pace:
    """Says when a round is full: by the number of its passages and by the time it has taken.

    A round has as many passages as are read and embedded in `COMMIT_SECONDS` at the rate of the last one. In a
    large archive, where a commit takes long, rounds grow until commits take a tenth of the time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, first: int = _FIRST_ROUND) -> None:
        """Begin the first round, of `first` passages, at the clock's present second."""
        self._clock = clock
        self._began = clock()
        self._ready = self._began
        self._seconds = COMMIT_SECONDS
        self._wanted = first

    def is_full(self, passages: int) -> bool:
        """Tell whether a round of so many passages should be embedded and committed now."""
        return passages >= self._wanted or self._clock() - self._began >= self._seconds

    def embedded(self, passages: int) -> None:
        """Note that a round is ready to be committed."""
        self._ready = self._clock()
        taken = self._ready - self._began
        if passages and taken > 0:
            rate = passages / taken
            self._wanted = max(FEWEST_PASSAGES, min(MOST_PASSAGES, round(rate * self._seconds)))

    def committed(self) -> None:
        """Note that the round is committed; the next begins."""
        self._began = self._clock()
        cost = self._began - self._ready
        self._seconds = min(_MOST_SECONDS, max(COMMIT_SECONDS, cost * (1 / _COMMITS_SHARE - 1)))
