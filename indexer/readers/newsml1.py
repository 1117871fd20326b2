"""NewsML 1.x (IPTC, 2000 to 2004)."""

import re
from collections.abc import Iterator

from indexer.published import StatedDate
from indexer.readers.clearance import kind_without_text, refusal_of
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of, without_sign_off
from indexer.readers.markup import (
    Element,
    children,
    descend,
    find_all,
    fragment_paragraphs,
    paragraphs_of,
    parse_xml,
    text_of,
    xml_root_of,
)
from indexer.readers.nitf import opened_with_furniture
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_REVISION = re.compile(r"^(urn:newsml:[^:]+:[^:]+:.+):[0-9]+[A-Za-z]?$")


class NewsMl1Reader:
    """Reads NewsML 1.x files, one article for each news item with text."""

    name = "NewsML 1"

    def recognises(self, content: Content) -> bool:
        """An XML file with the root element `NewsML`."""
        return xml_root_of(content.head_text) == "NewsML"

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article for each news item."""
        root = parse_xml(content.read_all(), options.encoding)
        items = children(root, "NewsItem")
        if not items:
            raise InputError("NewsML without news items.")
        envelope = descend(root, "NewsEnvelope")
        for number, item in enumerate(items, start=1):
            origin = f"{content.origin}#{number}" if len(items) > 1 else content.origin
            try:
                yield finish(draft_of_news_item(item, envelope), origin, options)
            except InputError as error:
                yield Skipped(origin, str(error))


def draft_of_news_item(item: Element, envelope: Element | None) -> Draft:
    """Read one `NewsItem`.

    Published is, in this order: `ThisRevisionCreated`, `FirstCreated`, `DateLineDate`, `DateId`, and the
    `DateAndTime` of the envelope.

    An item that is cancelled or withheld makes a draft without a text, which withdraws it.

    Raises:
        InputError: If the item has no text.
    """
    management = descend(item, "NewsManagement")
    identifier = descend(item, "Identification", "NewsIdentifier")
    revision = text_of(descend(identifier, "RevisionId"))
    published = (
        StatedDate(text_of(descend(management, "ThisRevisionCreated")), "NewsML ThisRevisionCreated"),
        StatedDate(text_of(descend(management, "FirstCreated")), "NewsML FirstCreated"),
        StatedDate(_line(item, "DateLineDate"), "NewsML DateLineDate"),
        StatedDate(text_of(descend(identifier, "DateId")), "NewsML DateId"),
        StatedDate(text_of(descend(envelope, "DateAndTime")), "NewsML DateAndTime"),
    )
    if refused := refusal_of(_formal(descend(management, "Status"))):
        return Draft(body="", id=_id(identifier), published=published, version=revision, refused=refused)
    kinds = [_formal(element) for element in find_all(item, "MediaType")]
    paragraphs = _paragraphs(item)
    if not paragraphs:
        kind = next((kind for name in kinds if (kind := kind_without_text(name))), None)
        raise InputError(f"no text: {kind or 'its content is empty'}.")
    headline = _line(item, "HeadLine")
    byline = _line(item, "ByLine")
    body = opened_with_furniture(paragraphs, headline, byline)
    if not body:
        raise InputError("no text: its content is empty.")
    opening = dateline_of(body[0])
    dateline = _line(item, "DateLine").rstrip(" -")
    described = dateline_of(f"{dateline} - ") if dateline else None
    return Draft(
        id=_id(identifier),
        headline=headline,
        is_headline_sure=True,
        body=join_quotations(without_sign_off(body)),
        standfirst=_line(item, "SubHeadLine") or None,
        byline=byline_of(byline) or byline or byline_of(paragraphs[0]),
        dateline=(described.line if described else dateline if not dateline[:1].isdigit() else "")
        or (opening.line if opening else None),
        source=_source(item, identifier),
        language=_language(item),
        section=None,
        published=published,
        version=revision,
    )


def _id(identifier: Element | None) -> str | None:
    """The item's public identifier without the number of its revision, which its versions do not share.

    RFC 3085: `urn:newsml:provider:date:item:revision` and a letter of how it updates, often left out.
    """
    public = text_of(descend(identifier, "PublicIdentifier"))
    return _REVISION.sub(r"\1", public) or None


def _paragraphs(item: Element) -> list[str]:
    """The text of the first content item that holds some."""
    for content_item in find_all(item, "ContentItem"):
        kind = kind_without_text(_formal(descend(content_item, "MediaType")))
        data = descend(content_item, "DataContent")
        if kind or data is None:
            continue
        body = next(iter(find_all(data, "body.content", "body")), data)
        paragraphs = fragment_paragraphs(body.text or "") if len(body) == 0 else paragraphs_of(body)
        if paragraphs:
            return paragraphs
    return []


def _line(item: Element, name: str) -> str:
    return next((text for element in find_all(item, name) if (text := text_of(element))), "")


def _formal(element: Element | None) -> str | None:
    return None if element is None else element.get("FormalName")


def _source(item: Element, identifier: Element | None) -> str | None:
    for name in ("Provider", "Source"):
        for element in find_all(item, name):
            party = _formal(descend(element, "Party"))
            if party:
                return party
    return text_of(descend(identifier, "ProviderId")) or None


def _language(item: Element) -> str | None:
    stated = next((_formal(element) for element in find_all(item, "Language")), None)
    return stated or item.get("{http://www.w3.org/XML/1998/namespace}lang")
