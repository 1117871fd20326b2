"""What can be asked of an archive; what a question was put to, and how well that covers what was asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from pydantic import AliasChoices, Field

from api.schemas.base import ArticleId, PeriodOut, Shape
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


class FilterOut(Shape):
    """The filter that was applied; every condition holds for every article it let through."""

    published_from: date | None = Field(
        validation_alias=AliasChoices("from", "published_from"),
        serialization_alias="from",
        description="First calendar day of publication; null for no limit.",
        examples=["2024-09-01"],
    )
    published_to: date | None = Field(
        validation_alias=AliasChoices("to", "published_to"),
        serialization_alias="to",
        description="Last calendar day, inclusive; null for no limit.",
        examples=["2024-09-30"],
    )
    source: tuple[str, ...] = Field(
        validation_alias=AliasChoices("source", "sources"),
        description="Any of these publishers; empty for all.",
        examples=[["AFP"]],
    )
    section: tuple[str, ...] = Field(
        validation_alias=AliasChoices("section", "sections"),
        description="Any of these desks; empty for all.",
        examples=[["World"]],
    )
    language: tuple[str, ...] = Field(
        validation_alias=AliasChoices("language", "languages"),
        description="Any of these languages; empty for all.",
        examples=[["en"]],
    )
    about: PeriodOut | None = Field(
        description="Only passages that speak about a time in this period, whenever published; null for all."
    )
    said_by: tuple[str, ...] = Field(
        description="Only passages with a sentence that one of these says; empty for all.", examples=[["Blinken"]]
    )
    from_or_about: PeriodOut | None = Field(
        description="Only passages published in this period, or nobody knows when, or that speak about a time in "
        "it: what the question's own words asked for; null for all."
    )
    as_of: date | None = Field(
        description="The day as of which was asked: what was superseded only after it counts; null when of none.",
        examples=[None],
    )
    any_time: bool = Field(
        description="Whether a time that the question itself names was to restrict nothing.", examples=[False]
    )


class SilenceOut(Shape):
    """A source of which nothing has come for longer than usual."""

    source: str = Field(description="Its name.", examples=["Example Ledger"])
    last: date = Field(description="The last day on which it published.", examples=["2025-06-30"])
    days: int = Field(description="How many days later the newest article was published.", examples=[85])
    usual: int = Field(
        description="Most days from one of its days of publication to the next, in 90% of cases.",
        examples=[7],
    )


class CoverageOut(Shape):
    """How well the archive covers what was asked, by its own days of publication."""

    newest: date | None = Field(
        description="The last day of publication, of the sources that were asked and until the day as of which; "
        "null when there is none.",
        examples=["2025-09-23"],
    )
    silent: tuple[SilenceOut, ...] = Field(
        description="Those of the sources that have been silent for more than twice as long as usual, until the "
        "archive's newest article; at most 10."
    )
    in_period: int | None = Field(
        description="How many articles were published in the period that was asked for (`from`, `to`, or the "
        "question's own); null when none was.",
        examples=[12],
    )
    gaps: tuple[PeriodOut, ...] = Field(
        description="Days of that period, first and last, on which nothing was published: at all, or for at least "
        "twice as long as usual; at most the 10 longest, in order."
    )


class SearchedOut(Shape):
    """What a question was put to."""

    articles: int = Field(description="How many articles the archive holds.", examples=[40])
    first_published: date | None = Field(
        description="First day of publication among them; null when none says.", examples=["2022-05-18"]
    )
    last_published: date | None = Field(description="Last such day.", examples=["2025-09-23"])
    sources: dict[str, int] = Field(
        description="Articles by source, the most frequent first.", examples=[{"Example Wire": 25}]
    )
    filter: FilterOut = Field(
        validation_alias=AliasChoices("filter", "condition"),
        description="The filter, with names in the letter case that the archive has.",
    )
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])
    coverage: CoverageOut = Field(description="How well it covers what was asked.")
    verified: bool = Field(
        description="Whether the archive's indexes are known to be as they were saved; while they are not "
        "verified yet, passages may be missed.",
        examples=[True],
    )
