"""Shapes that only HTTP has: health, lists, changes, answers to many questions, what became of articles sent."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from api.http.problems import Problem
from api.schemas import AnswerResponse, PublicationOut, Shape
from api.schemas.base import ArticleId, Byline, Headline, Language, Section, Source, Url
from api.schemas.citations import Published
from search.archive import Outcome


class Health(Shape):
    """How the server is."""

    status: Literal["alive", "ready"] = Field(
        description="`alive`: it answers. `ready`: archive and model are there and fit together.",
        examples=["alive"],
    )


_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Status(StrEnum):
    """What storing an article did."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"


STATUSES = {
    Outcome.ADDED: Status.CREATED,
    Outcome.REPLACED: Status.REPLACED,
    Outcome.UNCHANGED: Status.UNCHANGED,
    Outcome.OLDER: Status.FAILED,
    Outcome.EXPIRED: Status.FAILED,
}


class StoredResponse(Shape):
    """What became of an article."""

    id: ArticleId
    status: Status = Field(
        description="`created`: it is new. `replaced`: it stands in the place of one with this id and other "
        "content. `unchanged`: one with equal content was stored already, and nothing was done.",
        examples=[Status.CREATED],
    )
    content_hash: str = Field(
        description="SHA-256 (hex) over everything but id and origin: equal content, equal hash.", examples=[_HASH]
    )
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[4])


class BatchItemOut(Shape):
    """What became of one article of a batch."""

    index: int = Field(
        ge=0,
        description="Its place in the batch, counted from 0; in NDJSON that of its line, empty ones not counted.",
        examples=[0],
    )
    id: str | None = Field(
        description="Id of the article, its own or the one that was derived; null when refused without one.",
        examples=["desk/2024/talks"],
    )
    status: Status = Field(
        description="As for a single one, or `failed`: it was not stored, and `problem` says why.",
        examples=[Status.CREATED],
    )
    content_hash: str | None = Field(
        description="SHA-256 (hex) of its content; null when it could not be read.", examples=[_HASH]
    )
    problem: Problem | None = Field(description="Why it failed, as if it had been sent alone; null if it did not.")


class BatchResponse(Shape):
    """What became of each article of a batch."""

    created: int = Field(description="How many are new.", examples=[1])
    replaced: int = Field(description="How many stand in the place of one with the same id.", examples=[0])
    unchanged: int = Field(description="How many were stored already, with equal content.", examples=[0])
    failed: int = Field(description="How many were not stored.", examples=[0])
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[4])
    items: tuple[BatchItemOut, ...] = Field(description="One for each that was sent, in the same order.")

    @classmethod
    def of(cls, items: tuple[BatchItemOut, ...], snapshot: int) -> "BatchResponse":
        """Count what became of them."""
        counts = {status.value: sum(item.status is status for item in items) for status in Status}
        return cls(**counts, snapshot=snapshot, items=items)


class ArticleLineOut(Shape):
    """An article in a list, without its text."""

    id: ArticleId
    headline: Headline
    standfirst: str | None = Field(description="The summary under the headline.", examples=["Sanctions follow."])
    byline: Byline
    published: Published
    source: Source
    section: Section
    language: Language
    url: Url
    version: int | None = Field(
        description="Number of this version, where its publisher counts them; null otherwise.", examples=[2]
    )
    content_hash: str = Field(
        description="SHA-256 (hex) over everything but id and origin: equal content, equal hash.", examples=[_HASH]
    )


Next = Annotated[
    str | None,
    Field(description="The `cursor` of the next page; null when there is none.", examples=["eyJsaW5lIjoi"]),
]


class ArticlesResponse(Shape):
    """A page of a list of articles."""

    articles: tuple[ArticleLineOut, ...] = Field(description="In the order of their ids.")
    snapshot: int = Field(description="Number of the snapshot that this page is of.", examples=[4])
    began_at: int = Field(description="Number of the snapshot that the first page was of.", examples=[4])
    next: Next


