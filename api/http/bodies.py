"""Bodies that bring articles: one as JSON, or several as a JSON list or as NDJSON, a line each."""

import json
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError


def repeated(names: Iterable[str]) -> list[str]:
    """List the names that stand more than once, in the order of their first places."""
    return [name for name, times in Counter(names).items() if times > 1]


JSON = "application/json"
LINES = ("application/x-ndjson", "application/jsonl")
_BYTE_ORDER_MARK = "\ufeff"
_MOST_SHOWN = 40
_ONE_AT_A_TIME = threading.Lock()


class BrokenLineError(ValueError):
    """A line of NDJSON is not JSON."""


async def whole_body(request: Request) -> bytes:
    """Read a body, which `limits.BodyLimit` bounds."""
    return await request.body()


def media_type(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> str:
    """Tell what a body is declared to be, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def read_one(body: bytes, declared: str) -> Any:
    """Parse the body of a request that brings one article.

    Raises:
        HTTPException: If it is not declared to be JSON.
        RequestValidationError: If it is not JSON.
    """
    if declared != JSON:
        raise HTTPException(415, f"The body must be JSON, and the header Content-Type must be {JSON}.")
    return _parse(body)


def read_many(body: bytes, declared: str, most: int) -> list[Any]:
    """Parse the body of a batch.

    Returns:
        What was sent, each value as it was parsed; a `BrokenLineError` in the place of a line that is not JSON.

    Raises:
        HTTPException: If it is declared to be something else, or brings more than `most`.
        RequestValidationError: If it is not JSON, no list, or brings nothing.
    """
    if declared in LINES:
        found = _lines(body, most)
    elif declared == JSON:
        found = _parse(body)
        if not isinstance(found, list):
            raise _invalid("It must be a list of articles")
    else:
        kinds = ", ".join((JSON, *LINES))
        raise HTTPException(415, f"The body must be a JSON list or NDJSON, and Content-Type one of {kinds}.")
    if not found:
        raise _invalid("It brings no article")
    if len(found) > most:
        raise HTTPException(
            413,
            f"The batch brings more than the {most} articles allowed (DATELINE_HTTP_MAX_BATCH); send fewer.",
        )
    return found


def _parse(body: bytes) -> Any:
    try:
        # Parsed JSON can take twenty times the room of its text; one at a time, that is bounded.
        with _ONE_AT_A_TIME:
            return json.loads(body.decode().removeprefix(_BYTE_ORDER_MARK), object_pairs_hook=_each_once)
    except json.JSONDecodeError as error:
        raise _invalid(f"This is not JSON: {error.msg}, at character {error.pos}") from None
    except UnicodeDecodeError:
        raise _invalid("This is not UTF-8") from None
    except (RecursionError, ValueError):
        raise _invalid("This JSON nests too deeply or has a number that is too long") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := repeated(name for name, _ in pairs):
        raise _invalid(f"It gives the field {twice[0][:_MOST_SHOWN]!r} twice")
    return dict(pairs)


def _lines(body: bytes, most: int) -> list[Any]:
    found: list[Any] = []
    begin = 0
    while begin < len(body) and len(found) <= most:
        end = body.find(b"\n", begin)
        line = body[begin : end if end >= 0 else len(body)].strip()
        begin = end + 1 if end >= 0 else len(body)
        if not line:
            continue
        try:
            found.append(_parse(line))
        except RequestValidationError as error:
            found.append(BrokenLineError(error.errors()[0]["msg"]))
    return found


def _invalid(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "body", "loc": ("body",), "msg": message}])
