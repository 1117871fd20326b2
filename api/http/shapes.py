"""Shapes that only HTTP has: health, and what became of articles that were sent."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from api.http.problems import Problem
from api.schemas import Shape
from api.schemas.base import ArticleId
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
