"""Alignment of a quote with a text: whether it stands there, where, and how faithfully.

Where the quote as a whole does not stand, the words that it shares with the text are found
(`search.quoting.shared_words`).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from search.article import Span
from search.english.numbers import FIGURE_WORDS, parts_a_number
from search.english.table import table
from search.english.terms import UNSPACED
from search.quoting.folding import ELLIPSIS, Folded, fold
from search.quoting.shared_words import Piece, SharedWords

_REMEMBERED = 32
_MOST_OCCURRENCES = 1_000
_GAP_MARKS = (f"[{ELLIPSIS}]", f"({ELLIPSIS})", ELLIPSIS)
_LETTERS_IN_BRACKETS = re.compile(r"(?<=\w)\[(\w+)\]|\[(\w+)\](?=\w)")
_WORDS_IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[{UNSPACED}]|[^\W{UNSPACED}]+(?:'[^\W\d_{UNSPACED}]+)*")
_COMPOUND = re.compile(
    r"[^\W_][-\u2010\u2011]\0[^\W_]|[^\W_]\0[-\u2010\u2011][^\W_]"
    r"|\d[:/]\0\d|\d\0[:/]\d|(?:\A|[\s(])[-\u2212]\0\d"
)
"""A cut, shown as NUL, through a compound word, a time, or between a sign and its number."""

_BESIDE = 24
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_DASH = r"[-\u2010-\u2013\u2212]"
_WORD_OF_FIGURES = rf"(?:\b(?:{FIGURE_WORDS})\b)"
_CUT_AT_DASH = rf"(?:{_DASH}\0|\0{_DASH})"
_PARTED_FIGURE = re.compile(
    # Not "12" of "May 12-13": the two days of a span are two times.
    rf"{_WORD_OF_FIGURES}{_CUT_AT_DASH}{_WORD_OF_FIGURES}|\d(?:[:/]\0|\0[:/])\d"
    rf"|(?:\A|[\s(]){_DASH}\0\d",
    re.IGNORECASE,
)
"""A cut, shown as NUL, through a figure: "two-thirds", "10:30", "-15"."""

_PREFIXES = "|".join(word for row in table("prefixes") for word in row["words"])
_TURNED_ROUND = re.compile(rf"\b(?:{_PREFIXES}){_DASH}\Z", re.IGNORECASE)

_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")


class CitationStatus(StrEnum):
    """How a quote stands to the archive."""

    EXACT = "exact"
    """Verbatim, in the article it is said to be from where one is named."""
    NORMALISED = "normalised"
    """The same but for white space, the form of quotation marks, dashes and ellipses, and Unicode form."""
    MISATTRIBUTED = "misattributed"
    """Exact or normalised in another article than the one that is named."""
    STITCHED = "stitched"
    """All its words stand in one article in this order, but something was left out or changed between them."""
    ABSENT = "absent"
    """It does not stand in the archive."""

    @property
    def verified(self) -> bool:
        """Whether the quote says what the article says, where it is said to."""
        return self in {CitationStatus.EXACT, CitationStatus.NORMALISED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a quote stands to one text.

    Attributes:
        status: Exact, normalised, stitched or absent.
        span: Where it stands in the text; from its first piece to its last when stitched, None when absent.
        pieces: The parts it was stitched from, in order; empty otherwise.
        moved: Whether it stands elsewhere than where it was said to.
        closest: When absent: what stands where the longest run of its words does; None when no three do.
        shared: When absent: how many words that run has.
        reason: All this in plain words.
    """

    status: CitationStatus
    reason: str
    span: Span | None = None
    pieces: tuple[Span, ...] = ()
    moved: bool = False
    closest: Span | None = None
    shared: int = 0


