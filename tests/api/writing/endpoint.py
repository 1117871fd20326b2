"""An endpoint on the loopback interface that answers chats with given bytes, as good and bad servers do."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EVENTS = "text/event-stream"
JSON = "application/json"


@dataclass
class Reply:
    """What is sent: a status, a type, and pieces of a body with a pause before each."""

    pieces: Sequence[bytes]
    status: int = 200
    kind: str = EVENTS
    pause: float = 0.0


@dataclass
class Endpoint:
    """The address of a server, what it sends next, and what it was asked."""

    reply: Callable[[dict[str, Any]], Reply] = lambda _: Reply([])
    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serve until the end."""
    given = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            given.asked.append(asked)
            given.headers.append(dict(self.headers) | {"path": self.path})
            reply = given.reply(asked)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.end_headers()
            try:
                for piece in reply.pieces:
                    time.sleep(reply.pause)
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                pass  # nobody waits for it any more

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        given.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        yield given
        server.shutdown()


def streamed(text: str, size: int = 7) -> list[bytes]:
    """Wrap what a model writes as a stream of events, a few characters each."""
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    events = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in parts]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return [f"data: {json.dumps(event)}\n\n".encode() for event in events] + [b"data: [DONE]\n\n"]


def written(*sentences: tuple[str, list[int]]) -> str:
    """Write sentences as a model was asked to."""
    return json.dumps({"sentences": [{"text": text, "citations": numbers} for text, numbers in sentences]})
