"""What is written down of the views: whose they are, what they are made of, and how to know their files again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

Identity = tuple[int, int, int, int]
"""Of a file: device, inode, size in bytes, time of last change in nanoseconds."""

VIEW_FORMAT = 6
"""Changes when the analysis of words, a view's layout or what columns mean does; views of another are rebuilt."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identity of a view.

    Attributes:
        archive: The archive's own id.
        fingerprint: Of the embedding model.
        dimension: Of its vectors.
        snapshot: The last snapshot whose changes the view has.
        lineage: Of the snapshots: numbers mean the same within one line only. Returning to an earlier state begins
            another.
        view_format: See `VIEW_FORMAT`.
    """

    archive: str
    fingerprint: str
    dimension: int
    snapshot: int
    lineage: str = ""
    view_format: int = VIEW_FORMAT

    @classmethod
    def of(cls, manifest: Mapping[str, str]) -> Self:
        """The stamp of views that reflect what a manifest describes."""
        return cls(
            archive=manifest["archive_id"],
            fingerprint=manifest["fingerprint"],
            dimension=int(manifest["dimension"]),
            snapshot=int(manifest["snapshot"]),
            lineage=manifest.get("lineage", ""),
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the stamp in a form that JSON can hold."""
        return asdict(self)

    def fits(self, saved: Mapping[str, Any]) -> bool:
        """Tell whether a saved view can be brought up to this stamp, unless it is ahead: all else is the same."""
        ours = self.as_dict()
        return all(saved.get(name) == value for name, value in ours.items() if name != "snapshot")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file of a generation was when it was written.

    Attributes:
        checksum: CRC-32 of its content.
        identity: Of the file.
    """

    checksum: int
    identity: Identity


class SegmentMark(NamedTuple):
    """A segment of a generation; see `search.archive.local.segments`."""

    first: int
    """Key of its first passage."""
    last: int
    """Key of its last."""
    passages: int
    """How many it has."""
    lists: int
    """Into how many inverted lists they are put; 0 for none."""

    @property
    def name(self) -> str:
        """Of its folder; names in order are keys in order."""
        return f"{self.first:012}-{self.last:012}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation is made of.

    Attributes:
        segments: Its segments, in the order of their keys.
        columns: The snapshot whose columns are saved in it; None if none are.
        probes: Inverted lists that a question looks at.
        recall: Share of the ten nearest of an exact search that are found, as it was measured when the lists were
            made; None where it was not.
        origin: Drawn when all was made anew from the database; what was merged of another is not taken up: there
            may be in it what was erased since.
        refused: How many passages there were when lists were refused because they found too little; 0 if they were
            not.
    """

    segments: tuple[SegmentMark, ...] = ()
    columns: int | None = None
    probes: int = 0
    recall: float | None = None
    refused: int = 0
    origin: str = ""

    @property
    def exact(self) -> bool:
        """Whether every vector is compared with a question."""
        return not any(mark.lists for mark in self.segments)

    @property
    def found(self) -> float:
        """Share of the ten nearest that are found, as far as it was measured."""
        return 1.0 if self.exact or self.recall is None else self.recall
