"""Markup to paragraphs of plain text: XML as agencies send it, and fragments of HTML.

Nothing is fetched, no DTD is loaded, and no entity is expanded but those of HTML.
"""

import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any

from lxml import etree

from indexer.readers.decoding import decode
from search.errors import InputError

# An lxml element: its stubs spell the type differently from version to version.
Element = Any

_BLOCKS = frozenset(
    "p div hr h1 h2 h3 h4 h5 h6 hl1 hl2 hl3 ul ol li dl dt dd blockquote bq block section article header footer "
    "aside main figure figcaption table thead tbody tfoot tr caption pre body html body.content body.head"
    "body.end "
    "hedline abstract byline dateline note media form fieldset address center item quote head tagline distributor "
    "fn nitf-table".split()
)
_INDENT = 4  # spaces that open a paragraph in typed text
_LINE_BREAKS = frozenset({"br", "lb"})
_LEFT_OUT = frozenset(
    "script style noscript template iframe object embed svg math form button select textarea input nav figure "
    "figcaption img picture video audio media head title table-reference".split()
)
_CELLS = frozenset({"td", "th"})
_ENTITY_DECLARATION = re.compile(r"<!ENTITY", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<(?:[a-zA-Z][\w:.-]*(?:\s[^<>]*)?/?|/[a-zA-Z][\w:.-]*\s*|!--)>?")


def parse_xml(content: bytes, encoding: str | None = None) -> Element:
    """Parse XML that may come from anywhere; the root element.

    Raises:
        InputError: If it is not well-formed, declares entities, nests too deeply, or cannot be decoded.
    """
    text, _ = decode(content, encoding)
    if _ENTITY_DECLARATION.search(text):
        raise InputError("declares XML entities, which are refused because they can be used to exhaust memory.")
    plain = _XML_DECLARATION.sub("", text, count=1).strip()
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, strip_cdata=True,
    )  # fmt: skip
    try:
        return etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"not well-formed XML: {error.msg}.") from None


def local_name(element: Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    # Not etree.QName, which refuses the names that the HTML parser lets through.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """The child elements with one of these local names."""
    return [] if element is None else [child for child in element if local_name(child) in names]


def descend(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of local names; None when there is none."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def find_all(element: Element | None, *names: str) -> list[Element]:
    """All elements below with one of these local names, in document order."""
    return [] if element is None else [below for below in element.iter() if local_name(below) in names]


def text_of(element: Element | None) -> str:
    """All text in an element, as one line; empty for None."""
    return " ".join("".join(_strings(element)).split()) if element is not None else ""


def names_of(element: Element) -> str:
    """The text of an element whose parts are names and titles, parted by commas: a byline, a place."""
    texts = [element.text or "", *(part for child in element for part in (text_of(child), child.tail or ""))]
    return ", ".join(dict.fromkeys(line for text in texts if (line := " ".join(text.split()).strip(" ,"))))


def paragraphs_of(element: Element | None, leave_out: frozenset[str] = _LEFT_OUT) -> list[str]:
    """The paragraphs of an element: its blocks, with table rows as one paragraph each.

    Two line breaks in a row part paragraphs; a single one, as in hard-wrapped wire text, does not.

    Args:
        element: The element; None has no paragraphs.
        leave_out: Local names, in lower case, of elements below it that are not prose.
    """
    if element is None:
        return []
    pieces: list[str] = []
    _collect(element, pieces, leave_out)
    return _split("".join(pieces))


def looks_like_html(text: str) -> bool:
    """Whether a text has tags in it, and not just a stray angle bracket."""
    return bool(_TAG.search(text))


def fragment_paragraphs(html: str, *, newlines_part: bool = False) -> list[str]:
    """The paragraphs of a fragment of HTML, or of plain text that stands where HTML is allowed.

    Args:
        html: The fragment.
        newlines_part: Whether a line break in the source parts paragraphs, as in WordPress posts.
    """
    from lxml import html as lxml_html

    source = html.replace("\r\n", "\n").replace("\r", "\n")
    source = re.sub(r"\n+" if newlines_part else r"\n[ \t]*\n\s*", "<p>", source)
    if not source.strip():
        return []
    # A processing instruction or a NUL would end what the HTML parser sees.
    # No instruction ends behind the last bracket; to look there for the end of many is what would take long.
    closed = source.rfind(">") + 1
    source = re.sub(r"<\?[^>]*>|[\x00\x01]", "", source[:closed]) + re.sub(r"[\x00\x01]", "", source[closed:])
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    wrapped = f"<div>{source}</div>".encode("utf-8", "replace")
    try:
        root = lxml_html.document_fromstring(wrapped, parser=parser)
    except etree.ParserError:
        return []
    return paragraphs_of(root)


def fragment_line(html: str) -> str:
    """A fragment of HTML as one line of plain text."""
    return " ".join(fragment_paragraphs(html)) if "<" in html or "&" in html else " ".join(html.split())


def _collect(element: Element, pieces: list[str], leave_out: frozenset[str]) -> None:
    name = local_name(element).lower()
    if isinstance(element, etree._Entity):  # noqa: SLF001 - lxml has no public name for it
        pieces.append(html5.get(f"{element.name};", ""))
        return
    if not name or name in leave_out:
        return
    if name in _LINE_BREAKS:
        pieces.append("\1")
        return
    is_block = name in _BLOCKS
    pieces.append("\0" if is_block else "")
    pieces.append(element.text or "")
    for child in element:
        _collect(child, pieces, leave_out)
        pieces.append(child.tail or "")
    if is_block:
        pieces.append("\0")
    elif name in _CELLS:
        pieces.append(" ")


def _strings(element: Element) -> Iterator[str]:
    if isinstance(element, etree._Entity):  # noqa: SLF001 - lxml has no public name for it
        yield html5.get(f"{element.name};", "")
        return
    if not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        yield from _strings(child)
        yield child.tail or ""


def _split(text: str) -> list[str]:
    parted = re.sub(r"\x01(?:\s*\x01)+", "\0", text).replace("\1", " ")
    blocks = [block for piece in parted.split("\0") for block in _typed_blocks(piece)]
    return [line for block in blocks if (line := " ".join(block.split()))]


def _typed_blocks(text: str) -> list[str]:
    """The paragraphs of text typed into one element, each opening with an indented line among wrapped ones."""
    breaks = re.findall(r"\n([ \t]*)(?=\S)", text)
    if not any(indent == "" for indent in breaks) or not any(len(indent) >= _INDENT for indent in breaks):
        return [text]
    return re.split(r"\n(?=[ \t]{4,}\S|[ \t]*\n)", text)


def same_text(first: str, second: str) -> bool:
    """Whether two lines say the same, white space, case and closing punctuation aside."""
    return _key(first) == _key(second) != ""


def without_repeats(paragraphs: Iterable[str], *lines: str | None) -> list[str]:
    """Paragraphs without the leading ones that only repeat a headline, standfirst or byline."""
    rest = list(paragraphs)
    while rest and any(line and same_text(rest[0], line) for line in lines):
        rest.pop(0)
    return rest


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
