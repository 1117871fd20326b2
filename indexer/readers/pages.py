"""Web pages: the article of an HTML page, without what stands around it."""

import re
from collections.abc import Iterator

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of, dateline_of
from indexer.readers.live_blogs import is_live_blog, posts_of_page
from indexer.readers.page_body import body_of
from indexer.readers.page_metadata import metadata_of
from indexer.readers.quotations import join_quotations
from indexer.readers.xml_kinds import xml_root_of
from search.errors import InputError

_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_TAGS = frozenset(
    "html head body meta title script noscript div p article main section h1 table link style".split()
)
_LEAST_CHARS = 60
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
    found = body_of(text, metadata.root, metadata.stated_body, metadata.headline, metadata.byline)
    prose = list(found.paragraphs)
    if sum(map(len, prose)) < _LEAST_CHARS and not is_live_blog(metadata.linked):
        redirect = _REFRESH.search(text)
        raise InputError(
            f"not an article: it only redirects to {redirect[1]}."
            if redirect
            else "not an article: no prose was found in it."
        )
    opening = dateline_of(prose[0]) if prose else None
    posts = posts_of_page(metadata.root, metadata.linked, prose, options.now)
    return Draft(
        parts=posts,
        headline=metadata.headline,
        body=join_quotations(prose),
        standfirst=_standfirst(metadata.description, prose[0] if prose else ""),
        is_headline_sure=True,
        byline=metadata.byline or next((name for line in found.opening if (name := byline_of(line))), None),
        dateline=opening.line if opening else None,
        source=metadata.source,
        url=url or metadata.url,
        language=metadata.language,
        section=metadata.section,
        published=metadata.published,
        remarks=found.remarks,
    )


def _standfirst(description: str | None, opening: str) -> str | None:
    """A page's description, unless it only repeats how the text opens."""
    start = re.sub(r"\s*(?:\.{3}|…)?$", "", description or "")
    return description if start and not opening.startswith(start) else None
