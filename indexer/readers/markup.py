"""Markup to paragraphs of plain text: XML as agencies send it, and fragments of HTML.

Nothing is fetched, no DTD is loaded, and no entity is expanded but those of HTML.

Content systems keep texts as trees of blocks: Arc (`content_elements`), Chorus (`components`), Drupal, Sanity,
Contentful, Editor.js, Draft.js, Lexical and Slate all keep an object a block, with its kind, its text or its
children. A block's kind says whether it is prose; what is another story, a picture, an embed or an invitation to
subscribe is not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
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
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w.-]+)")
_DEEPEST = 40
_MOST_BLOCKS = 50_000
_KINDS = ("type", "__typename", "_type", "nodeType", "kind", "blockType", "block_type", "component", "__component")
_NOT_PROSE = re.compile(
    r"link_?list|inter_?stitial|related|gallery|image|picture|photo|video|audio|podcast|embed|oembed|social|"
    r"tweet|instagram"
    r"|youtube|iframe|raw_?html|script|code|map|chart|graphic|divider|separator|horizontal|^hr$|newsletter|"
    r"subscri|sign_?up|paywall"
    r"|promo|advert|^ads?$|button|cta|call_?to_?action|recommend|read_?more|also_?read|more_?on|sidebar|poll|"
    r"quiz|correction_box"
    r"|reference|custom_embed|^file|attachment|toc|table_of_contents|author|bio",
    re.IGNORECASE,
)
_HEADING = re.compile(r"head(?:er|ing|line)|^h[1-6]$|title", re.IGNORECASE)
_INLINE = re.compile(
    r"^(?:text|span|link|hyperlink|a|strong|em|bold|italic|autolink|inline.*|linebreak|mark.*)$", re.IGNORECASE
)
_TEXTS = (
    "html",
    "processed",
    "content",
    "text",
    "value",
    "plaintext",
    "plain_text",
    "body",
    "contents",
    "line",
    "quote",
    "paragraph",
    "copy",
)
_CHILDREN = (
    "root", "document", "blocks", "components", "content_elements", "children", "paragraphs", "items", "content",
        "contents",
    "elements", "body", "data", "value", "nodes", "sections", "text", "line", "quote",
)  # fmt: skip


def xml_root_of(head: str) -> str | None:
    """The local name of the first element of an XML or HTML text; None when it does not begin with one."""
    position = 0
    while prolog := _PROLOG.match(head, position):
        position = prolog.end()
    root = _ROOT.match(head, position)
    return root[1] if root else None


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


def paragraphs_of_blocks(value: Any) -> list[str]:
    """Find the paragraphs in a tree of blocks; none where there is no prose in it, or the tree is too deep.

    Args:
        value: An object or a list, as parsed from JSON.
    """
    found: list[str] = []
    for number, paragraph in enumerate(_walk(value, 0)):
        if number >= _MOST_BLOCKS:
            break
        if paragraph.strip():
            found.append(paragraph)
    return found


def _walk(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, list):
        if value and all(_is_inline(entry) for entry in value):
            yield "".join(_inline(entry, depth + 1) for entry in value)
            return
        for entry in value:
            if isinstance(entry, (str, list, Mapping)):
                yield from _walk(entry, depth + 1)
    elif isinstance(value, Mapping):
        yield from _of_block(value, depth)


def _of_block(block: Mapping[str, Any], depth: int) -> Iterator[str]:
    kind = _kind(block)
    if _NOT_PROSE.search(kind) and not _HEADING.search(kind):
        return
    text = next((block[name] for name in _TEXTS if isinstance(block.get(name), str) and block[name].strip()), None)
    if text is not None:
        yield from _of_text(text)
        return
    for name in _CHILDREN:
        inner = block.get(name)
        if isinstance(inner, (list, Mapping)) and inner:
            yield from _walk(inner, depth + 1)
            return


def _of_text(text: str) -> list[str]:
    return fragment_paragraphs(text) if looks_like_html(text) or "&" in text else text.split("\n\n")


def _kind(block: Mapping[str, Any]) -> str:
    return next((str(block[name])[:60] for name in _KINDS if isinstance(block.get(name), str)), "")


def _is_inline(entry: Any) -> bool:
    """Whether a node is a run of text within a paragraph."""
    if not isinstance(entry, Mapping):
        return False
    kind = _kind(entry)
    has_text = isinstance(entry.get("text"), str) or isinstance(entry.get("value"), str)
    if kind:
        return bool(_INLINE.match(kind)) and (
            has_text or isinstance(entry.get("children") or entry.get("content"), list)
        )
    return set(entry) <= {"text", "bold", "italic", "underline", "code", "strike", "strikethrough"} and has_text


def _inline(entry: Mapping[str, Any], depth: int) -> str:
    for name in ("text", "value"):
        if isinstance(entry.get(name), str):
            return str(entry[name])
    inner = entry.get("children") or entry.get("content")
    if depth > _DEEPEST or not isinstance(inner, list):
        return " "
    return "".join(_inline(child, depth + 1) for child in inner if isinstance(child, Mapping))