def verify_quote(body: str, quote: str, span: Span | None = None) -> Verdict:
    """Tell whether `quote` stands in `body`, and at `span` where that is given.

    What stands at the span is compared first. Elsewhere a quote stands only if it begins and ends with whole
    words: "able to attend" does not stand in "unable to attend", nor "grew by 5" in "grew by 5.3 percent", nor
    "compliant" in "non-compliant". Of several places the closest to the span, or else the first, is taken. An
    ellipsis at either end, and one comma or full stop at the end, which printers put inside the marks, may be more
    than stands there; the quote is normalised then. Takes time proportional to the length of the body.

    Raises:
        ValueError: If the quote holds nothing but white space.
    """
    if not quote.strip():
        raise ValueError("an empty quote stands nowhere")
    if span and span.end <= len(body) and body[span.start : span.end] == quote:
        return Verdict(CitationStatus.EXACT, "It stands there word for word.", span)
    folded = fold(quote).text
    forms = _forms(folded)
    if span and span.end <= len(body) and fold(body[span.start : span.end]).text in forms:
        return Verdict(CitationStatus.NORMALISED, "It stands there, differently set.", span)
    near = span.start if span else 0
    if verbatim := verify_verbatim(body, quote, span):
        return verbatim
    if not folded:
        return Verdict(CitationStatus.ABSENT, "It has no character that can be seen.")
    text = fold(body)
    for form in forms:
        if found := _closest(near, _differently_set(body, text, form)):
            reason = _standing("It stands differently set", span)
            return Verdict(CitationStatus.NORMALISED, reason, found, moved=bool(span))
    return _by_words(text, folded)


def verify_verbatim(body: str, quote: str, span: Span | None = None) -> Verdict | None:
    """Tell where `quote` stands in `body` word for word, closest to `span`; None if it does not. Costs little."""
    found = _closest(span.start if span else 0, _verbatim(body, quote))
    if found is None:
        return None
    assert body[found.start : found.end] == quote  # noqa: S101 - what is returned is what was asked
    return Verdict(CitationStatus.EXACT, _standing("It stands word for word", span), found, moved=bool(span))


