"""A proxy before an S3 server on this machine that refuses, cuts short and holds up what a test tells it to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PATIENCE_SECONDS = 60
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Fault(Enum):
    """What becomes of a request."""

    REFUSED = auto()
    """It is answered with an error of the server, and not done."""

    DROPPED = auto()
    """The connection ends before an answer, and it is not done."""

    UNHEARD = auto()
    """It is done, and the connection ends before an answer."""

    CUT_SHORT = auto()
    """It is done, and the connection ends in the middle of the answer."""

    SLOW = auto()
    """It is done when `Storage.delay` has passed."""


Choose = Callable[[str, str], Fault | None]
"""Told the method and the path of a request."""


@dataclass
class Storage:
    """A faulty storage.

    Attributes:
        upstream: Host and port of the S3 server.
        choose: Tells what becomes of a request; None for nothing out of the ordinary.
        delay: Seconds.
        met: What became of requests that met with a fault: method, path and fault, in order.
    """

    upstream: tuple[str, int]
    choose: Choose = lambda *_: None
    delay: float = 0.0
    met: list[tuple[str, str, Fault]] = field(default_factory=list)

    @contextmanager
    def with_faults(self, choose: Choose, delay: float = 0.0) -> Iterator[None]:
        """Meet requests with faults for a while."""
        self.met.clear()
        self.choose, self.delay = choose, delay
        try:
            yield
        finally:
            self.choose = lambda *_: None


@contextmanager
def faulty_storage(endpoint: str) -> Iterator[tuple[Storage, str]]:
    """Run a proxy before an S3 server; gives what tells it which faults there are, and its own endpoint."""
    host, _, port = endpoint.removeprefix("http://").partition(":")
    storage = Storage((host, int(port)))

    class Handler(_Handler):
        pass

    Handler.storage = storage
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield storage, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_PATIENCE_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    storage: Storage

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        storage = self.storage
        path = self.path.partition("?")[0]
        fault = storage.choose(self.command, path)
        if fault is not None:
            storage.met.append((self.command, path, fault))
        if fault is Fault.REFUSED:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, [], b"")
            return
        if fault is Fault.DROPPED:
            self._end()
            return
        if fault is Fault.SLOW:
            time.sleep(storage.delay)
        try:
            status, headers, content = self._done(body)
        except (OSError, HTTPException):  # the S3 server is gone
            self._end()
            return
        if fault is Fault.UNHEARD:
            self._end()
            return
        with suppress(OSError):  # whoever asked is gone
            self._answer(status, headers, content, cut=fault is Fault.CUT_SHORT)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _handle  # noqa: N815 - names of the library

    def _done(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(*self.storage.upstream, timeout=_PATIENCE_SECONDS)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "connection":
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
            length = answer.getheader("Content-Length")
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            if self.command == "HEAD" and length:
                headers.append(("Content-Length", length))
            return answer.status, headers, content
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self._end()

    def _end(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass
