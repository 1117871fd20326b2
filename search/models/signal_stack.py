"""Keeping signals deliverable beside OpenVINO.

For processors with AMX, OpenVINO gives the thread that loads its CPU plugin an alternate signal stack of the least
size that Linux accepts. Python has its handlers run on the alternate stack where there is one (`SA_ONSTACK`), and
that one has no room for them: Ctrl-C or SIGTERM may then end the process with a segmentation fault.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DISABLED = 2  # SS_DISABLE


class _Stack(ctypes.Structure):
    """The structure `stack_t` of sigaltstack(2) on Linux."""

    _fields_ = (("start", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


@contextmanager
def keeping_the_signal_stack() -> Iterator[None]:
    """Let signals run on this thread's own stack again, if something inside gave it an alternate one."""
    before = _alternate_stack()
    try:
        yield
    finally:
        after = _alternate_stack()
        if before and after and after.start != before.start:
            ctypes.CDLL(None).sigaltstack(ctypes.byref(_Stack(None, _DISABLED, 0)), None)


def _alternate_stack() -> _Stack | None:
    """This thread's alternate signal stack; None where there is no such thing to ask for."""
    if not sys.platform.startswith("linux"):
        return None
    found = _Stack()
    return found if ctypes.CDLL(None).sigaltstack(None, ctypes.byref(found)) == 0 else None
