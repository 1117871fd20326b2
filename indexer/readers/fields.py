"""From the fields of a record (JSON, CSV, Parquet, front matter) to those of an article."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from math import isnan
from pathlib import Path
from typing import Any

from indexer.canonical import clean_line
from indexer.published import StatedDate
from indexer.readers.clearance import refusal_of
from indexer.readers.content import SIDECAR_SUFFIX, Content, open_file
from indexer.readers.contract import ReadOptions, in_bytes
from indexer.readers.draft import Draft, correction_of
from indexer.readers.markup import fragment_line, fragment_paragraphs, looks_like_html, paragraphs_of_blocks
from indexer.readers.newsrooms import plain_record, require_published
from search.errors import InputError

#: Article field -> the names it is known by, best first; compared without case, `-` and spaces as `_`.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("_id", "id", "guid", "uri", "article_id", "docid", "doc_id", "uuid", "uid", "identifier"),
    "headline": ("headline", "title", "hed", "article_title", "subject_line", "web_title"),
    "body": (
        "body", "text", "body_text", "content", "article_text", "articlebody", "article_body", "full_text",
        "fulltext", "body_xhtml", "body_html", "content_html", "html", "article", "maintext", "story",
        "content_text", "content_elements", "plaintext",
    ),
    "published": (
        "published_at", "published", "date_published", "datepublished", "publication_date", "display_date",
        "first_publish_date", "publish_date",
        "published_date", "pubdate", "pub_date", "publishedat", "first_published",
        "webpublicationdate", "date_gmt", "date", "datetime",
        "date_publish", "versioncreated", "firstcreated", "post_date", "pubdatetime", "created_at", "createdat",
        "timestamp", "seendate",
    ),
    "standfirst": (
        "standfirst", "description", "summary", "abstract", "subtitle", "web_subtitle", "dek", "deck", "lede",
            "lead", "excerpt",
        "description_text", "snippet", "teaser",
    ),
    "byline": ("byline", "by", "authors", "author", "creator", "writer", "reporter"),
    "dateline": ("dateline",),
    "source": (
        "source", "publisher", "source_name", "provider", "agency", "publication", "site_name", "sitename",
        "outlet", "newspaper", "source_domain", "infosource",
    ),
    "url": ("url", "link", "canonical_url", "web_url", "source_url", "permalink", "href", "article_url"),
    "language": ("language", "lang", "language_code", "inlanguage", "locale"),
    "section": ("section", "section_name", "category", "desk", "categories", "topic", "articlesection"),
    "version": ("version", "revision"),
    "supersedes": ("supersedes", "replaces", "evolvedfrom"),
    "correction": ("correction", "corrections", "correction_text"),
    "status": ("pubstatus", "publication_status", "status"),
}  # fmt: skip
_MAX_BITS = 512  # of a number that is an identifier or a text
_MAX_SIDECAR_BYTES = 64 * 1024
_NAMES_WITHIN = (
    "name", "title", "processed", "value", "text", "_value", "rendered", "label", "display_name", "displayname",
    "full_name", "fullname", "basic", "main", "original", "html", "plain",
)  # fmt: skip
_NESTS = ("metadata", "meta", "article", "_source", "fields", "data")
_MARKUP_NAMES = ("html", "xhtml", "rendered")


def with_sidecar(options: ReadOptions, content: Content) -> ReadOptions:
    """The options with the field mapping that a sidecar beside the file declares, if there is one.

    A sidecar is a TOML file `<file name>.fields.toml` of lines `article_field = "field in the record"`, with
    `date_order = "dmy"` or `"mdy"` and `encoding` besides.

    Raises:
        InputError: If the sidecar cannot be read or names something unknown.
    """
    sidecar = content.path.with_name(content.path.name + SIDECAR_SUFFIX)
    # A part of a file has none: a name from inside an archive must open nothing.
    stated = read_sidecar(content.path) if content.held is None else None
    if stated is None:
        check_targets(options.fields, "the declared fields")
        return options
    try:
        declared = tomllib.loads(stated.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"its field mapping {sidecar} cannot be read: {error}.") from None
    date_order = declared.pop("date_order", options.date_order)
    encoding = declared.pop("encoding", options.encoding)
    if encoding is not None and not isinstance(encoding, str):
        raise InputError(f"{sidecar}: encoding is {encoding!r}.", "It must be the name of an encoding.")
    if date_order not in (None, "dmy", "mdy"):
        raise InputError(f"{sidecar}: date_order is {date_order!r}.", 'It must be "dmy" or "mdy".')
    if not all(isinstance(name, str) and name for name in declared.values()):
        raise InputError(f"{sidecar}: every value must be the name of a field in the record.")
    check_targets(declared, str(sidecar))
    check_targets(options.fields, "the declared fields")
    return replace(options, fields={**options.fields, **declared}, date_order=date_order, encoding=encoding)


def read_sidecar(path: Path) -> bytes | None:
    """The content of the sidecar beside a file; None when there is none.

    Raises:
        InputError: If it is no regular file, cannot be opened, or is too large to be one.
    """
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not os.path.lexists(sidecar):
        return None
    try:
        with open_file(sidecar) as file:
            stated = file.read(_MAX_SIDECAR_BYTES + 1)
    except (InputError, OSError) as error:
        raise InputError(f"its field mapping {sidecar} cannot be read: {error}") from None
    if len(stated) > _MAX_SIDECAR_BYTES:
        raise InputError(f"its field mapping {sidecar} is larger than {in_bytes(_MAX_SIDECAR_BYTES)}.")
    return stated


def check_targets(fields: Mapping[str, str], where: str) -> None:
    """Refuse a mapping that names a field no article has.

    Raises:
        InputError: Naming the field.
    """
    unknown = sorted(set(fields) - set(ALIASES))
    if unknown:
        raise InputError(
            f"{where}: {', '.join(map(repr, unknown))} is no field of an article.",
            f"Known are {', '.join(ALIASES)}.",
        )


def require_columns(fields: Mapping[str, str], columns: list[str]) -> None:
    """Refuse a mapping that names a column the table does not have.

    Raises:
        InputError: Naming the column and those there are.
    """
    for field, name in fields.items():
        if name not in columns and name.split(".")[0] not in columns:
            raise InputError(
                f"has no column {name!r}, which is declared as {field}.", f"It has {_listed(columns)}."
            )


def draft_of_record(record: Mapping[str, Any], options: ReadOptions, kind: str) -> Draft:
    """Find the fields of an article in a record.

    Args:
        record: Field name -> value, values possibly nested.
        options: With the declared mapping.
        kind: What the record is, in words for people: `"JSON"`, `"front matter"`.

    Raises:
        InputError: If a declared field is not there, or no field holds a text.
    """
    remarks: tuple[str, ...] = ()
    if not options.fields:
        record, remarks = plain_record(record)
    names = {_folded(str(name)): name for name in reversed(list(record))}
    identifier = _identifier(_find(record, names, "id", options)[1])
    status = _find(record, names, "status", options)[1]
    refused = refusal_of(_line(status))
    published = tuple(
        StatedDate(_dated(value), clean_line(f"{kind}: {name}"))
        for name, value in _all(record, names, "published", options)
    )
    version = _identifier(_find(record, names, "version", options)[1])
    if refused:
        return Draft(body="", id=identifier, published=published, version=version, refused=refused)
    require_published(status)
    body_name, body = _find(record, names, "body", options)
    if body is None:
        if unread := next(
            (name for alias in ALIASES["body"] if (name := names.get(alias)) and not _is_empty(record[name])), None
        ):
            raise InputError(
                f"no text: its {str(unread)[:40]!r} is {_shape(record[unread])} in which no prose was found.",
                "Declare which field holds the text.",
            )
        raise InputError(
            f"no text: none of the fields known as a body is there (it has {_listed(record) or 'no fields'}).",
            "Declare which field holds the text.",
        )
    correction = _line(_find(record, names, "correction", options)[1])
    paragraphs = _body(body, body_name)
    if not paragraphs:
        raise InputError(
            f"no text: its {body_name[:40]!r} is {_shape(body)} in which no prose was found.",
            "Declare which field holds the text.",
        )
    return Draft(
        body=paragraphs,
        published=published,
        headline=_line(_find(record, names, "headline", options)[1]),
        id=identifier,
        standfirst=_line(_find(record, names, "standfirst", options)[1]),
        byline=_line(_find(record, names, "byline", options)[1]),
        dateline=_line(_find(record, names, "dateline", options)[1]),
        source=_line(_find(record, names, "source", options)[1]),
        url=_line(_find(record, names, "url", options)[1]),
        language=_line(_find(record, names, "language", options)[1]),
        section=_line(_find(record, names, "section", options)[1], only_first=True),
        version=version,
        supersedes=_identifier(_find(record, names, "supersedes", options)[1]),
        notice=correction_of(correction),
        rights=_line(record.get("rights")) if isinstance(record.get("rights"), str) else None,
        remarks=remarks,
    )


def _shape(value: Any) -> str:
    return "an object" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a value"


def _find(
    record: Mapping[str, Any], names: Mapping[str, str], field: str, options: ReadOptions
) -> tuple[str, Any]:
    return next(iter(_all(record, names, field, options)), ("", None))


def _all(
    record: Mapping[str, Any], names: Mapping[str, str], field: str, options: ReadOptions
) -> list[tuple[str, Any]]:
    declared = options.fields.get(field)
    if declared is not None:
        value = record[declared] if declared in record else _down(record, declared)
        return [(declared, value)] if not _is_empty(value) else []
    found = [
        (names[alias], record[names[alias]])
        for alias in ALIASES[field]
        if alias in names and not _is_empty(record[names[alias]])
    ]
    if field == "body":
        found = [(name, value) for name, value in found if isinstance(value, str) or _body(value, name)]
    if found:
        return found
    for nest in _NESTS:
        inner = record.get(names.get(nest, nest))
        if isinstance(inner, Mapping):
            inner_names = {_folded(str(name)): name for name in inner}
            within = [
                (f"{nest}.{inner_names[alias]}", inner[inner_names[alias]])
                for alias in ALIASES[field]
                if alias in inner_names and not _is_empty(inner[inner_names[alias]])
            ]
            if within:
                return within
    return []


def _down(record: Mapping[str, Any], path: str) -> Any:
    value: Any = record
    for step in path.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise InputError(f"has no field {path!r}, which is declared.", f"It has {_listed(record)}.")
    return value


def _listed(names: Iterable[object]) -> str:
    return ", ".join(str(name)[:40] for name in islice(names, 12))


def _folded(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, float) and isnan(value))


def _text_in(value: Any, *, is_name: bool = False) -> str | None:
    """A text, or the text in an object such as `{"name": ...}` or `{"rendered": ...}`; a number as one, but no name."""  # noqa: E501
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        folded = {str(name).lower(): inner for name, inner in value.items()}
        found = next((folded[name] for name in _NAMES_WITHIN if isinstance(folded.get(name), str)), None)
        parts = [folded.get("first_name"), folded.get("last_name")]
        return found or " ".join(part for part in parts if isinstance(part, str)) or None
    return _written(value) if isinstance(value, (int, float)) and not is_name else None


def _written(number: float) -> str | None:
    """A number in digits; None for a truth value and for what Python refuses to write for its length."""
    is_long = isinstance(number, int) and number.bit_length() > _MAX_BITS
    return None if is_long or isinstance(number, bool) else str(number)


def _body(value: Any, name: str) -> list[str] | str:
    """The paragraphs of a body: a text, an object that holds one, a list of paragraphs or a tree of blocks."""
    if isinstance(value, str):
        return _paragraphs(value, name)
    if isinstance(value, Mapping) and (text := _text_in(value)):
        return _paragraphs(text, name)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [paragraph for part in value for paragraph in _paragraphs(part, name)]
    return paragraphs_of_blocks(value)


def _paragraphs(text: str, name: str) -> list[str]:
    is_markup = any(mark in name.lower() for mark in _MARKUP_NAMES)
    if is_markup or (_starts_with_tag(text) and looks_like_html(text)):
        return fragment_paragraphs(text)
    return [text]


def _starts_with_tag(text: str) -> bool:
    return text.lstrip()[:1] == "<"


def _line(value: Any, *, only_first: bool = False) -> str | None:
    if isinstance(value, (list, tuple)):
        parts = [part for item in value if (part := _text_in(item, is_name=True))]
        return ", ".join(parts[:1] if only_first else parts) or None
    text = _text_in(value)
    return fragment_line(text) if text and looks_like_html(text) else text


def _identifier(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("$oid", "id", "value", "_value") if name in value), None)
    if isinstance(value, str):
        return value
    return _written(value) if isinstance(value, int) else None


def _dated(value: Any) -> object:
    if isinstance(value, Mapping):
        return next((value[name] for name in ("$date", "value", "date", "iso") if name in value), None)
    return value if isinstance(value, (str, int, float, date, datetime)) else None
