"""The tables: their columns, what is read of them at the versions that a record names, and how they change.

A change of several tables is seen by nobody until a record names the versions that it made. What a writer left
that was killed before that is undone by the next: it puts the table back to the version that is named.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import lance
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from search.archive.columns import Keys
from search.archive.lance.place import Place
from search.errors import ArchiveBusyError

_KEYS_A_QUERY = 5_000
_THREADS = 8
_PAUSE_SECONDS = 0.1
_INDEX_CACHE_BYTES = 2 << 30
_METADATA_CACHE_BYTES = 512 << 20
_REFINED = 10
"""How many times as many as are wanted are measured exactly, of those that are close by the lists."""

_PACKED = {b"lance-encoding:compression": b"zstd"}

FACTS = ("first_day", "last_day", "source", "section", "language")
"""Columns of articles that passages have, too, to be filtered by."""

KEYED_BY = {
    "catalogue": "key",
    "articles": "key",
    "readings": "article",
    "passages": "article",
    "texts": "key",
    "buckets": "text",
    "withdrawals": "id",
    "inputs": "path",
    "holdings": "id",
    "changes": "article",
    "frequencies": "term",
}
"""Of each table the column by which rows are deleted."""

Vector = npt.NDArray[np.float32]
Row = Mapping[str, object]


def schemas(dimension: int) -> dict[str, pa.Schema]:
    """The columns of each table.

    Keys are numbers in the order in which things were stored, and never used twice. Ordinals of days are proleptic
    Gregorian, 0 where there is none. What is read together is one column, since on object storage every column
    read costs a request.
    """
    facts = [("first_day", pa.int32()), ("last_day", pa.int32()), *((name, pa.string()) for name in FACTS[2:])]
    words = pa.field("words", pa.string(), metadata=_PACKED)
    columns: dict[str, list[Any]] = {
        # What is known of an article without reading it: few bytes, which change.
        "catalogue": [
            *(("key", pa.int64()), ("id", pa.string()), *facts, ("superseded", pa.bool_())),
            *(("withdrawn", pa.bool_()), ("supersedes", pa.string()), ("embargo", pa.string())),
            *(("family", pa.int64()), ("text", pa.int64()), ("readings", pa.string()), ("terms", pa.int32())),
            *(("content_hash", pa.string()), ("input", pa.string()), ("origin", pa.string())),
            ("remarks", pa.string()),
        ],
        # JSON of the columns of `search.archive.rows.article_to_row` and of its parts; and its words.
        "articles": [("key", pa.int64()), pa.field("article", pa.string(), metadata=_PACKED), words],
        # JSON of the rows of `search.archive.rows`; and of them what a catalogue needs, four and three in a row.
        "readings": [
            ("article", pa.int64()),
            pa.field("mentions", pa.string(), metadata=_PACKED),
            pa.field("statements", pa.string(), metadata=_PACKED),
            ("mention_days", pa.list_(pa.int32())),
            ("saying_places", pa.list_(pa.int32())),
            ("speakers", pa.list_(pa.string())),
        ],
        "passages": [
            *(("key", pa.int64()), ("article", pa.int64()), ("start", pa.int32()), ("stop", pa.int32()), *facts),
            *(("terms", pa.int32()), words, ("vector", pa.list_(pa.float16(), dimension))),
        ],
        # Texts as they are compared, each with those stored before that it derives from, or they from it.
        "texts": [
            *(("key", pa.int64()), ("digest", pa.string()), ("family", pa.int64()), ("kin", pa.list_(pa.int64()))),
        ],
        "buckets": [("bucket", pa.uint32()), ("text", pa.int64())],
        "withdrawals": [("id", pa.string()), ("withdrawal", pa.string())],
        "inputs": [
            *(("path", pa.string()), ("size", pa.int64()), ("modified_ns", pa.int64()), ("digest", pa.string())),
            *(("articles", pa.int64()), ("skipped", pa.string())),
        ],
        "holdings": [("input", pa.string()), ("id", pa.string())],
        # An id that is empty: only the label of the article's family changed.
        "changes": [("snapshot", pa.int64()), ("article", pa.int64()), ("id", pa.string())],
        # By how much the numbers of passages and articles with a term changed; what holds is the sum.
        "frequencies": [
            *(("snapshot", pa.int64()), ("term", pa.uint32()), ("passages", pa.int32()), ("articles", pa.int32())),
        ],
    }
    return {name: pa.schema(fields) for name, fields in columns.items()}


@dataclass(slots=True)
class Change:
    """What becomes of a table: rows that go, by the column that it is keyed by, then rows that come."""

    gone: set[int | str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)


class Tables:
    """The tables at the versions that a record names. Safe to share between threads."""

    def __init__(
        self, place: Place, versions: Mapping[str, int], dimension: int, session: lance.Session | None = None
    ) -> None:
        """Pin versions; nothing is opened before it is read."""
        self.place = place
        self.versions = dict(versions)
        self.schemas = schemas(dimension)
        self.session = session or lance.Session(
            index_cache_size_bytes=_INDEX_CACHE_BYTES, metadata_cache_size_bytes=_METADATA_CACHE_BYTES
        )
        self._dimension = dimension
        self._open: dict[str, lance.LanceDataset] = {}

    def at(self, versions: Mapping[str, int], dimension: int | None = None) -> "Tables":
        """The same tables at other versions, which may hold vectors of another dimension."""
        following = Tables(self.place, versions, dimension or self._dimension, self.session)
        same = {name for name, version in versions.items() if self.versions.get(name) == version}
        following._open.update({name: opened for name, opened in self._open.items() if name in same})
        return following

    @classmethod
    def create(cls, place: Place, dimension: int) -> "Tables":
        """Make empty tables, unless they are there, which are empty while there is no record."""
        versions = {}
        for name, schema in schemas(dimension).items():
            try:
                empty, at = schema.empty_table(), place.table(name)
                made = lance.write_dataset(empty, at, schema=schema, storage_options=place.options)
            except OSError:  # it exists, or the next line says better what is wrong
                made = place.dataset(name)
            versions[name] = made.version
        return cls(place, versions, dimension)

    def dataset(self, name: str) -> lance.LanceDataset:
        """A table, to be read at its version."""
        found = self._open.get(name)
        if found is None:
            try:
                found = self.place.dataset(name, self.versions[name], self.session)
            except ValueError as error:
                raise FileNotFoundError(str(error)) from error
            self._open[name] = found
        return found

    # Reading

    def read(self, name: str, columns: Sequence[str], where: str | None = None, **options: Any) -> pa.Table:
        """Read the rows that a condition in SQL lets through."""
        return self.dataset(name).scanner(columns=list(columns), filter=where, **options).to_table()

    def keys(self, name: str, where: str | None = None, **search: Any) -> Keys:
        """Search a table; gives the keys of what is found, of that which passes a condition in SQL."""
        scanner = self.dataset(name).scanner(
            columns=["key"], filter=where, prefilter=True, disable_scoring_autoprojection=True, **search
        )
        found: Keys = scanner.to_table()["key"].to_numpy()
        return found

    def having(
        self, name: str, column: str, values: Collection[int] | Collection[str] | Keys, columns: Sequence[str]
    ) -> pa.Table:
        """Read the rows that have one of some values in a column, in no order."""
        wanted = values.tolist() if isinstance(values, np.ndarray) else list(values)
        parts = [wanted[begin : begin + _KEYS_A_QUERY] for begin in range(0, len(wanted), _KEYS_A_QUERY)]
        if not parts:
            schema = self.schemas[name]
            return pa.schema([schema.field(column) for column in columns]).empty_table()
        return pa.concat_tables([self.read(name, columns, among(column, part)) for part in parts])

    # Changing

    def write(self, changes: Mapping[str, Change], dimension: int) -> dict[str, int]:
        """Change tables, side by side; returns the versions of all tables, which a record has to name.

        Args:
            changes: By table.
            dimension: Of the vectors from now on; where it is another, no passage that is stored may stay.

        Raises:
            ArchiveBusyError: If another writer changes one of them.
        """
        due = {name: change for name, change in changes.items() if change.gone or change.rows}
        anew = {"passages"} if dimension != self._dimension else set()
        made = schemas(dimension)
        with ThreadPoolExecutor(_THREADS) as pool:
            written = {
                name: pool.submit(self._insist, name, change, made[name], anew=name in anew)
                for name, change in due.items()
            }
            return self.versions | {name: version.result() for name, version in written.items()}

    def latest(self, name: str) -> lance.LanceDataset:
        """A table to be changed, put back to the version that is named if what was made after it is not."""
        dataset = self.place.dataset(name, session=self.session)
        if dataset.version != self.versions[name]:
            dataset = dataset.checkout_version(self.versions[name])
            dataset.restore()
        return dataset

    def _insist(self, name: str, change: Change, schema: pa.Schema, *, anew: bool) -> int:
        """Change a table, again while object storage fails: each try begins with the version that is named."""
        until, pause = time.monotonic() + self.place.timeout, _PAUSE_SECONDS
        while True:
            try:
                return self.write_table(name, change, schema, anew=anew)
            except OSError:
                if not self.place.is_remote or time.monotonic() >= until:
                    raise
                time.sleep(pause)
                pause *= 2

    def write_table(self, name: str, change: Change, schema: pa.Schema, *, anew: bool) -> int:
        """Write a change of one table; returns the version that has it."""
        dataset = self.latest(name)
        expected: int = dataset.version
        gone = list(change.gone) if not anew else []
        for begin in range(0, len(gone), _KEYS_A_QUERY):
            dataset.delete(among(KEYED_BY[name], gone[begin : begin + _KEYS_A_QUERY]))
            expected += 1
        if change.rows or anew:
            rows = pa.Table.from_pylist(list(change.rows), schema=schema)
            dataset = lance.write_dataset(rows, dataset, mode="overwrite" if anew else "append")
            expected += 1
        self.check(name, dataset, expected)
        return expected

    def check(self, name: str, dataset: lance.LanceDataset, expected: int) -> None:
        """Refuse a version in which there is something of another writer: each change makes the next version.

        Raises:
            ArchiveBusyError: If there is.
        """
        if dataset.version != expected:
            raise ArchiveBusyError(
                f"Another writer has changed the table {name} in {self.place.address} meanwhile.",
                "Index again: what is stored already is not stored twice.",
            )


def nearest(vector: Vector, k: int, probes: int) -> dict[str, Any]:
    """Ask Lance for the k passages closest to a vector, by so many inverted lists where there are any."""
    asked = {"column": "vector", "q": vector, "k": k, "metric": "cosine"}
    return asked | {"minimum_nprobes": probes, "refine_factor": _REFINED}


def among(column: str, values: Iterable[int | str]) -> str:
    """The condition, in SQL, that a column has one of some values, of which there is one at least."""
    return f"{column} IN ({', '.join(quoted(value) for value in values)})"


def quoted(value: int | str) -> str:
    """A value in SQL."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
