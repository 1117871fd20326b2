"""The vocabulary: articles, their publication, and the passages cut from them.

Every offset in Dateline is 0-based, end-exclusive and counted in Unicode code points of `Article.body`.
"""

import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol


class Precision(StrEnum):
    """How much of a publication time is known; anything finer was not stated by the article."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published, no more precisely than it says itself.

    Attributes:
        moment: The instant; fields finer than `precision` are at their lowest value. Aware when the article
            states a zone, naive (wall clock of an unknown zone) when it does not.
        precision: The finest unit that the article states.
        found_in: Where it was found, in words for people: `"front matter: date"`, `"NITF date.issue"`.
        local_day: The calendar day where it was written, if the article states it and the moment, whose zone is
            another, falls on the day before or after.
    """

    moment: datetime
    precision: Precision
    found_in: str
    local_day: date | None = None

    @property
    def first_day(self) -> date:
        """The first calendar day, in the article's own zone, on which it may have been published."""
        return self.local_day or self.moment.date()

    @property
    def last_day(self) -> date:
        """The last calendar day, in the article's own zone, on which it may have been published."""
        day = self.first_day
        match self.precision:
            case Precision.YEAR:
                return day.replace(month=12, day=31)
            case Precision.MONTH:
                return day.replace(day=monthrange(day.year, day.month)[1])
            case _:
                return day

    def isoformat(self) -> str:
        """ISO 8601, reduced to the precision: `2024`, `2024-09`, `2024-09-10`, `2024-09-10T12:31+02:00`."""
        match self.precision:
            case Precision.YEAR:
                return f"{self.moment:%Y}"
            case Precision.MONTH:
                return f"{self.moment:%Y-%m}"
            case Precision.DAY:
                return self.moment.date().isoformat()
            case Precision.MINUTE:
                return self.moment.isoformat(timespec="minutes")
            case Precision.SECOND:
                return self.moment.isoformat(timespec="seconds")


class NoticeKind(StrEnum):
    """What a publisher says of a text it sent before."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a text says of an earlier one.

    Attributes:
        kind: That it corrects it, or that it must not be used; a stored article only ever has the first.
        text: In its own words, untrusted like all of it.
    """

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a body that has a page or a time of its own: a page of a document, a post of a live blog.

    Attributes:
        start: Where it begins in the body.
        end: Where it ends, exclusive.
        published: When it was published, where it says so itself; relative times in it are reckoned from then.
        page: Number of the page it stands on, counted from 1.
        heading: Its own heading, if it has one.
    """

    start: int
    end: int
    published: Publication | None = None
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    r"""One published text with its metadata.

    Attributes:
        id: Stable and unique in an archive: the publisher's own where one is given, else derived from the
            file's path and the record's place in it.
        headline: Title line; may be empty when the publisher gave none.
        body: Canonical plain text: Unicode NFC, `\n` only inside the blank line (`\n\n`) that parts
            paragraphs, no leading or trailing white space. All offsets count code points of it.
        published: When it was published, or None when the article does not say.
        standfirst: The summary under the headline.
        byline: Who wrote it, as printed.
        dateline: Where (and when) it was filed, as printed: `"LONDON, Sept 10"`.
        source: Publisher or agency.
        url: Where it was published.
        language: ISO 639-1 code.
        section: Desk or category, as the publisher names it.
        version: Number of this version of it, where its publisher counts them.
        supersedes: Id of the article of the same source in whose place it is.
        notice: That it corrects what was sent before, if it says so.
        label: What stood in the place of the headline or before it and is none, as sent: `"URGENT"`,
            `"ATTENTION - ADDS quotes ///"`.
        parts: Stretches of the body with pages or times of their own, in order and without overlap.
        embargo: Until when it must not be shown, if it was sent ahead.
        rights: What its publisher says about its use.
        origin: The file it was read from, with the record's place in it after `#` when there are several.
        remarks: What its reader has to say of the reading: what was left out, what stood in for what.
        left_out: Paragraphs of the file that are no part of the body, each behind what it is; known when it is
            read, not stored.
    """

    id: str
    headline: str
    body: str
    published: Publication | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    version: int | None = None
    supersedes: str | None = None
    notice: Notice | None = None
    label: str | None = None
    parts: tuple[Part, ...] = ()
    embargo: datetime | None = None
    rights: str | None = None
    origin: str = field(default="", compare=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)
    left_out: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.id or not self.body:
            missing = "id" if not self.id else "body"
            raise ValueError(f"an article needs a non-empty {missing} (read from {self.origin or 'memory'})")
        if not unicodedata.is_normalized("NFC", self.body):
            raise ValueError(f"the body of article {self.id!r} is not in Unicode NFC")
        reached = 0
        for part in self.parts:
            if not reached <= part.start < part.end <= len(self.body):
                raise ValueError(f"the parts of article {self.id!r} overlap, are empty or lie outside of its body")
            reached = part.end

    @property
    def _told_seldom(self) -> tuple[str, ...]:
        """What few articles have; without it the hash is what it was before these were kept."""
        told = {
            "label": self.label,
            "embargo": self.embargo.isoformat() if self.embargo else None,
            "rights": self.rights,
            "parts": repr(self.parts) if self.parts else None,
        }
        return tuple(f"{name}: {value}" for name, value in told.items() if value)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over what an archive stores of it but id and origin: equal content, equal hash."""
        parts = (
            self.headline,
            self.standfirst,
            self.byline,
            self.dateline,
            self.published.isoformat() if self.published else None,
            self.source,
            self.url,
            self.language,
            self.section,
            str(self.version) if self.version is not None else None,
            self.supersedes,
            f"{self.notice.kind}: {self.notice.text}" if self.notice else None,
            self.body,
            *self._told_seldom,
        )
        return sha256("\x1f".join("\x00" if part is None else part for part in parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A publisher's notice that articles must not be used any more.

    Attributes:
        article_ids: Of which articles, stored or not.
        reason: Why, in the publisher's words; untrusted like all of it.
        published: When it was issued, or None when it does not say.
        version: Which version of the article says so, where its publisher counts them.
        source: Publisher or agency; only its own articles can be withdrawn.
        origin: The file it was read from, with the record's place in it after `#` when there are several.
    """

    article_ids: tuple[str, ...]
    reason: str
    published: Publication | None = None
    version: int | None = None
    source: str | None = None
    origin: str = field(default="", compare=False)


class Slice(Protocol):
    """Whatever has a place in a text: a span, a time mention, a statement."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """A slice `[start, end)` of some text, in Unicode code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def overlaps(self, other: Slice) -> bool:
        """Whether it shares a code point with another slice of the text."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """Cut the span out of `text`.

        Raises:
            ValueError: If the span reaches past the end of the text.
        """
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) reaches past the {len(text)} of the text")
        return text[self.start : self.end]
