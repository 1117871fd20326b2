"""The lines of a web page in order, where its headline stands among them, and what is of other stories.

Dates and leads are looked for by where they stand; both need the page as a reader sees it, line by line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.readers.markup import Element, local_name, same_text, text_of

DATED_ATTRIBUTES = ("datetime", "content", "title", "data-datetime", "data-date", "data-time", "data-timestamp",
    "data-published", "data-publish-date", "data-pubdate", "data-utc", "data-iso", "unixtime")  # fmt: skip
"""Attributes in which elements state a date, best first."""

_TELLING_CHARS = 20  # of a part of a headline, from which it is no accident
_NOT_HERE = frozenset(
    "nav aside footer form script style noscript figure figcaption iframe select template svg button".split()
)
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|aside|related|recirc\w*|recommend\w*|teasers?|promo\w*|popular|trending|"
    r"most-?(?:read|popular|viewed)|read-?(?:more|next|also)|comments?|comment-?list|disqus"
    r"|widget|gallery|slideshow|carousel|caption|advert\w*|ads?|banner|sponsor\w*|weather|ticker|breaking|"
    r"calendar|archives?|menu|nav(?:bar|igation)?|footer|copyright|latest|more-?(?:news|stories)|headlines|"
    r"newsletter|events?|livefeed|stock\w*)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAY_BE_DATED = re.compile(r"nav|menu|widget|banner|headlines|archives?|breaking", re.IGNORECASE)
_TITLED_NAME = re.compile(
    r"(?:^|[\s_-])(?:headline|entry-title|article-?title|post-?title|story-?title|title)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote section article header main table tr "
    "td th span time a address center b strong em i small abbr font".split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, and the element that holds it."""

    text: str
    element: Element


def lines_of(root: Element) -> list[Line]:
    """The lines of a page in order, each with the element that holds it, those of other places left out."""
    body = next((element for element in root.iter("body")), root)
    lines: list[Line] = []
    waiting: list[Element] = [body]
    while waiting:
        element = waiting.pop()
        name = local_name(element).lower()
        if not name or name in _NOT_HERE or _names_elsewhere(element):
            continue
        inner = [child for child in element if isinstance(child.tag, str)]
        own = " ".join(
            part for part in (element.text, *(child.tail for child in element)) if part and part.strip()
        )
        whole = text_of(element) if len(inner) <= 12 else ""  # noqa: PLR2004
        is_leaf = not any(
            local_name(child).lower()
            in _BLOCKS - {"a", "b", "strong", "em", "i", "span", "time", "small", "abbr", "font"}
            for child in inner
        )
        if own.strip() or (is_leaf and whole):
            text = whole if is_leaf and whole else " ".join(own.split())
            lines.append(Line(text, element))
            if is_leaf:
                continue
        elif name in {"time", "abbr"} or any(element.get(attribute) for attribute in DATED_ATTRIBUTES[3:]):
            lines.append(Line("", element))
        waiting.extend(reversed(inner))
    return lines


def _names_elsewhere(element: Element) -> bool:
    if local_name(element).lower() in {"body", "html", "article", "main", "h1"}:
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    found = _ELSEWHERE.search(named)
    if found is None or any(True for _ in element.iter("h1")):
        return False
    # "nav meta" is how some call the line of the date.
    return not (
        _MAY_BE_DATED.search(found[0])
        and re.search(
            r"(?:^|[\s_-])(?:meta|date|time|byline|published|pub-?date|dateline)(?:$|[\s_-])", named, re.IGNORECASE
        )
    )


def is_elsewhere(element: Element) -> bool:
    """Tell whether an element lies in a part of the page that is not of its article: a sidebar, a list of stories."""  # noqa: E501
    node = element
    while node is not None and isinstance(node.tag, str):
        if local_name(node).lower() in {"aside", "nav"} or _names_elsewhere(node):
            return True
        node = node.getparent()
    return False


def headline_at(lines: Sequence[Line], headline: str | None) -> int | None:
    """Where the headline of the article stands among the lines."""
    ranked: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        heading = next(
            (
                element
                for element in (line.element, *elements_above(line.element, 3))
                if re.fullmatch("h[1-4]", local_name(element).lower())
            ),
            None,
        )
        level = int(local_name(heading)[1]) if heading is not None else 5
        named = any(
            _TITLED_NAME.search(element.get("class") or "") or element.get("itemprop") == "headline"
            for element in (line.element, *elements_above(line.element, 1))
        )
        if (
            headline
            and line.text
            and (
                same_text(line.text, headline)
                or (
                    len(line.text) > _TELLING_CHARS
                    and (line.text in headline or headline in line.text)
                    and len(line.text) < 2 * len(headline)
                )
            )
        ):
            ranked.append((level - (2 if named else 0), number))
        elif level == 1 and line.text:
            ranked.append((6, number))
    return min(ranked)[1] if ranked else None


def elements_above(element: Element, levels: int) -> Iterator[Element]:
    """The elements that an element lies in, from the inmost out, at most so many."""
    node = element.getparent()
    for _ in range(levels):
        if node is None or not isinstance(node.tag, str):
            return
        yield node
        node = node.getparent()
