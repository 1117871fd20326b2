"""The one JSON shape of everything Dateline says, on the command line and over HTTP.

Offsets are 0-based, end-exclusive and count Unicode code points of an article's body, never bytes and never
UTF-16 units: `body[start:end]` in Python, `Array.from(body).slice(start, end).join("")` in JavaScript.

Responses are built from the engine's dataclasses by their `of`; their parts mirror a dataclass each, field by
field. Fields keep their order, so an equal result gives equal bytes.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from search.answer import Answer, SearchResult, Timeline
from search.archive import ArchiveStatus
from search.article import Article, Precision, Publication, Span
from search.citation import Citation
from search.embedding import ModelCard
from search.question_time import TimeAsked
from search.retrieval import Method
from search.timeline import Grouping
from search.times import Modifier, Relation, TimeMention, TimexType, Unit

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


class SpanOut(Shape):
    """A slice of an article's body."""

    start: Start
    end: End


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


class PeriodOut(Shape):
    """A stretch of calendar days, both ends included."""

    first: date | None = Field(description="First day; null when it is open.", examples=["2024-09-01"])
    last: date | None = Field(description="Last day; null when it is open.", examples=["2024-09-30"])


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
    from_or_about: PeriodOut | None = Field(
        description="Only passages published in this period, or nobody knows when, or that speak about a time in "
        "it: what the question's own words asked for; null for all."
    )


class SearchedOut(Shape):
    """What a question was put to."""

    articles: int = Field(description="How many articles the archive holds.", examples=[40])
    first_published: date | None = Field(
        description="First day of publication among them; null when none says.", examples=["2022-05-18"]
    )
    last_published: date | None = Field(description="Last such day.", examples=["2025-09-23"])
    filter: FilterOut = Field(
        validation_alias=AliasChoices("filter", "condition"),
        description="The filter, with names in the letter case that the archive has.",
    )
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])


class ConstraintOut(Shape):
    """The time that a question restricts itself to."""

    words: str = Field(description="As they stand in the question.", examples=["September 2024"])
    period: PeriodOut = Field(description="The days they mean.")
    as_of: date = Field(description="The day from which relative words were reckoned.", examples=["2026-11-22"])


class ReadingOut(Shape):
    """What was read out of a question."""

    time_asked: TimeAsked | None = Field(
        description="The kind of time it asks for; null when it asks for something else.",
        examples=[TimeAsked.WHEN],
    )
    constraint: ConstraintOut | None = Field(
        description="The time it restricts itself to, applied unless the filter has one; null when it does not."
    )
    latest: bool = Field(
        description="Whether it wants what was reported last rather than what fits best.", examples=[False]
    )


Question = Annotated[
    str, Field(description="The question, white space collapsed.", examples=["When will missiles be used?"])
]


class SearchResponse(Shape):
    """Ranked passages for a question."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    method: Method = Field(description="How passages were ranked.", examples=[Method.FUSED])
    passages: tuple[CitationOut, ...] = Field(description="Each cited whole, best first.")
    searched: SearchedOut = Field(description="What was searched.")

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """Shape a search result."""
        return cls.model_validate(result)


class AnswerResponse(Shape):
    """What the archive says to a question, or that it says nothing."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    found: bool = Field(description="Whether the evidence supports an answer.", examples=[True])
    citations: tuple[CitationOut, ...] = Field(description="The evidence, best first; empty when not found.")
    articles: tuple[str, ...] = Field(
        description="Ids of the cited articles, in the order in which they are first cited.",
        examples=[["reuters/2024-09-10/iran"]],
    )
    char_locations: tuple[CharLocation, ...] = Field(
        description="The same citations, one to one, in the `char_location` shape."
    )
    reason: str = Field(
        description="Why nothing was found; empty when something was.", examples=["The archive is empty."]
    )
    nearest: CitationOut | None = Field(
        description="When nothing was found, what came nearest, which is not an answer; null when nothing "
        "came near at all."
    )
    searched: SearchedOut = Field(description="What was searched.")

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Shape an answer."""
        articles = tuple(dict.fromkeys(citation.article_id for citation in answer.citations))
        return cls(
            question=answer.question,
            reading=ReadingOut.model_validate(answer.reading),
            found=answer.found,
            citations=tuple(CitationOut.model_validate(citation) for citation in answer.citations),
            articles=articles,
            char_locations=_char_locations(answer.citations, articles),
            reason=answer.reason,
            nearest=CitationOut.model_validate(answer.nearest) if answer.nearest else None,
            searched=SearchedOut.model_validate(answer.searched),
        )


def _char_locations(citations: Iterable[Citation], articles: Sequence[str]) -> tuple[CharLocation, ...]:
    return tuple(
        CharLocation(
            cited_text=citation.quote,
            document_index=articles.index(citation.article_id),
            document_title=citation.headline or None,
            start_char_index=citation.start,
            end_char_index=citation.end,
        )
        for citation in citations
    )


class TimelineEntryOut(Shape):
    """A citation and the days that it speaks of."""

    first: date = Field(description="First day.", examples=["2024-09-10"])
    last: date = Field(description="Last day.", examples=["2024-10-10"])
    citation: CitationOut = Field(description="The evidence; its `when` tells the words that were read.")


class TimelineGroupOut(Shape):
    """The entries that begin in one day, month or year."""

    begins: date = Field(description="First day of the unit.", examples=["2024-09-01"])
    entries: tuple[TimelineEntryOut, ...] = Field(description="In the order of the days they speak of.")


class TimelineResponse(Shape):
    """Evidence on a subject, in the order of the time that it speaks of."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    grouping: Grouping = Field(description="The unit that entries are grouped by.", examples=[Grouping.MONTH])
    groups: tuple[TimelineGroupOut, ...] = Field(description="In order; empty when nothing was found.")
    searched: SearchedOut = Field(description="What was searched.")

    @classmethod
    def of(cls, timeline: Timeline) -> Self:
        """Shape a timeline."""
        return cls.model_validate(timeline)


