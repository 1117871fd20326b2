"""Quotation marks, and text with the same marks for the same thing.

`plain` writes a text anew, code point for code point, so that rules need to know fewer marks: what they find in it
has the same offsets in the text.
"""

import re
from functools import cache

from search.english.table import table

_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_OPENING = re.compile(r"``(?=\S)|(?:(?<=[\s(\[])|\A)''(?=\S)", re.MULTILINE)
_CLOSING = re.compile(r"''(?!\w)")
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_PARTICLE = r"(?:(?:van|von|de|da|di|del|der|den|al|el|bin|af|la)\s+|al-|el-)"
_NICKNAME = re.compile(
    rf"(?<=\w|\.)[ ]+(?:[“\"‘']{_NAME}(?: {_NAME})?[”\"’']|\((?![A-Z]{{2,}}\)){_NAME}\))"
    rf"(?=\s+{_PARTICLE}?[A-ZÀ-ÖØ-Þ])"
)
_NAMED = re.compile(rf"{_NAME}\Z")


@cache
def pairs() -> dict[str, tuple[str, ...]]:
    """What opens a quotation, and what may close it."""
    return {row["open"][0]: row["close"] for row in table("quotation_marks")}


def plain(text: str) -> str:
    """Write spaces of any width as spaces, and `` and '' as the mark " beside a space.

    Returns:
        A text of the same length; where it has none of these, the same.
    """
    if "''" in text or "``" in text:
        text = _CLOSING.sub(' "', _OPENING.sub('" ', text))
    return _SPACES.sub(" ", text)


def without_nicknames(text: str) -> str:
    """Blank what stands in quotation marks or brackets within a name: of "Ana “Nana” Souza", “Nana”.

    Returns:
        A text of the same length.
    """
    return _NICKNAME.sub(_blank_nickname, text)


def _blank_nickname(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return " " * len(match.group()) if _NAMED.search(before) else match.group()
