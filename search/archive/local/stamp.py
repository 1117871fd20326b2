"""The stamp of a saved view: whose it is, and which snapshot it reflects."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

VIEW_FORMAT = 3
"""Changes when the analysis of words or the layout of a view does; views of another format are rebuilt."""


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
