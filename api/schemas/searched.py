"""What a question was put to: the filter, the archive, and how well that covers what was asked."""

from datetime import date

from pydantic import AliasChoices, Field

from api.schemas.base import PeriodOut, Shape


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
