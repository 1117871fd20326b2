"""Plain wire text (a headline, perhaps a header, a byline, a dateline or a date line, then prose) and Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.canonical import canonical_body, clean_line
from indexer.moments import parse_published
from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions
from indexer.readers.draft import Draft, finish
from indexer.readers.fields import ALIASES, draft_of_record, with_sidecar
from indexer.readers.furniture import (
    byline_of,
    date_parts,
    is_count,
    is_label,
    left_out_of,
    without_sign_off,
)
from indexer.readers.markup import same_text, without_repeats
from indexer.readers.quotations import is_quotation, join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token


_HEADER_LINE = re.compile(r"(?P<key>[^\W\d_][\w -]{1,24}):\s+(?P<value>\S.*)")
_MAX_HEADLINE_CHARS = 200
_MAX_HEADLINE_WORDS = 30
_OPENING = 8  # paragraphs within which a text's own metadata stand
_SENTENCE_MARKS = (".", ",", ";", ":", "。", "…", "।")
_LONG_LINE = 100
_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class PlainTextReader:
    """Reads text files that are in no other format, one article a file."""

    name = "plain text"

    def recognises(self, content: Content) -> bool:
        """Any text is plain text, when no other reader knows it."""
        return bool(content.head)

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        content.require_text()
        yield finish(draft_of_text(content.read_text(), options), content.origin, options)


def draft_of_text(text: str, options: ReadOptions) -> Draft:
    """Part a plain text into its metadata and its prose.

    A paragraph is either kept whole or left out whole; nothing is cut from inside one. So a dateline that opens
    the first paragraph is noted, and stays.
    """
    header, rest = _header(text)
    found = draft_of_paragraphs(_paragraphs(rest), header.get("headline"), options)
    return replace(
        found,
        standfirst=header.get("standfirst") or found.standfirst,
        byline=header.get("byline") or found.byline,
        dateline=header.get("dateline") or found.dateline,
        source=header.get("source") or found.source,
        id=header.get("id"),
        url=header.get("url"),
        language=header.get("language"),
        section=header.get("section"),
        published=(StatedDate(header.get("published"), "header: date"), *found.published),
    )


def draft_of_paragraphs(paragraphs: Sequence[str], headline: str | None, options: ReadOptions) -> Draft:
    """Part the paragraphs of a text into its metadata and its prose.

    Args:
        paragraphs: All of them, in order.
        headline: Its headline, if it is known; else the first paragraph may be it.
        options: For the dates.
    """
    left = list(paragraphs)
    title = headline or ""
    if not title and len(left) > 1 and _is_headline(left[0]):
        title = left.pop(0)
    prose, found = _prose(left, title, options)
    body = tuple(join_quotations(without_sign_off(prose)))
    draft = replace(
        found, body=body, headline=title, left_out=left_out_of(paragraphs, (title, found.standfirst, *body))
    )
    if prose or not title:
        return draft
    return replace(draft, body=title, headline="")


def _header(text: str) -> tuple[dict[str, str], str]:
    """The block of `Key: value` lines that opens a text, by Article field, and the text after it."""
    block, _, rest = text.lstrip("\ufeff\n\r ").replace("\r\n", "\n").partition("\n\n")
    matches = [_HEADER_LINE.fullmatch(line.strip()) for line in block.split("\n") if line.strip()]
    found: dict[str, str] = {}
    for match in matches:
        if match is None:
            return {}, text
        key = match["key"].strip().lower().replace(" ", "_")
        field = next((field for field, names in ALIASES.items() if key in names and field != "body"), None)
        if field:
            found.setdefault(field, match["value"])
    return (found, rest) if found and rest.strip() else ({}, text)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs by blank lines; by indented lines or by lines where there are no blank lines."""
    body = canonical_body(text)
    lines = [line for line in text.splitlines() if line.strip()]
    if "\n\n" in body or len(lines) <= 1:
        return body.split("\n\n") if body else []
    indented = [line[:1] in "\t\u3000" or line.startswith("  ") for line in lines]
    if any(indented) and not all(indented):
        blocks: list[list[str]] = []
        for line, starts in zip(lines, indented, strict=True):
            if starts or not blocks:
                blocks.append([])
            blocks[-1].append(line)
        return [paragraph for block in blocks if (paragraph := clean_line(" ".join(block)))]
    full = sum(
        len(line) > _LONG_LINE or line.rstrip().endswith((*_SENTENCE_MARKS[:1], "!", "?", '"', "”"))
        for line in lines
    )
    if full * 2 >= len(lines):
        return [paragraph for line in lines if (paragraph := clean_line(line))]
    return [body]


def _is_headline(paragraph: str) -> bool:
    short = len(paragraph) <= _MAX_HEADLINE_CHARS and len(paragraph.split()) <= _MAX_HEADLINE_WORDS
    if not short or paragraph.endswith(_SENTENCE_MARKS) or is_quotation(paragraph):
        return False
    return not (dateline_of(paragraph) or byline_of(paragraph) or is_label(paragraph))


def _prose(paragraphs: Sequence[str], headline: str, options: ReadOptions) -> tuple[list[str], Draft]:
    """The paragraphs of prose, and what the others said."""
    found = Draft(body="")
    prose: list[str] = []
    for position, paragraph in enumerate(paragraphs):
        if is_label(paragraph) or is_count(paragraph) or (headline and same_text(paragraph, headline)):
            if headline and same_text(paragraph, headline):
                found, prose = _with_standfirst(found, prose, position)
            continue
        if position < _OPENING:
            stated = _date_line(paragraph, options)
            if stated is not None:
                found = replace(found, published=(*found.published, stated))
                found, prose = _with_standfirst(found, prose, position)
                continue
            byline = byline_of(paragraph)
            if byline and found.byline is None:
                found = replace(found, byline=byline)
                found, prose = _with_standfirst(found, prose, position)
                continue
            dateline = dateline_of(paragraph) if found.dateline is None else None
            if dateline:
                found = replace(
                    found,
                    dateline=dateline.line,
                    source=found.source or dateline.agency,
                    published=(*found.published, StatedDate(dateline.day, "dateline")),
                )
                if dateline.is_whole:
                    continue
        prose.append(paragraph)
    return prose, found


def _with_standfirst(found: Draft, prose: list[str], position: int) -> tuple[Draft, list[str]]:
    """The one paragraph between a headline and the byline, date line or repeated headline is the standfirst."""
    if len(prose) == 1 and found.standfirst is None and position < _OPENING:
        return replace(found, standfirst=prose[0]), []
    return found, prose


def _date_line(paragraph: str, options: ReadOptions) -> StatedDate | None:
    """The date in a line that holds a date, and besides it nothing but counts and a byline."""
    dates = date_parts(paragraph)
    if len(dates) != 1 or not any(character.isdigit() for character in dates[0]):
        return None
    parsed = parse_published(dates[0], "date line", options.now, date_order=options.date_order)
    return StatedDate(dates[0], "date line") if parsed else None


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
