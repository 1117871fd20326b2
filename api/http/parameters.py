"""The parameters of each endpoint, bounded, and none but these."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, Self

from fastapi import Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.formats import Format
from api.http.incoming import repeated
from search.asking.follow_up import MOST_EARLIER
from search.asking.retrieval import Method, Sorting
from search.asking.timeline import Grouping
from search.filters import Filter, period

MOST_NAMES = 100
LONGEST_NAME = 300
NOT_JSON = "The body must be JSON, and the header Content-Type must be application/json."
_REPEATABLE = frozenset({"source", "section", "language", "said_by", "previous"})


def _calendar_day(value: object) -> object:
    """Refuse what pydantic would read as a date although it may be meant as something else, such as `2024`."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        return value
    raise ValueError("A calendar day is written YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_calendar_day)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


WrittenAs = Annotated[
    Format,
    Field(
        description="How the answer is written: as JSON, or to be taken along as `text`, `markdown`, `csv`, "
        "`bibtex`, CSL-JSON (`csl`) or W3C Web Annotations (`annotation`).",
        examples=[Format.JSON],
    ),
]


class NoParameters(BaseModel):
    """Of endpoints that have none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FormatParameters(NoParameters):
    """How something is written."""

    format: WrittenAs = Format.JSON


class FilterParameters(BaseModel):
    """Which articles and passages count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    published_from: Annotated[
        Day | None,
        Field(
            alias="from",
            description="First calendar day of publication, in the article's own zone (YYYY-MM-DD). Articles "
            "without a date never pass.",
            examples=["2024-09-01"],
        ),
    ] = None
    published_to: Annotated[
        Day | None,
        Field(alias="to", description="Last calendar day of publication, inclusive.", examples=["2024-09-30"]),
    ] = None
    source: Annotated[
        tuple[Name, ...],
        Field(
            max_length=MOST_NAMES,
            description="Only these publishers; letter case does not matter.",
            examples=[["AFP"]],
        ),
    ] = ()
    section: Annotated[
        tuple[Name, ...],
        Field(
            max_length=MOST_NAMES,
            description="Only these desks; letter case does not matter.",
            examples=[["World"]],
        ),
    ] = ()
    language: Annotated[
        tuple[Name, ...],
        Field(max_length=MOST_NAMES, description="Only these languages (ISO 639-1).", examples=[["en"]]),
    ] = ()
    about_from: Annotated[
        Day | None,
        Field(
            description="Only passages that speak about a time from this day on, whenever published.",
            examples=["2024-10-01"],
        ),
    ] = None
    about_to: Annotated[
        Day | None,
        Field(description="Only passages that speak about a time until this day.", examples=["2024-10-31"]),
    ] = None
    said_by: Annotated[
        tuple[Name, ...],
        Field(
            max_length=MOST_NAMES,
            description="Only passages with a sentence that one of these says: words of the speaker's name or "
            "role; letter case and accents do not matter.",
            examples=[["Blinken"]],
        ),
    ] = ()
    as_of: Annotated[
        Day | None,
        Field(
            description="Ask the archive as it stood on this day: nothing published later counts, and relative "
            "words in the question are reckoned from it (else from today).",
            examples=["2024-09-12"],
        ),
    ] = None
    any_time: Annotated[
        bool,
        Field(description="Do not apply a time that the question itself names.", examples=[False]),
    ] = False

    def condition(self) -> Filter:
        """Read the conditions as a filter.

        Raises:
            QueryError: If a period ends before it begins.
        """
        return Filter(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=self.source,
            sections=self.section,
            languages=self.language,
            about=period(self.about_from, self.about_to),
            said_by=self.said_by,
            any_time=self.any_time,
        )


class QuestionParameters(FilterParameters):
    """A question, how many results, and which articles count."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100_000,
            description="The question, in plain words. The server's limit, 2,000 characters unless it is set "
            "otherwise, applies on top of this one.",
            examples=["When will missiles be used?"],
        ),
    ]
    k: Annotated[
        int,
        Field(ge=1, le=10_000, description="Most citations; the server's limit applies as well.", examples=[3]),
    ] = 3


class AskParameters(QuestionParameters):
    """The same, and how the answer is written."""

    format: WrittenAs = Format.JSON


class ExplainedParameters(AskParameters):
    """A question to answer, and whether to give the receipt."""

    explain: Annotated[
        bool,
        Field(description="Give the receipt, too: the whole trail of the answer.", examples=[False]),
    ] = False
    previous: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=100_000)], ...],
        Field(
            max_length=MOST_EARLIER,
            description='The questions before this one, the last one last. One that hangs on them ("and what did '
            'he say about it?") is read with them, which `follow_up` tells.',
            examples=[["What did Blinken say about the missiles?"]],
        ),
    ] = ()
    answered: Annotated[
        str,
        Field(
            max_length=LONGEST_NAME,
            description='The short answer to the last of them, where there was one: whom "he" may mean after '
            '"who".',
            examples=["Blinken"],
        ),
    ] = ""


class LineParameters(ExplainedParameters):
    """A question among several, each of which is answered by a line of JSON."""

    format: Annotated[
        Literal[Format.JSON],
        Field(description="Of several questions each answer is JSON.", examples=[Format.JSON]),
    ] = Format.JSON


class SearchParameters(AskParameters):
    """A question, how many passages and ranked how, and which articles count."""

    k: Annotated[
        int,
        Field(ge=1, le=10_000, description="How many results; the server's limit applies as well.", examples=[10]),
    ] = 10
    method: Annotated[
        Method,
        Field(description="Rank by meaning (`dense`), by words (`lexical`) or by both.", examples=[Method.FUSED]),
    ] = Method.FUSED
    sort: Annotated[
        Sorting,
        Field(
            description="The order in which the best come back: by `relevance`, the `newest` or the `oldest` "
            "first; what does not say when it was published comes last.",
            examples=[Sorting.NEWEST],
        ),
    ] = Sorting.RELEVANCE
    every_passage: Annotated[
        bool,
        Field(description="Every passage that matches, not only the best of each family.", examples=[False]),
    ] = False
    copies: Annotated[
        bool,
        Field(
            description="The best passage of each article, its copies (its family) not collapsed to one result.",
            examples=[False],
        ),
    ] = False


class TimelineParameters(AskParameters):
    """A subject, how many entries grouped how, and which articles count."""

    k: Annotated[
        int,
        Field(ge=1, le=10_000, description="Most entries; the server's limit applies as well.", examples=[30]),
    ] = 30
    grouping: Annotated[
        Grouping | None,
        Field(description="Group by `day`, `month` or `year`; else by what fits.", examples=[Grouping.MONTH]),
    ] = None


class VerifyParameters(BaseModel):
    """What to verify: a text or a list of claims."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[
        str | None,
        Field(
            description="Plain text or Markdown with quotes of at least four words in quotation marks or block "
            "quotes, each followed by a reference where there is one: `[START:END] of ARTICLE_ID`, or a citation "
            "id in brackets. Or a JSON answer, a list of claims, or JSON Lines, as text.",
            examples=['Blinken said "Russia will likely use them within weeks" on Tuesday.'],
        ),
    ] = None
    claims: Annotated[
        tuple[Any, ...] | None,
        Field(
            description="Objects with a `quote` (or `cited_text`, `text`) and, where it is known, `article_id` "
            "(or `document_title`), `start` and `end` (or `start_char_index` and `end_char_index`), or "
            "`citation_id`. One that is malformed is refused by itself.",
            examples=[[{"quote": "Russia will likely use them within weeks", "article_id": "missiles"}]],
        ),
    ] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.claims is None):
            raise ValueError("Give either text or claims")
        return self


