"""What publishers say of an item: whether it may be published, and what it corrects or kills."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from indexer.canonical import clean_line
from indexer.moments import parse_published
from indexer.readers.contract import ReadOptions
from search.article import Notice, NoticeKind
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
_OPENING, _CLOSING = 2, 3  # paragraphs among which a text speaks of itself
_MAX_CHARS = 500
_CORRECTED_HEADLINE = re.compile(
    r"^(?:ATTENTION\s*-\s*)?(?:CORRECT(?:ED|S|ING|ION)|REFILES?)(?=[\s:/-])"
    r"|^Correct(?:ed|ion)\s*[:-]"
    r"|\((?:[\w ]+,\s*)?(?i:correct(?:ed|ing|ion|s))\b[^)]*\)\s*$"
    r"|(?i:\bcorrected repetition\b)"
)
_CORRECTS = re.compile(
    r"^\(?(?:this (?:version|story|article|report|item) )?corrects\b"
    r"|^\(?eds\b.*\bcorrects\b"
    r"|\bthis (?:version|story|article|report|item|copy) (?:corrects|(?:has been|was|is) (?:a )?corrected)\b"
    r"|\bthis (?:[\w.]+ ){1,3}(?:story|article|report) (?:has been|was) corrected\b"
    r"|^\W*(?:correction|corrected)\s*[:(-]"
    r"|\ban earlier version of this (?:story|article|report|column)\b"
    r"|\bcorrected repetition\b",
    re.IGNORECASE,
)
_KILL_HEADLINE = re.compile(
    r"^(?:(?:ATTENTION|BULLETIN|URGENT|ADVISORY|MANDATORY|STORY)[\s:/-]+)*"
    r"(?:KILL|WITHDRAWAL|WITHDRAWN)(?=\s*(?:[:/-]|$|NOTICE|ADVISORY))"
)
_KILLS = re.compile(
    r"\b(?:kill|withdraw\w*|disregard|cancell?ed|do not (?:use|publish)|not (?:to )?be (?:used|published))\b",
    re.IGNORECASE,
)


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


def notice_of(headline: str, paragraphs: Sequence[str], editors_note: str | None = None) -> Notice | None:
    """Find what an item says of an earlier one; None if nothing.

    A withdrawal takes both a headline that is set as one and a text that says so: a film may be called "Kill".

    Args:
        headline: Its headline.
        paragraphs: Of its body; only the first and the last are looked at.
        editors_note: What it says to editors.
    """
    if _KILL_HEADLINE.search(headline):
        said = next((paragraph for paragraph in paragraphs if _KILLS.search(paragraph)), None)
        if said:
            return Notice(NoticeKind.WITHDRAWAL, _bounded(said))
    edges = (*paragraphs[:_OPENING], *paragraphs[max(_OPENING, len(paragraphs) - _CLOSING) :])
    said = next((text for text in (editors_note or "", *edges) if _CORRECTS.search(text)), None)
    if said is None and _CORRECTED_HEADLINE.search(headline):
        said = headline
    return correction_of(said)


def correction_of(text: str | None) -> Notice | None:
    """The notice of a correction that these words are; None if there are none."""
    return Notice(NoticeKind.CORRECTION, _bounded(line)) if text and (line := clean_line(text)) else None


def _bounded(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else text[: _MAX_CHARS - 1].rsplit(" ", 1)[0] + "…"
