"""Where the columns of a snapshot come from: rows of the database, or a file.

An archive is opened by mapping the file and reading from the database what changed since.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from search.archive.catalogue import Catalogue
from search.archive.columns import (
    ArticleRow,
    Articles,
    MentionRow,
    Mentions,
    Names,
    PassageRow,
    Passages,
    Rows,
    SayingRow,
    Sayings,
)
from search.archive.liveness import in_utc
from search.archive.local.files import Array, map_arrays, write_arrays
from search.errors import ViewDamagedError

FOLDER = "columns"
NAME = f"{FOLDER}/all.arrays"
"""Of the file within a generation."""

_TABLES = {"articles": Articles, "passages": Passages, "mentions": Mentions, "sayings": Sayings}
_NONE = "none"


class ColumnRows:
    """Reads the rows of articles, their passages, mentions and sayings."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, keys: Iterable[int]) -> Rows:
        """Read the rows of articles, given by key."""
        wanted = (json.dumps([int(key) for key in keys]),)
        these = "a.key IN (SELECT value FROM json_each(?))"
        execute = self._connection.execute
        articles = execute(
            "SELECT a.key, a.id, coalesce(a.first_day, 0), coalesce(a.last_day, 0), a.superseded, a.withdrawn, "
            "a.supersedes, a.source, a.section, a.language, coalesce(t.family, 0), a.readings, a.embargo "
            f"FROM articles a LEFT JOIN texts t ON t.key = a.text WHERE {these} ORDER BY a.key",
            wanted,
        )
        passages = execute(
            "SELECT p.key, a.key, p.start, p.stop FROM articles a JOIN passages p ON p.article = a.key "
            f"WHERE {these} ORDER BY p.key",
            wanted,
        )
        mentions = execute(
            "SELECT a.key, m.start, m.stop, m.first_day, m.last_day FROM articles a "
            f"JOIN mentions m ON m.article = a.key WHERE {these} "
            "AND m.first_day IS NOT NULL AND m.last_day IS NOT NULL ORDER BY a.key, m.start",
            wanted,
        )
        sayings = execute(
            "SELECT a.key, s.start, s.stop, s.folded FROM articles a JOIN statements s ON s.article = a.key "
            f"WHERE {these} AND s.folded IS NOT NULL ORDER BY a.key, s.start",
            wanted,
        )
        return Rows(
            self._articles(articles),
            list(map(PassageRow._make, passages)),
            list(map(MentionRow._make, mentions)),
            list(map(SayingRow._make, sayings)),
        )

    def _articles(self, rows: Iterable[Sequence[Any]]) -> list[ArticleRow]:
        """Make rows of articles; one under embargo supersedes nothing."""
        known = self._connection.execute("SELECT value FROM manifest WHERE name = 'released'").fetchone()
        released = datetime.fromisoformat(known[0]) if known else None
        made = []
        for *row, embargo in rows:
            found = ArticleRow(*row)
            if embargo is not None and released is not None:
                ends = in_utc(datetime.fromisoformat(embargo))
                if ends > released:
                    found = found._replace(supersedes=None, embargo=ceil(ends.timestamp()))
            made.append(found)
        return made


def save_columns(made: Path, catalogue: Catalogue) -> None:
    """Write the columns of a catalogue of all articles into the folder of a generation that has none yet.

    Raises:
        OSError: If they cannot be written.
    """
    arrays: dict[str, Array] = {}
    for table, kind in _TABLES.items():
        for field in fields(kind):
            column, name = getattr(getattr(catalogue, table), field.name), f"{table} {field.name}"
            if column.dtype == np.object_:
                there = np.flatnonzero(column != None)  # noqa: E711 - compared one by one
                arrays |= _strings(name, column[there].tolist())
                arrays[f"{name} {_NONE}"] = np.setdiff1d(np.arange(len(column)), there)
            else:
                arrays[name] = column
    for column, names in catalogue.names.items():
        arrays |= _strings(f"names {column}", names.all)
    (made / FOLDER).mkdir()
    write_arrays(made / NAME, arrays)


def load_columns(path: Path) -> Catalogue:
    """Map the columns saved in a file.

    Raises:
        ViewDamagedError: If they cannot be read.
    """
    arrays = map_arrays(path)
    try:
        tables = {
            table: kind(*(_column(arrays, f"{table} {field.name}") for field in fields(kind)))
            for table, kind in _TABLES.items()
        }
        names = {
            name.split()[1]: Names(_texts(arrays, name.rpartition(" ")[0]))
            for name in arrays
            if name.startswith("names ") and name.endswith(" text")
        }
        return Catalogue(**tables, names=names)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ViewDamagedError(f"{path} cannot be read.") from error


def _column(arrays: Mapping[str, Array], name: str) -> Array:
    if name in arrays:
        return arrays[name]
    texts, none = _texts(arrays, name), arrays[f"{name} {_NONE}"]
    column = np.full(len(texts) + len(none), None, dtype=np.object_)
    there = np.ones(len(column), dtype=np.bool_)
    there[none] = False
    column[there] = texts
    return column


def _strings(name: str, texts: Sequence[str]) -> dict[str, Array]:
    encoded = [text.encode() for text in texts]
    return {
        f"{name} text": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        f"{name} ends": np.cumsum([0, *map(len, encoded)], dtype=np.int64),
    }


def _texts(arrays: Mapping[str, Array], name: str) -> list[str]:
    whole, ends = arrays[f"{name} text"].tobytes(), arrays[f"{name} ends"].tolist()
    return [whole[begin:end].decode() for begin, end in pairwise(ends)]
