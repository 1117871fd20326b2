"""Options that several commands share."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search.filters import Filter


def read_day(text: str) -> datetime:
    """Read the day that an option names.

    Raises:
        typer.BadParameter: If it is none, or written in another way.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a calendar day, of no zone
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day. Write one as YYYY-MM-DD, like 2024-09-12.") from None


IndexFolder = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="FOLDER",
        help="Folder or address (s3://BUCKET/PREFIX) of the archive (else DATELINE_INDEX, else .dateline).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
PublishedFrom = Annotated[
    datetime | None,
    typer.Option("--from", parser=read_day, metavar="YYYY-MM-DD", help="Only articles published on or after."),
]
PublishedTo = Annotated[
    datetime | None,
    typer.Option("--to", parser=read_day, metavar="YYYY-MM-DD", help="Only articles published on or before."),
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="Only this publisher; may be repeated.")
]
Sections = Annotated[
    list[str] | None, typer.Option("--section", metavar="NAME", help="Only this desk; may be repeated.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Only this language (ISO 639-1); may be repeated."),
]


AboutFrom = Annotated[
    datetime | None,
    typer.Option(
        "--about-from",
        parser=read_day,
        metavar="YYYY-MM-DD",
        help="Only what speaks about a time from then on.",
    ),
]
AboutTo = Annotated[
    datetime | None,
    typer.Option(
        "--about-to", parser=read_day, metavar="YYYY-MM-DD", help="Only what speaks about a time until then."
    ),
]
SaidBy = Annotated[
    list[str] | None,
    typer.Option(
        "--said-by",
        metavar="NAME",
        help="Only what this person, office or institution says, by name or role; may be repeated.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=read_day,
        metavar="YYYY-MM-DD",
        help="Ask the archive as it stood on that day; relative words are reckoned from it (else from today).",
    ),
]


class DateOrder(StrEnum):
    """How all-numeric dates in the files are meant."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class GroupBy(StrEnum):
    """What a timeline is grouped by; mirrors `search.asking.timeline.Grouping` without loading it."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Ranking(StrEnum):
    """How passages are ranked; mirrors `search.asking.retrieval.Method` without loading it."""

    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"


class Form(StrEnum):
    """What a response is written as; mirrors `api.formats.Format` without loading it."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    BIBTEX = "bibtex"
    CSL = "csl"
    ANNOTATION = "annotation"


Format = Annotated[
    Form | None,
    typer.Option(
        "--format",
        metavar="text|markdown|csv|json|bibtex|csl|annotation",
        help="Write to take along: csl is CSL-JSON, annotation W3C Web Annotations; else for the terminal.",
    ),
]


def build_filter(
    published_from: datetime | None,
    published_to: datetime | None,
    sources: list[str] | None,
    sections: list[str] | None,
    languages: list[str] | None,
    about_from: datetime | None,
    about_to: datetime | None,
    said_by: list[str] | None = None,
) -> "Filter":
    """Join the filter options into a filter.

    Raises:
        QueryError: If they contradict each other.
    """
    from search.filters import Filter, period

    return Filter(
        published_from=day(published_from),
        published_to=day(published_to),
        sources=tuple(sources or ()),
        sections=tuple(sections or ()),
        languages=tuple(languages or ()),
        about=period(day(about_from), day(about_to)),
        said_by=tuple(said_by or ()),
    )


def day(moment: datetime | None) -> date | None:
    """The calendar day that an option names."""
    return moment.date() if moment else None
