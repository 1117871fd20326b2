"""Sentences of a body, with offsets: nupunkt, paragraph by paragraph, with the abbreviations of news.

nupunkt's model was trained on other prose than news: it takes "week.", "month." and "ago." for abbreviations. Of
its longer ones only those that news uses are kept. It also ends a sentence at every full stop inside a quotation;
such pieces are joined again, and so is `"Is it so?" Ann Lee said`, so that a quotation and its speaker stay one
piece of evidence. No sentence ends inside a number, as wires part them ("52. 6 billion"), nor behind an
abbreviation that what follows goes on with ("China-U.S. talks", "F.W. de Klerk", "Nos. 3 and 4").
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from search.article import Span
from search.english.calendar import shortened
from search.english.numbers import parts_a_number
from search.english.quotations import plain
from search.english.table import table
from search.english.terms import STOP_WORDS
from search.english.verbs import Nature, forms

LONGEST_JOINED = 600
"""Code points beyond which an unclosed quotation is no longer joined: it may never close."""

LONGEST_PASSAGE = 4_000
"""Code points of the longest text whose sentences are remembered: the same passages come up for many questions."""

_REMEMBERED_PASSAGES = 1 << 11
_SAID_BEHIND = re.compile(
    rf"(?:[?!]|…|\.\.\.)[\"”]\s+(?:[A-Z][\w.'’-]*\s+){{1,6}}(?:{'|'.join(sorted(forms(Nature.INVERTS)))}|told)\b"
    r"(?!\s+(?:that|he|she|it|they)\b|\s*:)"
)
_SHORTEST_DOUBTED = 3
_WITH_MORE_BESIDE = frozenset({"numbered", "saint"})  # "modern art." ends a sentence, "Art. 5" does not
_INITIALS = re.compile(r"\W*(?:[^\W\d_]+-)?(?:[^\W\d_]\.){2,}")
_NOTHING_BUT_INITIALS = re.compile(r"\W*(?:[^\W\d_]\.)+")
# Words without end and rows of spaced full stops, on which nupunkt's effort grows with the square of their length.
_ENDLESS = re.compile(r"\S{1000}|(?:\.\s){500}")
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*(?:\n\n|\Z))", re.DOTALL)


def paragraphs(body: str) -> Iterator[Span]:
    """Yield the paragraphs of a body (blank lines part them), without surrounding white space."""
    return (Span(*match.span()) for match in _PARAGRAPH.finditer(body))


def sentences(text: str) -> list[Span]:
    """List the sentences of `text` in order, without surrounding white space.

    No sentence crosses a blank line; what lies between two sentences is white space only.
    """
    return [*_remembered(text)] if len(text) <= LONGEST_PASSAGE else [*_segmented(text)]


def _segmented(text: str) -> Iterator[Span]:
    text = plain(text)
    return (
        Span(paragraph.start + sentence.start, paragraph.start + sentence.end)
        for paragraph in paragraphs(text)
        for sentence in _of_stretches(paragraph.of(text))
    )


@lru_cache(maxsize=_REMEMBERED_PASSAGES)
def _remembered(text: str) -> tuple[Span, ...]:
    return tuple(_segmented(text))


def _of_stretches(text: str) -> Iterator[Span]:
    """Yield the sentences of a paragraph, cut behind what is no prose."""
    start = 0
    for end in (*(match.end() for match in _ENDLESS.finditer(text)), len(text)):
        for sentence in _of_paragraph(text[start:end]):
            yield Span(start + sentence.start, start + sentence.end)
        start = end


def _of_paragraph(text: str) -> Iterator[Span]:
    begin: int | None = None
    for _, (start, end) in _segmenter().tokenize_with_spans(text):
        begin = start if begin is None else begin
        if end - begin < LONGEST_JOINED and (
            _is_inside_quotation(text[begin:end])
            or _is_asked_by_name(text, begin, end)
            or _goes_on(text, begin, end)
        ):
            continue
        yield from _stripped(text, begin, end)
        begin = None
    if begin is not None:
        yield from _stripped(text, begin, len(text))


def _is_asked_by_name(text: str, begin: int, end: int) -> bool:
    """Tell whether whoever asked it is named behind a quotation: "Is it so?" Ann Lee said."""
    while end > begin and text[end - 1].isspace():
        end -= 1
    return text[begin] in '"“' and _SAID_BEHIND.match(text, max(begin, end - 2)) is not None


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Tell whether the full stop of a piece belongs to a number or an abbreviation, and the sentence goes on."""
    piece = text[begin:end].rstrip()
    following = text[begin + len(piece) :].lstrip()[:1]
    if following == ")":
        return True  # "Sen. Ann Lee (R-Mo. ), who said so"
    if piece.endswith(('"', "”")) and following.islower():
        return True  # "Is it so? " asked Ann Lee
    if not piece.endswith("."):
        return False
    last = piece.split()[-1]
    word = last.strip(".([\"'‘“")
    if following.isdigit():
        return parts_a_number(text, begin + len(piece)) or word in _abbreviations("numbered")
    if following.islower():
        return _INITIALS.fullmatch(last) is not None
    # nupunkt knows "St.", not "(St.".
    bracketed = not last[0].isalnum() and word in _abbreviations("title", "saint")
    return bracketed or _NOTHING_BUT_INITIALS.fullmatch(piece) is not None


@cache
def _abbreviations(*kinds: str) -> frozenset[str]:
    """The abbreviations of some kinds, as they begin with a capital letter."""
    return frozenset(
        word.capitalize() for row in table("abbreviations") if row["kind"][0] in kinds for word in row["words"]
    )


def _is_inside_quotation(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if bare := piece.strip():
        start += piece.index(bare)
        yield Span(start, start + len(bare))


@cache
def _segmenter() -> Any:
    from nupunkt.models import load_default_model

    segmenter = load_default_model()
    known = segmenter._params.abbrev_types  # noqa: SLF001 - there is no public way to change the model
    known.intersection_update({word for word in known if _may_abbreviate(word)})
    known.update(
        word for row in table("abbreviations") if row["kind"][0] not in _WITH_MORE_BESIDE for word in row["words"]
    )
    # "Sat." is seldom short for Saturday where a sentence may end with it.
    known.update({*shortened("month"), *shortened("weekday")} - {"sat"})
    return segmenter


def _may_abbreviate(word: str) -> bool:
    """Tell whether a word that nupunkt takes for an abbreviation is one in news, too."""
    return "." in word or (len(word) < _SHORTEST_DOUBTED and word not in STOP_WORDS)
