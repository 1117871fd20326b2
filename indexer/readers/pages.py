"""Web pages: the article of an HTML page, without what stands around it, and the posts of a live blog.

The posts are those that the page's JSON-LD lists (`liveBlogUpdate`) or those that it marks with a time each. A
page that calls itself a live blog and does not date its posts has no day from which its relative times could be
reckoned.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from indexer.moments import parse_published
from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, DraftPart, finish
from indexer.readers.furniture import byline_of, is_label, is_notice, is_pointer
from indexer.readers.markup import Element, fragment_paragraphs, paragraphs_of, same_text, text_of, xml_root_of
from indexer.readers.page_body import body_of
from indexer.readers.page_dates import is_date_line
from indexer.readers.page_lines import is_elsewhere
from indexer.readers.page_metadata import metadata_of
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
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
_LEAST_POSTS = 3
_MOST_POSTS = 5_000
_MOST_OF_TEXT = 0.6
_LEAST_POST_CHARS = 40


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


def is_live_blog(linked: Mapping[str, Any]) -> bool:
    """Tell whether a page's JSON-LD calls it a live blog."""
    kinds = linked.get("@type")
    return any("LiveBlog" in str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def posts_of_page(
    root: Element, linked: Mapping[str, Any], paragraphs: Sequence[str], now: datetime
) -> tuple[DraftPart, ...]:
    """Find the posts of a live blog, and what else it says; empty for a page that is none.

    Args:
        root: The page.
        linked: The article in its JSON-LD.
        paragraphs: The text that was found on the page.
        now: The moment of reading.
    """
    marked = _marked_posts(root, now)
    listed = _listed_posts(linked)
    if is_live_blog(linked):
        posts = marked if len(marked) > 1 and _length(marked) >= _length(listed) / 2 else listed or marked
        if not posts:
            return (DraftPart(text=tuple(paragraphs)),) if paragraphs else ()
    elif _is_run_of_posts(marked, paragraphs):
        posts = marked
    else:
        return ()
    known = {_key(line) for post in posts for line in post.text}
    rest = tuple(
        line
        for line in paragraphs
        if _key(line) not in known and not any(_key(line) == _key(post.heading or "") for post in posts)
    )
    return (*((DraftPart(text=rest),) if rest else ()), *posts)


def _is_run_of_posts(posts: Sequence[DraftPart], paragraphs: Sequence[str]) -> bool:
    """Whether posts with times make up most of a text and are of more than one day."""
    days = {str(post.published[0].stated)[:10] for post in posts if post.published}
    if len(posts) < _LEAST_POSTS or len(days) < 2:  # noqa: PLR2004
        return False
    known = {_key(line) for post in posts for line in post.text}
    found = sum(len(line) for line in paragraphs if _key(line) in known)
    return found >= _MOST_OF_TEXT * max(1, sum(map(len, paragraphs)))


def _listed_posts(linked: Mapping[str, Any]) -> list[DraftPart]:
    updates = linked.get("liveBlogUpdate")
    posts = []
    for update in (updates if isinstance(updates, list) else [updates])[:_MOST_POSTS]:
        if not isinstance(update, Mapping):
            continue
        body = next(
            (update[name] for name in ("articleBody", "text", "description") if isinstance(update.get(name), str)),
            "",
        )
        heading = update.get("headline") if isinstance(update.get("headline"), str) else None
        lines = _cleaned(fragment_paragraphs(body) or [], heading)
        if lines:
            stated = tuple(
                StatedDate(update.get(name), f"JSON-LD liveBlogUpdate {name}")
                for name in ("datePublished", "dateModified")
                if update.get(name)
            )
            posts.append(DraftPart(text=_with_heading(heading, lines), published=stated, heading=heading))
    return posts


def _marked_posts(root: Element, now: datetime) -> list[DraftPart]:
    """The largest run of neighbouring elements of which each has a time of its own and prose."""
    times = [
        element for element in root.iter("time", "abbr")
        if element.get("datetime") and not is_elsewhere(element) and parse_published(element.get("datetime"), "", now)  # noqa: E501
    ][:_MOST_POSTS]  # fmt: skip
    if len(times) < 2:  # noqa: PLR2004
        return []
    within: dict[Element, int] = {}
    for time in times:
        for above in time.iterancestors():
            within[above] = within.get(above, 0) + 1
    runs: dict[Element, list[tuple[Element, Element]]] = {}
    for time in times:
        post = time
        while (above := post.getparent()) is not None and within.get(above, 0) == 1:
            post = above
        if above is not None and post is not time:
            runs.setdefault(above, []).append((post, time))
    largest = max(runs.values(), key=len, default=[])
    posts = []
    for element, time in largest:
        heading = next((text_of(inner) for inner in element.iter("h2", "h3", "h4", "h5") if text_of(inner)), None)
        is_teaser = any(text_of(link) and same_text(text_of(link), heading or "") for link in element.iter("a"))
        lines = _cleaned(paragraphs_of(element), heading, text_of(time))
        if lines and not is_teaser and sum(map(len, lines)) >= _LEAST_POST_CHARS:
            stated = (StatedDate(time.get("datetime"), "time of the post"),)
            posts.append(DraftPart(text=_with_heading(heading, lines), published=stated, heading=heading))
    return posts


def _cleaned(lines: Sequence[str], *besides: str | None) -> list[str]:
    return [
        line
        for line in lines
        if not (
            is_label(line)
            or is_notice(line)
            or is_pointer(line)
            or is_date_line(line)
            or re.fullmatch(r"[\d:.\s]+", line)
        )
        and not any(other and same_text(line, other) for other in besides)
    ]


def _with_heading(heading: str | None, lines: Sequence[str]) -> tuple[str, ...]:
    return (heading, *lines) if heading else tuple(lines)


def _length(posts: Sequence[DraftPart]) -> int:
    return sum(len(line) for post in posts for line in post.text)


def _key(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()
