"""ninjs, News in JSON (IPTC, versions 1, 2 and 3), and the Associated Press's items that resemble it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from indexer.published import StatedDate
from indexer.readers.clearance import (
    embargo_of,
    kind_without_text,
    prohibited_in,
    refusal_of,
    require_finding_allowed,
    require_mining_allowed,
)
from indexer.readers.contract import ReadOptions
from indexer.readers.draft import Draft, correction_of
from indexer.readers.furniture import byline_of, without_sign_off
from indexer.readers.markup import fragment_line, fragment_paragraphs
from indexer.readers.nitf import opened_with_furniture
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_MARKS = ("versioncreated", "pubstatus", "body_xhtml", "description_text", "bodies", "headlines", "renditions")
_MINING = ("datamining", "data_mining", "constraints", "linkedrights", "encodedrights")
_MINING_CODE = re.compile(r"\bDMI-[A-Z]+(?:-[A-Z]+)*")
_DEEPEST = 12
_BODIES = ("body_xhtml", "body_html", "body_text")


def lower_case(record: Mapping[str, Any], depth: int = 0) -> Mapping[str, Any]:
    """A record with its names in lower case, as before version 3 of ninjs, which writes `versionCreated`."""
    if depth > _DEEPEST:
        return record
    return {str(name).lower(): _lowered(value, depth) for name, value in record.items()}


def _lowered(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return lower_case(value, depth + 1)
    return (
        [_lowered(entry, depth + 1) for entry in value] if isinstance(value, list) and depth <= _DEEPEST else value
    )


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a record is ninjs: it says so, or has a `type` and two more of its particular properties."""
    standard = record.get("standard")
    if isinstance(standard, Mapping) and str(standard.get("name", "")).lower() == "ninjs":
        return True
    named = "uri" in record or "guid" in record
    return named and isinstance(record.get("type"), str) and any(mark in record for mark in _MARKS)


def draft_of_ninjs(record: Mapping[str, Any], options: ReadOptions) -> Draft:
    """Read one item.

    Published is, in this order: `versioncreated` (when this version, whose text this is, was issued),
    `contentcreated`, `firstcreated`.

    An item that is cancelled or withheld makes a draft without a text, which withdraws it.

    Raises:
        InputError: If the item is no text, is under embargo, or its text is elsewhere.
    """
    kind = kind_without_text(_text(record, "type"))
    if kind:
        raise InputError(f"no text: {kind}.")
    published = tuple(
        StatedDate(record.get(name), f"ninjs {name}")
        for name in ("versioncreated", "contentcreated", "firstcreated")
    )
    identifier = _text(record, "uri") or _text(record, "guid")
    stated = record.get("version")
    version = stated if isinstance(stated, str | int) else None
    note = fragment_line(_text(record, "ednote") or "")
    if refused := refusal_of(_text(record, "pubstatus")):
        return Draft(
            body="", id=identifier, published=published, version=version, editors_note=note, refused=refused
        )
    # Version 3 renamed it.
    embargo = embargo_of(_text(record, "embargoeduntil") or _text(record, "embargoed"), options)
    require_mining_allowed(_mining(record))
    for holder in _objects(record.get("rightsinfo")):
        require_finding_allowed(prohibited_in(_text(holder, "encodedrights") or ""))
    paragraphs = _paragraphs(record)
    if not paragraphs:
        if record.get("type") in {"composite", "package"}:
            raise InputError("no text: a package of references to other items.")
        raise InputError(
            "no text: its text is in other files." if record.get("renditions") else "no text: its body is empty."
        )
    headline = fragment_line(_text(record, "headline") or _preferred(record.get("headlines")) or "")
    writers = (
        _text(record, "byline") or _text(record, "by") or _names(record.get("bylines") or record.get("authors"))
    )
    byline = (byline_of(writers) or writers) if writers else None
    body = opened_with_furniture(paragraphs, headline, byline)
    if not body:
        raise InputError("no text: its body is empty.")
    opening = dateline_of(body[0])
    return Draft(
        id=identifier,
        headline=headline or _text(record, "title") or _text(record, "name"),
        is_headline_sure=True,
        body=join_quotations(without_sign_off(body)),
        standfirst=_standfirst(record),
        byline=byline or byline_of(paragraphs[0]),
        dateline=opening.line if opening else _text(record, "located"),
        source=_source(record),
        url=_text(record, "url") or _text(record, "canonical"),
        language=_text(record, "language"),
        section=_section(record),
        published=published,
        version=version,
        supersedes=_text(record, "evolvedfrom"),
        notice=correction_of(_correction(record, note)),
        editors_note=note,
        embargo=embargo,
        rights=_text(record, "usageterms") or _linked_rights(record) or _text(record, "copyrightnotice"),
    )


