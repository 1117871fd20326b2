"""Shapes of citations: quotes, where they stand, and how they came to be there."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

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
from api.schemas.times import TimeOut, WhenOut
from search.article import Precision, Publication


class PublicationOut(Shape):
    """When an article was published, no more precisely than it says itself."""

    @model_validator(mode="before")
    @classmethod
    def _reduce(cls, given: object) -> object:
        """Reduce the moment to its precision."""
        if not isinstance(given, Publication):
            return given
        return {"value": given.isoformat(), "precision": given.precision, "found_in": given.found_in}

    value: str = Field(
        description="ISO 8601, reduced to what is known: `2024`, `2024-09`, `2024-09-10`, "
        "`2024-09-10T12:31+02:00`. Without an offset when the article states no zone.",
        examples=["2024-09-10T12:31"],
    )
    precision: Precision = Field(
        description="The finest unit that the article states.", examples=[Precision.MINUTE]
    )
    found_in: str = Field(
        description="Where in the article's file the time was found.", examples=["front matter: date"]
    )


Published = Annotated[
    PublicationOut | None, Field(description="When it was published; null when the article does not say.")
]


class TrailOut(Shape):
    """How a passage or sentence came to be where it is."""

    passage: SpanOut = Field(description="The retrieved passage, as offsets in the article's body.")
    closeness: float = Field(description="Cosine between question and passage.", examples=[0.61])
    dense_rank: int | None = Field(
        description="The passage's place by closeness, from 1; null when it was found by words only.", examples=[1]
    )
    lexical: float = Field(description="The passage's BM25 score.", examples=[7.25])
    lexical_rank: int | None = Field(
        description="The passage's place by words, from 1; null when it was found by meaning only.", examples=[2]
    )
    retrieval_score: float = Field(description="What passages are ranked by.", examples=[5.94])
    sentence_closeness: float | None = Field(
        description="Cosine between question and the cited sentence; null for a passage cited whole.",
        examples=[0.66],
    )


class CitationOut(Shape):
    """A verbatim quote and where it stands."""

    article_id: ArticleId
    headline: Headline
    source: Source
    byline: Byline
    published: Published
    url: Url
    link: str | None = Field(
        description="The URL with a text fragment that leads browsers to the quote; null unless the URL is "
        "http or https.",
        examples=["https://news.example/2024/09/10/iran#:~:text=within%20weeks"],
    )
    section: Section
    language: Language
    quote: str = Field(
        description="Exactly `body[start:end]` of the article.",
        examples=["Russia will likely use them within weeks in Ukraine against Ukrainians."],
    )
    start: Start
    end: End
    score: float = Field(description="What it is ranked by; comparable within one answer only.", examples=[6.125])
    trail: TrailOut = Field(description="How it came to be where it is.")
    times: tuple[TimeOut, ...] = Field(description="The time expressions in the quote, in order.")
    when: WhenOut | None = Field(
        description="The one that answers, when a time was asked for; null when the quote bounds none."
    )


class CharLocation(Shape):
    """A citation in the `char_location` shape that chat clients already render."""

    type: Literal["char_location"] = Field(default="char_location", description="Names the shape.")
    cited_text: str = Field(description="The quote.", examples=["Russia will likely use them within weeks."])
    document_index: int = Field(
        ge=0, description="The article, as a 0-based place in the answer's `articles`.", examples=[0]
    )
    document_title: str | None = Field(
        description="The article's headline; null when it has none.",
        examples=["Blinken accuses Tehran of arming Russia"],
    )
    start_char_index: Start
    end_char_index: End
