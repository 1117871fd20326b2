"""Shapes of written answers."""

from typing import Self

from pydantic import Field

from api.schemas.answers import AnswerResponse
from api.schemas.base import Shape
from api.writing.writer import Written
from search.asking.results import Answer
from search.asking.wording import Rule


class WrittenSentenceOut(Shape):
    """A sentence that a model wrote and that its quotes bear out."""

    text: str = Field(
        description="The sentence.",
        examples=["Russia will likely use them within weeks in Ukraine, Blinken said."],
    )
    citations: tuple[int, ...] = Field(
        description="Numbers, from 1, of the citations that it rests on.", examples=[[1]]
    )


class WrittenOut(Shape):
    """An answer in a model's words; the quotes are the answer, with or without it."""

    model: str = Field(description="Name of the model; empty where none was named.", examples=["qwen2.5:1.5b"])
    sentences: tuple[WrittenSentenceOut, ...] = Field(description="In order; empty when nothing stands.")
    dropped: dict[Rule, int] = Field(
        description="How many sentences were dropped, by the rule that each broke.", examples=[{Rule.NUMBER: 1}]
    )
    reason: str = Field(
        description="Why there is no sentence; empty when there is one.",
        examples=["The model took longer than 60 seconds."],
    )


class WrittenAnswerResponse(AnswerResponse):
    """An answer, and the same in a model's words."""

    written: WrittenOut = Field(description="What the model wrote of the citations, as far as they bear it out.")

    @classmethod
    def of_both(cls, answer: Answer, written: Written) -> Self:
        """Shape an answer and what was written of it."""
        given = AnswerResponse.of(answer)
        fields = {name: getattr(given, name) for name in AnswerResponse.model_fields}
        return cls(**fields, written=WrittenOut.model_validate(written))
