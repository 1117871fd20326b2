"""What an archive offers: what it could be filtered by, counted, and what it can be asked."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import Field

from api.schemas.base import ArticleId, Shape
from search.archive.records import Facets
from search.asking.suggestions import Kind, Suggestion

_MOST = 50


class FacetOut(Shape):
    """The values of a field, each with the number of articles that have it and pass the filter's other fields."""

    counts: dict[str, int] = Field(
        description=f"Articles by value, the {_MOST} most frequent, these first; years all, in order.",
        examples=[{"AFP": 12, "Reuters": 9}],
    )
    left_out: int = Field(ge=0, description="How many values more there are.", examples=[0])

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Self:
        """Keep the first values."""
        kept = dict(list(counts.items())[:_MOST])
        return cls(counts=kept, left_out=len(counts) - len(kept))


class FacetsResponse(Shape):
    """How many articles there are by what they could be filtered by.

    Each field is counted as if the filter did not name it, so that what else could be chosen is told.
    """

    articles: int = Field(description="How many articles pass the whole filter.", examples=[31])
    sources: FacetOut = Field(description="By publisher or agency.")
    sections: FacetOut = Field(description="By desk or category.")
    languages: FacetOut = Field(description="By ISO 639-1 code.")
    years: FacetOut = Field(description="By year of publication; those that do not say when are left out.")
    speakers: FacetOut = Field(
        description="By who speaks in them, in lower case and without accents, as names are compared."
    )
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])

    @classmethod
    def of(cls, facets: Facets, without: Mapping[str, Facets], snapshot: int) -> Self:
        """Shape what was counted.

        Args:
            facets: Under the whole filter.
            without: Under the filter without one field, by the name of the field here; where it names none, none.
            snapshot: Number of the last change.
        """
        counted = {
            name: getattr(without.get(name, facets), name)
            for name in ("sources", "sections", "languages", "years", "speakers")
        }
        years = {str(year): count for year, count in counted.pop("years").items()}
        return cls(
            articles=facets.articles,
            years=FacetOut(counts=years, left_out=0),
            snapshot=snapshot,
            **{name: FacetOut.of(counts) for name, counts in counted.items()},
        )


class SuggestionOut(Shape):
    """A question that the archive answers."""

    question: str = Field(description="In plain words.", examples=["What did Antony Blinken say about Russia?"])
    kind: Kind = Field(description="What it asks for.", examples=[Kind.STATEMENT])
    answer: str = Field(description="The words that answer.", examples=["will likely use them within weeks"])
    article_id: ArticleId


class SuggestionsResponse(Shape):
    """Questions that the archive answers, found from its own articles; each was asked, and its answer is sure."""

    complete: bool = Field(
        description="Whether they were all looked for; while they are not, ask again in a few seconds.",
        examples=[True],
    )
    questions: tuple[SuggestionOut, ...] = Field(
        description="Of different kinds, articles and years; at most six, and fewer where no more were found."
    )

    @classmethod
    def of(cls, found: Iterable[Suggestion], *, complete: bool) -> Self:
        """Shape what was found."""
        return cls(complete=complete, questions=tuple(SuggestionOut.model_validate(one) for one in found))
