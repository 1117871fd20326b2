"""Documents of word processors: DOCX (Office Open XML) and ODT (OpenDocument), paragraph by paragraph.

Of the package only its text and its properties are read; no link in it is followed. Deleted text of tracked
changes, comments, notes to the page and fields' instructions are not part of the text.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, in_bytes
from indexer.readers.draft import Draft, finish
from indexer.readers.markup import Element, descend, find_all, local_name, parse_xml, text_of
from indexer.readers.plain_text import draft_of_paragraphs
from search.errors import InputError

_WORD = "word/document.xml"
_OPEN = "content.xml"
_MAX_MEMBERS = 10_000
_TITLES = frozenset({"title", "heading1", "heading 1", "titel", "überschrift1"})
_LEFT_OUT = frozenset(
    "del moveFrom instrText delText footnoteReference commentReference annotation annotation-end "
    "tracked-changes note"
    " footnote endnote drawing pict object frame sdtPr pPr rPr fldSimple-instr tracked-changes sequence-decls "
    "forms".split()
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    style: str


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
    return Draft(
        headline=headline, body=draft.body, standfirst=draft.standfirst, byline=draft.byline, dateline=draft.dateline,  # noqa: E501
        source=draft.source, language=language,
        published=(*draft.published, *(StatedDate(text_of(element), "document: publication date") for element in find_all(described,  # noqa: E501
            "issued"))),
    )  # fmt: skip


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
    for element in find_all(descend(root, "body", "text"), "p", "h"):
        if any(local_name(above) in _LEFT_OUT for above in element.iterancestors()):
            continue
        named = next((value for name, value in element.items() if name.endswith("}style-name")), "")
        level = next((value for name, value in element.items() if name.endswith("}outline-level")), "")
        is_title = local_name(element) == "h" and level in {"", "1"}
        yield _Paragraph(_text(element, "p", "h"), "title" if is_title else str(named))


def _text(element: Element, *own: str) -> str:
    """The text of a paragraph, without that of paragraphs within it (of text boxes), which stand for themselves."""  # noqa: E501
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
        if name in {"tab", "br", "cr", "s", "line-break"}:
            pieces.append(" ")
        waiting[:0] = _inside(node)
    return " ".join("".join(pieces).split())


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
