"""What a reader is given and what it gives back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from search.article import Article, Withdrawal

if TYPE_CHECKING:
    from indexer.readers.content import Content

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that could not be read as an article.

    Attributes:
        origin: The file, with the record's place in it after `#` when there are several.
        reason: Why, in words for people.
    """

    origin: str
    reason: str


Reading = Article | Skipped | Withdrawal
"""What a record is read as."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, as it was when it was found.

    Attributes:
        path: The path as given, or below the folder given.
        size: Bytes on disk.
        modified_ns: Time of the last modification, in nanoseconds since 1970.
    """

    path: Path
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    Attributes:
        now: The moment of reading; a publication more than a day later is not believed.
        fields: Article field -> field, column or dotted path in the record, for JSON, JSON Lines, CSV and
            Parquet. A field declared here is looked for there and nowhere else.
        date_order: How all-numeric dates such as 03/04/2024 are meant; without it they are not guessed.
        encoding: The encoding of files that are not UTF-8 and do not declare theirs.
        keep_embargoed: Whether items under embargo are read, with its end, for an archive that hides them until
            then; else they are refused.
        max_file_bytes: The largest file, unpacked, of a format that is read as a whole. Formats read record by
            record (JSON Lines, CSV, Parquet, WARC) may be larger.
        max_record_bytes: The largest record of a format that is read record by record, and the largest page.
        max_article_chars: The longest body, in code points.
        max_file_articles: The most articles of a file.
        max_unpacking: How many times its packed size a compressed file may unpack to.
        max_read_seconds: The longest time until the next article of a file; kept by `IsolatedReader` only.
        max_read_memory_bytes: The most memory of the process that reads; kept by `IsolatedReader` only.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    fields: Mapping[str, str] = field(default_factory=dict)
    date_order: Literal["dmy", "mdy"] | None = None
    encoding: str | None = None
    keep_embargoed: bool = False
    max_file_bytes: int = 32 * MEBIBYTE
    max_record_bytes: int = 8 * MEBIBYTE
    max_article_chars: int = 2_000_000
    max_file_articles: int = 1_000_000
    max_unpacking: int = 200
    max_read_seconds: int = 60
    max_read_memory_bytes: int = 1024 * MEBIBYTE


LIMITS = tuple(name for name in ReadOptions.__dataclass_fields__ if name.startswith("max_"))
"""The names of the options that are limits."""


class Reader(Protocol):
    """Reads one format."""

    @property
    def name(self) -> str:
        """The format, in words for people."""
        ...

    def recognises(self, content: "Content") -> bool:
        """Whether the content is in this format, judged by its head and, last, by the name of its file."""
        ...

    def read(self, content: "Content", options: ReadOptions) -> Iterator[Reading]:
        """Read all articles of a recognised content.

        Raises:
            InputError: If the content cannot be read (any further); what was yielded before stays valid.
        """
        ...


def in_bytes(count: int) -> str:
    """A number of bytes in words for people: `32 MiB`, `700 bytes`."""
    if count >= MEBIBYTE:
        return re.sub(r"\.0 ", " ", f"{count / MEBIBYTE:,.1f} MiB")
    return f"{count:,} bytes"
