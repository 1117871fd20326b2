"""The reply of a chat endpoint, read while it comes: the drafts of sentences in its JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from search.asking.wording import Draft

MOST_BYTES = 1_048_576
"""Of a reply, with what the endpoint wraps it in."""

MOST_CHARACTERS = 20_000
"""Of what the model wrote."""

_BEGUN = re.compile(r'\{\s*"sentences"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DONE = "[DONE]"


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
