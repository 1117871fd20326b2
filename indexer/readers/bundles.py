"""ZIP and TAR: the articles of the files inside, within bounds, and nothing outside of the file touched.

Members are read into memory one after the other; their names are shown and never opened. An export that keeps its
texts and what is known of them in different files (Substack: `posts.csv` beside `posts/*.html`) is put together
again.
"""

import csv
import io
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from indexer.published import StatedDate
from indexer.readers.content import Content, TruncatedError
from indexer.readers.contract import MEBIBYTE, Reading, ReadOptions, Skipped, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, finish
from indexer.readers.markup import fragment_paragraphs
from indexer.readers.newsrooms import require_published
from search.errors import InputError

_MAX_MEMBERS = 100_000
_DEEPEST = 3
_UNMEASURED = 64 * MEBIBYTE
_PASSED_OVER = re.compile(r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
_TAR_MAGIC = (b"ustar\x00", b"ustar ")
_TAR_AT = 257
_PACKED_TAR = re.compile(rb"BZh[1-9]|\xfd7zXZ\x00")
_POST = re.compile(r"(?:^|/)(?P<id>\d+)[.][^/]*\.html?$|(?:^|/)(?P<whole>\d+)\.html?$")

ReadPart = Callable[[Content], Iterator[Reading]]


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    refused: str | None
    open: Callable[[], BinaryIO]


class BundleReader:
    """Reads ZIP and TAR files, also packed ones, member by member."""

    name = "ZIP or TAR"

    def __init__(self, read_part: ReadPart) -> None:
        """Make a reader.

        Args:
            read_part: Reads a file that lies inside of another.
        """
        self._read_part = read_part

    def recognises(self, content: Content) -> bool:
        """The magic number of either format."""
        head = content.head
        return (
            head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
            or head[_TAR_AT : _TAR_AT + 6] in _TAR_MAGIC
            or (
                bool(_PACKED_TAR.match(head))
                and content.path.name.lower().endswith((".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz"))
            )
        )

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read the articles of all members that are files, in the order in which they lie in it.

        Links, devices and hidden files are no articles; a member that is encrypted, damaged or beyond bounds is
        reported and the rest goes on.
        """
        if content.depth >= _DEEPEST:
            raise InputError(f"lies in {content.depth} files one in another; no deeper ones are opened.")
        budget = _Budget(max(_UNMEASURED, content.size * options.max_unpacking))
        found = 0
        with content.open_packed() as raw:
            is_zip = content.head.startswith(b"PK")
            try:
                members = _zipped(raw) if is_zip else _tarred(raw)
                posts = self._posts(raw, budget, options) if is_zip else {}
                for number, member in enumerate(members, start=1):
                    if number > _MAX_MEMBERS:
                        yield Skipped(
                            content.origin, f"has more than {_MAX_MEMBERS:,} members; it is not read beyond them."
                        )
                        return
                    if _PASSED_OVER.search(member.name.replace("\\", "/")):
                        continue
                    found += 1
                    yield from self._read_member(member, content, budget, posts, options)
            except (
                zipfile.BadZipFile,
                tarfile.TarError,
                EOFError,
                zlib.error,
                OSError,
                TruncatedError,
                ValueError,
                NotImplementedError,
            ) as error:
                if isinstance(error, InputError) and not isinstance(error, TruncatedError):
                    raise
                reason = f"damaged: {' '.join(str(error).split())[:200] or type(error).__name__}; it is not read beyond it."  # noqa: E501
                yield Skipped(content.origin, reason)
                return
        if not found:
            raise InputError("an archive without files.")

    def _read_member(
        self,
        member: _Member,
        content: Content,
        budget: "_Budget",
        posts: Mapping[str, Mapping[str, str]],
        options: ReadOptions,
    ) -> Iterator[Reading]:
        shown = content.part(member.name, b"", options)
        if member.refused:
            yield Skipped(shown.origin, member.refused)
            return
        try:
            inner = content.part(member.name, budget.read(member, options.max_file_bytes), options)
        except InputError as error:
            yield Skipped(shown.origin, str(error))
            if budget.is_spent:
                raise InputError(budget.refusal) from None
            return
        except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, NotImplementedError) as error:
            yield Skipped(
                shown.origin,
                f"damaged, or packed in a way that is not read: {' '.join(str(error).split())[:200]}.",
            )
            return
        known = _POST.search(member.name)
        row = posts.get(known["id"] or known["whole"]) if known else None
        if row is not None:
            yield _read_post(row, inner, options)
        elif not (posts and member.name.rpartition("/")[2] == "posts.csv"):
            yield from self._read_part(inner)

    def _posts(self, raw: BinaryIO, budget: "_Budget", options: ReadOptions) -> dict[str, dict[str, str]]:
        """The rows of a Substack export by the number of their post; empty for any other file."""
        members = [
            member
            for member in _zipped(raw)
            if member.name.rpartition("/")[2] == "posts.csv" and not member.refused
        ]
        if len(members) != 1:
            return {}
        try:
            text, _ = decode(budget.read(members[0], options.max_file_bytes))
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        except (InputError, csv.Error, zipfile.BadZipFile, RuntimeError, zlib.error):
            return {}
        if not rows or not {"post_id", "title"} <= set(rows[0]):
            return {}
        return {str(row["post_id"]).partition(".")[0]: row for row in rows if row.get("post_id")}


class _Budget:
    """How much may be unpacked of a file in all."""

    def __init__(self, most: int) -> None:
        self._left = most
        self.refusal = f"unpacks to more than {in_bytes(most)} (max_unpacking): refused as a bomb."

    @property
    def is_spent(self) -> bool:
        return self._left <= 0

    def read(self, member: _Member, limit: int) -> bytes:
        """Read a member.

        Raises:
            InputError: If it is larger than the limit, or than what is left.
        """
        bound = min(limit, self._left)
        with member.open() as stream:
            content = stream.read(bound + 1)
        self._left -= len(content)
        if len(content) > bound:
            raise InputError(
                self.refusal
                if self.is_spent
                else f"unpacks to more than the limit of {in_bytes(limit)} (max_file_bytes)."
            )
        return content


def _zipped(raw: BinaryIO) -> Iterator[_Member]:
    bundle = zipfile.ZipFile(raw)
    for entry in bundle.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() or kind == stat.S_IFDIR:
            continue
        refused = "is encrypted." if entry.flag_bits & 1 else "is a link." if kind == stat.S_IFLNK else None

        def opened(entry: zipfile.ZipInfo = entry) -> BinaryIO:
            return bundle.open(entry)  # type: ignore[return-value]

        yield _Member(entry.filename, entry.file_size, refused, opened)


def _tarred(raw: BinaryIO) -> Iterator[_Member]:
    # By its members in order: an index of all would have to unpack everything first.
    with tarfile.open(fileobj=raw, mode="r:*") as bundle:
        for entry in bundle:
            if entry.isdir():
                continue
            refused = None if entry.isreg() else "is a link." if entry.islnk() or entry.issym() else "is no file."

            def opened(entry: tarfile.TarInfo = entry) -> BinaryIO:
                return bundle.extractfile(entry) or io.BytesIO()  # type: ignore[return-value]

            yield _Member(entry.name, entry.size, refused, opened)


def _read_post(row: Mapping[str, str], content: Content, options: ReadOptions) -> Reading:
    """Read a post of Substack: its text, with what the table says of it."""
    try:
        require_published({"true": "published", "false": "draft"}.get((row.get("is_published") or "").lower()))
        paragraphs = fragment_paragraphs(decode(content.read_all(), options.encoding)[0])
    except InputError as error:
        return Skipped(content.origin, str(error))
    draft = Draft(
        headline=row.get("title"), is_headline_sure=True, standfirst=row.get("subtitle"), body=paragraphs,
        published=(StatedDate(row.get("post_date") or None, "Substack: post_date"),
                   StatedDate(row.get("email_sent_at") or None, "Substack: email_sent_at")),
    )  # fmt: skip
    return finish(draft, content.origin, options)
