"""The vocabulary: articles, their publication, and the passages cut from them.

Every offset in Dateline is 0-based, end-exclusive and counted in Unicode code points of `Article.body`.
"""

import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256


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
    """

    moment: datetime
    precision: Precision
    found_in: str

    @property
    def first_day(self) -> date:
        """The first calendar day, in the article's own zone, on which it may have been published."""
        return self.moment.date()

    @property
    def last_day(self) -> date:
        """The last calendar day, in the article's own zone, on which it may have been published."""
        day = self.moment.date()
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
        origin: The file it was read from, with the record's place in it after `#` when there are several.
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
    origin: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.id or not self.body:
            missing = "id" if not self.id else "body"
            raise ValueError(f"an article needs a non-empty {missing} (read from {self.origin or 'memory'})")
        if not unicodedata.is_normalized("NFC", self.body):
            raise ValueError(f"the body of article {self.id!r} is not in Unicode NFC")

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything but the id and the origin: equal content, equal hash."""
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
            self.body,
        )
        return sha256("\x1f".join("\x00" if part is None else part for part in parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A slice `[start, end)` of some text, in Unicode code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """Cut the span out of `text`.

        Raises:
            ValueError: If the span reaches past the end of the text.
        """
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) reaches past the {len(text)} of the text")
        return text[self.start : self.end]
