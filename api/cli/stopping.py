"""Stopping a long command: Ctrl-C and SIGTERM end it at the next point where nothing in hand is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from api.cli.terminal import aside

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHELL_ADDS = 128


class Stop:
    """Whether the command was asked to stop, and by what.

    Attributes:
        signal: The first signal that asked; None while none has.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """What the command ends with: 128 and the signal's number, as shells have it."""
        return _SHELL_ADDS + self.signal if self.signal is not None else 0


@contextmanager
def stoppable(doing: str) -> Iterator[Stop]:
    """Let the first signal only ask to stop; the second ends the command at once, as without this."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def ask(number: int, _: FrameType | None) -> None:
        stop.signal = signal.Signals(number)
        for each in _SIGNALS:
            signal.signal(each, before[each])
        aside().print(f"Stopping: {doing} is finished first. Once more to stop at once.", style="yellow")

    # What was ignored when the command began (nohup, a background job of a script) stays so.
    for number in _SIGNALS:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number in _SIGNALS:
            signal.signal(number, before[number])
