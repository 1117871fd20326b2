"""Turns: no more questions are answered at once than there are cores, and the others wait in order, but not long.

More at once would take as long in all and each of them longer, until none is answered in time. So a question that
could not begin in time, as long as questions take now, is turned away at once, and told when to come again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import monotonic

from api.http.limits import TooBusyError

_SHARE_OF_LAST = 0.1
_LONGEST_TOLD_SECONDS = 60
_LOOK_SECONDS = 0.5


class Turns:
    """Lets so many questions be answered at once. Safe to share between threads."""

    def __init__(self, at_once: int, clock: Callable[[], float] = monotonic) -> None:
        """Begin with nobody there.

        Args:
            at_once: How many.
            clock: Tells the time, in seconds.
        """
        self._at_once = at_once
        self._clock = clock
        self._guard = threading.Lock()
        self._answering = 0
        self._waiting: deque[threading.Event] = deque()
        self._takes = 0.0  # seconds, as a running average of the turns that have ended

    @contextmanager
    def turn(self, patience: float | None, still_wanted: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait for a turn, and have it for as long as the block lasts.

        Args:
            patience: Longest that is waited, in seconds; None for as long as it takes.
            still_wanted: Asked now and then while waiting; what it raises ends that.

        Raises:
            TooBusyError: If that is too short.
        """
        mine = self._join(patience)
        try:
            self._wait(mine, patience, still_wanted)
        except BaseException:
            self._leave(mine)
            raise
        began = self._clock()
        try:
            yield
        finally:
            with self._guard:
                took = self._clock() - began
                self._takes += (took - self._takes) * (_SHARE_OF_LAST if self._takes else 1)
            self._pass_on()

    def _join(self, patience: float | None) -> threading.Event:
        mine = threading.Event()
        with self._guard:
            if self._answering < self._at_once:
                self._answering += 1
                mine.set()
                return mine
            expected = self._takes * (len(self._waiting) + 1) / self._at_once
            if patience is not None and expected > patience:
                raise _too_busy(expected)
            self._waiting.append(mine)
        return mine

    def _wait(self, mine: threading.Event, patience: float | None, still_wanted: Callable[[], None]) -> None:
        until = None if patience is None else self._clock() + patience
        while not mine.wait(_LOOK_SECONDS):
            still_wanted()
            if until is not None and self._clock() > until:
                raise _too_busy(self._takes)

    def _leave(self, mine: threading.Event) -> None:
        """Wait no more; a turn that came in the same moment goes to the next."""
        with self._guard:
            if not mine.is_set():
                self._waiting.remove(mine)
                return
        self._pass_on()

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._answering -= 1


def _too_busy(seconds: float) -> TooBusyError:
    return TooBusyError(
        "More questions are waiting than can be answered in time.",
        "Try again later.",
        retry_after=max(1, min(_LONGEST_TOLD_SECONDS, ceil(seconds))),
    )
