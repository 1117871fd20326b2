"""JSON and JSON Lines: records with declared or well-known fields, or ninjs."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.readers.content import Content, TruncatedError
from indexer.readers.contract import Reading, ReadOptions, Skipped, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import finish
from indexer.readers.fields import ALIASES, draft_of_record, with_sidecar
from indexer.readers.newsrooms import records_of
from indexer.readers.ninjs import draft_of_ninjs, is_ninjs, lower_case
from search.errors import InputError

_LINES = frozenset({".jsonl", ".ndjson", ".jsonlines"})
_LISTS = (
    "articles",
    "items",
    "item",
    "docs",
    "documents",
    "results",
    "entries",
    "stories",
    "posts",
    "news",
    "records",
)
_WRAPPERS = ("data", "response", "result", "feed", "hits")
_SNIFFED_LINES = 5
_SKIPPING = 1 << 20


class JsonLinesReader:
    """Reads JSON Lines, one article a line, holding no more than a line in memory."""

    name = "JSON Lines"

    def recognises(self, content: Content) -> bool:
        """An object on a line of its own among the first lines, or the name of the file."""
        head = content.head_text
        if not head.startswith("{"):
            return content.suffix in _LINES and not head.startswith("[")
        if content.suffix in _LINES:
            return True
        first, newline, rest = head.partition("\n")
        complete = [first, *rest.split("\n")[:-1]][:_SNIFFED_LINES]
        return bool(newline and rest.strip()) and any(_is_object(line) for line in complete)

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article a line; a broken line is reported by its number and the rest goes on."""
        options = with_sidecar(options, content)
        content.require_text()
        with content.open() as stream:
            for number, line in _lines(stream, options.max_record_bytes, content):
                origin = f"{content.origin}#{number}"
                if isinstance(line, InputError):
                    yield Skipped(origin, str(line))
                elif line.strip():
                    yield _read_line(line, origin, options)


class JsonReader:
    """Reads a JSON file: one record, or a list of records at its top or under a well-known name."""

    name = "JSON"

    def recognises(self, content: Content) -> bool:
        """A text that begins with an object or an array, or the name of the file."""
        head = content.head_text
        if head.startswith("["):
            return content.suffix == ".json" or head[1:].lstrip()[:1] in ("{", "]")
        return head.startswith("{") or content.suffix == ".json"

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article a record."""
        options = with_sidecar(options, content)
        document = parse_json(content.read_text())
        known = None if options.fields else records_of(document)
        records, is_list = (known, True) if known is not None else _records(document)
        if not records:
            raise InputError("a JSON list without records.")
        for number, record in enumerate(records, start=1):
            yield read_record(record, f"{content.origin}#{number}" if is_list else content.origin, options, "JSON")


def records_in(content: Content) -> list[Any]:
    """The records of a JSON file, as they stand in it.

    Raises:
        InputError: If it cannot be read or is no JSON.
    """
    return list(_records(parse_json(content.read_text()))[0])


def parse_json(text: str) -> Any:
    """Parse JSON.

    Raises:
        InputError: If it is broken or nests too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError("JSON that nests too deeply.") from None
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}.") from None


def read_record(record: Any, origin: str, options: ReadOptions, kind: str) -> Reading:
    """Read one record as ninjs or by its fields, or say why it is no article."""
    if not isinstance(record, Mapping):
        return Skipped(origin, f"not an object with fields but {_kind(record)}.")
    try:
        inner = record.get("item")
        unwrapped = inner if isinstance(inner, Mapping) and set(record) <= {"item", "meta"} else record
        if not options.fields and is_ninjs(lowered := lower_case(unwrapped)):
            return finish(draft_of_ninjs(lowered, options), origin, options)
        return finish(draft_of_record(unwrapped, options, kind), origin, options)
    except InputError as error:
        return Skipped(origin, str(error))
    except RecursionError:
        return Skipped(origin, "JSON that nests too deeply.")


def _read_line(line: bytes, origin: str, options: ReadOptions) -> Reading:
    try:
        record = parse_json(decode(line, options.encoding)[0])
    except InputError as error:
        return Skipped(origin, str(error))
    return read_record(record, origin, options, "JSON")


def _lines(stream: io.BufferedReader, limit: int, content: Content) -> Iterator[tuple[int, bytes | InputError]]:
    """Numbered lines; an error in the place of one that is too long, or behind the last of a damaged file."""
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(limit + 1)
            if not line:
                return
            if len(line) > limit:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_SKIPPING)
                yield (
                    number,
                    InputError(f"longer than the limit of {in_bytes(limit)} for a line (max_record_bytes)."),
                )
                continue
        except TruncatedError as error:
            yield number, InputError(f"{error} The articles before are read.")
            return
        except OSError as error:
            raise InputError(f"{content.origin} cannot be read on: {error.strerror or error}.") from error
        yield number, line


def _records(document: Any) -> tuple[list[Any], bool]:
    """The records of a document, and whether it is a list of them."""
    if isinstance(document, list):
        return document, True
    if isinstance(document, Mapping):
        for wrapper in ("", *_WRAPPERS):
            inner = document.get(wrapper) if wrapper else document
            if not isinstance(inner, Mapping):
                if isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
                    return inner, True
                continue
            for name in _LISTS:
                listed = inner.get(name)
                if isinstance(listed, list) and listed and isinstance(listed[0], Mapping) and not _has_body(inner):
                    return listed, True
            if wrapper and isinstance(inner.get("item"), Mapping):
                return [inner["item"]], False
            if wrapper and isinstance(inner.get("hits"), list):
                return inner["hits"], True
    return [document], False


def _has_body(record: Mapping[str, Any]) -> bool:
    return any(isinstance(record.get(name), str) for name in ALIASES["body"])


def _is_object(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", type(None): "nothing (null)"}.get(type(value), "a number")
