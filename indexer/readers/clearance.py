"""Whether a publisher has cleared an item for publication."""

import re
from datetime import UTC, datetime

from indexer.published import parse_published
from search.errors import InputError

_REFUSED = {
    "canceled": "cancelled by its publisher",
    "cancelled": "cancelled by its publisher",
    "withdrawn": "cancelled by its publisher",
    "killed": "cancelled by its publisher",
    "withheld": "withheld by its publisher",
}
_NO_TEXT = {
    "picture": "a picture",
    "photo": "a picture",
    "image": "a picture",
    "graphic": "a graphic",
    "animated": "a graphic",
    "video": "a video",
    "audio": "an audio recording",
    "planning": "a planning item",
    "event": "an event",
    "component": "a component of another item",
    "concept": "a concept",
}


def refusal_of(status: str | None) -> str | None:
    """Why an item with this status may not be published: `"stat:canceled"`, `"withheld"`; None if it may be."""
    word = (status or "").rpartition(":")[2].strip().lower()
    return f"{_REFUSED[word]} (status {status!r})." if word in _REFUSED else None


def require_no_embargo(embargo: str | None, now: datetime) -> None:
    """Refuse an item that may not be published before a moment that is not over.

    Raises:
        InputError: If `now` is before the end of the embargo, or that end cannot be read.
    """
    if not embargo or not embargo.strip():
        return
    # An embargo may end years ahead: its end is not bound to the past as a publication is.
    ends = parse_published(embargo, "embargo", datetime(9000, 1, 1, tzinfo=UTC))
    if ends is None:
        raise InputError(f"under embargo until {embargo.strip()!r}, which cannot be read as a time.")
    moment = ends.moment if ends.moment.tzinfo else ends.moment.replace(tzinfo=UTC)
    if moment > (now if now.tzinfo else now.replace(tzinfo=UTC)):
        raise InputError(f"under embargo until {ends.isoformat()}.")


def kind_without_text(kind: str | None) -> str | None:
    """What an item of this class is, in words for people, if such items have no text: `"ninat:picture"`."""
    word = re.sub(r"^.*:", "", kind or "").strip().lower()
    return _NO_TEXT.get(word)
