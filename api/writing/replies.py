"""The reply of a chat endpoint: received within a time that bounds the whole of it, and read while it comes.

The time-outs of a connection bound each of its silences; an endpoint that drips is within them for ever. So it is
received in a thread of its own.
"""

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any

import httpx2

from search.asking.wording import Draft

MOST_BYTES = 1_048_576
"""Of a reply, with what the endpoint wraps it in."""

MOST_CHARACTERS = 20_000
"""Of what the model wrote."""

_BEGUN = re.compile(r'\{\s*"sentences"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DONE = "[DONE]"
_WAITING_CHUNKS = 64
_POLL_SECONDS = 0.1


class MalformedError(ValueError):
    """A reply is not what was asked for."""


class RefusedError(ValueError):
    """The model refused to write."""


def drafts(chunks: Iterable[bytes], *, streamed: bool, most: int) -> Iterator[Draft]:
    """Yield each sentence as soon as it is whole; in the end the reply is held against the schema as a whole.

    Args:
        chunks: The body of the response.
        streamed: Whether it is a stream of events, or one JSON object.
        most: Sentences.

    Raises:
        MalformedError: If the reply is cut off, is not the JSON that was asked for, or has no end. What was
            yielded before does not count then.
        RefusedError: If the model says that it will not.
    """
    parts = _streamed_parts(_lines(chunks)) if streamed else iter([_whole(chunks)])
    text, place, given = "", None, 0
    for part in parts:
        text += part
        if len(text) > MOST_CHARACTERS:
            raise MalformedError("it is too long")
        if place is None and (begun := _BEGUN.match(text.lstrip())):
            place = len(text) - len(text.lstrip()) + begun.end()
        while place is not None and (found := _next(text, place)):
            value, place = found
            yield _draft(value)
            given += 1
            if given > most:
                raise MalformedError("it has too many sentences")
    _check_whole(text, given)


def _next(text: str, place: int) -> tuple[object, int] | None:
    between = _BETWEEN.match(text, place)
    start = between.end() if between else place
    if text[start : start + 1] != "{":
        return None
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None  # it is not whole yet, or never will be


def _draft(value: object) -> Draft:
    match value:
        case {"text": str(text), "citations": list(numbers)} if all(type(number) is int for number in numbers):
            return Draft(text, tuple(numbers))
    raise MalformedError("a sentence has another form")


def _check_whole(text: str, given: int) -> None:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError("it is no JSON, or was cut off") from error
    match whole:
        case {"sentences": list(sentences)} if len(whole) == 1 and len(sentences) == given:
            return
    raise MalformedError("it has another form")


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, bounded as a whole."""
    rest, total = b"", 0
    for chunk in chunks:
        total += len(chunk)
        if total > MOST_BYTES:
            raise MalformedError("it is too long")
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    yield rest


def _streamed_parts(lines: Iterable[bytes]) -> Iterator[str]:
    for line in lines:
        name, _, value = line.rstrip(b"\r").partition(b":")
        if name != b"data":
            continue
        event = value.decode().strip()
        if event == _DONE:
            return
        yield _content(_first_choice(event), "delta")


def _whole(chunks: Iterable[bytes]) -> str:
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise MalformedError("it is too long")
    return _content(_first_choice(body.decode()), "message")


def _first_choice(text: str) -> dict[str, Any]:
    match json.loads(text):
        case {"choices": [dict() as choice, *_]}:
            return choice
        case {"choices": []}:
            return {}  # usage alone
    raise MalformedError("it has no choices")


def _content(choice: dict[str, Any], name: str) -> str:
    if choice.get("finish_reason") == "content_filter":
        raise RefusedError
    match choice.get(name):
        case {"refusal": str(refusal)} if refusal:
            raise RefusedError
        case {"content": str(content)}:
            return content
    return ""


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
