"""Exports of newsroom systems and of news services in JSON, brought into records of plain fields.

Known are Arc XP (ANS), WordPress (REST), Ghost (export and content API), Chorus, Drupal (JSON:API), JSON Feed,
NewsAPI, and the APIs of the Guardian and the New York Times. Each recognises its records by their shape and says
of an item that is not published, or of what stands in the place of an article, why it is none.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from indexer.readers.markup import fragment_line
from search.errors import InputError

Record = Mapping[str, Any]

_NOT_PUBLIC = frozenset(
    "draft pending private future scheduled trash archived unpublished auto-draft inherit review in-progress 0 "
    "false".split()
)
_CUT = re.compile(r"\s*(?:(?:…|\.{3})\s*)?\[\+\d+ chars\]\s*$")


def records_of(document: Any) -> list[Record] | None:
    """Find the records of a document of one of these systems that needs more than one list read; else None."""
    if not isinstance(document, Mapping):
        return None
    if _is_json_feed(document):
        return _of_json_feed(document)
    if (data := _ghost_data(document)) is not None:
        return list(_of_ghost(data))
    return _ans_stories(document)


def plain_record(record: Record) -> tuple[Record, tuple[str, ...]]:
    """Bring a record of one of these systems into plain fields; any other is returned as it is.

    Returns:
        The record, and what there is to remark of it.

    Raises:
        InputError: If it is no article that is published.
    """
    for is_one, plain in _SHAPES:
        if is_one(record):
            return _without_cut(plain(record))
    return _without_cut(record)


def require_published(status: Any) -> None:
    """Refuse a record whose status says that it is not published.

    Raises:
        InputError: Naming the status.
    """
    word = str(status if status is not None else "").strip().lower()
    if word in _NOT_PUBLIC:
        raise InputError(f"not published: its status is {word!r}.")


def _within(value: Any, *path: str | int) -> Any:
    """What lies down a path; None where it ends early."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _names(value: Any, *names: str) -> list[str]:
    """The names of persons or things in a list of objects."""
    entries = value if isinstance(value, list) else [value]
    found = [
        next((entry[name] for name in names if isinstance(entry.get(name), str) and entry[name].strip()), None)
        if isinstance(entry, Mapping)
        else entry
        for entry in entries
    ]
    return [name for name in found if isinstance(name, str) and name.strip()]


def _given(**fields: Any) -> Record:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _is_ans(record: Record) -> bool:
    return isinstance(record.get("content_elements"), list) and (
        isinstance(record.get("headlines"), Mapping) or "canonical_url" in record or record.get("type") == "story"
    )


def _ans_stories(document: Record) -> list[Record] | None:
    """The stories of a collection or of results of a search, which stand where a story has its paragraphs."""
    listed = document.get("content_elements")
    if not isinstance(listed, list) or isinstance(document.get("headlines"), Mapping):
        return None
    stories = [one for one in listed if isinstance(one, Mapping)]
    return stories if any(isinstance(one.get("headlines"), Mapping) for one in stories) else None


def _of_ans(record: Record) -> Record:
    kind = record.get("type")
    if isinstance(kind, str) and kind not in {"story", "article", "results", ""}:
        raise InputError(f"no text: ANS calls it a {kind}.")
    if _within(record, "revision", "published") is False:
        raise InputError("not published: its revision is a draft.")
    host = _within(record, "website_url") or record.get("canonical_url")
    return _given(
        id=record.get("_id"),
        headline=_within(record, "headlines", "basic") or _within(record, "headlines", "web"),
        standfirst=_within(record, "subheadlines", "basic") or _within(record, "description", "basic"),
        body=record["content_elements"],
        **{name: record.get(name) for name in ("display_date", "first_publish_date", "publish_date")},
        created_at=record.get("created_date"),
        byline=_names(_within(record, "credits", "by"), "name", "byline", "slug"),
        source=_within(record, "source", "name") or _within(record, "distributor", "name"),
        url=host,
        language=record.get("language"),
        section=_within(record, "taxonomy", "primary_section", "name")
        or _names(_within(record, "taxonomy", "sections"), "name"),
        rights=_within(record, "copyright") if isinstance(record.get("copyright"), str) else None,
    )


def _is_wordpress(record: Record) -> bool:
    return isinstance(_within(record, "title", "rendered"), str) and isinstance(record.get("content"), Mapping)


