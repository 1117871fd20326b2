"""Quotation marks, and quotations between them, told from apostrophes.

`plain` writes a text anew, code point for code point, with the same marks for the same thing, so that rules need
to know fewer marks: what they find in it has the same offsets in the text.
"""

import re
from collections.abc import Iterator
from functools import cache

from search.article import Span
from search.english.table import table
from search.english.terms import STOP_WORDS

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
_CLOSERS = {
    mark: re.compile(closer)
    for mark, closer in {
        '"': r'(?<!\s)"(?!\w)',
        "“": "”",
        "„": "[“”]",
        "«": "»",
        "»": "«",
        "‹": "›",
        "›": "‹",
        "‚": "[‘’]",
        "‘": r"(?<!\s)(?<![‘’]n)’(?![\w’])",
        "'": r"(?<!\s)(?<!'n)'(?![\w'])",
        "「": "」",
        "『": "』",
        "``": "''",
    }.items()
}
_LEFT_OPEN = frozenset({'"', "“", "„", "«", "「", "『"})
_APOSTROPHES = frozenset({"‘", "'"})
_DOUBTFUL = _APOSTROPHES | {"‚", "‹", "›"}
"""Marks that are as likely something else when they are not closed."""

_ELISIONS = r"(?:tis|twas|twere|twill|em|n|til|till|cause|cos|bout)\b|\d\ds\b"
_OPENER = re.compile(
    r"(?<!\w)(?:(?:[\"“„»›‚「『]|``)(?=\S)|[«‹](?=\s*\S)"
    rf"|(?<!')'(?=[^\s'])(?!{_ELISIONS})|‘(?!\s)(?!{_ELISIONS}))",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r" (\w+)")
_VERBS_OF_SAYING = frozenset("according added asked replied said says told wrote".split())
_SPACE = re.compile(r"\s*")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")


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


def quotations(text: str) -> Iterator[Span | int]:
    """Yield what stands between quotation marks, outermost only, and the place of each mark that is not closed.

    No white space is left at either end; what is empty is left out. A quotation ends in its paragraph, unless the
    next one is opened too: then each paragraph is one.

    An apostrophe opens nothing: inside or at the end of a word, before a decade ('90s) or an elision ('tis, 'em),
    or where such a mark opens again before anything closes. What ends a plural ("the boys' team") closes a
    quotation only if nothing better comes. Takes time proportional to the length of the text.
    """
    for paragraph in _PARAGRAPH.finditer(text):
        place, end = paragraph.span()
        unclosed: set[str] = set()
        while opener := _OPENER.search(text, place, end):
            mark, place = opener.group(), opener.end()
            if mark in unclosed:
                continue
            if closer := _closer(text, mark, place, end):
                yield from _stripped(text, place, closer.start())
                place = closer.end()
            elif mark in _APOSTROPHES and _next_opener(text, mark, place, end) < end:
                continue
            elif mark in _LEFT_OPEN and text.startswith(mark, _space_after(text, end)):
                # Each paragraph of a longer quotation is opened, the last one alone is closed.
                yield from _stripped(text, place, end)
                place = end
            else:
                unclosed.add(mark)
                if mark not in _DOUBTFUL:
                    yield opener.start()


def _closer(text: str, mark: str, place: int, end: int) -> re.Match[str] | None:
    """Find what closes a quotation that begins at `place`."""
    search = _CLOSERS[mark].search
    if mark not in _APOSTROPHES:
        return search(text, place, end)
    end = _next_opener(text, mark, place, end)
    closer = first = search(text, place, end)
    while closer and _is_possessive(text, closer.end(), closer.start()):
        closer = search(text, closer.end(), end)
    return closer or first


def _next_opener(text: str, mark: str, place: int, end: int) -> int:
    """Find where the same mark opens a quotation again: what is not closed by then is an apostrophe."""
    while opener := _OPENER.search(text, place, end):
        if opener.group() == mark:
            return opener.start()
        place = opener.end()
    return end


def _is_possessive(text: str, after: int, mark: int) -> bool:
    """Tell whether a mark ends a plural that owns something: "the boys' team", and not "the rivals' said he"."""
    following = _NEXT_WORD.match(text, after)
    if not following or text[mark - 1 : mark] not in {"s", "S"}:
        return False
    word = following[1].casefold()
    return word not in STOP_WORDS and word not in _VERBS_OF_SAYING


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    inside = text[start:end]
    if inside.strip():
        yield Span(start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip()))


def _space_after(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
