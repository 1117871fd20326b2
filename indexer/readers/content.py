"""A file's content, unpacked and within bounds."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from indexer.readers.contract import MEBIBYTE, InputFile, ReadOptions, in_bytes
from indexer.readers.decoding import binary_kind, decode
from indexer.readers.opening import open_file
from search.errors import InputError

HEAD_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
# Small files may pack very well; only what unpacks to more than this is measured.
_UNMEASURED = 16 * MEBIBYTE


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
