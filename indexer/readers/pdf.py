"""PDF with a text layer: its lines brought into the order in which they are read, and into paragraphs.

A page is parted by its white gaps, across and along in turn (the recursive XY-cut of Nagy and Seth, 1984), so that
columns follow one another. Which page a paragraph stands on is kept: a citation can name it.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions
from indexer.readers.draft import Draft, DraftPart, finish
from indexer.readers.furniture import is_notice
from indexer.readers.plain_text import draft_of_paragraphs
from search.errors import InputError

_MAX_PAGES = 2_000
_MAX_PIECES = 20_000  # of text on one page
_DEEPEST_CUT = 24
_HEADLINE_SIZE = 1.25  # times the size of the text
_GAP_OF_COLUMNS = 0.9  # times the height of a line
_GAP_OF_BLOCKS = 0.6
_INDENT = 0.8
_SHORT_LINE = 0.85  # of the width of its column
_REPEATED = 3  # pages on which a line at the edge is furniture
_EDGE = 2  # lines at the top and the bottom of a page
_MAX_HEADLINE_CHARS = 250
_PAGE_NUMBER = re.compile(
    r"\W*(?:page |seite |p\. ?)?\d{1,4}(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_ENDS = (".", "!", "?", "”", '"', "»", ":", "…", "。")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text and its box on the page, from the bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


class PdfReader:
    """Reads PDF files, one article a file, its pages as parts."""

    name = "PDF"

    def recognises(self, content: Content) -> bool:
        """The magic number, near the start."""
        return b"%PDF-" in content.head[:1024] and content.head.lstrip()[:1] != b"<"

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        try:
            import pypdfium2 as pdfium
        except ImportError:
            raise InputError(
                "is a PDF file, for which pypdfium2 is not installed.", "Run: pip install 'dateline[pdf]'"
            ) from None
        try:
            document = pdfium.PdfDocument(content.read_all())
        except pdfium.PdfiumError as error:
            is_locked = "password" in str(error).lower()
            raise InputError(
                "a PDF file that needs a password." if is_locked else f"a damaged PDF file: {error}."
            ) from None
        try:
            pages = [_lines_of(document, number) for number in range(min(len(document), _MAX_PAGES))]
            count = len(document)
        except pdfium.PdfiumError as error:
            raise InputError(f"a damaged PDF file: {error}.") from None
        finally:
            document.close()
        if not any(pages):
            raise InputError(
                f"no text: its {count} pages have no text layer, they are pictures.",
                "Run a recognition of characters (OCR) over it first.",
            )
        draft = _draft(pages, options)
        remarks = (
            (f"has {count:,} pages, of which the first {_MAX_PAGES:,} were read.",) if count > _MAX_PAGES else ()
        )
        blank = [number for number, lines in enumerate(pages, start=1) if not lines]
        if blank:
            shown = ", ".join(map(str, blank[:10]))
            remarks = (*remarks, f"pages without a text layer: {shown}{', …' if len(blank) > 10 else ''}.")  # noqa: PLR2004
        yield finish(draft if not remarks else _with_remarks(draft, remarks), content.origin, options)


def _with_remarks(draft: Draft, remarks: tuple[str, ...]) -> Draft:
    return replace(draft, remarks=remarks)


def _lines_of(document: Any, number: int) -> list[list[_Piece]]:
    """The lines of a page in the order in which they are read, parted into blocks."""
    page = document[number]
    text = page.get_textpage()
    try:
        pieces = []
        for index in range(min(text.count_rects(), _MAX_PIECES)):
            left, bottom, right, top = text.get_rect(index)
            words = " ".join(
                text.get_text_bounded(left, bottom, right, top).replace("\ufffe", "-").replace("\x02", "-").split()
            )
            if words and top > bottom:
                pieces.append(_Piece(words, left, bottom, right, top))
    finally:
        text.close()
        page.close()
    return [_lines(block) for block in _cut(pieces, 0)] if pieces else []


def _cut(pieces: list[_Piece], depth: int) -> list[list[_Piece]]:
    """Part pieces by the widest white gap across the page, or else by the first along it."""
    if depth > _DEEPEST_CUT or len(pieces) < 2:  # noqa: PLR2004
        return [pieces]
    height = statistics.median(piece.height for piece in pieces)
    columns = _parted(pieces, lambda piece: (piece.left, piece.right), _GAP_OF_COLUMNS * height)
    if len(columns) > 1 and all(_is_column(column, height) for column in columns):
        return [block for column in columns for block in _cut(column, depth + 1)]
    rows = _parted(pieces, lambda piece: (-piece.top, -piece.bottom), _GAP_OF_BLOCKS * height)
    if len(rows) > 1:
        return [block for row in rows for block in _cut(row, depth + 1)]
    return [pieces]


def _is_column(pieces: Sequence[_Piece], height: float) -> bool:
    """Whether pieces that stand apart are a column and not the end of a line, a bullet, a number."""
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    tall = max(piece.top for piece in pieces) - min(piece.bottom for piece in pieces)
    return width > 4 * height and (tall > 2.5 * height or len(pieces) > 2)  # noqa: PLR2004


def _parted(pieces: list[_Piece], span: Any, gap: float) -> list[list[_Piece]]:
    """Groups of pieces with a gap of at least this width between them, in order along the axis."""
    groups: list[list[_Piece]] = []
    reached = float("-inf")
    for piece in sorted(pieces, key=span):
        begin, end = span(piece)
        if not groups or begin - reached > gap:
            groups.append([])
        groups[-1].append(piece)
        reached = max(reached, end)
    return groups


def _lines(block: list[_Piece]) -> list[_Piece]:
    """Pieces on the same height joined to lines, from the top down."""
    lines: list[list[_Piece]] = []
    for piece in sorted(block, key=lambda piece: (-(piece.top + piece.bottom) / 2, piece.left)):
        middle = (piece.top + piece.bottom) / 2
        if lines and lines[-1][0].bottom <= middle <= lines[-1][0].top:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [_joined(sorted(line, key=lambda piece: piece.left)) for line in lines]


def _joined(line: list[_Piece]) -> _Piece:
    text = line[0].text
    for before, piece in pairwise(line):
        text += ("" if piece.left - before.right < 0.15 * piece.height else " ") + piece.text
    return _Piece(
        text, line[0].left, min(p.bottom for p in line), max(p.right for p in line), max(p.top for p in line)
    )


def _draft(pages: list[list[list[_Piece]]], options: ReadOptions) -> Draft:
    repeated = _furniture(pages)
    sizes = [
        round(line.height, 1)
        for blocks in pages
        for block in blocks
        for line in block
        for _ in range(len(line.text))
    ]
    size = statistics.median(sizes) if sizes else 0
    headline = _headline(pages, repeated, size)
    parts: list[DraftPart] = []
    opening: list[str] = []
    left_out: list[tuple[str, str]] = []
    ended = True
    for number, blocks in enumerate(pages, start=1):
        paragraphs = [paragraph for block in blocks for paragraph in _paragraphs(_kept(block, blocks, repeated))]
        left_out += [("a notice to readers", line) for line in paragraphs if is_notice(line)]
        left_out += _furniture_of_page(blocks, repeated, number)
        if headline and number == 1:
            paragraphs = _without(paragraphs, headline)
        paragraphs = _rejoined([line for line in paragraphs if not is_notice(line)])
        if not paragraphs:
            continue
        if not opening:
            opening = paragraphs
        goes_on = not ended and paragraphs[0][:1].islower()
        parts.append(DraftPart(text=tuple(paragraphs), page=number, glue=" " if goes_on else "\n\n"))
        ended = paragraphs[-1].endswith(_ENDS)
    if not parts:
        raise InputError("no text: only headers and numbers of pages.")
    # Bylines, datelines and dates stand on the first page only.
    found = draft_of_paragraphs(opening, headline, options)
    kept = tuple(found.body) if not isinstance(found.body, str) else (found.body,)
    first = DraftPart(text=kept or tuple(opening), page=parts[0].page)
    return Draft(
        body="", headline=headline or found.headline, standfirst=found.standfirst, byline=found.byline,
        dateline=found.dateline, source=found.source, published=found.published, parts=(first, *parts[1:]),
        left_out=(*found.left_out, *dict.fromkeys(left_out)),
    )  # fmt: skip


def _furniture_of_page(blocks: list[list[_Piece]], repeated: frozenset[str], number: int) -> list[tuple[str, str]]:
    """What stands at the edges of a page and is none of its text; that of every page is named once."""
    lines = [line.text for line in _edges(blocks)]
    return [
        ("repeated on pages", line) for line in lines
        if number == 1 and _shape(line) in repeated and not _PAGE_NUMBER.fullmatch(line)
    ]  # fmt: skip


def _kept(block: list[_Piece], blocks: list[list[_Piece]], repeated: frozenset[str]) -> list[_Piece]:
    edges = {id(line) for line in _edges(blocks)}
    return [
        line for line in block
        if not (id(line) in edges and (_PAGE_NUMBER.fullmatch(line.text) or _shape(line.text) in repeated))
    ]  # fmt: skip


def _edges(blocks: list[list[_Piece]]) -> list[_Piece]:
    lines = sorted((line for block in blocks for line in block), key=lambda line: -line.top)
    return lines[:_EDGE] + lines[-_EDGE:]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line).strip().casefold()


def _furniture(pages: list[list[list[_Piece]]]) -> frozenset[str]:
    """Lines that stand at the edges of several pages, numbers aside."""
    seen = Counter(shape for blocks in pages for shape in {_shape(line.text) for line in _edges(blocks)})
    return frozenset(shape for shape, times in seen.items() if times >= _REPEATED)


def _headline(pages: list[list[list[_Piece]]], repeated: frozenset[str], size: float) -> str | None:
    """The line or lines of the first page that are set the largest, if they are larger than the text."""
    lines = [line for block in (pages[0] if pages else []) for line in block if _shape(line.text) not in repeated]
    largest = max((line.height for line in lines if re.search(r"[^\W\d_]{3}", line.text)), default=0.0)
    if not lines or largest < _HEADLINE_SIZE * size:
        return None
    chosen: list[str] = []
    for line in lines:
        if line.height >= 0.93 * largest:
            chosen.append(line.text)
        elif chosen:
            break
    headline = " ".join(chosen)
    return headline if len(headline) <= _MAX_HEADLINE_CHARS else None


def _without(paragraphs: list[str], headline: str) -> list[str]:
    left = headline
    kept = []
    for paragraph in paragraphs:
        if left and left.startswith(paragraph):
            left = left[len(paragraph) :].strip()
        elif left and paragraph.startswith(left):
            rest, left = paragraph[len(left) :].strip(), ""
            kept += [rest] if rest else []
        else:
            kept.append(paragraph)
    return kept


def _paragraphs(lines: list[_Piece]) -> list[str]:
    """Lines joined to paragraphs: a new one begins behind a gap, at an indent, in another size, behind a short line."""  # noqa: E501
    if not lines:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    gaps = [before.bottom - line.top for before, line in pairwise(lines)]
    usual = statistics.median(gaps) if gaps else 0.0
    paragraphs: list[list[str]] = [[lines[0].text]]
    for before, line in pairwise(lines):
        height = max(line.height, before.height)
        is_apart = before.bottom - line.top > usual + 0.5 * height
        is_indented = line.left - left > _INDENT * height and before.left - left < _INDENT * height
        is_other = min(line.height, before.height) < 0.75 * height and abs(line.height - before.height) > 2  # noqa: PLR2004
        is_ended = before.right - left < _SHORT_LINE * (right - left) and before.text.endswith(_ENDS)
        if is_apart or is_indented or is_other or is_ended:
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    return [_unbroken(lines) for lines in paragraphs]


def _unbroken(lines: Sequence[str]) -> str:
    """Lines joined to one, words that were broken at their ends made whole."""
    text = lines[0]
    for line in lines[1:]:
        if re.search(r"[^\W\d_][-\u00ad]$", text) and line[:1].islower():
            text = text[:-1] + line
        elif re.search(r"[^\W\d_]-$", text) and line[:1].isupper():
            text += line  # "Afro-American"
        else:
            text = f"{text} {line}"
    return text


def _rejoined(paragraphs: list[str]) -> list[str]:
    """Paragraphs that were parted where a column ends, made whole again."""
    whole: list[str] = []
    for paragraph in paragraphs:
        if whole and paragraph[:1].islower() and not whole[-1].endswith(_ENDS):
            whole[-1] = _unbroken((whole[-1], paragraph))
        else:
            whole.append(paragraph)
    return whole
