"""What a file would become, without indexing it: for somebody whose export is not read as they wish."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.moments import parse_published
from indexer.readers import InputFile, Reading, ReadOptions, Skipped
from indexer.readers.content import Content
from indexer.readers.decoding import decode
from indexer.readers.fields import ALIASES
from indexer.readers.json_records import records_in
from indexer.readers.page_body import left_out_of
from indexer.readers.page_metadata import metadata_of
from indexer.readers.registry import reader_of
from search.article import Article, Publication, Withdrawal
from search.english.headlines import opening_of
from search.errors import InputError

_RECORDS_LOOKED_AT = 20
_LEAST_PROSE_WORDS = 8
_MAX_HEADLINE_WORDS = 25


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paragraph of a file that is no part of its article.

    Attributes:
        reason: What it is.
        text: The paragraph.
    """

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class InspectedArticle:
    """An article as it would be stored.

    Attributes:
        article: The article.
        shown_as: The headline, or the opening of the body that stands in for it.
        left_out: What the file has beside the text.
    """

    article: Article
    shown_as: str
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file would become.

    Attributes:
        path: The file.
        format: What it is read as, in words for people; empty if it cannot be opened.
        articles: Its articles, in order.
        withdrawals: Articles that it withdraws.
        skipped: What of it could not be read, and why.
        suggested: Article field -> field of the record that seems to hold it: the `--field` mapping that would
            help.
    """

    path: str
    format: str
    articles: tuple[InspectedArticle, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    suggested: Mapping[str, str] = field(default_factory=dict)


def inspect(
    file: InputFile,
    options: ReadOptions,
    read: Callable[[InputFile, ReadOptions], Iterator[Reading]],
    most: int | None = None,
) -> Inspection:
    """Read a file and say what became of it.

    Args:
        file: The file.
        options: How it is read.
        read: What reads it: `read_file`, or an `IsolatedReader`.
        most: The most articles; None for all.
    """
    content = Content.of(file, options)
    try:
        kind = reader_of(content).name
    except InputError:
        kind = ""
    articles: list[InspectedArticle] = []
    withdrawals: list[Withdrawal] = []
    skipped: list[Skipped] = []
    for reading in read(file, options):
        if isinstance(reading, Article):
            if most is not None and len(articles) >= most:
                break
            articles.append(_inspected(reading, content if kind == "HTML" else None))
        elif isinstance(reading, Withdrawal):
            withdrawals.append(reading)
        else:
            skipped.append(reading)
    suggested = _suggested(content, kind, articles, options)
    return Inspection(str(file.path), kind, tuple(articles), tuple(withdrawals), tuple(skipped), suggested)


def as_plain(inspection: Inspection) -> dict[str, Any]:
    """An inspection in values that JSON has: moments as ISO 8601, reduced to their precision."""
    return {
        "path": inspection.path,
        "format": inspection.format,
        "articles": [_plain_article(one) for one in inspection.articles],
        "withdrawals": [
            {
                "article_ids": list(one.article_ids),
                "reason": one.reason,
                "published": _plain_publication(one.published),
            }
            for one in inspection.withdrawals
        ],
        "skipped": [{"origin": one.origin, "reason": one.reason} for one in inspection.skipped],
        "suggested": dict(inspection.suggested),
    }


def _plain_article(one: InspectedArticle) -> dict[str, Any]:
    article = one.article
    names = ("id", "headline", "label", "standfirst", "byline", "dateline", "source", "url", "language", "section",
        "version", "supersedes", "rights", "origin", "body")  # fmt: skip
    return {
        **{name: getattr(article, name) for name in names},
        "shown_as": one.shown_as,
        "published": _plain_publication(article.published),
        "embargo": article.embargo.isoformat() if article.embargo else None,
        "notice": {"kind": article.notice.kind.value, "text": article.notice.text} if article.notice else None,
        "parts": [
            {
                "start": part.start,
                "end": part.end,
                "published": _plain_publication(part.published),
                "page": part.page,
                "heading": part.heading,
            }
            for part in article.parts
        ],
        "remarks": list(article.remarks),
        "left_out": [{"reason": left_out.reason, "text": left_out.text} for left_out in one.left_out],
    }


def _plain_publication(published: Publication | None) -> dict[str, Any] | None:
    if published is None:
        return None
    return {
        "value": published.isoformat(),
        "precision": published.precision.value,
        "found_in": published.found_in,
        "local_day": published.local_day.isoformat() if published.local_day else None,
    }


def _inspected(article: Article, page: Content | None) -> InspectedArticle:
    shown = article.headline or opening_of(article.body)
    if page is None:
        return InspectedArticle(article, shown, tuple(LeftOut(*one) for one in article.left_out))
    try:
        text = decode(page.read_all(), page.options.encoding)[0]
        root = metadata_of(text, None, page.options.now).root
        left_out = [LeftOut(reason, line) for reason, line in left_out_of(text, root, article.body.split("\n\n"))]
    except (InputError, ValueError):
        left_out = []
    return InspectedArticle(article, shown, tuple(left_out))


def _suggested(
    content: Content, kind: str, articles: list[InspectedArticle], options: ReadOptions
) -> dict[str, str]:
    """The fields of a record that seem to hold what no well-known field does."""
    try:
        records = list(_records(content, kind, options))
    except (InputError, ValueError, csv.Error):
        return {}
    values: dict[str, list[Any]] = {}
    for record in records:
        for name, value in _flat(record):
            values.setdefault(name, []).append(value)
    known = {alias for aliases in ALIASES.values() for alias in aliases}
    unknown = {
        name: found
        for name, found in values.items()
        if name.rpartition(".")[2].lower().replace("-", "_") not in known
    }
    missing = {
        name for name, has in (
            ("body", bool(articles)), ("headline", any(one.article.headline for one in articles)), ("published", any(one.article.published for one in articles)),  # noqa: E501
        ) if not has and name not in options.fields
    }  # fmt: skip
    suggested: dict[str, str] = {}
    judges: tuple[tuple[str, Callable[[list[Any]], float]], ...] = (
        ("body", _like_body),
        ("published", _like_date),
        ("headline", _like_headline),
    )
    for name, judge in judges:
        candidates = {other: judge(found) for other, found in unknown.items() if other not in suggested.values()}
        best = max(candidates, key=lambda other: candidates[other], default=None)
        if name in missing and best is not None and candidates[best] > 0:
            suggested[name] = best
    return suggested


def _records(content: Content, kind: str, options: ReadOptions) -> Iterator[Mapping[str, Any]]:
    if kind == "JSON Lines":
        for line in content.head_text.split("\n")[:_RECORDS_LOOKED_AT]:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, Mapping):
                yield record
    elif kind == "JSON":
        yield from (record for record in records_in(content)[:_RECORDS_LOOKED_AT] if isinstance(record, Mapping))
    elif kind == "CSV":
        text, _ = decode(content.head[: content.head.rfind(b"\n") + 1] or content.head, options.encoding)
        first = text.partition("\n")[0]
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count))
        for number, row in enumerate(rows):
            if number >= _RECORDS_LOOKED_AT:
                return
            yield {str(name): value for name, value in row.items() if name is not None}


def _flat(record: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        path = f"{above}{name}"
        yield path, value
        if isinstance(value, Mapping) and above.count(".") < 3:  # noqa: PLR2004
            yield from _flat(value, f"{path}.")


def _words(value: Any) -> int:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return sum(map(_words, value))
    return len(value.split()) if isinstance(value, str) else 0


def _like_body(values: list[Any]) -> float:
    words = sum(map(_words, values)) / len(values)
    return words if words >= _LEAST_PROSE_WORDS else 0


def _like_headline(values: list[Any]) -> float:
    lines = [
        value
        for value in values
        if isinstance(value, str)
        and 1 < _words(value) <= _MAX_HEADLINE_WORDS
        and not re.search(r"[.!]$|https?://", value)
    ]
    return len(lines) / len(values) if len(lines) * 2 > len(values) else 0


def _like_date(values: list[Any]) -> float:
    from datetime import UTC, datetime

    dates = [
        value
        for value in values
        if isinstance(value, (str, int))
        and not isinstance(value, bool)
        and parse_published(value, "", datetime.now(UTC))
    ]
    return len(dates) / len(values) if len(dates) * 2 > len(values) else 0
