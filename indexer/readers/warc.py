"""WARC and ARC: the pages in a web archive."""

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped, in_bytes
from indexer.readers.draft import finish
from indexer.readers.pages import draft_of_page
from search.errors import InputError

# Window bits of zlib, tried in turn: servers send "deflate" with and without its header.
_WINDOWS = {
    "gzip": (zlib.MAX_WBITS + 16,),
    "x-gzip": (zlib.MAX_WBITS + 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
_AS_IT_IS = frozenset({"", "identity", "none", "utf-8"})
_OK = "200"
_LINE_BYTES = 1 << 20
_PAGE = re.compile(r"text/html|application/xhtml", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


def payload_of(record: Any, limit: int) -> bytes:
    """Read the payload of a `warcio` record of an HTTP response.

    warcio's own stream unpacks a chunk as a whole, however much it unpacks to. As with that, a payload that is
    not encoded as its header says is taken as it is, and of a damaged one what stands before the damage.

    Args:
        record: The record, at the start of its payload.
        limit: The most bytes, packed and unpacked.

    Raises:
        InputError: If the payload is longer, or encoded in a way that is not read.
    """
    from warcio.bufferedreaders import ChunkedDataReader

    packed = _within(record.raw_stream.read(limit + 1), limit)
    if _header(record, "Transfer-Encoding") == "chunked":
        packed = ChunkedDataReader(io.BytesIO(packed)).read()
    encoding = _header(record, "Content-Encoding")
    if encoding in _AS_IT_IS:
        return packed
    if encoding not in _WINDOWS:
        raise InputError(f"its content is encoded as {encoding[:40]!r}, which is not read.")
    for window in _WINDOWS[encoding]:
        if unpacked := _unpacked(packed, window, limit):
            return _within(unpacked, limit)
    return packed


def _unpacked(packed: bytes, window: int, limit: int) -> bytes:
    """What can be unpacked, at most a byte more than the limit; nothing of what is not packed in this way."""
    unpacking = zlib.decompressobj(window)
    pieces = []
    left = limit + 1
    try:
        # In small steps, so that what stands before a damage is not lost.
        while left and not unpacking.eof and (piece := unpacking.decompress(packed, min(left, 1 << 14))):
            pieces.append(piece)
            left -= len(piece)
            packed = unpacking.unconsumed_tail
    except zlib.error:
        pass
    return b"".join(pieces)


def _within(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise InputError(f"a page longer than the limit of {in_bytes(limit)} (max_record_bytes).")
    return content


def _header(record: Any, name: str) -> str:
    return (record.http_headers.get_header(name) or "").strip().lower()


class WarcReader:
    """Reads WARC and ARC files, one article for each page that was fetched successfully."""

    name = "WARC or ARC"

    def recognises(self, content: Content) -> bool:
        """The first line of either format."""
        return content.head.startswith((b"WARC/", b"filedesc://"))

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article a page; other records are passed over.

        A page's address is that of its record; the time of its capture is not a time of publication. A record
        that cannot be read, or a page that is no article, is reported and the rest goes on.
        """
        passed_over: Counter[str] = Counter()
        found = 0
        with content.open() as stream:
            for origin, record in _records(_Eager(stream), content.origin):
                if isinstance(record, InputError):
                    found += 1
                    yield Skipped(origin, str(record))
                    continue
                kind = _why_passed_over(record)
                if kind:
                    passed_over[kind] += 1
                    continue
                found += 1
                yield _read_page(record, origin, options)
        if not found:
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(passed_over.items()))
            raise InputError(f"a web archive without pages (it has {kinds or 'no records'}).")


def _records(stream: "_Eager", origin: str) -> Iterator[tuple[str, Any]]:
    """The records with their origins; an error in the place of a broken one, after which the next is sought."""
    number = 0
    while True:
        for record in _walk(stream):
            number += 1
            yield f"{origin}#{number}", record
            if isinstance(record, _BrokenError):
                break
        else:
            return
        if not record.goes_on:
            return


def _walk(stream: "_Eager") -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    records = None
    try:
        # warcio remarks on broken records on stderr; what matters of that is reported here.
        with redirect_stderr(io.StringIO()):
            records = ArchiveIterator(stream, arc2warc=True)
        while True:
            with redirect_stderr(io.StringIO()):
                record = next(records, None)
            if record is None:
                return
            yield record
    except InputError as error:
        yield _BrokenError(f"{error} The archive is not read beyond it.")
    except (
        ArchiveLoadFailed,
        EOFError,
        OSError,
        ValueError,
        AttributeError,
        KeyError,
        IndexError,
        TypeError,
    ) as error:
        # What warcio stumbles over in a broken record it lets through as it is.
        flaw = " ".join(str(error).split())[:200] or type(error).__name__
        yield _BrokenError(
            f"a broken record: {flaw}.", goes_on=records is not None and _seek_following(records.reader, stream)
        )


def _seek_following(reader: Any, stream: "_Eager") -> bool:
    """Set the stream to the next line that opens a WARC record; whether there is one."""
    try:
        while line := reader.readline(_LINE_BYTES):
            if line.startswith(b"WARC/"):
                stream.give_back(line + (reader.buff.read() if reader.buff else b""))
                return True
    except (InputError, OSError, ValueError):
        pass
    return False


class _Eager:
    """A stream that gives what it has before it fails: a whole buffer would be lost with a truncated end."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._given_back = b""

    def read(self, size: int = -1) -> bytes:
        if not self._given_back:
            return self._stream.read1(size)
        end = size if size >= 0 else len(self._given_back)
        block, self._given_back = self._given_back[:end], self._given_back[end:]
        return block

    def give_back(self, block: bytes) -> None:
        """Have `block` read before what has not been read yet."""
        self._given_back = block + self._given_back


class _BrokenError(InputError):
    """A broken record; whether another follows, at which the stream stands."""

    def __init__(self, problem: str, *, goes_on: bool = False) -> None:
        super().__init__(problem)
        self.goes_on = goes_on


def _why_passed_over(record: Any) -> str | None:
    if record.rec_type != "response":
        return f"{record.rec_type} records"
    headers = record.http_headers
    if headers is None:
        return "responses without HTTP headers"
    if headers.get_statuscode() != _OK:
        return f"responses with status {headers.get_statuscode()}"
    kind = (headers.get_header("Content-Type") or "text/html").partition(";")[0].strip()
    return None if _PAGE.match(kind) else f"responses of type {kind}"


def _read_page(record: Any, origin: str, options: ReadOptions) -> Reading:
    url = record.rec_headers.get_header("WARC-Target-URI")
    try:
        page = payload_of(record, options.max_record_bytes)
    except InputError as error:
        return Skipped(origin, str(error))
    except (EOFError, OSError, ValueError) as error:
        return Skipped(origin, f"a broken record: {error}.")
    declared = _CHARSET.search(record.http_headers.get_header("Content-Type") or "")
    address = url.strip().strip("<>").replace(" ", "%20") if url else None
    try:
        return finish(draft_of_page(page, address, options, declared[1] if declared else None), origin, options)
    except InputError as error:
        return Skipped(origin, str(error))
