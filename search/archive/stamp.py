"""What a saved view says of itself: whose it is, and which snapshot it reflects."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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

    def as_dict(self) -> dict[str, Any]:
        """Give the stamp in a form that JSON can hold."""
        return asdict(self)

    def fits(self, saved: Mapping[str, Any]) -> bool:
        """Tell whether a saved view can be brought up to this stamp, unless it is ahead: all else is the same."""
        ours = self.as_dict()
        return all(saved.get(name) == value for name, value in ours.items() if name != "snapshot")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is either the old one or the whole new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Let a file's content, or a folder's names, outlast a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
