"""The columns of a snapshot in a file: an archive is opened by mapping it and reading what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import numpy as np

from search.archive.catalogue import Catalogue
from search.archive.columns import Articles, Mentions, Names, Passages, Sayings
from search.archive.local.arrays import Array, map_arrays, write_arrays
from search.errors import ViewDamagedError

FOLDER = "columns"
NAME = f"{FOLDER}/all.arrays"
"""Of the file within a generation."""

_TABLES = {"articles": Articles, "passages": Passages, "mentions": Mentions, "sayings": Sayings}
_NONE = "none"


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
