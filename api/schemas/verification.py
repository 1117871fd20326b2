"""Shapes of verified citations: what was claimed, and what the archive says."""

from typing import Annotated, Self

from pydantic import Field

from api.schemas.archives import WithdrawalOut
from api.schemas.base import (
    ArticleId,
    Byline,
    End,
    Headline,
    Language,
    Section,
    Shape,
    Source,
    SpanOut,
    Start,
    Url,
)
from api.schemas.citations import PublicationOut, Published, SpeakerOut, StatementOut
from search.article import Span
from search.asking.citation import text_fragment_link
from search.quoting.citation_id import CitedQuote
from search.quoting.claims import Checked, Report
from search.quoting.verification import CitationStatus, Verification
from search.statements import Standing

_AROUND = 160
_ID = "a1_2Firan-missiles.84-152.0f3d6f1c0d9f"

CitationIdOut = Annotated[
    str,
    Field(
        description="Id of a citation, made of article id, offsets and a digest of the quote. It stays the same "
        "however the archive is indexed, and can be resolved at `/v1/citations/{id}`.",
        examples=[_ID],
    ),
]
Where = Annotated[str, Field(description="Where in the input it was read.", examples=["line 3"])]
Link = Annotated[
    str | None,
    Field(
        description="The article's URL with a text fragment that leads browsers to the quote; null unless the URL "
        "is http or https.",
        examples=["https://news.example/2024/09/10/iran#:~:text=within%20weeks"],
    ),
]
Quote = Annotated[
    str,
    Field(
        description="Exactly `body[start:end]` of the article.",
        examples=["Russia will likely use them within weeks."],
    ),
]
Moved = Annotated[
    bool,
    Field(
        description="Whether it stands elsewhere in the article than at the offsets that were given.",
        examples=[False],
    ),
]


class ClaimOut(Shape):
    """What was claimed, as it was read."""

    quote: str | None = Field(
        description="The words that are said to be a quote; null when a citation id alone was given.",
        examples=["Russia will likely use them within weeks"],
    )
    article_id: str | None = Field(description="The article that was named.", examples=["reuters/2024-09-10/iran"])
    headline: str | None = Field(description="The headline that was named.", examples=[None])
    start: int | None = Field(description="The first code point that was given.", examples=[1042])
    end: int | None = Field(description="The end (exclusive) that was given.", examples=[1121])
    citation_id: str | None = Field(description="The citation id that was given.", examples=[None])


class PlaceOut(Shape):
    """A quote as it stands in the archive."""

    id: CitationIdOut
    article_id: ArticleId
    headline: Headline
    source: Source
    published: Published
    link: Link
    byline: Byline
    url: Url
    section: Section
    language: Language
    quote: Quote
    start: Start
    end: End
    withdrawn: WithdrawalOut | None = Field(
        description="Why the article must not be used any more; null when it is not withdrawn."
    )
    superseded_by: str | None = Field(
        description="Id of the later article in its place; null when there is none.", examples=[None]
    )

    @classmethod
    def of(cls, cited: CitedQuote) -> Self:
        """Shape a quote as it stands in the archive."""
        return cls.model_validate(_place(cited))


