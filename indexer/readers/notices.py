"""What a text says of an earlier one: corrections and kills, as agencies and newspapers word them."""

import re
from collections.abc import Sequence

from indexer.canonical import clean_line
from search.article import Notice, NoticeKind

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
