"""The data files of the lexicon: tab-separated, a row an entry, `;` between values of a field, `#` a comment."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

_PACKAGE = "search.english"


@cache
def table(name: str) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Load a data file of this package.

    Args:
        name: The file, without its suffix: "verbs".

    Returns:
        A row an entry: the values of each column, which the first line names. An empty field has no value.

    Raises:
        ValueError: A row has another number of fields than the first line, said with file and line.
    """
    return tuple(_rows(name, _text(name)))


@cache
def words_of(name: str, *kinds: str) -> frozenset[str]:
    """List the words of one kind or several, of a data file whose columns are `kind` and `words`.

    Args:
        name: The file, without its suffix: "years".
        kinds: The kinds: "counted". One that the file does not have has no words.
    """
    return frozenset(word for kind in kinds for row in _rows_of(name, kind) for word in row["words"])


def any_word_of(name: str, *kinds: str) -> str:
    """List the words of some kinds as alternatives of a regular expression, in the order of kinds and file."""
    words = (word for kind in kinds for row in _rows_of(name, kind) for word in row["words"])
    return "|".join(dict.fromkeys(map(re.escape, words)))


def any_phrase_of(name: str, *kinds: str) -> str:
    """List phrases as alternatives of a regular expression.

    Any white space may stand between their words; a star stands for any ending of a word.
    """
    words = (word for kind in kinds for row in _rows_of(name, kind) for word in row["words"])
    return "|".join(dict.fromkeys(re.escape(word).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for word in words))


def _rows_of(name: str, kind: str) -> Iterator[dict[str, tuple[str, ...]]]:
    return (row for row in table(name) if row["kind"] == (kind,))


def fingerprint() -> str:
    """Identify the data that all rules of English rest on: the SHA-256 of its files, in hexadecimal."""
    digest = sha256()
    for path in sorted(files(_PACKAGE).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".tsv"):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _text(name: str) -> str:
    return files(_PACKAGE).joinpath(f"{name}.tsv").read_text(encoding="utf-8")


def _rows(name: str, text: str) -> Iterator[dict[str, tuple[str, ...]]]:
    columns: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if not columns:
            columns = fields
            continue
        if len(fields) != len(columns):
            raise ValueError(f"{name}.tsv, line {number}: {len(fields)} fields, {len(columns)} are needed")
        yield {
            column: tuple(value for value in field.split(";") if value)
            for column, field in zip(columns, fields, strict=True)
        }