def stands_whole(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` begins and ends with whole words and numbers."""
    return not _cuts(text, start) and not _cuts(text, end)


def may_be_quoted(body: str, span: Span) -> bool:
    """Tell whether a span begins and ends with whole words, numbers, times and compounds."""
    return stands_whole(body, span.start, span.end) and not _parts_a_compound(body, span)


def may_be_marked(body: str, span: Span) -> bool:
    """Tell whether a span may be marked inside a quote that stands around it.

    Less is asked than of a quote, because what the words belong to is seen beside them: they may end before a
    possessive ("Sunday" of "Sunday's") and begin or end inside a compound ("two" of "two-day"). Words and numbers
    are whole there too, and so are compounds of them: not "5" of "5.3" nor "two" of "two-thirds", nor
    what a prefix turns round, "compliant" of "non-compliant".
    """
    before, after = body[max(0, span.start - _BESIDE) : span.start], body[span.end : span.end + _BESIDE]
    if _cuts(body, span.start) or (_cuts(body, span.end) and not _POSSESSIVE.match(after)):
        return False
    if not _parts_a_compound(body, span):
        return True
    return not (
        _PARTED_FIGURE.search(f"{before}\0{span.of(body)}")
        or _PARTED_FIGURE.search(f"{span.of(body)[-_BESIDE:]}\0{after}")
        or _TURNED_ROUND.search(before)
    )


def _standing(what: str, span: Span | None) -> str:
    return f"{what}, but not at [{span.start}:{span.end}]." if span else f"{what}."


def _forms(folded: str) -> list[str]:
    """The folded quote, and without what may be more than stands in the text; none of them empty of words."""
    bare = folded
    for mark in _GAP_MARKS:
        bare = bare.removeprefix(mark).removesuffix(mark).strip()
    forms = dict.fromkeys((folded, bare, re.sub(r"[.,]$", "", bare)))
    return [form for form in forms if form == folded or re.search(r"\w", form)]


def _verbatim(body: str, quote: str) -> Iterator[Span]:
    for start in _occurrences(body, quote):
        if may_be_quoted(body, span := Span(start, start + len(quote))):
            yield span


def _differently_set(body: str, text: Folded, form: str) -> Iterator[Span]:
    for start in _occurrences(text.text, form):
        end = start + len(form)
        if stands_whole(text.text, start, end) and not text.splits(start) and not text.splits(end):
            span = text.origin(start, end)
            if not _parts_a_compound(body, span):  # folded, a dash between spaces would look like a hyphen
                yield span


def _occurrences(text: str, part: str) -> Iterator[int]:
    """Yield where `part` begins in `text`, overlaps included; no more than a text of words can have."""
    start = text.find(part)
    for _ in range(_MOST_OCCURRENCES):
        if start < 0:
            return
        yield start
        start = text.find(part, start + 1)


def _closest(near: int, spans: Iterator[Span]) -> Span | None:
    return min(spans, key=lambda span: abs(span.start - near), default=None)


def _cuts(text: str, place: int) -> bool:
    """Tell whether a cut before `text[place]` goes through a word or a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if unicodedata.combining(after):
        return True
    if _UNSPACED_CHARACTER.match(before) or _UNSPACED_CHARACTER.match(after):
        return False
    if (
        (before.isdigit() or before in ". \n")
        and (after.isdigit() or after in ". \n")
        and parts_a_number(text, place)
    ):
        return True
    earlier, beyond = text[place - 2 : place - 1], text[place + 1 : place + 2]
    return (
        (before.isalnum() and after.isalnum()) or _inside(before, after, beyond) or _inside(after, before, earlier)
    )


def _inside(nearer: str, mark: str, farther: str) -> bool:
    """Tell whether a mark belongs to the word or number around it: `5.3`, `1,000`, `can't`."""
    return (mark in ".," and nearer.isdigit() and farther.isdigit()) or (
        mark in "'’" and nearer.isalpha() and farther.isalpha()
    )


def _parts_a_compound(body: str, span: Span) -> bool:
    """Tell whether an end of a span stands in "non-compliant" or "10:30", or behind the sign of "-15"."""
    return any(
        _COMPOUND.search(f"{body[max(0, place - 2) : place]}\0{body[place : place + 2]}")
        for place in (span.start, span.end)
    )


def _by_words(text: Folded, quote: str) -> Verdict:
    """Compare words when the characters differ."""
    unbracketed = _LETTERS_IN_BRACKETS.sub(lambda match: match[1] or match[2], quote)
    unbracketed = _WORDS_IN_BRACKETS.sub(" ", unbracketed)
    said = [word.group().casefold() for word in _WORD.finditer(unbracketed)]
    words, bounds = _words_of(text.text)
    shared = SharedWords(said, words)

    def place(piece: Piece) -> Span:
        first, last = bounds[piece.text_word], bounds[piece.text_word + piece.length - 1]
        return text.origin(first[0], last[1])

    if said and (found := shared.pieces()):
        pieces = tuple(place(piece) for piece in found)
        whole = Span(pieces[0].start, pieces[-1].end)
        return Verdict(CitationStatus.STITCHED, _stitching(len(pieces)), whole, pieces)
    if (longest := shared.longest()) is None:
        return Verdict(CitationStatus.ABSENT, "No three of its words stand there in a row.")
    first = max(0, longest.text_word - longest.quote_word)
    last = min(len(words), longest.text_word - longest.quote_word + len(said))
    return Verdict(
        CitationStatus.ABSENT,
        f"It does not stand there: of its {len(said)} words at most {longest.length} stand there in a row.",
        closest=place(Piece(0, first, last - first)),
        shared=longest.length,
    )


@lru_cache(maxsize=_REMEMBERED)
def _words_of(folded: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Split folded text into words without letter case, and where each stands."""
    words = list(_WORD.finditer(folded))
    return [word.group().casefold() for word in words], [word.span() for word in words]


def _stitching(pieces: int) -> str:
    if pieces == 1:
        return "Its words stand there in a row, but letter case, punctuation or words in brackets were changed."
    return f"It is put together from {pieces} pieces that stand there apart from one another."
