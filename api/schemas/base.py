"""The base of all shapes, and the fields that several share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A frozen JSON object that has exactly the fields it declares."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, serialize_by_alias=True)

    def to_json(self, indent: int | None = None) -> str:
        """Write it as JSON, fields in their declared order and text not escaped to ASCII."""
        return self.model_dump_json(indent=indent)


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


class SpanOut(Shape):
    """A slice of an article's body."""

    start: Start
    end: End