def _of_wordpress(record: Record) -> Record:
    require_published(record.get("status"))
    if _within(record, "content", "protected") is True:
        raise InputError("not published: it is protected by a password.")
    kind = record.get("type")
    if isinstance(kind, str) and kind in {"attachment", "nav_menu_item", "wp_block", "wp_template", "revision"}:
        raise InputError(f"not an article: WordPress calls it {kind!r}.")
    embedded = record.get("_embedded")
    in_utc = record.get("date_gmt")
    terms = [term for group in _within(embedded, "wp:term") or [] if isinstance(group, list) for term in group]
    sections = [term for term in terms if isinstance(term, Mapping) and term.get("taxonomy") in {None, "category"}]
    return _given(
        # Its number is one in its own site only.
        id=_within(record, "guid", "rendered") or (None if record.get("link") else record.get("id")),
        headline=fragment_line(record["title"]["rendered"]),
        body_html=_within(record, "content", "rendered") or _within(record, "content", "raw"),
        standfirst=_within(record, "excerpt", "rendered"),
        date_gmt=f"{in_utc}Z" if isinstance(in_utc, str) and in_utc and not in_utc.endswith("Z") else in_utc,
        date=record.get("date"),
        byline=_names(_within(embedded, "author"), "name", "display_name")
        or _names(record.get("author_name") or _within(record, "yoast_head_json", "author"), "name"),
        url=record.get("link"),
        language=record.get("lang") or record.get("language"),
        section=_names(sections, "name")[:1],
        source=_within(record, "yoast_head_json", "og_site_name"),
    )


def _is_chorus(record: Record) -> bool:
    return isinstance(_within(record, "body", "components"), list)


def _of_chorus(record: Record) -> Record:
    return _given(
        id=record.get("uid") or record.get("id"),
        headline=record.get("title"),
        standfirst=_within(record, "dek", "html"),
        body=_within(record, "body", "components"),
        published=record.get("publishDate") or record.get("publishedAt") or record.get("createdAt"),
        byline=_names(record.get("authorProfile") or record.get("author"), "name", "fullName", "fullOrUserName"),
        url=record.get("url"),
        section=_names(record.get("primaryCommunityGroup"), "name"),
        source=_within(record, "community", "name"),
    )


def _is_drupal(record: Record) -> bool:
    return (
        isinstance(record.get("attributes"), Mapping)
        and isinstance(record.get("type"), str)
        and "--" in record["type"]
    )


def _of_drupal(record: Record) -> Record:
    attributes = record["attributes"]
    if not str(record["type"]).startswith("node--"):
        raise InputError(f"not an article: Drupal calls it {record['type']!r}.")
    if attributes.get("status") is False:
        raise InputError("not published: its status is false.")
    alias = _within(attributes, "path", "alias")
    return _given(
        id=record.get("id"),
        headline=attributes.get("title"),
        standfirst=_within(attributes, "body", "summary") or _within(attributes, "field_summary"),
        body_html=_within(attributes, "body", "processed") or _within(attributes, "body", "value"),
        published=attributes.get("published_at") or attributes.get("created"),
        url=alias
        if isinstance(alias, str) and alias.startswith("http")
        else _within(record, "links", "self", "href"),
        language=attributes.get("langcode"),
        byline=_names(attributes.get("field_author") or attributes.get("field_byline"), "name"),
    )


def _is_guardian(record: Record) -> bool:
    return "webTitle" in record and "webUrl" in record


def _of_guardian(record: Record) -> Record:
    fields = record.get("fields")
    return _given(
        id=record.get("id"),
        headline=_within(fields, "headline") or record.get("webTitle"),
        standfirst=_within(fields, "standfirst") or _within(fields, "trailText"),
        body_html=_within(fields, "body"),
        body_text=_within(fields, "bodyText"),
        webPublicationDate=record.get("webPublicationDate"),
        byline=_within(fields, "byline"),
        url=record.get("webUrl"),
        section=record.get("sectionName"),
        source=_within(fields, "publication"),
        language=_within(fields, "lang"),
    )


def _is_times(record: Record) -> bool:
    return "web_url" in record and "pub_date" in record and isinstance(record.get("headline"), Mapping)


def _of_times(record: Record) -> Record:
    return _given(
        id=record.get("_id") or record.get("uri"),
        headline=_within(record, "headline", "main"),
        standfirst=record.get("abstract"),
        body=record.get("body") or record.get("lead_paragraph") or record.get("snippet"),
        pub_date=record["pub_date"],
        byline=_within(record, "byline", "original"),
        url=record["web_url"],
        section=record.get("section_name"),
        source=record.get("source"),
    )


def _is_newsapi(record: Record) -> bool:
    return "publishedAt" in record and isinstance(record.get("source"), Mapping) and "content" in record


