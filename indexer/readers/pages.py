"""Web pages: the article of an HTML page, without what stands around it."""

import re
from collections.abc import Iterator
from typing import Any

from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of, dateline_of, is_label, without_sign_off
from indexer.readers.markup import paragraphs_of, same_text, without_repeats
from indexer.readers.page_metadata import PageMetadata, metadata_of
from indexer.readers.quotations import join_quotations
from indexer.readers.xml_kinds import xml_root_of
from search.errors import InputError

_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_TAGS = frozenset(
    "html head body meta title script noscript div p article main section h1 table link style".split()
)
_LEAST_CHARS = 60
_LITTLE_CHARS = 250  # below, what is found is searched for again with less suspicion
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # what lxml refuses in a text
_XHTML = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_REFRESH = re.compile(
    r"""<meta[^>]{1,300}?http-equiv\s*=\s*["']?refresh[^>]{1,300}?url\s*=\s*["']?([^"'>\s]{1,300})""",
    re.IGNORECASE,
)


class PageReader:
    """Reads HTML pages, one article a page."""

    name = "HTML"

    def recognises(self, content: Content) -> bool:
        """A doctype or root of HTML, an HTML element first, or the name of the file."""
        head = content.head_text
        if head.startswith("<?xml"):
            return bool(_XHTML.search(head[:2000]))
        root = (xml_root_of(head) or "").lower()
        return bool(_XHTML.match(head)) or root in _TAGS or (content.suffix in _SUFFIXES and bool(root))

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        content.require_text()
        page = content.read_all()
        yield finish(draft_of_page(page, None, options), content.origin, options)


def draft_of_page(page: bytes, url: str | None, options: ReadOptions, charset: str | None = None) -> Draft:
    """Find the article in a page.

    Args:
        page: The page as it came.
        url: Where it came from, if known; else the page's own canonical address is used.
        options: For the time bounds.
        charset: The encoding declared by the HTTP header.

    Raises:
        InputError: If the page is too large or cannot be decoded, or is no article: a front page, a redirect, a
            page without enough prose.
    """
    if len(page) > options.max_record_bytes:
        raise InputError(
            f"a page of {in_bytes(len(page))}, more than the limit of {in_bytes(options.max_record_bytes)} "
            "(max_record_bytes)."
        )
    text = _NOT_XML.sub(" ", decode(page, charset or options.encoding)[0])
    metadata = metadata_of(text, url, options.now)
    if metadata.is_front_page:
        raise InputError("not an article: its address is that of a front page.")
    paragraphs = _paragraphs(_extract(text, favor_precision=True))
    prose = _prose(paragraphs, metadata)
    if sum(map(len, prose)) < _LITTLE_CHARS:
        paragraphs = _paragraphs(_extract(text, favor_precision=False))
        prose = _prose(paragraphs, metadata)
    if sum(map(len, prose)) < _LEAST_CHARS:
        redirect = _REFRESH.search(text)
        raise InputError(
            f"not an article: it only redirects to {redirect[1]}."
            if redirect
            else "not an article: no prose was found in it."
        )
    opening = dateline_of(prose[0])
    return Draft(
        headline=metadata.headline,
        body=join_quotations(prose),
        standfirst=_standfirst(metadata.description, prose[0]),
        byline=metadata.byline or next((name for line in paragraphs[:4] if (name := byline_of(line))), None),
        dateline=opening.line if opening else None,
        source=metadata.source,
        url=url or metadata.url,
        language=metadata.language,
        section=metadata.section,
        published=(*metadata.published, StatedDate(opening.day if opening else None, "dateline")),
    )


def _extract(text: str, *, favor_precision: bool) -> Any:
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            text, with_metadata=False, include_comments=False, include_tables=False, include_images=False,
            include_links=False, favor_precision=favor_precision,
        )  # fmt: skip
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        # What trafilatura raises on pages that are badly malformed is not part of its contract.
        raise InputError(f"an HTML page that cannot be read: {error}.") from None


def _paragraphs(document: Any) -> list[str]:
    body = getattr(document, "body", None)
    return [] if body is None else paragraphs_of(body, leave_out=frozenset({"graphic", "comments"}))


def _prose(paragraphs: list[str], metadata: PageMetadata) -> list[str]:
    prose = [paragraph for paragraph in paragraphs if not is_label(paragraph)]
    prose = without_repeats(prose, metadata.headline, metadata.byline)
    while prose and byline_of(prose[0]):
        prose.pop(0)
    kept = [paragraph for paragraph in prose if not same_text(paragraph, metadata.headline or "")]
    return without_sign_off(kept) if kept else []


def _standfirst(description: str | None, opening: str) -> str | None:
    """A page's description, unless it only repeats how the text opens."""
    start = re.sub(r"\s*(?:\.{3}|…)?$", "", description or "")
    return description if start and not opening.startswith(start) else None
