"""Shapes of a receipt: the whole trail of an answer."""

from typing import Any

from pydantic import Field

from api.schemas.base import ArticleId, Shape, SpanOut
from api.schemas.citations import TrailOut
from api.schemas.times import ReadingOut
from search.asking.answer_type import AnswerType
from search.quoting.alignment import CitationStatus


class FeaturesOut(Shape):
    """What was looked at in a sentence; `search.asking.evidence.features` says what each means."""

    retrieval: float = Field(description="The passage's score, less that of the best candidate.")
    passage: float = Field(description="Closeness of the passage, in units of its spread over the archive.")
    sentence: float = Field(description="Closeness of the sentence under its headline, in the same units.")
    coverage: float = Field(description="Share of the question's terms in the sentence, weighted by rarity.")
    context: float = Field(description="The same of its passage and headline.")
    names: float = Field(description="The same of the question's names and figures.")
    time: float = Field(description="Whether it bounds a time, if one is asked for.")
    figure: float = Field(description="Whether it has a figure of the kind asked for.")
    name: float = Field(description="Whether it has a name that the question does not have, if one is asked for.")
    speech: float = Field(description="Whether it reports speech, if a statement is asked for.")
    reason: float = Field(description="Whether it has a word of reason, if a reason is asked for.")
    length: float = Field(description="Natural logarithm of its number of words.")
    asks: float = Field(description="Whether it is a question itself.")
    first: float = Field(description="Whether its passage is the best candidate.")
    answers: float = Field(
        description="Log odds, by the close reader, that it answers rather than nothing in its passage."
    )


class CandidateLineOut(Shape):
    """A candidate as it was retrieved."""

    article_id: ArticleId
    trail: TrailOut = Field(description="Its offsets, ranks and scores.")


class EvidenceLineOut(Shape):
    """A piece of evidence as it was weighed."""

    article_id: ArticleId
    span: SpanOut = Field(description="The sentence, as offsets in the article's body.")
    features: FeaturesOut = Field(description="What was looked at.")
    contributions: dict[str, float] = Field(
        description="Each feature times its weight.",
        examples=[{"sentence": 3.2}],
    )
    weighed: float = Field(description="Their sum.", examples=[7.4])
    score: float = Field(
        description="What it is ranked by: their sum, or what the reranker gives.", examples=[7.4]
    )
    share: float = Field(description="Its share of the exponentials of all such sums.", examples=[0.62])
    probability: float = Field(description="That it alone shows the answer, from 0 to 1.", examples=[0.71])


class ReceiptOut(Shape):
    """The whole trail of an answer."""

    reading: ReadingOut = Field(description="How the question was read.")
    expected: AnswerType = Field(description="The kind of answer it expects.", examples=[AnswerType.TIME])
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])
    archive_id: str = Field(description="The archive's own id.", examples=["6f1c2b8e0d6b4f7a9c3e5d2a1b0f4e6d"])
    models: dict[str, str] = Field(
        description="The models that took part, by what they did, with their fingerprints.",
        examples=[{"embedding": "all-MiniLM-L6-v2 0f3d6f1c0d9f4a52 (openvino bf16)"}],
    )
    parameters: dict[str, Any] = Field(description="Where the fitted weights come from.")
    unit: float = Field(description="How much cosine counts as one, for this question.", examples=[0.11])
    candidates: tuple[CandidateLineOut, ...] = Field(description="The passages that were read, best first.")
    evidence: tuple[EvidenceLineOut, ...] = Field(description="What was weighed, best first.")
    verified: dict[CitationStatus, int] = Field(
        description="Citations by the outcome of their verification; only exact and normalised ones are returned.",
        examples=[{CitationStatus.EXACT: 3}],
    )
    wanted_precision: float = Field(description="The setting.", examples=[0.5])
    least_probability: float = Field(
        description="What it comes to: below it the answer is `not found`.", examples=[0.32]
    )
