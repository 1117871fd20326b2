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
    TimeOut,
    Url,
    WhenOut,
)
from search.article import Precision, Publication
from search.asking.question import AnswerType
from search.quoting.alignment import CitationStatus
from search.statements import Standing


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


class SpeakerOut(Shape):
    """Who says what is quoted."""

    name: str = Field(description="As fully as the article gives it.", examples=["Antony Blinken"])
    role: str | None = Field(
        description="What the article says of them; null when it says nothing.", examples=["US Secretary of State"]
    )
    words: str = Field(
        description="The attribution: exactly `body[start:end]` of the article.", examples=["he told reporters"]
    )
    start: Start
    end: End


class StatementOut(Shape):
    """A sentence of a quote: how it is put forward, and by whom."""

    standing: Standing = Field(description="How it is put forward.", examples=[Standing.PREDICTED])
    speaker: SpeakerOut | None = Field(description="Who says it; null when the article itself does.")
    start: Start
    end: End


class ShortAnswerOut(Shape):
    """The words of a quote that answer."""

    words: str = Field(description="Exactly `body[start:end]` of the article.", examples=["within weeks"])
    start: Start
    end: End
    kind: AnswerType = Field(description="What kind of thing it is.", examples=[AnswerType.TIME])
    marked_by: str = Field(
        description="`close reader`, `rules`, or the name of the model that marked it.", examples=["close reader"]
    )


class CopyOut(Shape):
    """An article of the same family: one text derives from the other."""

    article_id: ArticleId
    headline: Headline
    source: Source
    published: Published
    url: Url
    has_quote: bool | None = Field(
        description="Whether its text has the quote as well, word for word or differently set; null when it "
        "was not compared.",
        examples=[True],
    )


class FamilyOut(Shape):
    """Articles one of whose texts derives from another: copies and updates, which are one witness."""

    origin: CopyOut = Field(description="The one published first, as far as that is known; see `first_is_known`.")
    copies: tuple[CopyOut, ...] = Field(
        description="The others, in the order of their publication as far as it is known."
    )
    first_is_known: bool = Field(
        description="Whether `origin` was certainly published before all others.", examples=[True]
    )


class CitationOut(Shape):
    """A verbatim quote and where it stands."""

    id: str = Field(
        description="Stable id of this citation, to resolve at `/v1/citations/{id}`.",
        examples=["reuters_2F2024-09-10_2Firan.1042-1121.3f786850e387"],
    )
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
    status: CitationStatus = Field(
        description="How the quote compares with the stored article, read once more when the answer was given; "
        "only `exact` and `normalised` are ever returned.",
        examples=[CitationStatus.EXACT],
    )
    standing: Standing | None = Field(
        description="How what answers is put forward; a prediction is no fact. Null for a passage cited whole.",
        examples=[Standing.PREDICTED],
    )
    speaker: SpeakerOut | None = Field(
        description="Who says what answers; null when the article itself does, and for a passage cited whole."
    )
    statements: tuple[StatementOut, ...] = Field(
        description="How each of its sentences is put forward and who says it, in order; of a passage cited whole "
        "only those that are not plainly asserted by the article itself."
    )
    answer: ShortAnswerOut | None = Field(
        description="The words in it that answer; null when only the whole quote does."
    )
    probability_alone: float | None = Field(
        description="That it alone shows the answer, from 0 to 1; null for a passage cited whole.",
        examples=[0.71],
    )
    family: FamilyOut | None = Field(
        description="Its near-identical articles, collapsed to this result; null when it is the only one."
    )
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
