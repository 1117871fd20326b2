"""Generations of the views: each a folder that is never changed, made current by replacing one small file.

A writer works in a folder of its own and never touches a file that a reader has open; whoever opens the views sees
a whole generation or none. `views.json` names the current one and has a CRC-32 of each of its files and of itself,
so that a file that was cut short, changed or put there by somebody else is noticed before it is used.
"""

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from search.archive.local.files import sync, write_atomically
from search.errors import ViewDamagedError

VIEW_FORMAT = 3
"""Changes when the analysis of words or the layout of a view does; views of another format are rebuilt."""
_CURRENT_FILE = "views.json"
_FOLDER = "views"
_BEFORE_GENERATIONS = ("vectors.faiss", "vectors.json", "lexical")
_BLOCK_BYTES = 1 << 20
Identity = tuple[int, int, int]
"""Of a file: inode, size in bytes, time of last change in nanoseconds."""


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
class Generation:
    """One state of both views on disk.

    Attributes:
        folder: Where its files are.
        snapshot: The last snapshot whose changes it has.
        exact: Whether its vectors are searched exhaustively.
        files: CRC-32 of each file, by path relative to `folder`, with slashes.
    """

    folder: Path
    snapshot: int
    exact: bool
    files: Mapping[str, int]

    def verify(self) -> None:
        """Read every file and compare it with what was saved.

        Raises:
            ViewDamagedError: If one is missing, is too many or has another content.
        """
        found = _checksums(self.folder)
        for name in sorted(self.files.keys() | found.keys()):
            if name not in found:
                raise ViewDamagedError(f"{self.folder / name} is missing.")
            if name not in self.files:
                raise ViewDamagedError(f"{self.folder / name} is not a file of this index.")
            if self.files[name] != found[name]:
                raise ViewDamagedError(f"{self.folder / name} is not as it was saved.")


def read_current(folder: Path, stamp: Stamp) -> Generation | None:
    """Read which generation is current, without looking at its files; it may be of an earlier snapshot.

    None if there is none, or it is of another model, format or line of snapshots and has to be made anew.

    Raises:
        ViewDamagedError: If what is there was changed, or comes from another archive or a later snapshot.
    """
    return _read(folder, folder / _CURRENT_FILE, stamp)


def read_sealed(folder: Path, name: str, stamp: Stamp) -> Generation | None:
    """Read a generation that is sealed and not yet published, given by name, as `read_current` does."""
    return _read(folder, _sealed(folder / _FOLDER / Path(name).name), stamp) if name else None


def _read(folder: Path, path: Path, stamp: Stamp) -> Generation | None:
    try:
        content = path.read_bytes()
        saved: dict[str, Any] = json.loads(content)
        del saved["checksum"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ViewDamagedError(f"{path} cannot be read.") from error
    if content != _encoded(saved):
        raise ViewDamagedError(f"{path} is not as it was saved.")
    if saved["stamp"]["archive"] != stamp.archive:
        raise ViewDamagedError(f"{path} belongs to another archive.")
    if not stamp.fits(saved["stamp"]):
        return None
    if saved["stamp"]["snapshot"] > stamp.snapshot:
        raise ViewDamagedError(f"{path} is ahead of the database.")
    name = Path(saved["generation"]).name
    return Generation(folder / _FOLDER / name, saved["stamp"]["snapshot"], saved["exact"], saved["files"])


def begin(folder: Path, stamp: Stamp) -> Path:
    """Make the empty folder of a new generation."""
    made = folder / _FOLDER / f"{stamp.snapshot:08}-{uuid4().hex[:8]}"
    made.mkdir(parents=True)
    return made


def seal(made: Path, stamp: Stamp, *, exact: bool) -> None:
    """Finish a generation: all that `publish` needs lies on disk, so that no lack of room can stop it."""
    facts = {"stamp": stamp.as_dict(), "generation": made.name, "exact": exact, "files": _checksums(made)}
    write_atomically(_sealed(made), _encoded(facts))


def publish(folder: Path, made: Path) -> None:
    """Make a sealed generation the current one; the files of others go, from under nobody who has them open."""
    _sealed(made).replace(folder / _CURRENT_FILE)
    sync(folder)
    for other in made.parent.iterdir():
        if other != made:
            _remove(other)
    for name in _BEFORE_GENERATIONS:
        _remove(folder / name)


def abandon(made: Path) -> None:
    """Remove a generation that shall not become current."""
    shutil.rmtree(made, ignore_errors=True)
    _sealed(made).unlink(missing_ok=True)


def inherit(old: Path, new: Path) -> None:
    """Give a new folder the files of an old one, below it too, at no cost where the file system has hard links.

    Only for what is never written in place: Tantivy writes each file once, or replaces it.
    """
    for source in sorted(old.rglob("*")):
        target = new / source.relative_to(old)
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not _passing(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, target)
            except OSError:
                shutil.copyfile(source, target)


def identities(folder: Path) -> dict[Path, Identity]:
    """Tell each file below a folder apart from any later state of it: inode, size, time of last change.

    Raises:
        ViewDamagedError: If one goes meanwhile.
    """
    with _readable():
        return {path: _identity(path.stat()) for path in _files(folder)}


def changed_in_place(known: Mapping[Path, Identity]) -> Path | None:
    """Find a file that was written to, or cut short, since its identity was taken.

    One that was replaced or removed does not count: whoever has it open keeps what it was.
    """
    for path, identity in known.items():
        try:
            now = _identity(path.stat())
        except OSError:
            continue
        if now != identity and now[0] == identity[0]:
            return path
    return None


def _sealed(made: Path) -> Path:
    """What will be the current file, before it is."""
    return made.with_name(f"{made.name}.json.tmp")


def _identity(status: os.stat_result) -> Identity:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _checksums(folder: Path) -> dict[str, int]:
    with _readable():
        return {path.relative_to(folder).as_posix(): _checksum(path) for path in _files(folder)}


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ViewDamagedError(f"A file of the index cannot be read: {error}.") from error


def _checksum(path: Path) -> int:
    """CRC-32 of a file's content."""
    found, block = 0, memoryview(bytearray(_BLOCK_BYTES))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(block):
            found = zlib.crc32(block[:size], found)
    return found


def _encoded(facts: Mapping[str, Any]) -> bytes:
    """Write facts down, with a checksum of themselves as the last of them."""
    return json.dumps({**facts, "checksum": zlib.crc32(json.dumps(facts).encode())}).encode()


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not _passing(path)]


def _passing(path: Path) -> bool:
    """Whether a file is only there while it is worked with."""
    return path.suffix in {".lock", ".tmp"}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
