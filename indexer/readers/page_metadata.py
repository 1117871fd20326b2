"""What a web page says about itself: JSON-LD, meta elements, time elements."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from indexer.canonical import address_of_article, is_of_a_site
from indexer.published import StatedDate
from indexer.readers.markup import Element, fragment_line, text_of
from indexer.readers.page_dates import dates_of_page
from search.errors import InputError

_ARTICLE_TYPES = re.compile(r"\w*(?:Article|Posting|Report)")
_TITLE_MARKS = r"\s+(?:[|»«·•—–-]|--|::)\s+|\s*[|｜：]\s*"
_MAX_BLOCKS = 40
_PROSE_CHARS = 90
_ENDS = frozenset(".!?…。！？।။۔؟")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about itself.

    Attributes:
        published: StatedDate of its publication, best first.
        is_front_page: Whether it says that it is not an article but a way to articles.
        stated_body: The text that its JSON-LD states.
        root: The page, parsed.
        linked: The article in its JSON-LD; empty if there is none.
    """

    headline: str | None
    description: str | None
    byline: str | None
    source: str | None
    url: str | None
    language: str | None
    section: str | None
    published: tuple[StatedDate, ...]
    is_front_page: bool
    stated_body: str | None
    root: Element
    linked: Mapping[str, Any]


def metadata_of(page: str, url: str | None, now: datetime) -> PageMetadata:
    """Read a page's metadata.

    Args:
        page: The HTML.
        url: Where it came from, if known.
        now: The moment of reading, which bounds the dates that are looked for in the page.

    Raises:
        InputError: If there is no HTML in it.
    """
    from lxml import html as lxml_html
    from trafilatura import extract_metadata

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise InputError(f"an HTML page that cannot be read: {error}.") from None
    meta = _meta(root)
    linked = _article_among([block for block in _linked_data(root) if _is_article(block)], root)
    found = extract_metadata(page, default_url=url)
    known: dict[str, Any] = found.as_dict()
    source = _source(meta, linked, known, url)
    stated = _addresses(root, meta, linked)
    canonical = address_of_article(stated, _base(root, url))
    headline = _headline(root, meta, linked, known, source)
    language = _language(root, meta, linked)
    return PageMetadata(
        headline=headline,
        description=_first(meta, "og:description", "description", "twitter:description"),
        byline=_byline(linked, meta, known, source),
        source=source,
        url=canonical,
        language=language,
        section=_text(linked.get("articleSection")) or _first(meta, "article:section", "section"),
        published=dates_of_page(root, linked, meta, url or canonical, headline, language, now),
        is_front_page=_is_front(root, url, stated, linked, meta),
        stated_body=_stated_body(linked),
        root=root,
        linked=linked,
    )


def _meta(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (
            element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        )
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: Mapping[str, str], *names: str) -> str | None:
    return next((fragment_line(meta[name]) for name in names if meta.get(name)), None)


def _linked_data(root: Element) -> Iterator[Mapping[str, Any]]:
    """All JSON-LD objects, those in lists and graphs too."""
    scripts = [element for element in root.iter("script") if "ld+json" in (element.get("type") or "")]
    for script in scripts[:_MAX_BLOCKS]:
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < 10 * _MAX_BLOCKS:
            seen += 1
            block = waiting.pop(0)
            if isinstance(block, list):
                waiting.extend(block)
            elif isinstance(block, Mapping):
                yield block
                waiting.extend(
                    block[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in block
                )


def _article_among(blocks: Sequence[Mapping[str, Any]], root: Element) -> Mapping[str, Any]:
    """The article of the page among those that its JSON-LD names, such as those it points to; empty if none is it."""  # noqa: E501
    if len(blocks) <= 1:
        return blocks[0] if blocks else {}
    headings = {_key(text) for element in root.iter("h1", "title") if (text := text_of(element))}
    named = [
        block
        for block in blocks
        if (headline := _key(_text(block.get("headline")) or ""))
        and any(headline in heading or heading in headline for heading in headings if heading)
    ]
    return max(named or blocks[:1], key=lambda block: ("datePublished" in block, len(block)))


def _stated_body(linked: Mapping[str, Any]) -> str | None:
    body = linked.get("articleBody")
    return body if isinstance(body, str) and body.strip() else None


def _is_article(block: Mapping[str, Any]) -> bool:
    kinds = block.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name.rpartition("/")[2]) for name in names)


