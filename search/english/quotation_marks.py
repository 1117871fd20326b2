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
_MISTAKEN = re.compile(r"(?<=[,.!?])“(?=\s|\Z)")
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_PARTICLE = r"(?:(?:van|von|de|da|di|do|dos|del|della|der|den|ten|ter|zu|al|el|bin|ibn|af|la|le)\s+|al-|el-|d['’])"
_NICK = rf"(?:[Tt]he )?{_NAME}(?: {_NAME})?"
_NICKNAME = re.compile(
    rf"(?<=\w|\.)[ ]+(?:[“\"‘'](?P<quoted>{_NICK})[”\"’']|\((?![A-Z]{{2,}}\))(?P<bracketed>{_NAME})\))"
    rf"(?=\s+(?P<family>(?:{_PARTICLE}){{0,2}}[A-ZÀ-ÖØ-Þ][\w'’-]*))"
)
_NAMED = re.compile(rf"{_NAME}\Z")


@cache
def pairs() -> dict[str, tuple[str, ...]]:
    """What opens a quotation, and what may close it."""
    return {row["open"][0]: row["close"] for row in table("quotation_marks")}


def plain(text: str) -> str:
    """Write spaces of any width as spaces, `` and '' as the mark " beside a space, and “ as ” where it closes.

    Returns:
        A text of the same length; where it has none of these, the same.
    """
    if "''" in text or "``" in text:
        text = _CLOSING.sub(' "', _OPENING.sub('" ', text))
    if "“" in text:
        text = _MISTAKEN.sub("”", text)
    return _SPACES.sub(" ", text)


def without_nicknames(text: str) -> str:
    """Blank what stands in quotation marks or brackets within a name: of "Ana “Nana” Souza", “Nana”.

    Returns:
        A text of the same length.
    """
    return _NICKNAME.sub(_blank_nickname, text)


def nicknames(text: str) -> dict[str, str]:
    """List the nicknames that a text gives within names, each with the family name that follows it."""
    return {
        match["quoted"] or match["bracketed"]: match["family"]
        for match in _NICKNAME.finditer(text)
        if _is_within_a_name(match)
    }


def _blank_nickname(match: re.Match[str]) -> str:
    return " " * len(match.group()) if _is_within_a_name(match) else match.group()


def _is_within_a_name(match: re.Match[str]) -> bool:
    return _NAMED.search(match.string, max(0, match.start() - 40), match.start()) is not None
