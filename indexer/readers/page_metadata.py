"""What a web page says about itself: JSON-LD, meta elements, time elements."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from indexer.published import StatedDate
from indexer.readers.markup import Element, fragment_line, text_of
from search.errors import InputError

_ARTICLE_TYPES = re.compile(r"\w*(?:Article|Posting|Report)")
_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "dcterms.issued",
    "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "sailthru.date", "parsely-pub-date",
    "publish-date", "publishdate", "publish_date", "publication_date", "published_time", "published-date",
    "pubdate",
    "article.published", "article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime",
    "rnews:datepublished", "ptime", "date", "bt:pubdate", "weibo:article:create_at", "firstpublished",
)  # fmt: skip
_TITLE_MARKS = r"\s+(?:[|»«·•—–-]|--|::)\s+|\s*[|｜：]\s*"
_MAX_BLOCKS = 40
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about itself.

    Attributes:
        published: StatedDate of its publication, best first.
        is_front_page: Whether it says that it is not an article but a way to articles.
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
    linked = next((block for block in _linked_data(root) if _is_article(block)), {})
    found = extract_metadata(page, default_url=url)
    known: dict[str, Any] = found.as_dict()
    source = _source(meta, linked, known, url)
    canonical = _canonical(root, meta, known)
    headline = _headline(root, meta, linked, known, source)
    return PageMetadata(
        headline=headline,
        description=_first(meta, "og:description", "description", "twitter:description"),
        byline=_byline(linked, meta, known, source),
        source=source,
        url=canonical,
        language=_language(root, meta, linked),
        section=_text(linked.get("articleSection")) or _first(meta, "article:section", "section"),
        published=_published(root, page, meta, linked, now, url or canonical, headline),
        is_front_page=_is_front(url or canonical, linked, meta),
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


def _canonical(root: Element, meta: Mapping[str, str], known: Mapping[str, Any]) -> str | None:
    links = [
        element.get("href") for element in root.iter("link") if (element.get("rel") or "").lower() == "canonical"
    ]
    candidates = (*links, meta.get("og:url"), known.get("url"))
    return next((url for url in candidates if url and url.startswith(("http://", "https://"))), None)


def _language(root: Element, meta: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    return (
        _text(linked.get("inLanguage"))
        or root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _first(meta, "og:locale", "content-language", "language", "dc.language")
    )


def _is_front(url: str | None, linked: Mapping[str, Any], meta: Mapping[str, str]) -> bool:
    """Whether the address is that of a site, and the page does not call itself an article."""
    if url is None or linked or meta.get("og:type", "").lower() == "article":
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and parts.path.strip("/").lower() in {
        "",
        "index.html",
        "index.htm",
        "index.php",
        "home",
    }


def _published(
    root: Element,
    page: str,
    meta: Mapping[str, str],
    linked: Mapping[str, Any],
    now: datetime,
    url: str | None,
    headline: str | None,
) -> tuple[StatedDate, ...]:
    evidence = [StatedDate(_text(linked.get("datePublished")), "JSON-LD datePublished")]
    evidence += [StatedDate(meta.get(name), f"meta {name}") for name in _PUBLISHED_META if name in meta]
    for element in root.iter():
        if element.get("itemprop") == "datePublished" if isinstance(element.tag, str) else False:
            stated = element.get("datetime") or element.get("content") or text_of(element)
            evidence.append(StatedDate(stated, "itemprop datePublished"))
    evidence += [
        StatedDate(element.get("datetime"), "time pubdate")
        for element in root.iter("time")
        if element.get("pubdate") is not None
    ]
    if any(piece.stated for piece in evidence):
        return tuple(evidence)
    times = {element.get("datetime") for element in root.iter("time") if element.get("datetime")}
    if len(times) == 1:
        evidence.append(StatedDate(times.pop(), "time datetime"))
    return (*evidence, StatedDate(_searched(page, now, url, headline), "page (htmldate)"))


def _searched(page: str, now: datetime, url: str | None, headline: str | None) -> str | None:
    """The day that htmldate finds, if the page states it unambiguously: it also guesses."""
    from htmldate import find_date

    day = find_date(
        page,
        url=url,
        original_date=True,
        extensive_search=False,
        max_date=now.strftime("%Y-%m-%d"),
        outputformat="%Y-%m-%d",
    )
    if day is None:
        return None
    # A date above the headline is as a rule the day on which the page was looked at.
    top, body = page.find("<body"), page.find(headline[:40], max(0, page.find("<body"))) if headline else -1
    body = body if body >= 0 else page.find("<h1", max(0, top))
    from_headline = f"{page[: max(0, top)]} {page[body:]}" if body >= 0 else page
    return str(day) if _states(f"{url or ''} {from_headline}", date.fromisoformat(day)) else None


def _states(page: str, day: date) -> bool:
    """Whether a page states a day in a form that can mean no other."""
    year, month, number = day.year, day.month, day.day
    numeric = [
        rf"{year}[-/.]0?{month}[-/.]0?{number}(?!\d)",
        rf"(?<!\d){year}{month:02}{number:02}",
        rf"{year}年0?{month}月0?{number}日",
    ]
    if number > _MONTHS_A_YEAR:
        numeric += [rf"(?<!\d){number}[-/.]0?{month}[-/.]{year}", rf"(?<!\d)0?{month}[-/.]{number}[-/.]{year}"]
    name = f"{day:%b}[a-z]*"
    written = [
        rf"{name}\.?\s+0?{number}(?:st|nd|rd|th)?,?\s+{year}",
        rf"(?<!\d)0?{number}(?:st|nd|rd|th)?\s+{name}\.?,?\s+{year}",
    ]
    return any(re.search(form, page, re.IGNORECASE) for form in (*numeric, *written))
