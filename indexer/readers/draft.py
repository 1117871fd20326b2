"""From what a reader found to an article: one place where values are cleaned, bounded and checked."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from indexer.canonical import canonical_body, clean_line
from indexer.published import StatedDate, first_published
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.languages import language_code
from indexer.readers.notices import notice_of
from search.article import Article, Notice, NoticeKind, Withdrawal

MAX_ID_CHARS = 200
MAX_LINE_CHARS = 1000
MAX_STANDFIRST_CHARS = 4000
MAX_URL_CHARS = 2000
MOST_VERSION_DIGITS = 18  # agencies number by the second, SQLite holds 64 bits
_VERSION = re.compile(rf"[0-9]{{1,{MOST_VERSION_DIGITS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader found in one record, not yet cleaned.

    Attributes:
        body: A text or its paragraphs.
        published: StatedDate of the publication time, best first.
        id: The record's own identifier, if it has one.
        language: A language tag or name as found: `"en-US"`, `"de_DE"`.
        version: The number of its version as found: `"2"`, `"04"`.
        supersedes: Id of the item in whose place it is.
        notice: That it corrects an earlier item, where its format says so.
        editors_note: What it says to editors, not to readers.
        refused: Why it may not be published, if so: then it withdraws the item of its id, and `withdraws`.
        withdraws: Ids of other items.
    """

    body: str | Iterable[str]
    headline: str | None = None
    published: tuple[StatedDate, ...] = ()
    id: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    version: str | int | None = None
    supersedes: str | None = None
    notice: Notice | None = None
    editors_note: str | None = None
    refused: str | None = None
    withdraws: tuple[str, ...] = ()


def finish(draft: Draft, origin: str, options: ReadOptions) -> Reading:
    """Clean a draft into an article or a withdrawal, or say why it is neither.

    The article's id is the record's own; without one, 16 hexadecimal digits of the SHA-256 of its URL; without
    a URL, of its file's absolute path and its place there. So an id survives re-reading a corrected text, but not
    moving the file or inserting a record before others; and files of one name in two folders stay two articles.
    """
    if draft.refused:
        return _withdrawal(draft, draft.refused, origin, options)
    body = canonical_body(draft.body)
    if not body:
        return Skipped(origin, "no text: its body is empty.")
    if len(body) > options.max_article_chars:
        return Skipped(
            origin,
            f"its body of {len(body):,} characters is longer than the limit of "
            f"{options.max_article_chars:,} (max_article_chars).",
        )
    headline = _line(draft.headline) or ""
    notice = draft.notice or notice_of(headline, body.split("\n\n"), _line(draft.editors_note))
    if notice and notice.kind is NoticeKind.WITHDRAWAL:
        return _withdrawal(draft, notice.text, origin, options)
    language = language_code(draft.language)
    url = _url(draft.url)
    id_ = _own_id(draft.id) or derived_id(url, origin)
    supersedes = _own_id(draft.supersedes)
    return Article(
        id=id_,
        headline=headline,
        body=body,
        published=first_published(draft.published, options.now, date_order=options.date_order, language=language),
        standfirst=_line(draft.standfirst, MAX_STANDFIRST_CHARS),
        byline=_line(draft.byline),
        dateline=_line(draft.dateline),
        source=_line(draft.source),
        url=url,
        language=language,
        section=_line(draft.section),
        version=_version(draft.version),
        supersedes=supersedes if supersedes != id_ else None,
        notice=notice,
        origin=origin,
    )


def _withdrawal(draft: Draft, reason: str, origin: str, options: ReadOptions) -> Withdrawal | Skipped:
    named = map(_own_id, (draft.id, draft.supersedes, *draft.withdraws))
    ids = tuple(dict.fromkeys(id_ for id_ in named if id_))
    if not ids:
        return Skipped(
            origin, f"withdraws an article without naming it by its id: {reason} Remove it: dateline remove ID."
        )
    note = _line(draft.editors_note, MAX_STANDFIRST_CHARS)
    return Withdrawal(
        article_ids=ids,
        reason=f"{reason} {note}" if note and note not in reason else reason,
        published=first_published(
            draft.published,
            options.now,
            date_order=options.date_order,
            language=language_code(draft.language),
        ),
        version=_version(draft.version),
        source=_line(draft.source),
        origin=origin,
    )


def _version(value: str | int | None) -> int | None:
    digits = str(value).strip() if value is not None else ""
    return int(digits) if _VERSION.fullmatch(digits) else None


def _line(value: str | None, limit: int = MAX_LINE_CHARS) -> str | None:
    line = clean_line(value) if value else ""
    if len(line) > limit:
        line = line[: limit - 1].rsplit(" ", 1)[0] + "…"
    return line or None


def _url(value: str | None) -> str | None:
    url = clean_line(value) if value else ""
    if not url or len(url) > MAX_URL_CHARS or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def _own_id(value: str | None) -> str | None:
    own = clean_line(value) if value else ""
    if len(own) > MAX_ID_CHARS:
        return f"{own[: MAX_ID_CHARS - 17]}~{_digest(own)}"
    return own or None


def derived_id(url: str | None, origin: str) -> str:
    """Make an id for an article that has none: of its address, or else of where it was read."""
    return _digest(re.sub(r"#.*$", "", url) if url else os.path.abspath(origin))  # noqa: PTH100 - may end in "#n"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
