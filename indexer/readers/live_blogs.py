"""Live blogs and tickers: pages whose posts were written at different times, each of which is known.

The posts are those that the page's JSON-LD lists (`liveBlogUpdate`) or those that it marks with a time each. A
page that calls itself a live blog and does not date its posts has no day from which its relative times could be
reckoned.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from indexer.moments import parse_published
from indexer.published import StatedDate
from indexer.readers.draft import DraftPart
from indexer.readers.furniture import is_label, is_notice, is_pointer
from indexer.readers.markup import Element, fragment_paragraphs, paragraphs_of, same_text, text_of
from indexer.readers.page_dates import is_date_line
from indexer.readers.page_lines import is_elsewhere

_LEAST_POSTS = 3
_MOST_POSTS = 5_000
_MOST_OF_TEXT = 0.6
_LEAST_CHARS = 40


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
        if lines and not is_teaser and sum(map(len, lines)) >= _LEAST_CHARS:
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