def _linked_rights(record: Mapping[str, Any]) -> str | None:
    """The address of what says which rights there are; it is shown, not followed."""
    return next(
        (link for holder in _objects(record.get("rightsinfo")) if (link := _text(holder, "linkedrights"))), None
    )


def _mining(record: Mapping[str, Any]) -> str | None:
    """What an item says of data mining.

    The standard has no property of it, only links to rights and expressions of them in another language; users of
    the format write the codes of PLUS in these and in properties of their own.
    """
    holders = (record, *_objects(record.get("rightsinfo")), *_objects(record.get("restrictions")))
    for stated in (holder.get(name) for holder in holders for name in _MINING):
        for value in stated if isinstance(stated, list) else [stated]:
            if isinstance(value, Mapping):
                value = value.get("uri") or value.get("code") or value.get("value")  # noqa: PLW2901
            if isinstance(value, str) and (code := _MINING_CODE.search(value.upper())):
                return code[0]
    return None


def _correction(record: Mapping[str, Any], note: str) -> str | None:
    """What a signal of a correction stands for: the note to editors, or the signal's own name."""
    for signal in _objects(record.get("signals")):
        name = _text(signal, "name") or _text(signal, "code") or ""
        if "correct" in name.lower():
            return note or name
    return None


def _paragraphs(record: Mapping[str, Any]) -> list[str]:
    for name in _BODIES:
        text = _text(record, name)
        if text and (paragraphs := fragment_paragraphs(text) if name != "body_text" else _plain(text)):
            return paragraphs
    bodies = [body for body in _objects(record.get("bodies")) if _text(body, "value")]
    for body in sorted(bodies, key=lambda body: "html" not in str(body.get("contenttype", ""))):
        text = _text(body, "value") or ""
        is_html = "html" in str(body.get("contenttype", "")) or text.lstrip().startswith("<")
        if paragraphs := fragment_paragraphs(text) if is_html else _plain(text):
            return paragraphs
    return []


def _plain(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _standfirst(record: Mapping[str, Any]) -> str | None:
    for name in ("description_text", "description_html", "description_summary"):
        text = _text(record, name)
        if text:
            return fragment_line(text)
    return fragment_line(_preferred(record.get("descriptions"), "summary") or "") or None


def _source(record: Mapping[str, Any]) -> str | None:
    return (
        _text(record, "source")
        or _text(record, "provider")
        or _names(record.get("infosources"))
        or _names(record.get("infosource"))
        or _text(record, "copyrightholder")
    )


def _section(record: Mapping[str, Any]) -> str | None:
    for name in ("service", "subject", "subjects"):
        for entry in _objects(record.get(name)):
            relations = entry.get("rels") or [entry.get("rel")]
            label = _text(entry, "name")
            if label and len(label) > 1 and (name == "service" or "category" in relations):
                return label
    return None


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _objects(value: Any) -> list[Mapping[str, Any]]:
    entries: Iterable[Any] = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _preferred(value: Any, role: str = "main") -> str | None:
    """The `value` of the entry with this role, or of the first."""
    entries = [entry for entry in _objects(value) if _text(entry, "value")]
    chosen = sorted(entries, key=lambda entry: role not in str(entry.get("role", "")))
    return _text(chosen[0], "value") if chosen else None


def _names(value: Any) -> str | None:
    names = [_text(entry, "name") or _text(entry, "byline") for entry in _objects(value)]
    return ", ".join(name for name in names if name) or None
