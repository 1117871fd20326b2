"""Generations of the views: each a folder that is never changed, made current by replacing one small file.

A writer works in a folder of its own and never touches a file that a reader has open; whoever opens the views sees
a whole generation or none. What did not change is linked into the next one, not copied. `views.json` names the
current one and has of each of its files a CRC-32 and what tells the file apart from any later state of it (device,
inode, size, time of change), and a CRC-32 of itself. A file that is what was written down, or was read and found
right since, is not read again when the views are opened; any other is, so that what was cut short, changed or put
there by somebody else is noticed.
"""

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any
from uuid import uuid4

from search.archive.local.files import sync, write_atomically
from search.archive.local.marks import Contents, Identity, Mark, SegmentMark, Stamp
from search.errors import ViewDamagedError

_CURRENT_FILE = "views.json"
_FOLDER = "views"
_BEFORE_GENERATIONS = ("vectors.faiss", "vectors.json", "lexical")
VERIFIED_FILE = "verified.json"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the views on disk.

    Attributes:
        folder: Where its files are.
        snapshot: The last snapshot whose changes it has.
        contents: What it is made of.
        files: Its files, by path relative to `folder`, with slashes.
    """

    folder: Path
    snapshot: int
    contents: Contents
    files: Mapping[str, Mark] = field(repr=False)

    def unverified(self, known: Mapping[Path, Identity]) -> list[str]:
        """List the files that are not known to be as they were saved.

        Args:
            known: The identity of each file in the folder.

        Raises:
            ViewDamagedError: If one is missing or is too many.
        """
        found = {path.relative_to(self.folder).as_posix(): identity for path, identity in known.items()}
        for name in sorted(self.files.keys() ^ found.keys()):
            what = "is missing" if name in self.files else "is not a file of this index"
            raise ViewDamagedError(f"{self.folder / name} {what}.")
        seen = _read_verified(self.folder)
        return [
            name
            for name, identity in sorted(found.items())
            if identity != self.files[name].identity and (*identity, self.files[name].checksum) not in seen
        ]

    def sound(self) -> "Generation":
        """This generation without the folders in it of which anything is not as it was saved.

        Of the segments those before the first damaged one are left.
        """
        known = identities(self.folder)
        found = {path.relative_to(self.folder).as_posix() for path in known}
        right = {name for name in found & self.files.keys() if self._is_right(name, known[self.folder / name])}
        wrong = tuple(f"{name.rpartition('/')[0]}/" for name in found.union(self.files) - right)
        files = {name: mark for name, mark in self.files.items() if not name.startswith(wrong)}
        contents = self.contents
        whole = takewhile(lambda mark: any(f"/{mark.name}/" in name for name in files), contents.segments)
        columns = contents.columns if any(name.startswith("columns/") for name in files) else None
        return replace(self, contents=replace(contents, segments=tuple(whole), columns=columns), files=files)

    def _is_right(self, name: str, identity: Identity) -> bool:
        with suppress(ViewDamagedError):
            if identity != self.files[name].identity:
                self.verify([name])
            return True
        return False

    def verify(self, names: Iterable[str] | None = None) -> None:
        """Read files and compare them with what was saved: those of some names, or all.

        Raises:
            ViewDamagedError: If one has another content or cannot be read.
        """
        for name in sorted(self.files) if names is None else names:
            with _readable():
                right = _checksum(self.folder / name) == self.files[name].checksum
            if not right:
                raise ViewDamagedError(f"{self.folder / name} is not as it was saved.")

    def drop_damaged(self, names: Iterable[str] | None = None) -> list[str]:
        """Remove the files, of some names or all, that are not as they were saved, so that nobody opens them.

        Returns:
            Their names. Who has them open keeps them.
        """
        damaged = []
        for name in sorted(self.files) if names is None else names:
            try:
                self.verify([name])
            except ViewDamagedError:
                damaged.append(name)
                (self.folder / name).unlink(missing_ok=True)
        return damaged

    def note_verified(self, known: Mapping[Path, Identity]) -> None:
        """Remember that all files are as they were saved, for who opens the views next; if that can be written.

        Args:
            known: The identity of each, from before they were read.
        """
        right = [
            (*identity, self.files[path.relative_to(self.folder).as_posix()].checksum)
            for path, identity in known.items()
        ]
        with suppress(OSError):
            write_atomically(self.folder.parent.parent / VERIFIED_FILE, json.dumps(right).encode())


def _read_verified(folder: Path) -> set[tuple[int, ...]]:
    """What is remembered of files that were found right: identity and checksum of each."""
    try:
        return set(map(tuple, json.loads((folder.parent.parent / VERIFIED_FILE).read_bytes())))
    except (OSError, ValueError, TypeError):
        return set()


def read_current(folder: Path, stamp: Stamp) -> Generation | None:
    """Read which generation is current, without looking at its files; it may be of an earlier snapshot.

    None if there is none, or it is of another model, format or line of snapshots and has to be made anew.

    Raises:
        ViewDamagedError: If what is there was changed, or comes from another archive or a later snapshot.
    """
    return _read(folder, folder / _CURRENT_FILE, stamp)


def current_identity(folder: Path) -> Identity | None:
    """Tell the file that names the current generation from any later one; None if there is none."""
    try:
        return _identity((folder / _CURRENT_FILE).stat())
    except OSError:
        return None


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
    segments = tuple(SegmentMark(*mark) for mark in saved["contents"].pop("segments"))
    files = {path: Mark(checksum, tuple(identity)) for path, (checksum, identity) in saved["files"].items()}
    contents = Contents(segments, **saved["contents"])
    return Generation(folder / _FOLDER / name, saved["stamp"]["snapshot"], contents, files)


def begin(folder: Path, stamp: Stamp) -> Path:
    """Make the empty folder of a new generation."""
    made = folder / _FOLDER / f"{stamp.snapshot:08}-{uuid4().hex[:8]}"
    made.mkdir(parents=True)
    return made


def seal(made: Path, stamp: Stamp, contents: Contents, before: Generation | None = None) -> Generation:
    """Finish a generation: all that `publish` needs lies on disk, so that no lack of room can stop it.

    Args:
        made: Its folder.
        stamp: Whose it is, and of which snapshot.
        contents: What it is made of.
        before: The one before it; what it inherited from there is not read again.
    """
    files = {}
    known = identities(before.folder) if before else {}
    for path, identity in identities(made).items():
        name = path.relative_to(made).as_posix()
        if before and name in before.files and known.get(before.folder / name) == identity:
            files[name] = before.files[name]
        else:
            with _readable():
                files[name] = Mark(_checksum(path), identity)
    marks = {name: (mark.checksum, mark.identity) for name, mark in files.items()}
    facts = {"stamp": stamp.as_dict(), "generation": made.name, "contents": asdict(contents), "files": marks}
    write_atomically(_sealed(made), _encoded(facts))
    return Generation(made, stamp.snapshot, contents, files)


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

    Only for what is never written in place: segments are not, and Tantivy writes each file once, or replaces it.
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
        if now != identity and now[:2] == identity[:2]:
            return path
    return None


def _sealed(made: Path) -> Path:
    """What will be the current file, before it is."""
    return made.with_name(f"{made.name}.json.tmp")


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


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
