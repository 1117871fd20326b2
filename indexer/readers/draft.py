"""From what a reader found to an article: one place where values are cleaned, bounded and checked.

What a text says of an earlier one is found here, too: corrections and kills, as agencies and newspapers word
them.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from indexer.canonical import canonical_address, canonical_body, clean_line, is_of_a_site, language_code
from indexer.published import StatedDate, first_published
from indexer.readers.contract import Reading, ReadOptions, Skipped
from search.article import Article, Notice, NoticeKind, Part, Withdrawal
from search.english.datelines import dateline_of
from search.english.headlines import part_headline

_OPENING, _CLOSING = 2, 3  # paragraphs among which a text speaks of itself
_MAX_CHARS = 500

_CORRECTED_HEADLINE = re.compile(
    r"^(?:ATTENTION\s*-\s*)?(?:CORRECT(?:ED|S|ING|ION)|REFILES?)(?=[\s:/-])"
    r"|^Correct(?:ed|ion)\s*[:-]"
    r"|\((?:[\w ]+,\s*)?(?i:correct(?:ed|ing|ion|s))\b[^)]*\)\s*$"
    r"|(?i:\bcorrected repetition\b)"
)
_CORRECTS = re.compile(
    r"^\(?(?:this (?:version|story|article|report|item) )?corrects\b"
    r"|^\(?eds\b.*\bcorrects\b"
    r"|\bthis (?:version|story|article|report|item|copy) (?:corrects|(?:has been|was|is) (?:a )?corrected)\b"
    r"|\bthis (?:[\w.]+ ){1,3}(?:story|article|report) (?:has been|was) corrected\b"
    r"|^\W*(?:correction|corrected)\s*[:(-]"
    r"|\ban earlier version of this (?:story|article|report|column)\b"
    r"|\bcorrected repetition\b",
    re.IGNORECASE,
)
_KILL_HEADLINE = re.compile(
    r"^(?:(?:ATTENTION|BULLETIN|URGENT|ADVISORY|MANDATORY|STORY)[\s:/-]+)*"
    r"(?:KILL|WITHDRAWAL|WITHDRAWN)(?=\s*(?:[:/-]|$|NOTICE|ADVISORY))"
)
_KILLS = re.compile(
    r"\b(?:kill|withdraw\w*|disregard|cancell?ed|do not (?:use|publish)|not (?:to )?be (?:used|published))\b",
    re.IGNORECASE,
)

MAX_ID_CHARS = 200
MAX_LINE_CHARS = 1000
MAX_STANDFIRST_CHARS = 4000
MAX_URL_CHARS = 2000
MOST_VERSION_DIGITS = 18  # agencies number by the second, SQLite holds 64 bits
_VERSION = re.compile(rf"[0-9]{{1,{MOST_VERSION_DIGITS}}}")
# What services put in the place of a text that they have not, or no more.
_PLACEHOLDER = re.compile(
    r"\[(?:removed|deleted|no content|content removed)\]|null|none|undefined|n/?a", re.IGNORECASE
)


def notice_of(headline: str, paragraphs: Sequence[str], editors_note: str | None = None) -> Notice | None:
    """Find what an item says of an earlier one; None if nothing.

    A withdrawal takes both a headline that is set as one and a text that says so: a film may be called "Kill".

    Args:
        headline: Its headline.
        paragraphs: Of its body; only the first and the last are looked at.
        editors_note: What it says to editors.
    """
    if _KILL_HEADLINE.search(headline):
        said = next((paragraph for paragraph in paragraphs if _KILLS.search(paragraph)), None)
        if said:
            return Notice(NoticeKind.WITHDRAWAL, _bounded(said))
    edges = (*paragraphs[:_OPENING], *paragraphs[max(_OPENING, len(paragraphs) - _CLOSING) :])
    said = next((text for text in (editors_note or "", *edges) if _CORRECTS.search(text)), None)
    if said is None and _CORRECTED_HEADLINE.search(headline):
        said = headline
    return correction_of(said)


def correction_of(text: str | None) -> Notice | None:
    """The notice of a correction that these words are; None if there are none."""
    return Notice(NoticeKind.CORRECTION, _bounded(line)) if text and (line := clean_line(text)) else None


def _bounded(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else text[: _MAX_CHARS - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPart:
    """A stretch of a body with a page or a time of its own.

    Attributes:
        text: Its text or paragraphs.
        published: When it was published, best first.
        page: Number of its page, from 1.
        heading: Its own heading, not part of the text.
        glue: What stands between the part before and this one: a blank line, a space where a paragraph goes on,
            nothing where a word does.
    """

    text: str | tuple[str, ...]
    published: tuple[StatedDate, ...] = ()
    page: int | None = None
    heading: str | None = None
    glue: str = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader found in one record, not yet cleaned.

    Attributes:
        body: A text or its paragraphs; the texts of `parts` where there are some.
        published: StatedDate of the publication time, best first.
        id: The record's own identifier, if it has one.
        language: A language tag or name as found: `"en-US"`, `"de_DE"`.
        version: The number of its version as found: `"2"`, `"04"`.
        supersedes: Id of the item in whose place it is.
        notice: That it corrects an earlier item, where its format says so.
        editors_note: What it says to editors, not to readers.
        refused: Why it may not be published, if so: then it withdraws the item of its id, and `withdraws`.
        withdraws: Ids of other items.
        parts: Stretches of the body with pages or times of their own.
        embargo: Until when it must not be shown.
        rights: What its publisher says about its use.
        labels: What stood before the headline and is none of it, where its format sets that apart.
        is_headline_sure: Whether the headline is whole however short it is: that of a web page, of a mail.
        remarks: What its reader has to say of the reading.
        left_out: Paragraphs that are no part of the body, each behind what it is.
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
    parts: tuple[DraftPart, ...] = ()
    embargo: datetime | None = None
    rights: str | None = None
    labels: tuple[str, ...] = ()
    is_headline_sure: bool = False
    remarks: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def finish(draft: Draft, origin: str, options: ReadOptions) -> Reading:
    """Clean a draft into an article or a withdrawal, or say why it is neither.

    The article's id is the record's own; without one, 16 hexadecimal digits of the SHA-256 of the one form of its
    address; without an address, of its file's absolute path and its place there. So an id survives re-reading a
    corrected text, but not moving the file or inserting a record before others; and files of one name in two
    folders stay two articles.
    """
    if draft.refused:
        return _withdrawal(draft, draft.refused, origin, options)
    language = language_code(draft.language)
    body, parts = _parted(draft, language, options) if draft.parts else (canonical_body(draft.body), ())
    if not body or _PLACEHOLDER.fullmatch(body):
        return Skipped(
            origin, f"no text: {body!r} stands in its place." if body else "no text: its body is empty."
        )
    if len(body) > options.max_article_chars:
        return Skipped(
            origin,
            f"its body of {len(body):,} characters is longer than the limit of "
            f"{options.max_article_chars:,} (max_article_chars).",
        )
    line = _line(draft.headline) or ""
    notice = draft.notice or notice_of(line, body.split("\n\n"), _line(draft.editors_note))
    if notice and notice.kind is NoticeKind.WITHDRAWAL:
        return _withdrawal(draft, notice.text, origin, options)
    parted = part_headline(line, may_be_tail=not draft.is_headline_sure)
    url = _url(draft.url)
    id_ = _own_id(draft.id) or derived_id(url, origin)
    supersedes = _own_id(draft.supersedes)
    dateline = _line(draft.dateline)
    return Article(
        id=id_,
        headline=parted.text,
        body=body,
        published=first_published(
            (*draft.published, *_days_of_datelines(dateline, body)),
            options.now,
            date_order=options.date_order,
            language=language,
        ),
        standfirst=_line(draft.standfirst, MAX_STANDFIRST_CHARS),
        byline=_name(draft.byline) or parted.byline,
        dateline=dateline,
        source=_name(draft.source),
        url=url,
        language=language,
        section=_name(draft.section),
        version=_version(draft.version),
        supersedes=supersedes if supersedes != id_ else None,
        notice=notice,
        label=", ".join(filter(None, (*draft.labels, parted.label))) or None,
        parts=parts,
        embargo=draft.embargo,
        rights=_line(draft.rights, MAX_STANDFIRST_CHARS),
        origin=origin,
        remarks=draft.remarks,
        left_out=draft.left_out,
    )


def _days_of_datelines(dateline: str | None, body: str) -> list[StatedDate]:
    """The days in the dateline and at the opening of the body, such as `Nov. 8`."""
    opening = dateline_of(body[:300].partition("\n\n")[0])
    stated = dateline_of(f"{dateline} - x") if dateline else None
    days = [found.day for found in (stated, opening) if found and found.day]
    if dateline and not days and "," in dateline:
        days = [dateline.rpartition(",")[2].strip()]
    return [StatedDate(day, "dateline") for day in days]


def _parted(draft: Draft, language: str | None, options: ReadOptions) -> tuple[str, tuple[Part, ...]]:
    """The body that the parts make, and where each stands in it."""
    body = ""
    parts = []
    for piece in draft.parts:
        text = canonical_body(piece.text)
        if not text:
            continue
        start = len(body) + (len(piece.glue) if body else 0)
        body = f"{body}{piece.glue}{text}" if body else text
        published = first_published(piece.published, options.now, date_order=options.date_order, language=language)
        parts.append(Part(start, len(body), published, piece.page, _line(piece.heading)))
    clean = canonical_body(body)
    # Where two parts meet, a sign may have joined the letter before it: then the offsets would be wrong.
    return (body, tuple(parts)) if clean == body else (clean, ())


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


def _name(value: str | None) -> str | None:
    """A line that names somebody or something; a number does not."""
    line = _line(value)
    return line if line and re.search(r"[^\W\d_]", line) else None


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
    """Make an id for an article that has none: of its address, or else of where it was read.

    The address of a site is not that of an article: many of its articles may have it.
    """
    if url and not is_of_a_site(url):
        return _digest(canonical_address(url))
    if origin.startswith("s3://"):
        return _digest(origin)
    return _digest(os.path.abspath(origin))  # noqa: PTH100 - may end in "#n"


def id_of_address(url: str, *besides: str) -> str:
    """Make an id of an address and, where several texts share it, of what tells them apart."""
    return _digest("\n".join((canonical_address(url), *besides)))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