class VerificationOut(Shape):
    """A claim, and how it stands to the archive."""

    where: Where
    claim: ClaimOut = Field(description="What was claimed.")
    status: CitationStatus = Field(
        description="`exact`: it stands there word for word. `normalised`: the same but for white space, the form "
        "of quotation marks, dashes and ellipses, and Unicode form. `misattributed`: exact or normalised in "
        "another article than the one named. `stitched`: all its words stand in one article in this order, "
        "but something was left out or changed. `absent`: it does not stand in the archive.",
        examples=[CitationStatus.EXACT],
    )
    verified: bool = Field(
        description="Whether it is exact or normalised, and the article that it stands in was not withdrawn.",
        examples=[True],
    )
    reason: str = Field(description="The status in plain words.", examples=["It stands there word for word."])
    moved: Moved
    found: PlaceOut | None = Field(
        description="Where it really stands, from first piece to last when it is stitched; null when absent."
    )
    pieces: tuple[SpanOut, ...] = Field(
        description="The parts that a stitched quote was put together from, in order; empty otherwise."
    )
    span: SpanOut | None = Field(
        description="Where the quote stands in the text that was sent, in code points; a line end counts as one. "
        "Null when it was sent in JSON."
    )
    said_by: str | None = Field(
        description="Who the text says it is by; null when it names nobody, and in JSON.", examples=["Blinken"]
    )
    speakers: tuple[SpeakerOut, ...] = Field(
        description="Who says it where it really stands; empty when the article itself does, and when absent."
    )
    somebody_elses: bool = Field(
        description="Whether the text gives it to one speaker, and the archive has it from others only, with no "
        "word of name or role in common. It may stand there word for word all the same.",
        examples=[False],
    )
    closest: PlaceOut | None = Field(
        description="When absent: what stands where most of its words in a row do, which is no confirmation; null "
        "when no three do."
    )

    @classmethod
    def of(cls, checked: Checked) -> Self:
        """Shape a claim and its verification."""
        verification = checked.verification
        return cls(
            where=checked.located.where,
            claim=ClaimOut.model_validate(checked.located.claim),
            status=verification.status,
            verified=verification.verified,
            reason=verification.reason,
            moved=verification.moved,
            found=_place_of(verification, verification.span),
            pieces=tuple(SpanOut.model_validate(piece) for piece in verification.pieces),
            span=SpanOut.model_validate(checked.located.span) if checked.located.span else None,
            said_by=checked.located.speaker.name if checked.located.speaker else None,
            speakers=tuple(SpeakerOut.model_validate(speaker) for speaker in verification.speakers),
            somebody_elses=checked.somebody_elses,
            closest=_place_of(verification, verification.closest),
        )


class RefusedOut(Shape):
    """What could not be verified as given."""

    where: Where
    reason: str = Field(description="Why, in plain words.", examples=["There is no quote to verify."])


class CountsOut(Shape):
    """How many claims have which status."""

    exact: int = Field(description="Word for word.", examples=[2])
    normalised: int = Field(description="Differently set.", examples=[1])
    misattributed: int = Field(description="From another article.", examples=[0])
    stitched: int = Field(description="Put together from pieces.", examples=[0])
    absent: int = Field(description="Not in the archive.", examples=[0])
    refused: int = Field(description="Not verified, because they are malformed.", examples=[0])


class VerificationResponse(Shape):
    """What came of verifying an input."""

    verified: bool = Field(
        description="Whether there is a claim, none was refused, and each is exact or normalised in an article "
        "that is not withdrawn. Where there is nothing to check, nothing is verified.",
        examples=[True],
    )
    nothing_to_check: bool = Field(
        description="Whether nothing in the input claims to be a quote; `verified` is false then.",
        examples=[False],
    )
    counts: CountsOut = Field(description="How many of the results have which status, and how many were refused.")
    results: tuple[VerificationOut, ...] = Field(description="Every claim, in the order of the input.")
    refused: tuple[RefusedOut, ...] = Field(description="What could not be verified as given.")
    withdrawn: int = Field(
        description="How many of the results stand in an article that was withdrawn, and so are not verified.",
        examples=[0],
    )
    superseded: int = Field(
        description="How many of the results stand in an article in whose place another is.", examples=[0]
    )
    somebody_elses: int = Field(
        description="How many of the results the text gives to another speaker than the archive has them from.",
        examples=[0],
    )
    unchecked_words: int = Field(
        description="How many words of the input stand outside quotations, or in quotations of fewer than four "
        "words, and were not checked.",
        examples=[0],
    )
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])

    @classmethod
    def of(cls, report: Report) -> Self:
        """Shape a report."""
        statuses = [checked.verification.status for checked in report.checked]
        counts = {status.value: statuses.count(status) for status in CitationStatus}
        standing = [checked.verification for checked in report.checked if checked.verification.span]
        return cls(
            verified=report.verified,
            nothing_to_check=report.nothing_to_check,
            counts=CountsOut(**counts, refused=len(report.refused)),
            results=tuple(VerificationOut.of(checked) for checked in report.checked),
            refused=tuple(RefusedOut.model_validate(refused) for refused in report.refused),
            withdrawn=sum(found.withdrawal is not None for found in standing),
            superseded=sum(found.superseded_by is not None for found in standing),
            somebody_elses=sum(checked.somebody_elses for checked in report.checked),
            unchecked_words=report.unchecked_words,
            snapshot=report.snapshot,
        )


