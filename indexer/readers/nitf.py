"""NITF, the News Industry Text Format (IPTC, versions 2.5 to 3.6)."""

import re
from collections.abc import Iterator

from indexer.published import StatedDate
from indexer.readers.clearance import embargo_of, refusal_of
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions
from indexer.readers.draft import Draft, correction_of, finish
from indexer.readers.furniture import byline_of, without_sign_off
from indexer.readers.markup import (
    Element,
    descend,
    find_all,
    fragment_paragraphs,
    local_name,
    names_of,
    paragraphs_of,
    parse_xml,
    text_of,
    without_repeats,
    xml_root_of,
)
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_MARKUP = re.compile(r"</?(?:div|span|p|a|script|iframe|img|strong|em|blockquote)\b[^<>]*>", re.IGNORECASE)


class NitfReader:
    """Reads NITF files, one article a file."""

    name = "NITF"

    def recognises(self, content: Content) -> bool:
        """An XML file with the root element `nitf`."""
        return xml_root_of(content.head_text) == "nitf"

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        root = parse_xml(content.read_all(), options.encoding)
        yield finish(draft_of_nitf(root, options), content.origin, options)


def draft_of_nitf(root: Element, options: ReadOptions) -> Draft:
    """Read an `nitf` element, which may stand inside another format.

    Published is, in this order: `pubdata@date.publication`, `date.issue`, `date.release`, `story.date`.

    An item that is cancelled or withheld makes a draft without a text, which withdraws it and the item that it
    names; one that is not, and names another that is, is in the place of the other.

    Raises:
        InputError: If the item is under embargo or has no text.
    """
    docdata = descend(root, "head", "docdata")
    head, body_head = descend(root, "head"), descend(root, "body", "body.head")
    published = (
        StatedDate(_attribute(descend(head, "pubdata"), "date.publication"), "NITF pubdata date.publication"),
        StatedDate(_first_attribute(docdata, "date.issue", "norm"), "NITF date.issue"),
        StatedDate(_first_attribute(docdata, "date.release", "norm"), "NITF date.release"),
        StatedDate(_first_attribute(body_head, "story.date", "norm"), "NITF story.date"),
    )
    identifier = _attribute(descend(docdata, "doc-id"), "id-string")
    version = _attribute(descend(docdata, "du-key"), "version")
    note = _attribute(descend(docdata, "ed-msg"), "info")
    other = _attribute(docdata, "management-doc-idref")
    other_refused = refusal_of(_attribute(docdata, "management-idref-status"))
    if refused := refusal_of(_attribute(docdata, "management-status")):
        return Draft(
            body="",
            id=identifier,
            published=published,
            version=version,
            source=_source(root),
            editors_note=note,
            refused=refused,
            withdraws=(other,) if other else (),
        )
    embargo = None
    if (_attribute(docdata, "management-status") or "").lower() == "embargoed":
        embargo = embargo_of(_attribute(descend(docdata, "date.release"), "norm") or "an unknown time", options)
    paragraphs = paragraphs_of(descend(root, "body", "body.content"))
    headline = text_of(descend(body_head, "hedline", "hl1")) or text_of(descend(head, "title"))
    standfirst = " ".join(paragraphs_of(descend(body_head, "abstract")))
    byline = _byline(body_head)
    body = opened_with_furniture(paragraphs, headline, byline)
    if not body:
        raise InputError("no text: its body.content is empty.")
    opening = dateline_of(body[0])
    correction = descend(docdata, "correction")
    corrected = _attribute(correction, "id-string")
    return Draft(
        id=identifier,
        headline=headline,
        is_headline_sure=True,
        body=join_quotations(without_sign_off(body)),
        standfirst=standfirst,
        byline=byline or byline_of(paragraphs[0]),
        dateline=_dateline(body_head) or (opening.line if opening else None),
        source=_source(root),
        url=_attribute(descend(head, "pubdata"), "ex-ref"),
        language=_language(root),
        section=_section(head),
        published=published,
        version=version,
        supersedes=corrected or (other if other_refused else None),
        notice=correction_of(_attribute(correction, "info") or (corrected and f"corrects {corrected}")),
        editors_note=note,
        embargo=embargo,
        rights=_attribute(descend(docdata, "doc.rights"), "limitations"),
    )


def opened_with_furniture(paragraphs: list[str], headline: str, byline: str | None) -> list[str]:
    """Paragraphs without an opening headline or byline that is stated elsewhere or is nothing else.

    Markup that was put into a paragraph as text, such as the code of an embedded post, is taken off.
    """
    clean = [
        part for line in paragraphs for part in (fragment_paragraphs(line) if _MARKUP.search(line) else [line])
    ]
    body = without_repeats(clean, headline, byline, f"By {byline}")
    while body and byline_of(body[0]):
        body = body[1:]
    return body


def _byline(body_head: Element | None) -> str | None:
    stated = ", ".join(line for element in find_all(body_head, "byline") if (line := names_of(element)))
    return re.sub(r"^By(?:,\s*|\s+)", "", stated, flags=re.IGNORECASE) or None


def _dateline(body_head: Element | None) -> str | None:
    dateline = next(iter(find_all(body_head, "dateline")), None)
    if dateline is None:
        return None
    days = " ".join(text_of(element) for element in find_all(dateline, "story.date"))
    places = [element for element in dateline if local_name(element) != "story.date"]
    place = ", ".join(
        dict.fromkeys(text for element in places for part in ([*element] or [element]) if (text := text_of(part)))
    ) or (text_of(dateline) if not days else "")
    day = days if days and not days[:8].isdigit() else ""
    return ", ".join(part for part in (place, day) if part).strip(" -–—") or None


def _source(root: Element) -> str | None:
    head, body_head = descend(root, "head"), descend(root, "body", "body.head")
    docdata = descend(head, "docdata")
    candidates = (
        text_of(descend(body_head, "distributor")),
        _attribute(descend(head, "pubdata"), "name"),
        _attribute(descend(docdata, "doc-id"), "regsrc"),
        text_of(descend(body_head, "rights", "rights.owner")),
        (_attribute(descend(docdata, "doc.copyright"), "holder") or "").partition(". ")[0],
        _attribute(descend(docdata, "doc.rights"), "owner"),
        _first_attribute(docdata, "from-src", "src-name"),
    )
    return next((candidate for candidate in candidates if candidate), None)


def _section(head: Element | None) -> str | None:
    named = _attribute(descend(head, "pubdata"), "position.section")
    subjects = find_all(descend(head, "tobject"), "tobject.subject")
    return named or next(
        (subject for element in subjects if (subject := _attribute(element, "tobject.subject.type"))), None
    )


def _language(root: Element) -> str | None:
    for element in (root, descend(root, "body"), descend(root, "body", "body.content")):
        if element is not None:
            tag = element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("baselang")
            if tag:
                return str(tag)
    return None


def _attribute(element: Element | None, name: str) -> str | None:
    return None if element is None else element.get(name)


def _first_attribute(element: Element | None, tag: str, name: str) -> str | None:
    return next((value for found in find_all(element, tag) if (value := found.get(name))), None)
