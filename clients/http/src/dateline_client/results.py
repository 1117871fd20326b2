"""What a server answers, as frozen dataclasses with the names that `dateline` itself uses.

Fields that a later server adds are passed over. Offsets are 0-based, end-exclusive and count Unicode code points.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published.

    Attributes:
        value: In ISO 8601, no more precise than the article states it.
        precision: The finest unit that it states.
        found_in: Where that stood.
    """

    value: str
    precision: str
    found_in: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of time, as fine as its `granularity`.

    Attributes:
        start: First day, or instant where an hour was named, in ISO 8601; None when it is open.
        end: The day or instant after the last; None when it is open.
    """

    start: str | None
    end: str | None
    granularity: str


@dataclass(frozen=True, slots=True)
class When:
    """The words of time that answer, where they stand, and what they mean."""

    words: str
    start: int
    end: int
    value: str
    interval: Interval
    anchor: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says what is quoted."""

    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: exactly `body[start:end]` of the article.

    Attributes:
        id: Names the quote for good; `cite` finds it again.
        standing: How it is put forward: `asserted`, `predicted`, `threatened`, `denied`, `conditional`, `asked`.
        link: Leads browsers to the quote itself.
        probability_alone: That it alone shows the answer, from 0 to 1; None for a passage cited whole.
    """

    id: str
    article_id: str
    headline: str
    source: str | None
    byline: str | None
    published: Publication | None
    url: str | None
    link: str | None
    section: str | None
    language: str | None
    quote: str
    start: int
    end: int
    score: float
    status: str
    standing: str | None
    speaker: Speaker | None
    probability_alone: float | None
    when: When | None


def plain_values(citation: Citation, tier: str | None = None) -> dict[str, str | int | float | None]:
    """List what a citation says, but its quote, as plain values for frameworks that keep such beside a text.

    Args:
        citation: The citation.
        tier: Of the answer that it belongs to; None for a passage that was searched.
    """
    return {
        "id": citation.id,
        "article_id": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "headline": citation.headline,
        "source": citation.source,
        "published": citation.published.value if citation.published else None,
        "url": citation.url,
        "link": citation.link,
        "speaker": citation.speaker.name if citation.speaker else None,
        "role": citation.speaker.role if citation.speaker else None,
        "standing": citation.standing,
        "tier": tier,
        "probability_alone": citation.probability_alone,
    }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A report that says otherwise: in `number`, `time` or `outcome`, on the same day, earlier or later."""

    difference: str
    order: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How many independent families of articles support an answer, and which say otherwise."""

    families: int
    supporting: tuple[Citation, ...]
    differing: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An older report of what has changed since.

    Attributes:
        words: What it gave; empty where no short answer could be told.
    """

    words: str
    published: Publication
    citation: Citation


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing of a list that was asked for: exactly `body[start:end]` of the article.

    Attributes:
        articles: Ids of all cited articles that name it, the best first.
    """

    quote: str
    article_id: str
    start: int
    end: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question, or that it says nothing.

    Attributes:
        reading: How the question was read; `respelt` has its misspelt words.
        tier: `answer`, `perhaps` or `not_found`.
        found: Whether it answers, if only perhaps.
        probability: That the first citation shows the answer, from 0 to 1.
        reason: Why nothing was found; empty when something was.
        nearest: When nothing was found, what came nearest, which is not an answer.
        history: Older reports of what has changed, the newest of them first.
        listed: What the cited articles name, where a list was asked for.
        parts: The answer to each, where several questions were asked in one.
    """

    question: str
    reading: dict[str, Any]
    tier: str
    found: bool
    probability: float
    citations: tuple[Citation, ...]
    corroboration: Corroboration | None
    reason: str
    nearest: Citation | None
    searched: dict[str, Any]
    history: tuple[Earlier, ...]
    listed: tuple[Listed, ...]
    parts: tuple["Answer", ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages, each cited whole, best first."""

    question: str
    method: str
    passages: tuple[Citation, ...]
    searched: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A citation and the days that it speaks of, both included."""

    first: date
    last: date
    citation: Citation


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """The entries that begin in one day, month or year."""

    begins: date
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Evidence in the order of the time that it speaks of."""

    question: str
    grouping: str
    groups: tuple[TimelineGroup, ...]


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quote as it stands in the archive now, and what became of its article."""

    id: str
    article_id: str
    headline: str
    source: str | None
    published: Publication | None
    link: str | None
    quote: str
    start: int
    end: int
    superseded_by: str | None
    withdrawn: dict[str, Any] | None = None
    verified: bool | None = None
    moved: bool | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """A claim and how it stands to the archive: `exact`, `normalised`, `misattributed`, `stitched` or `absent`."""

    status: str
    verified: bool
    reason: str
    claim: dict[str, Any]
    found: CitedQuote | None
    closest: CitedQuote | None


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What came of verifying a text or claims."""

    verified: bool
    nothing_to_check: bool
    counts: dict[str, int]
    results: tuple[Verification, ...]
    refused: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article."""

    id: str
    headline: str
    body: str
    published: Publication | None
    standfirst: str | None
    byline: str | None
    dateline: str | None
    source: str | None
    url: str | None
    section: str | None
    language: str | None
    superseded_by: str | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the archive holds, and the models that answer for it."""

    archive: dict[str, Any]
    model: dict[str, Any] | None
    close_reader: dict[str, Any] | None
