"""Files to read and what is in them: found below the paths given, opened safely, unpacked within bounds."""

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from indexer.readers.contract import MEBIBYTE, InputFile, ReadOptions, Skipped, in_bytes
from indexer.readers.decoding import binary_kind, decode
from search.errors import InputError

# A pipe that was put in the place of a file would otherwise be waited for.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
SIDECAR_SUFFIX = ".fields.toml"
HEAD_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
# Small files may pack very well; only what unpacks to more than this is measured.
_UNMEASURED = 16 * MEBIBYTE


def open_file(path: Path) -> BufferedReader:
    """Open a regular file for reading; anything else, such as a pipe or a device, is refused.

    Raises:
        InputError: If it cannot be opened, or is no regular file (any more).
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened: {getattr(error, 'strerror', None) or error}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError("is not a file (any more).")
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor has no path; the caller closes it


def find_files(paths: Iterable[Path]) -> Iterator[InputFile | Skipped]:
    """The files given, and all files below the folders given, in sorted order.

    Hidden files and folders below a folder are left out, and so are the sidecars that declare a data file's
    fields. A path given may be a link, and links to what lies below the same folder are followed; reported are a
    link that leads out of the folder given or back to a folder it lies in, a path that does not exist or whose
    name is not valid Unicode, a folder that cannot be read, and anything that is neither file nor folder.
    """
    for path in paths:
        yield from _below(path)


def _below(given: Path) -> Iterator[InputFile | Skipped]:
    root = Path(os.path.realpath(given))
    # Not by recursion: folders may nest more deeply than calls may.
    waiting: list[tuple[Path, frozenset[tuple[int, int]]]] = [(given, frozenset())]
    while waiting:
        path, ancestors = waiting.pop()
        try:
            found = _look_at(path, root, is_given=path is given)
            if isinstance(found, InputFile):
                if not path.name.endswith(SIDECAR_SUFFIX):
                    yield found
                continue
            if isinstance(found, Skipped):
                yield found
                continue
            if found in ancestors:
                yield Skipped(_shown(path), "is a link back to a folder that contains it.")
                continue
            with os.scandir(path) as entries:
                names = sorted((entry.name for entry in entries if not entry.name.startswith(".")), reverse=True)
        except OSError as error:
            yield Skipped(_shown(path), _why(path, error))
            continue
        waiting.extend((path / name, ancestors | {found}) for name in names)


def _look_at(path: Path, root: Path, *, is_given: bool) -> InputFile | Skipped | tuple[int, int]:
    """A file; a folder, as the numbers that identify it; or why the path is neither.

    Raises:
        OSError: If it cannot be looked at.
    """
    if not _is_unicode(path):
        return Skipped(_shown(path), "its name is not valid Unicode. Rename it.")
    status = path.stat()
    if not is_given and path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
        return Skipped(
            _shown(path), "is a link that leads out of the folder that was given. Give its target, too."
        )
    if stat.S_ISREG(status.st_mode):
        return InputFile(path, status.st_size, status.st_mtime_ns)
    if stat.S_ISDIR(status.st_mode):
        return status.st_dev, status.st_ino
    return Skipped(_shown(path), "is neither a file nor a folder.")


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is a link to something that does not exist." if path.is_symlink() else "does not exist."
    if isinstance(error, PermissionError):
        return "may not be read: permission denied."
    return f"cannot be read: {error.strerror or error}."


class TruncatedError(InputError):
    """A compressed file ends before its end, or is damaged there."""


@dataclass(frozen=True)
class Content:
    """What a reader reads: a file or a part of one.

    Attributes:
        origin: The file as given; readers append `#record`.
        path: The file.
        size: Bytes on disk.
        options: The bounds to keep.
        held: The bytes themselves, of a part of a file; None for a file, which is read from disk.
        depth: How many files it lies in.
    """

    origin: str
    path: Path
    size: int
    options: ReadOptions = field(repr=False)
    held: bytes | None = field(default=None, repr=False)
    depth: int = 0

    @classmethod
    def of(cls, file: InputFile, options: ReadOptions) -> "Content":
        """The content of a file that was found."""
        return cls(str(file.path), file.path, file.size, options)

    def part(self, name: str, content: bytes, options: ReadOptions) -> "Content":
        """Make the content of a file inside of this one: a member of an archive, an attachment of a mail.

        Args:
            name: Its name; it only tells the format where the content does not, and nothing is opened by it.
            content: Its bytes.
            options: The bounds to keep.
        """
        shown = name.replace("\\", "/").replace("\x00", "").strip("/") or "part"
        return Content(
            f"{self.origin}#{shown}",
            Path(shown.rpartition("/")[2] or "part"),
            len(content),
            options,
            content,
            self.depth + 1,
        )

    @property
    def suffix(self) -> str:
        """The extension of the file's name in lower case, without that of its compression: `.jsonl`."""
        name = self.path.name.lower().removesuffix(".gz")
        return Path(name).suffix

    @contextmanager
    def open(self) -> Iterator[io.BufferedReader]:
        """Open the unpacked content.

        Raises:
            InputError: If the file cannot be opened. While reading: `TruncatedError` for damaged compressed
                files, `InputError` for one that unpacks beyond bounds.
        """
        with self._raw() as raw:
            start = raw.read(2)
            raw.seek(0)
            if start == _GZIP:
                bound = max(_UNMEASURED, self.size * self.options.max_unpacking)
                yield io.BufferedReader(_Unpacking(raw, bound, self.options.max_unpacking))
            else:
                yield raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)

    def _raw(self) -> io.BufferedReader | io.BytesIO:
        return open_file(self.path) if self.held is None else io.BytesIO(self.held)

    @contextmanager
    def open_packed(self) -> Iterator[BinaryIO]:
        """Open the content as it is, not unpacked, to be read at any place.

        Raises:
            InputError: If the file cannot be opened.
        """
        with self._raw() as raw:
            yield raw

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, or what of them can be unpacked."""
        with self.open() as stream:
            collected = b""
            try:
                while len(collected) < HEAD_BYTES and (block := stream.read1(HEAD_BYTES - len(collected))):
                    collected += block
            except TruncatedError:
                if not collected:
                    raise
            except OSError as error:
                raise InputError(f"cannot be read: {error.strerror or error}.") from error
            return collected

    @cached_property
    def head_text(self) -> str:
        """The head as text for sniffing, wrongly encoded bytes replaced, without leading white space."""
        encoding = "utf-16" if self.head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return self.head.decode(encoding, errors="replace").lstrip()

    def read_all(self) -> bytes:
        """The whole content.

        Raises:
            InputError: If it is larger than `max_file_bytes`, or cannot be read whole.
        """
        limit = self.options.max_file_bytes
        if self.size > limit:
            raise InputError(
                f"is {in_bytes(self.size)}, more than the limit of {in_bytes(limit)} (max_file_bytes).",
                "Split it, or turn it into JSON Lines.",
            )
        with self.open() as stream:
            try:
                content = stream.read(limit + 1)
            except OSError as error:
                raise InputError(f"cannot be read: {error.strerror or error}.") from error
        if len(content) > limit:
            raise InputError(
                f"unpacks to more than the limit of {in_bytes(limit)} (max_file_bytes).",
                "Split it, or turn it into JSON Lines.",
            )
        return content

    def read_text(self) -> str:
        """The whole content, decoded.

        Raises:
            InputError: If it is too large, binary, or its encoding cannot be told.
        """
        return decode(self.read_all(), self.options.encoding)[0]

    def require_text(self) -> None:
        """Refuse binary content by its head.

        Raises:
            InputError: If the head is empty or binary.
        """
        if not self.head:
            raise InputError("is empty.")
        kind = binary_kind(self.head)
        if kind:
            raise InputError(f"not text but {kind}.")


class _Unpacking(io.RawIOBase):
    """A gzip stream, of one member or several, that refuses to unpack beyond a bound."""

    def __init__(self, raw: BinaryIO, bound: int, times: int) -> None:
        super().__init__()
        self._stream = gzip.GzipFile(fileobj=raw, mode="rb")
        self._left = bound
        self._times = times

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            block = self._stream.read1(len(buffer))
        except EOFError:
            raise TruncatedError("the compressed file is truncated.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise TruncatedError(f"the compressed file is damaged: {error}.") from None
        self._left -= len(block)
        if self._left < 0:
            raise InputError(
                f"unpacks to more than {self._times} times its size (max_unpacking): refused as a bomb."
            )
        buffer[: len(block)] = block
        return len(block)
