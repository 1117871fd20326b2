"""The base of all shapes, the fields that several share, and shapes of time."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from search.asking.question import AnswerType
from search.asking.question_time import TimeAsked
from search.asking.shapes import QuestionShape
from search.times import Modifier, Relation, TimexType, Unit

ArticleId = Annotated[
    str, Field(description="Id of the article, unique in the archive.", examples=["reuters/2024-09-10/iran"])
]
Headline = Annotated[
    str,
    Field(
        description="Headline; empty when the publisher gave none.",
        examples=["Blinken accuses Tehran of arming Russia"],
    ),
]
Source = Annotated[str | None, Field(description="Publisher or agency.", examples=["AFP"])]
Byline = Annotated[str | None, Field(description="Who wrote it, as printed.", examples=["By Shaun Tandon"])]
Url = Annotated[
    str | None,
    Field(
        description="Where it was published, as the article says; not checked, and not always a web address.",
        examples=["https://news.example/2024/09/10/iran"],
    ),
]
Language = Annotated[str | None, Field(description="ISO 639-1 code.", examples=["en"])]
Section = Annotated[str | None, Field(description="Desk or category.", examples=["World"])]
Start = Annotated[
    int, Field(ge=0, description="First code point, 0-based, counted in the article's body.", examples=[1042])
]
End = Annotated[int, Field(ge=1, description="One past the last code point (end-exclusive).", examples=[1121])]


class Shape(BaseModel):
    """A frozen JSON object that has exactly the fields it declares."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, serialize_by_alias=True)

    def to_json(self, indent: int | None = None) -> str:
        """Write it as JSON, fields in their declared order and text not escaped to ASCII."""
        return self.model_dump_json(indent=indent)


class SpanOut(Shape):
    """A slice of an article's body."""

    start: Start
    end: End


class IntervalOut(Shape):
    """A half-open stretch of time."""

    start: date | datetime | None = Field(
        description="First day, or instant where an hour was named; null when it is not bounded on this side.",
        examples=["2024-09-10"],
    )
    end: date | datetime | None = Field(
        description="The day or instant after the last; null when it is not bounded on this side.",
        examples=["2024-10-11"],
    )
    granularity: Unit = Field(
        description="The unit that the words spoke in: how finely the bounds may be read.", examples=[Unit.WEEK]
    )
    precision: str = Field(
        description="The same as a word to be shown, in the plural where it lasts longer than one such unit.",
        examples=["weeks"],
    )


class TimeOut(Shape):
    """A time expression in an article's body, with what it means."""

    words: str = Field(description="Exactly `body[start:end]` of the article.", examples=["weeks"])
    start: Start
    end: End
    type: TimexType = Field(description="TIMEX3 type.", examples=[TimexType.DURATION])
    value: str = Field(description="TIMEX3 value.", examples=["PXW"])
    modifier: Modifier | None = Field(description="TIMEX3 modifier; null when there is none.", examples=[None])
    relation: Relation = Field(description="What the preposition before it says.", examples=[Relation.WITHIN])
    interval: IntervalOut | None = Field(description="What it means; null when the words bound no time.")
    anchor: str = Field(
        description="What it was reckoned from; empty when the words are complete in themselves.",
        examples=["2024-09-10"],
    )
    rule: str = Field(description="The rule that read it.", examples=["untold_length"])


class WhenOut(Shape):
    """The time expression that answers."""

    words: str = Field(
        description="Exactly `body[start:end]` of the article, with a preposition that changes the meaning.",
        examples=["within weeks"],
    )
    start: Start
    end: End
    value: str = Field(description="TIMEX3 value.", examples=["PXW"])
    relation: Relation = Field(description="What the preposition before it says.", examples=[Relation.WITHIN])
    interval: IntervalOut = Field(description="What it means.")
    anchor: str = Field(
        description="What it was reckoned from; empty when the words are complete in themselves.",
        examples=["2024-09-10"],
    )
    rule: str = Field(description="The rule that read it.", examples=["untold_length"])
    fitness: float = Field(description="How well it stands with what was asked, from 0 to 1.", examples=[0.87])


class PeriodOut(Shape):
    """A stretch of calendar days, both ends included."""

    first: date | None = Field(description="First day; null when it is open.", examples=["2024-09-01"])
    last: date | None = Field(description="Last day; null when it is open.", examples=["2024-09-30"])


class ConstraintOut(Shape):
    """The time that a question restricts itself to."""

    words: str = Field(description="As they stand in the question.", examples=["September 2024"])
    period: PeriodOut = Field(description="The days they mean.")
    as_of: date = Field(description="The day from which relative words were reckoned.", examples=["2026-11-22"])
    relative: bool = Field(
        description="Whether the words were reckoned from that day. Such a time is not applied when it lies "
        "outside the archive's days of publication; `searched.filter.from_or_about` is null then.",
        examples=[False],
    )


class ReadingOut(Shape):
    """What was read out of a question."""

    terms: tuple[str, ...] = Field(
        description="Its telling words as they are indexed: folded and stemmed.", examples=[["missil", "use"]]
    )
    names: tuple[str, ...] = Field(description="Those of them that are names or figures.", examples=[["blinken"]])
    expected: AnswerType = Field(description="The kind of answer it expects.", examples=[AnswerType.TIME])
    time_asked: TimeAsked | None = Field(
        description="The kind of time it asks for; null when it asks for something else.",
        examples=[TimeAsked.WHEN],
    )
    constraint: ConstraintOut | None = Field(
        description="The time it restricts itself to, applied unless the filter has one; null when it does not."
    )
    shape: QuestionShape = Field(
        description="What it wants: `one` thing, a `list`, a `yes_or_no`, somebody's `fate`; or `keywords`.",
        examples=[QuestionShape.ONE],
    )
    respelt: tuple[tuple[str, str], ...] = Field(
        description="Words that were misspelt, each with how it was read; empty when none was.",
        examples=[[["misiles", "missiles"]]],
    )
    latest: bool = Field(
        description="Whether it wants what was reported last rather than what fits best.", examples=[False]
    )