class CitedQuoteResponse(PlaceOut):
    """The quote that a citation id names."""

    status: CitationStatus = Field(
        description="`exact`: the quote is, byte for byte, the one that was cited.",
        examples=[CitationStatus.EXACT],
    )
    verified: bool = Field(
        description="Whether it may be quoted: false when its article was withdrawn.", examples=[True]
    )
    moved: bool = Field(
        description="Whether the article has changed since, and the quote stands elsewhere in it now.",
        examples=[False],
    )
    standing: Standing | None = Field(
        description="How it is put forward; null when its sentences differ in it, or were not read.",
        examples=[Standing.PREDICTED],
    )
    speaker: SpeakerOut | None = Field(
        description="Who says it; null when the article itself does, or its sentences have different speakers."
    )
    statements: tuple[StatementOut, ...] = Field(
        description="The sentences that it touches, in order: how each is put forward, and who says it."
    )
    before: str = Field(
        description=f"What stands before the quote in the article, at most {_AROUND} characters of it.",
        examples=["Blinken spoke in London. "],
    )
    after: str = Field(
        description=f"What stands after it, at most {_AROUND} characters.", examples=[" Iran denied it."]
    )

    @classmethod
    def of(cls, cited: CitedQuote) -> Self:
        """Shape a quote that was found by its citation id; `id` is the one of the place where it stands now."""
        body, start, end = cited.article.body, cited.span.start, cited.span.end
        statements = tuple(StatementOut.model_validate(statement) for statement in cited.statements)
        standings = {statement.standing for statement in statements}
        speakers = {statement.speaker.name if statement.speaker else None for statement in statements}
        return cls.model_validate(
            _place(cited)
            | {
                "status": CitationStatus.EXACT,
                "verified": cited.verified,
                "moved": cited.moved,
                "standing": statements[0].standing if len(standings) == 1 else None,
                "speaker": statements[0].speaker if len(speakers) == 1 else None,
                "statements": statements,
                "before": body[max(0, start - _AROUND) : start],
                "after": body[end : end + _AROUND],
            }
        )


def _place_of(verification: Verification, span: Span | None) -> PlaceOut | None:
    article = verification.article
    if article is None or span is None:
        return None
    return PlaceOut.of(
        CitedQuote(article, span, verification.moved, verification.withdrawal, verification.superseded_by)
    )


def _place(cited: CitedQuote) -> dict[str, object]:
    article, withdrawal = cited.article, cited.withdrawal
    return {
        "id": cited.id,
        "article_id": article.id,
        "headline": article.headline,
        "source": article.source,
        "published": PublicationOut.model_validate(article.published) if article.published else None,
        "link": text_fragment_link(article.url, cited.quote) if article.url else None,
        "byline": article.byline,
        "url": article.url,
        "section": article.section,
        "language": article.language,
        "quote": cited.quote,
        "start": cited.span.start,
        "end": cited.span.end,
        "withdrawn": WithdrawalOut.model_validate(withdrawal) if withdrawal else None,
        "superseded_by": cited.superseded_by,
    }
