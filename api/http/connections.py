"""Connections: how long the head of a request may take to arrive."""

import asyncio
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

ABORT = "dateline.abort"
"""In the state of a request: closes its connection at once, without sending what waits to be sent."""


class HeadTimed(H11Protocol):
    """Closes a connection that has begun a request, or none yet, and does not send its head in time.

    What comes behind the head has the time of its request (`time_limit`); between two requests uvicorn's own limit
    holds.
    """

    patience = 20.0
    """Seconds for a head; the same for every server, as it has nothing to do with what is asked."""

    def __init__(self, config: Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.app_state = self.app_state | {ABORT: transport.abort}
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on while it is no whole head."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.patience, self._give_up)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
