"""Tables: CSV and Parquet, one article a row."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from indexer.readers.content import Content, TruncatedError
from indexer.readers.contract import Reading, ReadOptions, Skipped, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.fields import ALIASES, require_columns, with_sidecar
from indexer.readers.json_records import read_record
from search.errors import InputError

_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_DELIMITERS = ",;\t|"
_BATCH_ROWS = 64
_LEAST_KNOWN = 3  # columns with well-known names by which a table is told from prose


class CsvReader:
    """Reads CSV in any of its dialects, the first line naming the columns."""

    name = "CSV"

    def recognises(self, content: Content) -> bool:
        """The name of the file, or a first line of at least three columns of which one is known as a body."""
        if content.suffix in _SUFFIXES:
            return True
        columns = _columns(content.head_text)
        known = {column.strip().lower() for column in columns}
        return bool(known & set(ALIASES["body"])) and len(known & _KNOWN) >= _LEAST_KNOWN

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article a row, numbered from 1 without the line of column names."""
        options = with_sidecar(options, content)
        content.require_text()
        encoding = decode(content.head[: content.head.rfind(b"\n") + 1] or content.head, options.encoding)[1]
        head = content.head.decode(encoding, errors="replace")
        with content.open() as stream:
            text = io.TextIOWrapper(
                io.BufferedReader(_Bounded(stream, options.max_record_bytes)), encoding=encoding, newline=""
            )
            rows = csv.reader(text, _dialect(head), strict=True)
            csv.field_size_limit(options.max_record_bytes)
            number = 0
            try:
                columns = [name.strip().lstrip("\ufeff") for name in next(rows)]
                _require_names(columns, content)
                require_columns(options.fields, columns)
                for number, row in enumerate(rows, start=1):
                    if any(row):
                        yield _read_row(columns, row, f"{content.origin}#{number}", options)
                if not number:
                    raise InputError(
                        f"a table without rows: only the names of its columns ({', '.join(columns)[:200]})."
                    )
            except TruncatedError as error:
                yield Skipped(f"{content.origin}#{number + 1}", f"{error} The articles before are read.")
            except (csv.Error, UnicodeDecodeError) as error:
                yield Skipped(
                    f"{content.origin}#{number + 1}", f"not valid CSV in {encoding}: {error}. It ends here."
                )
            except StopIteration:
                raise InputError("is empty.") from None


class ParquetReader:
    """Reads Parquet, batch by batch."""

    name = "Parquet"

    def recognises(self, content: Content) -> bool:
        """The format's magic number."""
        return content.head.startswith(b"PAR1")

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article a row, numbered from 1."""
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError:
            raise InputError(
                "is a Parquet file, for which pyarrow is not installed.", "Run: pip install 'dateline[parquet]'"
            ) from None
        options = with_sidecar(options, content)
        number = 0
        try:
            with content.open_packed() as stream, parquet.ParquetFile(stream) as file:
                require_columns(options.fields, file.schema_arrow.names)
                for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                    for row in range(batch.num_rows):
                        number += 1
                        yield _read_parquet_row(batch.slice(row, 1), f"{content.origin}#{number}", options)
        except MemoryError:
            raise
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(f"a damaged Parquet file (after row {number}): {error}.") from None


class _Bounded(io.RawIOBase):
    """A binary stream in which no line may be longer than a bound, so that memory is bounded."""

    def __init__(self, stream: io.BufferedReader, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._limit = limit
        self._without_newline = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._stream.read1(len(buffer))
        newline = block.rfind(b"\n")
        self._without_newline = len(block) - newline if newline >= 0 else self._without_newline + len(block)
        if self._without_newline > self._limit:
            raise InputError(f"has a line longer than the limit of {in_bytes(self._limit)} (max_record_bytes).")
        buffer[: len(block)] = block
        return len(block)


_KNOWN = frozenset(chain.from_iterable(ALIASES.values()))


# GDELT's tables have no line of names; they code events, mentions and themes, and only point to articles.
_GDELT = {
    58: "events",
    61: "events",
    57: "events",
    16: "mentions",
    15: "mentions",
    27: "the global knowledge graph",
}
_VALUE = re.compile(r"[\d.,:/+-]+|https?://\S+|\d{4}-\d\d-\d\d.*|")


def _require_names(columns: list[str], content: Content) -> None:
    """Refuse a table whose first line has values instead of the names of its columns.

    Raises:
        InputError: Saying what it is, if that can be told.
    """
    values = [column for column in columns if _VALUE.fullmatch(column)]
    has_address = any(column.startswith(("http://", "https://")) for column in columns)
    if not has_address and len(values) * 2 < len(columns):
        return
    if len(columns) in _GDELT and "\t" in content.head_text.partition("\n")[0]:
        raise InputError(
            f"not articles but a table of GDELT ({_GDELT[len(columns)]}): codes, and addresses of articles "
            f"without their text."
        )
    raise InputError(
        "a table without the names of its columns: its first line has values "
        f"({', '.join(column for column in columns if column)[:120]}).",
        "Put a line of names first, and declare which one holds the text if it is not a well-known one.",
    )


def _read_row(columns: list[str], row: list[str], origin: str, options: ReadOptions) -> Reading:
    if len(row) > len(columns):
        return Skipped(origin, f"has {len(row)} values for {len(columns)} columns.")
    record: dict[str, Any] = dict(zip(columns, row, strict=False))
    return read_record(record, origin, options, "CSV")


def _read_parquet_row(row: Any, origin: str, options: ReadOptions) -> Reading:
    """Read an Arrow batch of one row."""
    if row.nbytes > options.max_record_bytes:
        return Skipped(
            origin,
            f"is {in_bytes(row.nbytes)}, more than the limit of {in_bytes(options.max_record_bytes)} "
            "(max_record_bytes).",
        )
    return read_record(row.to_pylist()[0], origin, options, "Parquet")


def _columns(head: str) -> list[str]:
    first = head.partition("\n")[0].strip("\r\ufeff")
    delimiter = max(_DELIMITERS, key=first.count)
    return [column.strip(" \"'") for column in first.split(delimiter)]


def _dialect(head: str) -> type[csv.Dialect]:
    """The dialect of the head: its delimiter by the line of column names, its quoting by RFC 4180."""
    first = head.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(_DELIMITERS, key=first.count)

    return Dialect
