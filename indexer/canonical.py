r"""The canonical form of a body: what is stored, embedded and quoted.

A canonical body is Unicode NFC; paragraphs are parted by exactly one blank line (`\n\n`), and inside a paragraph
any run of white space is one space. What cannot be seen and carries no meaning is gone: control characters,
byte order marks, zero-width spaces, direction marks, soft hyphens, private-use characters, noncharacters.
The zero-width joiner and non-joiner stay where they stand between letters or signs that may need them
(Persian, Indic scripts, emoji). Lone surrogates become U+FFFD.
"""

import re
import unicodedata
from collections.abc import Iterable

_JOINERS = "\u200c\u200d"
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|[\u2029\f]")
_NEWLINE = re.compile(r"\r\n?|[\u0085\u2028\v]")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn"})
# Format characters (Cf) that are visible or shape the text: Arabic and Syriac number and verse signs, Kaithi
# number signs, and the tag characters of flag emoji.
_KEPT_FORMAT = frozenset(
    [
        *map(chr, range(0x0600, 0x0606)),
        *map(chr, range(0xE0020, 0xE0080)),
        *"\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
    ]
)
_SUSPECT = re.compile(r"[^\x20-\x7e\n\t]")


def canonical_body(text: str | Iterable[str]) -> str:
    r"""Bring a text, or paragraphs in order, into canonical form.

    Args:
        text: A text whose paragraphs are parted by blank lines, or the paragraphs themselves, each of which
            may be parted further by blank lines of its own.

    Returns:
        The canonical body; empty when nothing visible is left. Idempotent.
    """
    joined = text if isinstance(text, str) else "\n\n".join(text)
    lines = _NEWLINE.sub("\n", joined)
    paragraphs = (clean_line(paragraph) for paragraph in _PARAGRAPH_BREAK.split(lines))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def clean_line(text: str) -> str:
    """Bring one paragraph, headline or other single-line value into canonical form, on one line."""
    visible = _without_invisible(text) if _SUSPECT.search(text) else text
    collapsed = " ".join(visible.split())
    normal = unicodedata.normalize("NFC", collapsed)
    # A joiner may have lost the neighbour that justified it when what followed it was dropped.
    return normal if normal == text else clean_line(normal)


def _without_invisible(text: str) -> str:
    kept = []
    for index, character in enumerate(text):
        if character in _JOINERS:
            if _joins(text, index):
                kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif "\ud800" <= character <= "\udfff":
            kept.append("\ufffd")
        elif character in _KEPT_FORMAT or unicodedata.category(character) not in _DROPPED_CATEGORIES:
            kept.append(character)
    return "".join(kept)


def _joins(text: str, index: int) -> bool:
    """Whether the joiner at `index` stands between two characters beyond ASCII that it can join."""
    if index == 0 or index + 1 == len(text):
        return False
    return all(
        not neighbour.isascii() and unicodedata.category(neighbour)[0] in "LMS"
        for neighbour in text[index - 1 : index + 2 : 2]
    )
