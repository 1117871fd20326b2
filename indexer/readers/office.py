"""Documents of word processors: DOCX (Office Open XML) and ODT (OpenDocument), paragraph by paragraph.

Of the package only its text and its properties are read; no link in it is followed. Deleted text of tracked
changes, comments, notes to the page and fields' instructions are not part of the text. Where a document
says how it was laid out, the page of each paragraph is kept.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import BinaryIO

from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, in_bytes
from indexer.readers.draft import Draft, DraftPart, finish
from indexer.readers.markup import Element, descend, find_all, local_name, parse_xml, text_of
from indexer.readers.plain_text import draft_of_paragraphs
from search.errors import InputError

_WORD = "word/document.xml"
_OPEN = "content.xml"
_MAX_MEMBERS = 10_000
_FARTHEST = 200  # paragraphs that may be left out between two of the text
_TITLES = frozenset({"title", "heading1", "heading 1", "titel", "überschrift1"})
_LEFT_OUT = frozenset(
    "del moveFrom instrText delText footnoteReference commentReference annotation annotation-end "
    "tracked-changes note"
    " footnote endnote drawing pict object frame sdtPr pPr rPr fldSimple-instr tracked-changes sequence-decls "
    "forms".split()
)


# A page begins here; no XML can hold this character.
_PAGE = "\f"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph as it stands in the document.

    Attributes:
        marked: Its text, with `_PAGE` where a page begins.
        style: The name of its style, `title` for a heading of the first level.
    """

    marked: str
    style: str

    @property
    def text(self) -> str:
        """Its text."""
        return " ".join(self.marked.replace(_PAGE, "").split())


class OfficeReader:
    """Reads DOCX and ODT files, one article a file."""

    name = "DOCX or ODT"

    def recognises(self, content: Content) -> bool:
        """A ZIP file with the parts of such a document."""
        return content.head.startswith(b"PK\x03\x04") and _kind(content) is not None

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        kind = _kind(content)
        if kind == "another":
            raise InputError("not text but a spreadsheet, a presentation or another office document.")
        with content.open_packed() as raw:
            try:
                package = zipfile.ZipFile(raw)
                main = _member(package, _WORD if kind == "docx" else _OPEN, content, options)
                described = _member(
                    package, "docProps/core.xml" if kind == "docx" else "meta.xml", content, options, needed=False
                )
            except (
                zipfile.BadZipFile,
                RuntimeError,
                zlib.error,
                EOFError,
                OSError,
                NotImplementedError,
                ValueError,
            ) as error:
                raise InputError(f"a damaged document: {' '.join(str(error).split())[:200]}.") from None
        root = parse_xml(main)
        paragraphs = list(_word_paragraphs(root) if kind == "docx" else _open_paragraphs(root))
        yield finish(
            _draft(paragraphs, parse_xml(described) if described else None, options), content.origin, options
        )


def _draft(paragraphs: list[_Paragraph], described: Element | None, options: ReadOptions) -> Draft:
    texts = [paragraph for paragraph in paragraphs if paragraph.text]
    if not texts:
        raise InputError("no text: the document has none.")
    titled = next((one.text for one in texts[:3] if one.style.lower() in _TITLES), None)
    stated = next((text for element in find_all(described, "title") if (text := text_of(element))), None)
    language = next((text for element in find_all(described, "language") if (text := text_of(element))), None)
    draft = draft_of_paragraphs([one.text for one in texts if one.text != titled], titled, options)
    # The title in the properties is often that of the template; only one that the text repeats is its headline.
    headline = (
        titled or draft.headline or (stated if stated and any(stated == one.text for one in texts[:3]) else None)
    )
    whole = (draft.body,) if isinstance(draft.body, str) else tuple(draft.body)
    return Draft(
        headline=headline, body=whole, parts=_pages(paragraphs, whole), standfirst=draft.standfirst, byline=draft.byline, dateline=draft.dateline,  # noqa: E501
        source=draft.source, language=language, left_out=draft.left_out,
        published=(*draft.published, *(StatedDate(text_of(element), "document: publication date") for element in find_all(described,  # noqa: E501
            "issued"))),
    )  # fmt: skip


def _pages(paragraphs: list[_Paragraph], body: tuple[str, ...]) -> tuple[DraftPart, ...]:
    """The body by pages; nothing where the document does not know its own."""
    if not any(_PAGE in paragraph.marked for paragraph in paragraphs):
        return ()
    placed: list[tuple[int, str, str]] = []  # page, what parts it from what is before, text
    texts = [paragraph.text for paragraph in paragraphs]
    begun = list(accumulate((paragraph.marked.count(_PAGE) for paragraph in paragraphs), initial=1))
    at = 0
    for text in body:
        near = range(at, min(at + _FARTHEST, len(texts)))
        found = next((number for number in near if texts[number] == text), None)
        if found is not None:
            at = found + 1
            placed += _placed(paragraphs[found].marked, begun[found])
        else:  # joined of several, or put in another order: the page of the first of them
            at = next((number for number in near if texts[number] and texts[number] in text), at)
            placed.append((begun[at], "\n\n", text))
    parts: list[DraftPart] = []
    for number, glue, text in placed:
        if parts and parts[-1].page == number:
            parts[-1] = replace(parts[-1], text=(*parts[-1].text, text))
        else:
            parts.append(DraftPart(text=(text,), page=number, glue=glue))
    return tuple(parts)


