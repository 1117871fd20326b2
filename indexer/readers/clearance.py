"""Whether a publisher has cleared an item for publication."""

import re
from datetime import UTC, datetime

from indexer.moments import parse_published
from indexer.readers.contract import ReadOptions
from search.errors import InputError

UNDER_EMBARGO = "under embargo until"
"""How the reason of an item begins that is refused only until its embargo ends."""

_REFUSED = {
    "canceled": "cancelled by its publisher",
    "cancelled": "cancelled by its publisher",
    "withdrawn": "cancelled by its publisher",
    "killed": "cancelled by its publisher",
    "withheld": "withheld by its publisher",
}
_MAY_BE_FOUND = frozenset(
    {"DMI-PROHIBITED-AIMLTRAINING", "DMI-PROHIBITED-GENAIMLTRAINING", "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"}
)
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


def embargo_of(stated: str | None, options: ReadOptions) -> datetime | None:
    """The end of an embargo, in UTC where it states no zone; None for none.

    An item whose embargo is not over is refused, unless the options say that it is to be kept until then.

    Raises:
        InputError: If it is not over and the item is not to be kept, or that end cannot be read.
    """
    if not stated or not stated.strip():
        return None
    # An embargo may end years ahead: its end is not bound to the past as a publication is.
    ends = parse_published(stated, "embargo", datetime(9000, 1, 1, tzinfo=UTC))
    if ends is None:
        raise InputError(f"{UNDER_EMBARGO} {stated.strip()!r}, which cannot be read as a time.")
    moment = ends.moment if ends.moment.tzinfo else ends.moment.replace(tzinfo=UTC)
    now = options.now if options.now.tzinfo else options.now.replace(tzinfo=UTC)
    if moment > now and not options.keep_embargoed:
        raise InputError(f"{UNDER_EMBARGO} {ends.isoformat()}.")
    return moment


def require_mining_allowed(stated: str | None) -> None:
    """Refuse an item whose rights exclude that a machine reads it to find things in it (PLUS data mining codes).

    What only the training of models is excluded from is taken in: nothing is trained on it here. So is what search
    engines may index.

    Raises:
        InputError: Naming the code.
    """
    code = re.sub(r"^.*[/:#]", "", (stated or "").strip()).upper()
    if code.startswith("DMI-PROHIBITED") and code not in _MAY_BE_FOUND:
        raise InputError(f"its rights exclude data mining ({code}); it is not taken in.")


def kind_without_text(kind: str | None) -> str | None:
    """What an item of this class is, in words for people, if such items have no text: `"ninat:picture"`."""
    word = re.sub(r"^.*:", "", kind or "").strip().lower()
    return _NO_TEXT.get(word)
