"""Results of `verify` and `cite`: whether a quote stands in the archive, and where.

They, too, are a few fields and the same in words (`api.mcp.results`).
"""

from typing import Self

from pydantic import Field

from api.schemas import CitedQuoteResponse, PlaceOut, Shape, VerificationOut, VerificationResponse


class Place(Shape):
    """Where a quote stands in the archive."""

    citation_id: str = Field(description="Names the quote.")
    quote: str = Field(description="As it stands there.")
    day: str | None = Field(description="When the article was published.")
    source: str | None = Field(description="Publisher or agency.")
    headline: str = Field(description="Of the article; empty when it has none.")
    url: str = Field(description="Link to the quote on the web; empty when no address is known.")
    article_id: str = Field(description="Names the article.")
    start: int = Field(description="First code point, 0-based.")
    end: int = Field(description="One past the last.")
    note: str = Field(description="That the article was withdrawn or superseded; empty when neither.")

    @classmethod
    def of(cls, place: PlaceOut) -> Self:
        """Shape a quote as it stands in the archive."""
        withdrawn = f"The article was withdrawn: {place.withdrawn.reason}" if place.withdrawn else ""
        superseded = f"A later article is in its place: {place.superseded_by}." if place.superseded_by else ""
        return cls(
            citation_id=place.id,
            quote=place.quote,
            day=place.published.value if place.published else None,
            source=place.source,
            headline=place.headline,
            url=place.link or "",
            article_id=place.article_id,
            start=place.start,
            end=place.end,
            note=f"{withdrawn} {superseded}".strip(),
        )

    def in_words(self) -> str:
        """The same in words."""
        where = ", ".join(part for part in (self.source, self.day or "day unknown", self.headline) if part)
        lines = [f'"{self.quote}"', where, self.url, f"citation {self.citation_id}", self.note]
        return "\n   ".join(line for line in lines if line)


class VerifiedQuote(Shape):
    """A quote that was checked."""

    claim: str = Field(description="The quote, or the citation id, as it was given.")
    verified: bool = Field(description="Whether it stands in the archive as given.")
    status: str = Field(description="exact, normalised, misattributed, stitched or absent.")
    reason: str = Field(description="The same in words.")
    found: Place | None = Field(description="Where it stands, or what stands nearest to it; null when nowhere.")

    @classmethod
    def of(cls, result: VerificationOut) -> Self:
        """Shape the verification of a claim."""
        place = result.found or result.closest
        return cls(
            claim=result.claim.quote or result.claim.citation_id or "",
            verified=result.verified,
            status=result.status.value,
            reason=result.reason,
            found=Place.of(place) if place else None,
        )


class VerifyResult(Shape):
    """What came of checking the quotes of a text; one that does not stand in the archive is no failure."""

    verified: bool = Field(description="Whether there were quotes and all of them stand in the archive.")
    quotes: tuple[VerifiedQuote, ...] = Field(description="Each, in the order of the text.")
    refused: tuple[str, ...] = Field(description="What could not be checked, and why.")

    @classmethod
    def of(cls, response: VerificationResponse) -> Self:
        """Shape a report."""
        return cls(
            verified=response.verified,
            quotes=tuple(VerifiedQuote.of(result) for result in response.results),
            refused=tuple(f"{one.where}: {one.reason}" for one in response.refused),
        )

    def in_words(self) -> str:
        """The same in words."""
        if not self.quotes and not self.refused:
            return "Nothing in the text claims to be a quote of four words or more; nothing was checked."
        lines = []
        for number, one in enumerate(self.quotes, start=1):
            verdict = "verified" if one.verified else "NOT verified"
            lines.append(f'{number}. {verdict} ({one.status}): "{one.claim}" {one.reason}')
            if one.found:
                lines.append(f"   {'stands' if one.verified else 'nearest'}: {one.found.in_words()}")
        return "\n".join([*lines, *(f"Not checked: {refused}" for refused in self.refused)])


class CiteResult(Shape):
    """The quote that a citation id names, or that there is none, which is no failure."""

    found: bool = Field(description="Whether the quote is in the archive.")
    verified: bool = Field(description="Whether it may be quoted: false when its article was withdrawn.")
    moved: bool = Field(description="Whether the article has changed since, and the quote stands elsewhere now.")
    place: Place | None = Field(description="The quote and where it stands now.")
    reason: str = Field(description="Why there is none; empty when there is.")

    @classmethod
    def of(cls, cited: CitedQuoteResponse) -> Self:
        """Shape a quote that was found."""
        return cls(found=True, verified=cited.verified, moved=cited.moved, place=Place.of(cited), reason="")

    @classmethod
    def missing(cls, reason: str) -> Self:
        """Say why there is none."""
        return cls(found=False, verified=False, moved=False, place=None, reason=reason)

    def in_words(self) -> str:
        """The same in words."""
        if self.place is None:
            return f"Not found. {self.reason}"
        moved = " The article has changed since; this is where it stands now." if self.moved else ""
        return f"{'Verified.' if self.verified else 'Not to be quoted.'}{moved}\n   {self.place.in_words()}"