def _placed(marked: str, page: int) -> Iterator[tuple[int, str, str]]:
    """The pieces of a paragraph on their pages, each with what parts it from what is before."""
    glue = "\n\n"
    pieces = marked.split(_PAGE)
    for number, (piece, after) in enumerate(pairwise((*pieces, ""))):
        if text := " ".join(piece.split()):
            yield page + number, glue, text
            glue = ""
        if glue != "\n\n" and (piece[-1:].isspace() or after[:1].isspace()):
            glue = " "


def _kind(content: Content) -> str | None:
    try:
        with content.open_packed() as raw:
            names, stated = _names(raw)
    except (
        InputError,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return None
    if _WORD in names:
        return "docx"
    if "[Content_Types].xml" in names and any(name.startswith(("xl/", "ppt/", "visio/")) for name in names):
        return "another"
    if _OPEN in names and "mimetype" in names:
        return "odt" if b"opendocument.text" in stated else "another"
    return None


def _names(raw: BinaryIO) -> tuple[set[str], bytes]:
    """The names of the parts of a package, and what it says of its own kind."""
    package = zipfile.ZipFile(raw)
    names = {entry.filename for entry in package.infolist()[:_MAX_MEMBERS]}
    if "mimetype" not in names:
        return names, b""
    with package.open("mimetype") as stated:
        return names, stated.read(100)


def _member(
    package: zipfile.ZipFile, name: str, content: Content, options: ReadOptions, *, needed: bool = True
) -> bytes:
    if name not in package.namelist():
        if needed:
            raise InputError(f"a damaged document: it has no {name}.")
        return b""
    limit = min(options.max_file_bytes, max(1 << 20, content.size * options.max_unpacking))
    with package.open(name) as stream:
        text = stream.read(limit + 1)
    if len(text) > limit:
        raise InputError(f"unpacks to more than {in_bytes(limit)} (max_file_bytes, max_unpacking).")
    return text


def _word_paragraphs(root: Element) -> Iterator[_Paragraph]:
    for element in find_all(descend(root, "body"), "p"):
        style = descend(element, "pPr", "pStyle")
        names = [value for name, value in (style.items() if style is not None else ()) if name.endswith("val")]
        yield _Paragraph(_text(element, "p"), names[0] if names else "")


def _open_paragraphs(root: Element) -> Iterator[_Paragraph]:
    breaking = _breaking_styles(root)
    is_laid_out = bool(find_all(root, "soft-page-break"))
    pending, is_first = "", True
    for element in find_all(descend(root, "body", "text"), "p", "h", "soft-page-break"):
        above = [local_name(one) for one in element.iterancestors()]
        if _LEFT_OUT.intersection(above):
            continue
        if local_name(element) == "soft-page-break":
            # One inside of a paragraph is found in its text.
            pending += "" if {"p", "h"}.intersection(above) else _PAGE
            continue
        named = next((value for name, value in element.items() if name.endswith("}style-name")), "")
        level = next((value for name, value in element.items() if name.endswith("}outline-level")), "")
        is_title = local_name(element) == "h" and level in {"", "1"}
        if is_laid_out and str(named) in breaking and not is_first and not pending:
            pending = _PAGE
        yield _Paragraph(pending + _text(element, "p", "h"), "title" if is_title else str(named))
        pending, is_first = "", False


def _breaking_styles(root: Element) -> frozenset[str]:
    """The names of styles whose paragraphs begin a page; of such a page no soft break tells."""
    breaking = set()
    for style in find_all(root, "style"):
        stated = {name.rpartition("}")[2]: str(value) for name, value in style.items()}
        inner = {
            (name.rpartition("}")[2], str(value))
            for properties in find_all(style, "paragraph-properties")
            for name, value in properties.items()
        }
        if stated.get("master-page-name") or ("break-before", "page") in inner:
            breaking.add(stated.get("name", ""))
    return frozenset(breaking)


def _text(element: Element, *own: str) -> str:
    """The text of a paragraph, without that of paragraphs within it (of text boxes), which stand for themselves.

    Where a page begins stands `_PAGE`.
    """
    pieces: list[str] = []
    waiting: list[Element | str] = [*_inside(element)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, str):
            pieces.append(node)
            continue
        name = local_name(node)
        if name in _LEFT_OUT or name in own:
            continue
        if name in {"soft-page-break", "lastRenderedPageBreak"}:
            pieces.append(_PAGE)
        if name in {"tab", "br", "cr", "s", "line-break"}:
            pieces.append(" ")
        waiting[:0] = _inside(node)
    return "".join(pieces)


def _inside(element: Element) -> list[Element | str]:
    """What an element holds, in order: Word's text is only that of its `t` elements."""
    is_word = "wordprocessingml" in str(element.tag)
    keep = not is_word or local_name(element) == "t"
    inside: list[Element | str] = [element.text] if element.text and keep else []
    for child in element:
        inside.append(child)
        if child.tail and not is_word:
            inside.append(child.tail)
    return inside
