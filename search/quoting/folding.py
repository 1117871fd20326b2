"""Text folded for comparison: what copying, typesetting and retyping change without changing a word.

White space is one space, and none around dashes and ellipses; quotation marks and apostrophes are one mark; dashes
are one dash; ellipses are one ellipsis; characters are in Unicode form NFKC; invisible characters are left out.
After a digit a double mark stays double: 6" is not 6'. Letter case and all other punctuation stay.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.article import Span

ELLIPSIS = "…"
"""What every ellipsis is folded to."""

_REMEMBERED = 64
_LONGEST_CLUSTER = 32
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_DASHES = "\\-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d"
_SINGLE = "'`\u00b4\u02b9\u02bc\u2018-\u201b\u2032\u2039\u203a\uff07\uff40\u1fef\u1ffd\u0374"
_DOUBLE = '"\u00ab\u00bb\u201c-\u201f\u2033\u300c-\u300f\u301d-\u301f\ufe41-\ufe44\uff02\uff62\uff63'
_PLAIN = r"[!#-&(-,/-_a-~]"  # ASCII that stands for itself: not white space, quotation marks, "-", "." and "`"
_TOKEN = re.compile(
    rf"(?P<plain>(?:{_PLAIN}|\.(?!\s?\.))+(?:\ (?:{_PLAIN}|\.(?!\s?\.))+)*)"
    r"|(?P<space>\s+)"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<dash>[{_DASHES}]+)"
    r"|(?P<ellipsis>[…\ufe19][.…]*|\.(?:\s?\.){2,})"
    rf"|(?P<double>[{_DOUBLE}]|''|``|\u2018\u2018|\u2019\u2019)"
    rf"|(?P<single>[{_SINGLE}])"
    r"|(?P<other>.)",
    re.DOTALL,
)
# Starters that Unicode composes with the character before them (UAX 15), besides the combining marks.
_COMPOSING = frozenset(
    map(
        chr,
        (
            *(0x9BE, 0x9D7, 0xB3E, 0xB56, 0xB57, 0xBBE, 0xBD7, 0xCC2, 0xCD5, 0xCD6, 0xD3E, 0xD57, 0xDCF, 0xDDF),
            *(0x102E, 0x1B35, 0x11127, 0x1133E, 0x11357, 0x114B0, 0x114BA, 0x114BD, 0x115AF, 0x11930),
            *range(0x1161, 0x1176),
            *range(0x11A8, 0x11C3),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that remembers where it came from.

    Attributes:
        text: The folded text.
        starts: For each of its code points the first code point of the original that it came from.
        ends: And one past the last.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> Span:
        """Find the slice of the original that `text[start:end]` came from."""
        return Span(self.starts[start], self.ends[end - 1])

    def splits(self, position: int) -> bool:
        """Tell whether a cut before `text[position]` would go through one character of the original (`½`, `ﬁ`)."""
        return 0 < position < len(self.starts) and self.starts[position - 1] == self.starts[position]


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> Folded:
    """Fold `text` for comparison, in time proportional to its length."""
    folding = _Folding(text)
    for match in _TOKEN.finditer(text):
        folding.take(match.lastgroup or "", *match.span())
    return folding.done()


class _Folding:
    """Folds a text, token by token."""

    def __init__(self, text: str) -> None:
        self._original = text
        self._units: list[str] = []
        self._starts = array("q")
        self._ends = array("q")
        self._gap: tuple[int, int] | None = None
        self._cluster: tuple[int, int] | None = None  # the last character with the marks that belong to it
        self._tight = True

    def take(self, kind: str, start: int, end: int) -> None:
        match kind:
            case "plain":
                self._emit_each(start, end)
            case "space":
                self._gap = self._gap or (start, end)
                self._cluster = None
            case "dash":
                self._emit("-", start, end, tight=True)
            case "ellipsis":
                self._emit(ELLIPSIS, start, end, tight=True)
            case "double" | "single":
                after_digit = not self._gap and bool(self._units) and self._units[-1][-1].isdigit()
                self._emit('"' if kind == "double" and after_digit else "'", start, end)
            case "other":
                self._take_character(start, end)

    def done(self) -> Folded:
        return Folded("".join(self._units), self._starts, self._ends)

    def _take_character(self, start: int, end: int) -> None:
        begun, adjoined = self._cluster or (end, end)
        if adjoined == start and end - begun <= _LONGEST_CLUSTER and _joins(self._original[start]):
            start = begun
            self._take_back(start)
        self._emit(unicodedata.normalize("NFKC", self._original[start:end]), start, end)
        self._cluster = (start, end)

    def _take_back(self, start: int) -> None:
        """Undo what came from the character that begins at `start`."""
        while self._starts and self._starts[-1] == start:
            self._starts.pop()
            self._ends.pop()
            shorter = self._units.pop()[:-1]
            if shorter:
                self._units.append(shorter)

    def _fill_gap(self, *, tight: bool) -> None:
        if self._gap and not tight and not self._tight:
            self._units.append(" ")
            self._starts.append(self._gap[0])
            self._ends.append(self._gap[1])
        self._gap = None
        self._tight = tight

    def _emit(self, folded: str, start: int, end: int, *, tight: bool = False) -> None:
        self._fill_gap(tight=tight)
        self._units.append(folded)
        self._starts.extend([start] * len(folded))
        self._ends.extend([end] * len(folded))
        self._cluster = None

    def _emit_each(self, start: int, end: int) -> None:
        self._fill_gap(tight=False)
        self._units.append(self._original[start:end])
        self._starts.extend(range(start, end))
        self._ends.extend(range(start + 1, end + 1))
        self._cluster = (end - 1, end)


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Tell whether a character may become one with the character before it in Unicode form NFKC."""
    first = unicodedata.normalize("NFKD", character)[0]
    return bool(unicodedata.combining(first)) or first in _COMPOSING