def _text(value: Any) -> str | None:
    """The text of a JSON-LD value: a string, an object's name, or those of a list."""
    if isinstance(value, str):
        return fragment_line(value) or None
    if isinstance(value, Mapping):
        return _text(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        texts = dict.fromkeys(text for entry in value if (text := _text(entry)))
        return ", ".join(texts) or None
    return None


def _headline(
    root: Element, meta: Mapping[str, str], linked: Mapping[str, Any], known: Mapping[str, Any], source: str | None
) -> str | None:
    marked = next((text for element in _marked_headlines(root) if (text := text_of(element))), None)
    stated = (
        _text(linked.get("headline")) or _first(meta, "og:title", "twitter:title") or marked or known.get("title")
    )
    title = text_of(next(root.iter("title"), None))
    headline = stated or title
    if not headline:
        return None
    headings = [text for element in root.iter("h1") if (text := text_of(element))]
    for heading in headings:
        if (
            len(heading.split()) > 1
            and heading != headline
            and (headline.startswith(heading) or heading in headline)
        ):
            return heading
    if headline in headings:
        return headline
    return _without_site(headline, source)


def _marked_headlines(root: Element) -> Iterator[Element]:
    """Elements that microdata or the hAtom microformat call the headline."""
    for element in root.iter():
        if isinstance(element.tag, str) and (
            element.get("itemprop") == "headline" or "entry-title" in (element.get("class") or "").split()
        ):
            yield element


def _without_site(headline: str, source: str | None) -> str:
    """A title without the name of the site before or after a mark: `Headline | The Paper`."""
    parts = re.split(f"({_TITLE_MARKS})", headline)
    names = {_key(name) for name in (source, (source or "").partition("|")[0]) if name}
    if parts[1:] and source:
        if any(name and (_key(parts[-1]) in name or name in _key(parts[-1])) for name in names):
            return "".join(parts[:-2])
        if _key(parts[0]) in names:
            return "".join(parts[2:])
        if headline.startswith(source):
            return headline[len(source) :].lstrip(" :|-–—»")
    if source and headline.startswith(source) and headline != source:
        return headline[len(source) :].lstrip(" :|-–—»") or headline
    return headline


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _byline(
    linked: Mapping[str, Any], meta: Mapping[str, str], known: Mapping[str, Any], source: str | None
) -> str | None:
    guessed = (known.get("author") or "").replace("; ", ", ")
    stated = (
        _text(linked.get("author"))
        or _first(meta, "author", "article:author_name", "byl", "dc.creator", "parsely-author")
        or (guessed if " " in guessed else "")
    )
    if (
        not stated
        or stated.startswith(("http://", "https://", "www."))
        or (source and _key(stated) == _key(source))
    ):
        return None
    return re.sub(r"^(?:[Bb]y|BY)\s+", "", stated)


def _source(
    meta: Mapping[str, str], linked: Mapping[str, Any], known: Mapping[str, Any], url: str | None
) -> str | None:
    titles = {_key(title) for title in (meta.get("og:title"), known.get("title")) if title}
    candidates = (
        _first(meta, "og:site_name"),
        _text(linked.get("publisher")),
        _first(meta, "application-name", "cre", "dc.publisher", "source"),
        known.get("sitename"),
    )
    named = next((name for name in candidates if name and _key(name) not in titles), None)
    if named:
        return named
    address = url or meta.get("og:url") or known.get("url") or ""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _addresses(root: Element, meta: Mapping[str, str], linked: Mapping[str, Any]) -> list[str]:
    """All that a page says of its own address, best first; where relative links start is none of it."""
    links = [
        element.get("href")
        for element in root.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    page = linked.get("mainEntityOfPage")
    named = page.get("@id") or page.get("url") if isinstance(page, Mapping) else page
    stated = (*links, meta.get("og:url"), linked.get("url"), named, linked.get("@id"), meta.get("twitter:url"))
    return [address.strip() for address in stated if isinstance(address, str) and address.strip()]


def _base(root: Element, url: str | None) -> str | None:
    """What relative addresses are relative to."""
    bases = [element.get("href") for element in root.iter("base") if element.get("href")]
    if not bases:
        return url
    try:
        return urljoin(url or "", str(bases[0]).strip())
    except ValueError:
        return url


def _language(root: Element, meta: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    return (
        _text(linked.get("inLanguage"))
        or root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _first(meta, "og:locale", "content-language", "language", "dc.language")
    )


def _is_front(
    root: Element, url: str | None, stated: Sequence[str], linked: Mapping[str, Any], meta: Mapping[str, str]
) -> bool:
    """Whether a page is the way to articles: it has the address of a site, and nothing says or shows an article.

    Sites also give each of their articles the address of their front page.
    """
    if (
        linked
        or meta.get("og:type", "").lower() == "article"
        or any(name.startswith("article:p") for name in meta)
    ):
        return False
    if url is not None:
        return is_of_a_site(url)
    named = [address for address in stated if address.startswith(("http://", "https://", "/"))]
    if not named or not all(is_of_a_site(address) or address == "/" for address in named):
        return False
    return not _shows_an_article(root)


def _shows_an_article(root: Element) -> bool:
    """Whether a page has one headline, and more prose than links."""
    if sum(1 for _ in root.iter("h1")) != 1 or sum(1 for _ in root.iter("article")) > 1:
        return False
    prose = linked = 0
    for element in root.iter("p", "a"):
        text = text_of(element)
        if element.tag == "a":
            linked += len(text)
        elif len(text) >= _PROSE_CHARS and text.rstrip("\"'”’»)")[-1:] in _ENDS:
            prose += len(text)
    return prose > linked and prose >= 2 * _PROSE_CHARS
