"""Articles that are sent: bodies of one or of several, and from each an article that can be stored.

A body is one article as JSON, or several as a JSON list or as NDJSON, a line each. The rules are those that hold
for files; what pydantic finds wrong with a value is told in our own plain words.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.schemas.incoming import ArticleIn
from indexer.canonical import clean_line
from indexer.published import StatedDate
from indexer.readers import ReadOptions, Skipped
from indexer.readers.draft import Draft, correction_of, finish
from search.article import Article, Withdrawal

JSON = "application/json"
LINES = ("application/x-ndjson", "application/jsonl")
_BYTE_ORDER_MARK = "\ufeff"
_MOST_SHOWN = 40
_ONE_AT_A_TIME = threading.Lock()
_KINDS = {
    "missing": "It is missing",
    "string_type": "It must be a text",
    "string_unicode": "It holds half of a surrogate pair; give it as Unicode text",
    "int_type": "It must be a whole number",
    "int_parsing": "It must be a whole number",
    "int_parsing_size": "It must be a whole number of fewer digits",
    "int_from_float": "It must be a whole number",
    "float_type": "It must be a number",
    "float_parsing": "It must be a number",
    "finite_number": "It must be a finite number",
    "bool_type": "It must be true or false",
    "bool_parsing": "It must be true or false",
    "tuple_type": "It must be a list",
    "list_type": "It must be a list",
    "dict_type": "It must be an object",
    "model_type": "It must be an object",
    "model_attributes_type": "It must be an object",
    "path_type": "It must be a path",
    "extra_forbidden": "There is no such field",
    "string_pattern_mismatch": "It is not of the form {pattern}",
    "string_too_short": "It must have {min_length} or more characters",
    "string_too_long": "It must have at most {max_length} characters",
    "too_short": "It must have {min_length} or more members",
    "too_long": "It must have at most {max_length} members",
    "greater_than": "It must be greater than {gt}",
    "greater_than_equal": "It must be at least {ge}",
    "less_than": "It must be less than {lt}",
    "less_than_equal": "It must be at most {le}",
    "enum": "It must be {expected}",
    "literal_error": "It must be {expected}",
}
_OURS = "Value error, "
ORIGIN = "sent over HTTP"
FOUND_IN = "published, as sent"


def repeated(names: Iterable[str]) -> list[str]:
    """List the names that stand more than once, in the order of their first places."""
    return [name for name, times in Counter(names).items() if times > 1]


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


def read_many(
    body: bytes, declared: str, most: int, noun: str = "article", setting: str = "DATELINE_HTTP_MAX_BATCH"
) -> list[Any]:
    """Parse the body of a batch.

    Args:
        body: The body.
        declared: Its media type.
        most: How many it may bring.
        noun: What it brings several of.
        setting: What sets how many.

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
            raise _invalid(f"It must be a list of {noun}s")
    else:
        kinds = ", ".join((JSON, *LINES))
        raise HTTPException(415, f"The body must be a JSON list or NDJSON, and Content-Type one of {kinds}.")
    if not found:
        raise _invalid(f"It brings no {noun}")
    if len(found) > most:
        raise HTTPException(
            413,
            f"The batch brings more than the {most} {noun}s allowed ({setting}); send fewer.",
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


def in_words(fault: Mapping[str, Any]) -> str:
    """Say what is wrong with a value, without the full stop.

    Args:
        fault: One of `ValidationError.errors()`; what our own validators say is left as it is.
    """
    kind: str = fault["type"]
    message: str = fault["msg"]
    if kind in _KINDS:
        return _KINDS[kind].format_map(fault.get("ctx") or {})
    if kind.startswith("date"):
        return "It is no day of the calendar; write YYYY-MM-DD"
    return message.removeprefix(_OURS) if message.startswith(_OURS) else "It is not valid"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an article.

    Attributes:
        field: Which field; empty for the whole.
        detail: What is wrong with it, a sentence.
        where: `body`, or `path` when it stands in the address.
    """

    field: str
    detail: str
    where: str = "body"


class RefusedArticleError(ValueError):
    """What was sent is no article that can be stored.

    Attributes:
        faults: All that is wrong with it.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"{fault.field}: {fault.detail}" for fault in faults))
        self.faults = faults


def read_article(given: object, options: ReadOptions, article_id: str | None = None) -> Article:
    """Read an article.

    Args:
        given: What was sent, parsed: a JSON object in the shape of `ArticleIn`.
        options: Of them count the moment of reading and the longest body.
        article_id: The id that it shall have; None for its own, or one that is derived as for files.

    Raises:
        RefusedArticleError: If it is not in that shape, or a value cannot be read.
    """
    if not isinstance(given, dict):
        raise RefusedArticleError(Fault("", "It is no JSON object."))
    try:
        sent = ArticleIn.model_validate(given)
    except ValidationError as error:
        raise RefusedArticleError(*(_fault(fault) for fault in error.errors(include_url=False))) from None
    if article_id is not None and sent.id not in {None, article_id}:
        raise RefusedArticleError(Fault("id", "It is another than that in the address."))
    read = finish(_draft(sent, article_id), ORIGIN, options)
    if isinstance(read, Skipped):
        raise RefusedArticleError(Fault("body", read.reason))
    if isinstance(read, Withdrawal):
        raise RefusedArticleError(
            Fault(
                "body", f"It says that an article must not be used ({read.reason}); remove that article instead."
            )
        )
    _check(sent, read)
    if article_id is None and not sent.id and not read.url:
        return replace(read, id=read.content_hash[:16])
    return read


def check_id(article_id: str) -> None:
    """Refuse an id that an article from a file could not have.

    Raises:
        RefusedArticleError: If it has no canonical form, or is not in it.
    """
    canonical = clean_line(article_id)
    if not canonical:
        raise RefusedArticleError(Fault("id", "It is empty.", "path"))
    if canonical != article_id:
        detail = f"It is not in canonical form (Unicode NFC, nothing invisible), which is {canonical!r}."
        raise RefusedArticleError(Fault("id", detail, "path"))


def _draft(sent: ArticleIn, article_id: str | None) -> Draft:
    return Draft(
        body=sent.body,
        id=article_id or sent.id,
        headline=sent.headline,
        published=(StatedDate(sent.published, FOUND_IN),) if sent.published else (),
        standfirst=sent.standfirst,
        byline=sent.byline,
        dateline=sent.dateline,
        source=sent.source,
        url=sent.url,
        language=sent.language,
        section=sent.section,
        version=sent.version,
        supersedes=sent.supersedes,
        notice=correction_of(sent.notice.text) if sent.notice else None,
    )


def _check(sent: ArticleIn, read: Article) -> None:
    """Refuse what a file's reader would leave out in silence.

    Raises:
        RefusedArticleError: Naming each field.
    """
    meant = {
        "id": "It has nothing visible.",
        "published": "It is no time between 1800 and tomorrow that can be read without guessing; write "
        "YYYY-MM-DDTHH:MM+HH:MM or as much of it as is known.",
        "url": "It is no address that begins with http:// or https://.",
        "language": "It is no language with an ISO 639-1 code.",
    }
    given = {name: clean_line(getattr(sent, name) or "") for name in meant}
    kept = {"id": given["id"], "published": read.published, "url": read.url, "language": read.language}
    faults = [
        Fault(name, detail)
        for name, detail in meant.items()
        if (sent.id is not None if name == "id" else given[name]) and not kept[name]
    ]
    if faults:
        raise RefusedArticleError(*faults)


def _fault(fault: Any) -> Fault:
    field = ".".join(str(part) for part in fault["loc"])
    return Fault(field, f"{in_words(fault)}.")
