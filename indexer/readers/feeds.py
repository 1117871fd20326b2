"""RSS and Atom feeds, and the exports of WordPress (WXR), which are RSS."""

import io
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of
from indexer.readers.markup import fragment_line, fragment_paragraphs, xml_root_of
from indexer.readers.nitf import opened_with_furniture
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_ENTITY_DECLARATION = re.compile(r"<!ENTITY", re.IGNORECASE)
# RSS 1.0 and the two namespaces of RSS 0.90, which is still sent.
_RDF_FEEDS = ("purl.org/rss", "netscape.com/rdf/simple/0.9")
_POSTS = frozenset({"", "post", "page", "article", "news"})
_SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9_-]*(?:\s[^\[\]]*)?/?\](?!\()")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_SURROGATES = range(0xD800, 0xE000)
_CODE_POINT_DIGITS = 7  # of the last code point, in either notation


class FeedReader:
    """Reads RSS (0.9 to 2.0), Atom and WordPress exports, one article an entry."""

    name = "RSS or Atom"

    def recognises(self, content: Content) -> bool:
        """An XML file with the root element of a feed."""
        root = xml_root_of(content.head_text)
        return root in {"rss", "feed"} or (root == "RDF" and any(name in content.head_text for name in _RDF_FEEDS))

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article an entry."""
        import feedparser

        text, _ = decode(content.read_all(), options.encoding)
        if _ENTITY_DECLARATION.search(text):
            raise InputError(
                "declares XML entities, which are refused because they can be used to exhaust memory."
            )
        plain = _DECLARATION.sub("", text, count=1).lstrip()
        try:
            feed = feedparser.parse(
                io.BytesIO(_CHARACTER.sub(_possible, plain).encode("utf-8", "replace")),
                response_headers={"content-type": "application/xml; charset=utf-8"},
                sanitize_html=False,
                resolve_relative_uris=False,
            )
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
            # What feedparser raises on feeds that are badly malformed is not part of its contract.
            raise InputError(f"a feed that cannot be read: {error}.") from None
        if not feed.entries:
            flaw = f" ({feed.bozo_exception})" if feed.get("bozo") else ""
            raise InputError(f"a feed without entries{flaw}.")
        is_export = "wordpress.org/export" in text[:8192]
        for number, entry in enumerate(feed.entries, start=1):
            origin = f"{content.origin}#{number}"
            try:
                yield finish(_draft(entry, feed.feed, is_export=is_export), origin, options)
            except InputError as error:
                yield Skipped(origin, str(error))
        if feed.get("bozo") and isinstance(feed.bozo_exception, Exception) and _is_broken(feed.bozo_exception):
            yield Skipped(content.origin, f"the feed is broken, and may have more entries: {feed.bozo_exception}.")


def _draft(entry: dict[str, Any], feed: Mapping[str, Any], *, is_export: bool) -> Draft:
    if is_export:
        _require_post(entry)
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    summary = str(entry.get("summary") or "")
    whole = max((*contents, ""), key=len) or summary
    if is_export:
        whole = _SHORTCODE.sub("", whole)
    paragraphs = fragment_paragraphs(whole, newlines_part=is_export)
    if not paragraphs:
        raise InputError("no text: the entry is empty.")
    headline = fragment_line(str(entry.get("title") or ""))
    names = [author.get("name") for author in entry.get("authors") or () if author.get("name")]
    byline = ", ".join(dict.fromkeys(names)) or entry.get("author")
    body = opened_with_furniture(paragraphs, headline, byline)
    if not body:
        raise InputError("no text: the entry is empty.")
    opening = dateline_of(body[0])
    standfirst = fragment_line(summary) if summary and whole != summary else None
    return Draft(
        id=entry.get("id"),
        headline=headline,
        is_headline_sure=True,
        body=join_quotations(body),
        standfirst=standfirst if standfirst and not " ".join(body).startswith(standfirst) else None,
        byline=byline_of(paragraphs[0]) or byline,
        dateline=opening.line if opening else None,
        source=_source(entry, feed),
        url=entry.get("link"),
        language=entry.get("language") or _content_language(entry) or feed.get("language"),
        section=next((tag.get("term") for tag in entry.get("tags") or () if tag.get("term")), None),
        published=(
            StatedDate(entry.get("published"), "feed: published"),
            StatedDate(
                entry.get("wp_post_date_gmt") and f"{entry['wp_post_date_gmt']}Z", "WordPress: post_date_gmt"
            ),
            StatedDate(entry.get("created"), "feed: created"),
            StatedDate(dict.get(entry, "updated"), "feed: updated"),
        ),
    )


def _require_post(entry: Mapping[str, Any]) -> None:
    status = str(entry.get("wp_status") or "publish")
    kind = str(entry.get("wp_post_type") or "")
    if entry.get("wp_attachment_url") or kind == "attachment":
        raise InputError("no text: an attachment.")
    if kind not in _POSTS:
        raise InputError(f"not an article: WordPress calls it {kind!r}.")
    if status != "publish":
        raise InputError(f"not published: its status is {status!r}.")
    if entry.get("wp_post_password"):
        raise InputError("not published: it is protected by a password.")


def _source(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> str | None:
    own = entry.get("source") or {}
    title = own.get("title") if isinstance(own, Mapping) else None
    return title or feed.get("title") or feed.get("publisher")


def _content_language(entry: Mapping[str, Any]) -> str | None:
    details = (*(entry.get("content") or ()), entry.get("title_detail") or {})
    return next((detail.get("language") for detail in details if detail.get("language")), None)


def _possible(reference: re.Match[str]) -> str:
    """A reference to a character by its number; U+FFFD, as HTML has it, where there is no such character."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    number = (
        int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= _CODE_POINT_DIGITS else sys.maxunicode + 1
    )
    return reference[0] if 0 < number <= sys.maxunicode and number not in _SURROGATES else "\ufffd"


def _is_broken(error: Exception) -> bool:
    return "SAX" in type(error).__name__
