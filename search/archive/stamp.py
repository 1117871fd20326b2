"""What a saved view says of itself: whose it is, and which snapshot it reflects."""

import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

VIEW_FORMAT = 2
"""Changes when the analysis of words or the layout of a view does; views of another format are rebuilt."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identity of a view.

    Attributes:
        archive: The archive's own id.
        fingerprint: Of the embedding model.
        dimension: Of its vectors.
        snapshot: The last snapshot whose changes the view has.
        view_format: See `VIEW_FORMAT`.
    """

    archive: str
    fingerprint: str
    dimension: int
    snapshot: int
    view_format: int = VIEW_FORMAT

    def as_dict(self) -> dict[str, Any]:
        """Give the stamp in a form that JSON can hold."""
        return asdict(self)

    def fits(self, saved: Mapping[str, Any]) -> bool:
        """Tell whether a saved view is of the same archive, model and format, and not ahead of this one."""
        ours = self.as_dict()
        snapshot = saved.get("snapshot")
        return (
            all(saved.get(name) == value for name, value in ours.items() if name != "snapshot")
            and isinstance(snapshot, int)
            and 0 <= snapshot <= self.snapshot
        )


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is either the old one or the whole new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def checksum(path: Path) -> int:
    """CRC-32 of a file's content."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found