def refuse_repeats(request: Request) -> None:
    """Refuse a parameter that is given twice but has one value: which one counts would be a guess.

    Raises:
        RequestValidationError: Naming each.
    """
    given = (name for name, _ in request.query_params.multi_items() if name not in _REPEATABLE)
    _refuse("query", repeated(given))


async def refuse_repeated_fields(request: Request) -> None:
    """Refuse a JSON body that gives a field twice: which one counts would be a guess.

    Raises:
        RequestValidationError: Naming each.
    """
    _refuse("body", _repeated_fields(await request.body()))


def _repeated_fields(body: bytes) -> set[str]:
    """The names that an object in a JSON text has twice; none when it is no JSON, which is told elsewhere."""
    found: set[str] = set()

    def noting(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.update(repeated(name for name, _ in pairs))
        return dict(pairs)

    try:
        json.loads(body, object_pairs_hook=noting)
    except (ValueError, RecursionError):
        return set()
    return found


def _refuse(where: str, names: Iterable[str]) -> None:
    faults = [{"type": "repeated", "loc": (where, name), "msg": "Give it only once"} for name in sorted(names)]
    if faults:
        raise RequestValidationError(faults)


def json_only(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    """Refuse a body that is not declared to be JSON.

    Raises:
        HTTPException: With status 415.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, NOT_JSON)