class Change(StrEnum):
    """How an article that changed is now."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class ChangeOut(Shape):
    """What JSON Feed has no member for: how an article that changed is now."""

    status: Change = Field(
        description="`current`: it can be found. `superseded`, `withdrawn`: it is stored and not found any more. "
        "`removed`: it is not in the archive.",
        examples=[Change.CURRENT],
    )
    article: str = Field(description="Path that it is read at.", examples=["/v1/articles/desk/2024/talks"])
    published: PublicationOut | None = Field(default=None, description="When it was published, if it says so.")
    content_hash: str | None = Field(
        default=None, description="Of its content, if it is stored.", examples=[_HASH]
    )
    superseded_by: str | None = Field(
        default=None, description="Id of the article in its place.", examples=["desk/2024/talks-2"]
    )


class AuthorOut(Shape):
    """Who wrote an article."""

    name: str = Field(description="As printed.", examples=["By Shaun Tandon"])


_EXTENSION = AliasChoices("_dateline", "dateline")
_EXTENDING = "_dateline"  # what JSON Feed does not define begins so


class FeedItem(Shape):
    """An article that changed, as an item of JSON Feed 1.1."""

    id: ArticleId
    url: str | None = Field(
        default=None, description="Its web address, if it has one.", examples=["https://news.example/iran"]
    )
    title: Headline
    content_text: str = Field(
        description="Its body; empty when it is not in the archive any more, or was withdrawn.",
        examples=["The talks lasted two hours."],
    )
    summary: str | None = Field(
        default=None, description="The summary under the headline.", examples=["Sanctions follow."]
    )
    date_published: str | None = Field(
        default=None,
        description="The instant of publication (RFC 3339); absent when the hour or the zone is not known.",
        examples=["2024-09-10T12:31:00+02:00"],
    )
    authors: tuple[AuthorOut, ...] | None = Field(default=None, description="Its byline, if it has one.")
    tags: tuple[str, ...] | None = Field(
        default=None, description="Its section, if it has one.", examples=[["World"]]
    )
    language: str | None = Field(default=None, description="ISO 639-1 code.", examples=["en"])
    dateline: ChangeOut = Field(
        description="How it is now.", validation_alias=_EXTENSION, serialization_alias=_EXTENDING
    )


class FeedPlace(Shape):
    """What JSON Feed has no member for: where a feed of changes stands."""

    snapshot: int = Field(description="Number of the snapshot that this page is of.", examples=[4])
    since: int = Field(description="Number of the snapshot after which changes count.", examples=[0])
    more: bool = Field(description="Whether there are more pages now.", examples=[False])
    next: str = Field(
        description="The `cursor` to go on with: the next page, or, when there is none, what changes from now on.",
        examples=["eyJsaW5lIjoi"],
    )


class ChangesResponse(Shape):
    """What changed in the archive, as JSON Feed 1.1."""

    version: Literal["https://jsonfeed.org/version/1.1"] = Field(
        description="Names the format.", examples=["https://jsonfeed.org/version/1.1"]
    )
    title: str = Field(description="Of the feed.", examples=["Changes in the archive"])
    next_url: str | None = Field(
        default=None,
        description="Where the next page is; absent on the last.",
        examples=["http://127.0.0.1:8000/"],
    )
    items: tuple[FeedItem, ...] = Field(description="The articles that changed, in the order of their ids.")
    dateline: FeedPlace = Field(
        description="Where the feed stands.", validation_alias=_EXTENSION, serialization_alias=_EXTENDING
    )


class AnsweredLine(Shape):
    """What came of one question of several: a line of the response."""

    index: int = Field(ge=0, description="Its place among the questions, counted from 0.", examples=[0])
    answer: AnswerResponse | None = Field(description="As if it had been asked alone; null when it was refused.")
    problem: Problem | None = Field(description="Why it was refused, as if it had been asked alone; else null.")