class ArticleResponse(Shape):
    """A stored article, whole."""

    id: ArticleId
    headline: Headline
    standfirst: str | None = Field(description="The summary under the headline.", examples=["Sanctions follow."])
    byline: Byline
    dateline: str | None = Field(
        description="Where (and when) it was filed, as printed.", examples=["LONDON, Sept 10"]
    )
    published: Published
    source: Source
    url: Url
    section: Section
    language: Language
    origin: str = Field(
        description="The file it was read from, with the record's place in it after `#`.",
        examples=["corpus/json/five-articles-2023-2024.jsonl#2"],
    )
    content_hash: str = Field(
        description="SHA-256 (hex) over everything but id and origin: equal content, equal hash.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    body: str = Field(
        description="Plain text in Unicode NFC, paragraphs parted by a blank line; what all offsets count in.",
        examples=["The talks lasted two hours.\n\nNo date was set for the next round."],
    )
    passages: tuple[tuple[int, int], ...] = Field(
        description="Where its passages stand in the body, each `[start, end)` in code points, in order.",
        examples=[[[0, 27], [29, 64]]],
    )

    @classmethod
    def of(cls, article: Article, passages: Iterable[Span]) -> Self:
        """Shape an article and its passages."""
        mirrored = {name: getattr(article, name) for name in cls.model_fields if name != "passages"}
        return cls.model_validate({**mirrored, "passages": [(span.start, span.end) for span in passages]})


class ArticleTimes(Shape):
    """The time expressions of an article."""

    article_id: ArticleId
    headline: Headline
    published: Published
    times: tuple[TimeOut, ...] = Field(description="In the order of the text.")

    @classmethod
    def of(cls, article: Article, mentions: Iterable[TimeMention]) -> Self:
        """Shape the time mentions of an article."""
        return cls(
            article_id=article.id,
            headline=article.headline,
            published=PublicationOut.model_validate(article.published) if article.published else None,
            times=tuple(TimeOut.model_validate(mention) for mention in mentions),
        )


class ArchiveOut(Shape):
    """What an archive holds."""

    folder: Annotated[str, BeforeValidator(str)] = Field(
        description="Where it is on the machine that answers.", examples=[".dateline"]
    )
    archive_id: str = Field(
        description="Its own id, made when it was.", examples=["6f1c2b8e0d6b4f7a9c3e5d2a1b0f4e6d"]
    )
    snapshot: int = Field(description="Number of its last committed change.", examples=[3])
    schema_version: int = Field(description="Version of its database's schema.", examples=[1])
    model: str = Field(description="Name of the model that its vectors are from.", examples=["all-MiniLM-L6-v2"])
    fingerprint: str = Field(description="SHA-256 (hex) that identifies that model.", examples=["53aa51172d14"])
    dimension: int = Field(description="Length of a vector.", examples=[384])
    articles: int = Field(description="How many articles.", examples=[40])
    passages: int = Field(description="How many passages.", examples=[172])
    first_published: date | None = Field(
        description="First day on which an article was published; null when none says.", examples=["2022-05-18"]
    )
    last_published: date | None = Field(description="Last such day.", examples=["2025-09-23"])
    undated: int = Field(description="How many articles do not say when they were published.", examples=[1])
    sources: dict[str, int] = Field(
        description="Articles by source, the most frequent first.", examples=[{"AFP": 12}]
    )
    sections: dict[str, int] = Field(
        description="Articles by section, the most frequent first.", examples=[{"World": 20}]
    )
    languages: dict[str, int] = Field(
        description="Articles by language, the most frequent first.", examples=[{"en": 39, "fr": 1}]
    )
    bytes_on_disk: int = Field(description="Size of its folder.", examples=[2_097_152])


class ModelOut(Shape):
    """The embedding model as it is being run."""

    name: str = Field(description="The setting it was chosen by.", examples=["all-MiniLM-L6-v2"])
    fingerprint: str = Field(
        description="SHA-256 (hex) over weights, tokenizer and module configuration.", examples=["53aa51172d14"]
    )
    dimension: int = Field(description="Length of a vector.", examples=[384])
    window: int = Field(description="Most tokens that it reads of one text.", examples=[256])
    backend: str = Field(description="What runs it: `openvino` or `torch`.", examples=["openvino"])
    precision: str = Field(description="What it computes in: `bf16` or `f32`.", examples=["bf16"])
    agreement: float = Field(
        description="Smallest cosine with torch in fp32 over the probe texts; 1 for torch itself.",
        examples=[0.99994],
    )
    spread: float = Field(
        description="Standard deviation of the cosine between texts that have nothing to do with one another.",
        examples=[0.07],
    )
    note: str = Field(
        description="Why this backend runs it, when it is not the preferred one; empty otherwise.", examples=[""]
    )


class StatusResponse(Shape):
    """The archive, and the model that reads questions for it."""

    archive: ArchiveOut = Field(description="What the archive holds.")
    model: ModelOut | None = Field(description="The model as it is being run; null when it was not loaded.")

    @classmethod
    def of(cls, status: ArchiveStatus, card: ModelCard | None) -> Self:
        """Shape an archive's status and the loaded model's card."""
        return cls(
            archive=ArchiveOut.model_validate(status), model=ModelOut.model_validate(card) if card else None
        )
