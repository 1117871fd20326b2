"""Sentences of a body, with offsets: nupunkt, which knows news abbreviations, paragraph by paragraph.

nupunkt ends a sentence at every full stop, also inside a quotation. Such pieces are joined again, so that a
quotation and its speaker stay one piece of evidence.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from search.article import Span

LONGEST_JOINED = 600
"""Code points beyond which an unclosed quotation is no longer joined: it may never close."""

_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*(?:\n\n|\Z))", re.DOTALL)
_RANKS = ("lt", "gen", "maj", "cpl", "sgt", "capt", "cmdr", "adm", "rev", "hon", "gov", "sen", "rep")


def paragraphs(body: str) -> Iterator[Span]:
    """Yield the paragraphs of a body (blank lines part them), without surrounding white space."""
    return (Span(*match.span()) for match in _PARAGRAPH.finditer(body))


def sentences(text: str) -> list[Span]:
    """List the sentences of `text` in order, without surrounding white space.

    No sentence crosses a blank line; what lies between two sentences is white space only.
    """
    return [
        Span(paragraph.start + sentence.start, paragraph.start + sentence.end)
        for paragraph in paragraphs(text)
        for sentence in _of_paragraph(paragraph.of(text))
    ]


def _of_paragraph(text: str) -> Iterator[Span]:
    begin: int | None = None
    for _, (start, end) in _segmenter().tokenize_with_spans(text):
        begin = start if begin is None else begin
        if end - begin < LONGEST_JOINED and _is_inside_quotation(text[begin:end]):
            continue
        yield from _stripped(text, begin, end)
        begin = None
    if begin is not None:
        yield from _stripped(text, begin, len(text))


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
    segmenter._params.abbrev_types.update(_RANKS)  # noqa: SLF001 - there is no public way to add to the model
    return segmenter
