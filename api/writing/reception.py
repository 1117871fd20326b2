"""The reply of an endpoint, received in a thread of its own, so that a time bounds the whole of it.

The time-outs of a connection bound each of its silences; an endpoint that drips is within them for ever.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, suppress

import httpx2

from api.writing.replies import MalformedError

_WAITING_CHUNKS = 64
_POLL_SECONDS = 0.1


class TooSlowError(Exception):
    """The reply has not come to an end in time."""


def received(send: Callable[[], AbstractContextManager[httpx2.Response]], until: float) -> Generator[bytes]:
    """Yield the media type of a response, then its body as it comes.

    Once nobody waits any more, the thread ends with the next piece, or when the connection's own time-out ends it.

    Args:
        send: Sends the request, and closes what it opened; called in the thread.
        until: When nothing is waited for any more, by the monotonic clock.

    Raises:
        MalformedError: If the status is not that of success.
        httpx2.HTTPError: If the endpoint fails.
        TooSlowError: If the time is over.
    """
    reception = _Reception(send)
    threading.Thread(target=reception.receive, name="dateline-writing", daemon=True).start()
    try:
        while (remaining := until - time.monotonic()) > 0:
            piece = reception.pieces.get(timeout=remaining)
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
    except queue.Empty:
        pass
    finally:
        reception.left.set()
    raise TooSlowError


class _Reception:
    """Puts what comes where somebody waits for it: pieces, then None or what went wrong."""

    def __init__(self, send: Callable[[], AbstractContextManager[httpx2.Response]]) -> None:
        self.pieces: queue.Queue[bytes | Exception | None] = queue.Queue(_WAITING_CHUNKS)
        self.left = threading.Event()
        self._send = send

    def receive(self) -> None:
        """Receive all of it, or as long as somebody waits."""
        try:
            self._put_all()
        except Exception as error:  # noqa: BLE001 - it is raised where the reply is waited for
            self._put(error)
        else:
            self._put(None)

    def _put_all(self) -> None:
        with self._send() as response:
            if response.status_code != httpx2.codes.OK:
                raise MalformedError(f"its status is {response.status_code}")
            self._put(response.headers.get("Content-Type", "").encode())
            for chunk in response.iter_bytes():
                self._put(chunk)
                if self.left.is_set():
                    return

    def _put(self, piece: bytes | Exception | None) -> None:
        while not self.left.is_set():
            with suppress(queue.Full):
                self.pieces.put(piece, timeout=_POLL_SECONDS)
                return
