"""Cursors: where a list goes on, and of which snapshot its first page was.

A cursor is opaque to clients. It is made of what they know already, and believed no more than any parameter.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from search.archive.protocol import Snapshot
from search.archive.records import ArchiveCard
from search.errors import DatelineError

LONGEST_CURSOR = 8_192


class CursorOutdatedError(DatelineError):
    """A list cannot be gone on with: it is of an archive, or a state of it, that is not there any more."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on.

    Attributes:
        line: Names the archive and the line of its snapshots.
        conditions: Digest of what the list is of.
        snapshot: Number of the snapshot that the first page was of.
        since: Of a feed: the snapshot after which changes count.
        after: The id behind which the next page begins; empty at the beginning.
    """

    line: str
    conditions: str
    snapshot: int
    since: int = 0
    after: str = ""

    @classmethod
    def read(cls, text: str, conditions: str, snapshot: Snapshot) -> Self:
        """Read a cursor of a list under these conditions.

        Raises:
            RequestValidationError: If it is none, or one of another list.
            CursorOutdatedError: If it is of another archive, or of a state that was given up.
        """
        try:
            found = cls(**json.loads(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))))
            found._check()
        except (ValueError, TypeError, RecursionError):
            raise _refused("It is no cursor of this server") from None
        if found.conditions != conditions:
            raise _refused("It belongs to a list of something else; give the parameters that it came with")
        if found.line != line_of(snapshot.card) or max(found.snapshot, found.since) > snapshot.number:
            raise CursorOutdatedError(
                "The cursor is of another archive, or of a state that was given up.", "Begin the list again."
            )
        return found

    def _check(self) -> None:
        texts, numbers = (self.line, self.conditions, self.after), (self.snapshot, self.since)
        if not all(type(one) is str for one in texts) or not all(type(one) is int and one >= 0 for one in numbers):
            raise ValueError

    def __str__(self) -> str:
        """Write it as it stands in an address."""
        written = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(written.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


def line_of(card: ArchiveCard) -> str:
    """Name an archive and the line that its snapshots' numbers belong to."""
    return _digest(f"{card.archive_id}\x00{card.lineage}")


def conditions_of(parameters: BaseModel, *leaving_out: str) -> str:
    """Name what a list is of: all its parameters but some."""
    return _digest(parameters.model_dump_json(exclude=set(leaving_out)))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refused(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "cursor", "loc": ("query", "cursor"), "msg": message}])
