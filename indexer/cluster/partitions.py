"""Partitions: what one worker takes at a time, made of shares of files.

A share is a file, or, of a large one, every n-th record of it, so that many workers read a large file at once. Its
key tells what it was read from and how: what is staged under it can be used by whoever has the same key, and by
nobody else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from indexer.preparation import Due
from indexer.readers import InputFile
from indexer.readers.contract import MEBIBYTE

MOST_FILES = 256
"""Most files of a partition, however small."""

SHARE_BYTES = 8 * MEBIBYTE
"""Bytes of a share of a large file."""

MOST_SHARES = 64
"""Most shares of a file. Each of their workers reads the whole file, which costs a thousandth of embedding it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A file, or every `of`-th of its records.

    Attributes:
        due: The file.
        number: Which of the shares of the file, from 0.
        of: How many shares the file has.
        key: Identifies content and treatment.
    """

    due: Due
    number: int
    of: int
    key: str

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return self.due.file.size // self.of

    def has(self, ordinal: int) -> bool:
        """Tell whether the record of this number, from 0, is in this share."""
        return ordinal % self.of == self.number


@dataclass(frozen=True, slots=True)
class Partition:
    """Shares that one worker reads, prepares, embeds and stages together, in order."""

    shares: tuple[Share, ...]

    @property
    def name(self) -> str:
        """The same for the same shares: 32 hex digits."""
        return sha256("\n".join(share.key for share in self.shares).encode()).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return sum(share.size for share in self.shares)

    def split(self) -> "list[Partition]":
        """Make a partition of each of its shares."""
        return [Partition((share,)) for share in self.shares]


def shares_of(due: Due, treatment: str) -> tuple[Share, ...]:
    """Cut a file into shares.

    Args:
        due: The file.
        treatment: Identifies what is done to it: model, rules, release.
    """
    file = due.file
    of = max(1, min(MOST_SHARES, file.size // SHARE_BYTES))
    return tuple(Share(due, number, of, _key(file, due.recipe, treatment, number, of)) for number in range(of))


def partitions(shares: Iterable[Share], most_bytes: int) -> Iterator[Partition]:
    """Group shares of so many bytes, in order; each share of a large file is a partition of its own."""
    group: list[Share] = []
    size = 0
    for share in shares:
        if group and (
            max(share.of, group[-1].of) > 1 or len(group) == MOST_FILES or size + share.size > most_bytes
        ):
            yield Partition(tuple(group))
            group, size = [], 0
        group.append(share)
        size += share.size
    if group:
        yield Partition(tuple(group))


def _key(file: InputFile, recipe: str, treatment: str, number: int, of: int) -> str:
    stated = (str(file.path.absolute()), file.size, file.modified_ns, recipe, treatment, number, of)
    return sha256(repr(stated).encode()).hexdigest()
