"""Staged partitions: Parquet files, on a disk that all machines see or in an object store.

A file holds what its shares gave, a row a reading: articles with passages, readings and vectors, what was skipped,
and withdrawals. Its footer names the shares. It comes into being whole or not at all, so the files themselves are
the ledger of what is done: nothing else can contradict it, whoever was ended when. Nothing in one is executed when
it is read, as a pickle would be: articles are untrusted.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from pydantic import TypeAdapter

from indexer.cluster.partitions import Partition
from indexer.dossier import Prepared, texts_of
from indexer.families import either_derives
from indexer.readers import Reading, Skipped
from search.archive.records import Dossier
from search.article import Article, Publication, Span, Withdrawal
from search.errors import SettingsError
from search.family import Likeness
from search.models.embedding.embedder import Vectors
from search.statements import Statement
from search.times import TimeMention

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Table

FORMAT = "1"
"""Changes whenever what was staged by an older Dateline can no longer be used."""

_SUFFIX = ".parquet"
_FOOTER = b"dateline"
_ROWS = 256


@dataclass(frozen=True, slots=True)
class Staged:
    """A reading of a share.

    Attributes:
        ordinal: Its number among the readings of its file, from 0.
        reading: What a record was read as.
        prepared: The article, prepared; None where it was not.
        vectors: Of its passages, shape (passages, dimension); None where it was not prepared.
    """

    ordinal: int
    reading: Reading
    prepared: Prepared | None = None
    vectors: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a share is staged.

    Attributes:
        partition: Name of the partition.
        number: Which of its shares.
        digest: SHA-256 (hex) of the file's content; empty where that is not known.
    """

    partition: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read into an article, as it is staged."""

    passages: tuple[Span, ...]
    mentions: tuple[TimeMention, ...]
    statements: tuple[Statement, ...]
    readings: str
    digest: str
    buckets: tuple[int, ...]


class Staging:
    """A folder or a prefix of an object store that holds the staged partitions of one archive."""

    def __init__(self, address: str) -> None:
        """Use the folder or prefix at an address.

        Raises:
            SettingsError: If it cannot be used.
        """
        from pyarrow.fs import FileSystem, LocalFileSystem

        try:
            found = FileSystem.from_uri(address) if "://" in address else (LocalFileSystem(), address)
            self._files, self._root = found[0], str(found[1])
            self._files.create_dir(self._root, recursive=True)
        except (OSError, ValueError) as error:
            raise SettingsError(f"Partitions cannot be staged in {address}: {error}.") from error
        self._moves = isinstance(self._files, LocalFileSystem)

    def put(self, partition: Partition, digests: Sequence[str], staged: Iterable[tuple[int, Staged]]) -> int:
        """Stage a partition, whole or not at all.

        Args:
            partition: Which.
            digests: Of the file of each share; empty where it is not known. Read after `staged` is.
            staged: Readings, each with the number of its share, in order.

        Returns:
            How many bytes it takes.

        Raises:
            OSError: If it cannot be written.
        """
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        sink = pa.BufferOutputStream()
        with ParquetWriter(sink, _schema(), compression="zstd") as writer:
            rows: list[dict[str, Any]] = []
            for number, one in staged:
                rows.append(_row(number, one))
                if len(rows) == _ROWS:
                    writer.write_table(pa.Table.from_pylist(rows, _schema()))
                    rows = []
            writer.write_table(pa.Table.from_pylist(rows, _schema()))
            shares = [[share.key, digest] for share, digest in zip(partition.shares, digests, strict=True)]
            writer.add_key_value_metadata({_FOOTER: json.dumps(shares).encode()})
        content = sink.getvalue()
        path = self._path(partition.name)
        # An object appears when it is complete; a file is made beside its place, and moved there.
        target = f"{self._root}/.{partition.name}.{uuid4().hex}" if self._moves else path
        with self._files.open_output_stream(target) as stream:
            stream.write(content)
        if self._moves:
            self._files.move(target, path)
        return int(content.size)

    def ledger(self) -> dict[str, Place]:
        """List the shares that are staged, by key; files that are not whole do not count."""
        from pyarrow import ArrowException

        places: dict[str, Place] = {}
        for name in self._names():
            with suppress(ArrowException, OSError, ValueError, KeyError, TypeError):
                places |= self.places(name)
        return places

    def places(self, partition: str) -> dict[str, Place]:
        """List the shares of a staged partition, by key.

        Raises:
            OSError: If it cannot be read.
            ValueError: If it is not whole.
        """
        from pyarrow.parquet import read_metadata

        with self._files.open_input_file(self._path(partition)) as source:
            shares = json.loads(read_metadata(source).metadata[_FOOTER])
        return {key: Place(partition, number, digest) for number, (key, digest) in enumerate(shares)}

    def table(self, partition: str) -> "Table":
        """Read a staged partition.

        Raises:
            OSError: If it cannot be read.
        """
        from pyarrow.parquet import read_table

        with self._files.open_input_file(self._path(partition)) as source:
            return read_table(source)

    def rows(self, partition: str) -> Iterator[Staged]:
        """Read a staged partition of one share, a few rows at a time.

        Raises:
            OSError: If it cannot be read.
        """
        from pyarrow.parquet import ParquetFile

        with self._files.open_input_file(self._path(partition)) as source:
            for batch in ParquetFile(source).iter_batches(batch_size=_ROWS):
                yield from staged_in(batch)

    def remove(self, partitions: Iterable[str]) -> None:
        """Remove staged partitions, those that are there."""
        for name in partitions:
            with suppress(FileNotFoundError):
                self._files.delete_file(self._path(name))

    @property
    def holds_anything(self) -> bool:
        """Whether anything is there, what was begun included."""
        from pyarrow.fs import FileSelector

        return bool(self._files.get_file_info(FileSelector(self._root, allow_not_found=True)))

    def clear(self) -> None:
        """Remove all, what was begun included."""
        self._files.delete_dir_contents(self._root, missing_dir_ok=True)
        with suppress(OSError):
            self._files.delete_dir(self._root)

    def _names(self) -> list[str]:
        from pyarrow.fs import FileSelector

        found = self._files.get_file_info(FileSelector(self._root, allow_not_found=True))
        names = (info.base_name for info in found if info.is_file)
        return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))

    def _path(self, partition: str) -> str:
        return f"{self._root}/{partition}{_SUFFIX}"


def staged_in(rows: "Table | RecordBatch", share: int | None = None) -> Iterator[Staged]:
    """Read the readings of a share, or of all, in order."""
    import pyarrow.compute as pc

    chosen = rows if share is None else rows.filter(pc.equal(rows["share"], share))
    for row in chosen.to_pylist():
        yield _staged(row)


@cache
def _schema() -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            ("share", pa.int32()),
            ("ordinal", pa.int64()),
            ("kind", pa.string()),
            ("reading", pa.string()),
            ("read", pa.string()),
            ("vectors", pa.list_(pa.float32())),
        ]
    )


_KINDS: dict[str, TypeAdapter[Any]] = {
    "article": TypeAdapter(Article),
    "skipped": TypeAdapter(Skipped),
    "withdrawal": TypeAdapter(Withdrawal),
}
_READ = TypeAdapter(_Read)


def _row(share: int, one: Staged) -> dict[str, Any]:
    kind = type(one.reading).__name__.lower()
    row = {
        "share": share,
        "ordinal": one.ordinal,
        "kind": kind,
        "reading": _KINDS[kind].dump_json(one.reading).decode(),
    }
    if one.prepared and one.vectors is not None:
        dossier = one.prepared.dossier
        alike = dossier.likeness or Likeness(b"", (), lambda _: False)
        read = _Read(
            dossier.passages,
            dossier.mentions,
            dossier.statements,
            dossier.readings,
            alike.digest.hex(),
            alike.buckets,
        )
        row |= {"read": _READ.dump_json(read).decode(), "vectors": one.vectors.ravel()}
    return row


def _staged(row: dict[str, Any]) -> Staged:
    reading = _KINDS[row["kind"]].validate_json(row["reading"])
    if isinstance(reading, Withdrawal):
        reading = replace(reading, published=_publication(reading.published))
    if not isinstance(reading, Article):
        return Staged(row["ordinal"], reading)
    article = _with_plain_zones(reading)
    if row["read"] is None:
        return Staged(row["ordinal"], article)
    read = _READ.validate_json(row["read"])
    dossier = Dossier(
        article=article,
        passages=read.passages,
        mentions=tuple(map(_mention, read.mentions)),
        statements=read.statements,
        readings=read.readings,
        likeness=Likeness(bytes.fromhex(read.digest), read.buckets, partial(either_derives, article.body)),
    )
    vectors = np.array(row["vectors"], dtype=np.float32).reshape(len(read.passages), -1)
    return Staged(row["ordinal"], article, Prepared(dossier, tuple(texts_of(article, read.passages))), vectors)


# Zones come out of JSON as a class of pydantic's own. They are equal to those that readers give, but are written
# otherwise, and what is hashed or compared as text must not depend on where it was read.


def _with_plain_zones(article: Article) -> Article:
    return replace(
        article,
        published=_publication(article.published),
        embargo=_plain(article.embargo),
        parts=tuple(replace(part, published=_publication(part.published)) for part in article.parts),
    )


def _publication(published: Publication | None) -> Publication | None:
    return replace(published, moment=datetime.fromisoformat(published.moment.isoformat())) if published else None


def _mention(mention: TimeMention) -> TimeMention:
    interval = mention.interval
    if interval is None or not (isinstance(interval.start, datetime) or isinstance(interval.end, datetime)):
        return mention
    return replace(mention, interval=replace(interval, start=_plain(interval.start), end=_plain(interval.end)))


def _plain(moment: Any) -> Any:
    return datetime.fromisoformat(moment.isoformat()) if isinstance(moment, datetime) else moment
