"""Lines of evaluation files, plain or gzipped, with errors that name file and line."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from search.errors import InputError


class LineError(InputError):
    """A line that does not say what it should."""

    def __init__(self, path: Path, number: int, problem: str) -> None:
        super().__init__(f"{path}, line {number}: {problem}")


def find_file(folder: Path, name: str) -> Path:
    """Find a file by its name, or by its name and `.gz`.

    Raises:
        InputError: If there is neither.
    """
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise InputError(
        f"{folder} has no {name} and no {name}.gz.",
        "A BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv, each plain or gzipped.",
    )


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a UTF-8 text that are not blank, numbers from 1.

    Raises:
        InputError: If the file cannot be opened or read on.
    """
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield number, text
    except UnicodeDecodeError as error:
        raise LineError(path, number, "not UTF-8.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read beyond line {number}: {error}.") from error


def records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the numbered objects of a JSON Lines file.

    Raises:
        InputError: If the file cannot be read, or a line is not a JSON object.
    """
    for number, line in lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise LineError(path, number, f"not valid JSON: {error}.") from error
        if not isinstance(record, dict):
            raise LineError(path, number, "not a JSON object.")
        yield number, record


def text_of(record: Mapping[str, Any], name: str, path: Path, number: int) -> str:
    """A field that must be a non-empty text; a number is taken as the text of it.

    Raises:
        LineError: If it is missing or something else.
    """
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise LineError(path, number, f"the field {name!r} is missing or not a text.")
    return value


def objects_of(record: Mapping[str, Any], name: str, path: Path, number: int) -> list[Mapping[str, Any]]:
    """A field that, if it is there, must be a list of objects.

    Raises:
        LineError: If it is something else.
    """
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise LineError(path, number, f"the field {name!r} is not a list of objects.")
    return value


def texts_of(path: Path, half: str | None = None) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """Yield the numbered objects of a file of texts, each with its text.

    Args:
        path: JSON Lines, may be gzipped.
        half: `"odd"` or `"even"` takes those lines only, the first being 1.

    Raises:
        InputError: If the file cannot be read, a line is not of this form, or there is none.
    """
    found = False
    for number, record in records(path):
        if half is None or (number % 2 == 1) == (half == "odd"):
            found = True
            yield number, record, text_of(record, "text", path, number)
    if not found:
        raise InputError(f"{path} has no texts.")
