"""A record: what a commit names, and thereby makes the state that everybody sees."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

from search.errors import ArchiveDamagedError, ArchiveMismatchError

SCHEMA_VERSION = 1
"""Stands in every record; an archive of another version is refused, never guessed at."""


@dataclass(frozen=True, slots=True)
class Record:
    """A committed state.

    Attributes:
        sequence: Its own number; commits that change no article have one, too.
        commit: Names the commit that made it.
        number: Of the snapshot.
        archive_id: Of the archive.
        lineage: The line that its snapshots' numbers belong to.
        model: Name of the model of the vectors.
        fingerprint: Of that model.
        dimension: Of the vectors.
        versions: The version of each table.
        last_keys: The largest key ever used: of articles, passages and texts.
        totals: How many passages and articles can be found, and how many terms each have.
        pruned_before: ISO date before which articles are taken no more; empty for none.
        released: ISO instant until when embargoes have ended; empty where none was ever kept.
        summed: How often the document frequencies were summed up.
        recall: As in `ArchiveCard`.
        probes: Inverted lists that a question looks at.
        refused: How many passages there were when lists were refused because they found too little; 0 if they were
            not.
        made: ISO instant.
        schema_version: Of the tables.
    """

    sequence: int
    commit: str
    number: int
    archive_id: str
    lineage: str
    model: str
    fingerprint: str
    dimension: int
    versions: dict[str, int]
    last_keys: dict[str, int]
    totals: dict[str, int]
    pruned_before: str = ""
    released: str = ""
    summed: int = 0
    recall: float = 1.0
    probes: int = 64
    refused: int = 0
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    schema_version: int = SCHEMA_VERSION

    def after(self, last: Self) -> Self:
        """The same as the record that follows the last one."""
        made = datetime.now(UTC).isoformat()
        return replace(self, sequence=last.sequence + 1, commit=uuid4().hex, made=made)

    def packed(self) -> bytes:
        """Lay it out as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, stored: bytes, where: str) -> Self:
        """Read what `packed` made.

        Raises:
            ArchiveMismatchError: If it is of another schema.
            ArchiveDamagedError: If it is no such thing.
        """
        try:
            values = json.loads(stored)
            version = values["schema_version"]
            if version == SCHEMA_VERSION:
                return cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveDamagedError(f"A record in {where} cannot be read.", "Return to a tag.") from error
        raise ArchiveMismatchError(
            f"The archive in {where} has schema version {version}, and this Dateline reads {SCHEMA_VERSION}.",
            "Use the Dateline that made it to copy it: dateline copy FROM TO",
        )
