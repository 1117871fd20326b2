"""Texts that content systems keep as trees of blocks, in whatever shape: paragraphs out of objects and lists.

Arc (`content_elements`), Chorus (`components`), Drupal, Sanity, Contentful, Editor.js, Draft.js, Lexical and Slate
all keep an object a block, with its kind, its text or its children. A block's kind says whether it is prose; what
is another story, a picture, an embed or an invitation to subscribe is not.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.readers.markup import fragment_paragraphs, looks_like_html

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
