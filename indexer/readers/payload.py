"""The payload of an HTTP response in a web archive: taken out of its chunks and unpacked, within bounds."""

import io
import zlib
from typing import Any

from indexer.readers.contract import in_bytes
from search.errors import InputError

# Window bits of zlib, tried in turn: servers send "deflate" with and without its header.
_WINDOWS = {
    "gzip": (zlib.MAX_WBITS + 16,),
    "x-gzip": (zlib.MAX_WBITS + 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
_AS_IT_IS = frozenset({"", "identity", "none", "utf-8"})


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
