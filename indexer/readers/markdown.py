"""Markdown with front matter."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions
from indexer.readers.draft import Draft, finish
from indexer.readers.fields import draft_of_record, with_sidecar
from indexer.readers.markup import without_repeats
from indexer.readers.quotations import join_quotations
from search.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token

_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class MarkdownReader:
    """Reads Markdown files, one article a file, metadata from YAML front matter."""

    name = "Markdown"

    def recognises(self, content: Content) -> bool:
        """Front matter at the start, or the name of the file."""
        return content.suffix in _SUFFIXES or bool(_FRONT_MATTER.match(content.head_text))

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        options = with_sidecar(options, content)
        content.require_text()
        yield finish(draft_of_markdown(content.read_text(), options), content.origin, options)


def draft_of_markdown(text: str, options: ReadOptions) -> Draft:
    """Read front matter and prose; without a headline in the front matter, the first heading of level 1 is it.

    Raises:
        InputError: If the front matter is not valid YAML of plain values, or there is no text.
    """
    fields, prose = _front_matter(text)
    headings, paragraphs = plain_paragraphs(prose)
    if not paragraphs:
        raise InputError("no text: there is nothing but front matter.")
    draft = draft_of_record(
        {**fields, "body": "-"}, replace(options, fields=_without_body(options)), "front matter"
    )
    headline = draft.headline or next(iter(headings), "")
    return replace(draft, headline=headline, body=join_quotations(without_repeats(paragraphs, headline)))


def _without_body(options: ReadOptions) -> dict[str, str]:
    return {field: name for field, name in options.fields.items() if field != "body"}


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    import frontmatter
    import yaml

    try:
        # The package's own loader is PyYAML's CSafeLoader or SafeLoader: it makes plain values only.
        fields, prose = frontmatter.parse(text.lstrip("\ufeff"))
    except yaml.YAMLError as error:
        flaw = " ".join(str(error).split())
        raise InputError(f"its front matter is not valid YAML of plain values: {flaw}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"its front matter cannot be read: {error}.") from None
    return {str(name): value for name, value in fields.items()}, prose


def plain_paragraphs(markdown: str) -> tuple[list[str], list[str]]:
    """The headings of level 1, and all paragraphs with their markup taken off.

    Links and emphasis become their text; list items, table rows, headings and quotations paragraphs; pictures,
    code blocks and HTML are left out.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    headings: list[str] = []
    paragraphs: list[str] = []
    row: list[str] | None = None
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            paragraphs.append(" ".join(row or []))
            row = None
        elif token.type == "inline":
            text = _inline(token)
            if row is not None:
                row.append(text)
                continue
            if tokens[index - 1].type == "heading_open" and tokens[index - 1].tag == "h1":
                headings.append(text)
            paragraphs.append(text)
    return headings, [paragraph for paragraph in paragraphs if paragraph.strip()]


def _inline(token: "Token") -> str:
    pieces = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)
