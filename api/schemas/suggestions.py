"""The response that says what an archive can be asked."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from api.schemas.base import ArticleId, Shape
from search.asking.suggestions import Kind, Suggestion


class SuggestionOut(Shape):
    """A question that the archive answers."""

    question: str = Field(description="In plain words.", examples=["What did Antony Blinken say about Russia?"])
    kind: Kind = Field(description="What it asks for.", examples=[Kind.STATEMENT])
    answer: str = Field(description="The words that answer.", examples=["will likely use them within weeks"])
    article_id: ArticleId


class SuggestionsResponse(Shape):
    """Questions that the archive answers, found from its own articles; each was asked, and its answer is sure."""

    complete: bool = Field(
        description="Whether they were all looked for; while they are not, ask again in a few seconds.",
        examples=[True],
    )
    questions: tuple[SuggestionOut, ...] = Field(
        description="Of different kinds, articles and years; at most six, and fewer where no more were found."
    )

    @classmethod
    def of(cls, found: Iterable[Suggestion], *, complete: bool) -> Self:
        """Shape what was found."""
        return cls(complete=complete, questions=tuple(SuggestionOut.model_validate(one) for one in found))