def _of_newsapi(record: Record) -> Record:
    source = _within(record, "source", "name")
    title = record.get("title")
    if "[Removed]" in (title, source):
        raise InputError("not an article: '[Removed]' stands in its place.")
    if isinstance(title, str) and isinstance(source, str) and title.endswith(f" - {source}"):
        title = title.removesuffix(f" - {source}")
    return {
        **record,
        "title": title,
        "source": source,
        "author": record.get("author") if isinstance(record.get("author"), str) else None,
    }


_SHAPES: tuple[tuple[Callable[[Record], bool], Callable[[Record], Record]], ...] = (
    (_is_ans, _of_ans),
    (_is_wordpress, _of_wordpress),
    (_is_chorus, _of_chorus),
    (_is_drupal, _of_drupal),
    (_is_guardian, _of_guardian),
    (_is_times, _of_times),
    (_is_newsapi, _of_newsapi),
)


def _without_cut(record: Record) -> tuple[Record, tuple[str, ...]]:
    """A record whose texts are without the mark of a service that cuts them: `[+2345 chars]`."""
    cut = {name: value for name, value in record.items() if isinstance(value, str) and _CUT.search(value)}
    if not cut:
        return record, ()
    marks = ", ".join(re.sub(r"\D", "", value[-24:]) for value in cut.values())
    whole = {name: _CUT.sub("…", value) for name, value in cut.items()}
    return {**record, **whole}, (f"its service cut the text off: {marks} characters are missing.",)


def _is_json_feed(document: Record) -> bool:
    return "jsonfeed.org" in str(document.get("version", ""))[:100] and isinstance(document.get("items"), list)


def _of_json_feed(document: Record) -> list[Record]:
    """The items of a JSON Feed (versions 1 and 1.1), with what the feed says for all of them."""
    shared = _given(source=document.get("title"), language=document.get("language"))
    writers = _names(document.get("authors") or document.get("author"), "name")
    return [
        {
            **shared,
            **_given(
                id=item.get("id") if isinstance(item.get("id"), (str, int)) else None,
                url=item.get("url") or item.get("external_url"),
                headline=item.get("title"),
                body_html=item.get("content_html"),
                body_text=None if item.get("content_html") else item.get("content_text") or item.get("summary"),
                standfirst=item.get("summary") if item.get("content_html") or item.get("content_text") else None,
                published=item.get("date_published") or item.get("date_modified"),
                byline=_names(item.get("authors") or item.get("author"), "name") or writers,
                language=item.get("language"),
                section=_names(item.get("tags"), "name")[:1],
            ),
        }
        if isinstance(item, Mapping)
        else item
        for item in document["items"]
    ]


def _ghost_data(document: Record) -> Record | None:
    """The tables of a Ghost export or the answer of its content API."""
    databases = document.get("db")
    data = _within(databases, 0, "data") if isinstance(databases, list) else document.get("data")
    data = data if isinstance(data, Mapping) else document
    posts = data.get("posts")
    if not isinstance(posts, list) or not posts or not isinstance(posts[0], Mapping):
        return None
    first = posts[0]
    is_ghost = (
        "title" in first and any(mark in first for mark in ("mobiledoc", "lexical", "comment_id", "plaintext"))
    ) or (isinstance(databases, list) and "title" in first)
    return data if is_ghost else None


def _of_ghost(data: Record) -> Iterator[Record]:
    users = {user.get("id"): user.get("name") for user in _rows(data, "users")}
    tags = {tag.get("id"): tag.get("name") for tag in _rows(data, "tags")}
    writers: dict[Any, list[str]] = {}
    for row in _rows(data, "posts_authors"):
        if isinstance(name := users.get(row.get("author_id")), str):
            writers.setdefault(row.get("post_id"), []).append(name)
    tagged: dict[Any, list[str]] = {}
    for row in _rows(data, "posts_tags"):
        if isinstance(name := tags.get(row.get("tag_id")), str):
            tagged.setdefault(row.get("post_id"), []).append(name)
    for post in _rows(data, "posts"):
        number = post.get("id")
        yield _given(
            id=post.get("uuid") or number,
            headline=post.get("title"),
            standfirst=post.get("custom_excerpt"),
            body_html=post.get("html"),
            body_text=None if post.get("html") else post.get("plaintext"),
            published=post.get("published_at"),
            byline=_names(post.get("authors") or post.get("primary_author"), "name")
            or writers.get(number)
            or users.get(post.get("author_id")),
            url=post.get("url")
            if isinstance(post.get("url"), str) and str(post["url"]).startswith("http")
            else post.get("canonical_url"),
            section=_within(post, "primary_tag", "name") or tagged.get(number, [])[:1],
            status=post.get("status"),
            language=post.get("locale"),
        )


def _rows(data: Record, name: str) -> list[Record]:
    rows = data.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
