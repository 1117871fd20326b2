"""The receipt of an answer: the whole trail from question to citations, for those who want to check it."""

from collections.abc import Mapping
from dataclasses import dataclass

from search.article import Span
from search.asking.answer_type import AnswerType
from search.asking.citation import Trail
from search.asking.evidence.features import Features
from search.asking.question import Question
from search.models.close_reading import CloseReaderCard
from search.models.embedding import ModelCard
from search.quoting.alignment import CitationStatus


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate as it was retrieved.

    Attributes:
        article_id: Its article.
        trail: Its offsets, ranks and scores.
    """

    article_id: str
    trail: Trail


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence as it was weighed.

    Attributes:
        article_id: Its article.
        span: Offsets of the sentence in the article's body.
        features: What was looked at.
        contributions: Each feature times its weight.
        weighed: Their sum.
        score: What it is ranked by: their sum, or what the reranker gives.
        share: Its share of the exponentials of all such sums.
        probability: That it alone shows the answer.
    """

    article_id: str
    span: Span
    features: Features
    contributions: Mapping[str, float]
    weighed: float
    score: float
    share: float
    probability: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """The whole trail of an answer.

    Attributes:
        reading: How the question was read.
        expected: The kind of answer it expects.
        snapshot: The archive's snapshot.
        archive_id: The archive's own id.
        models: The models that took part, by what they did: `embedding`, `close_reader`, `reranker`, `reader`.
        parameters: Where the weights come from.
        unit: How much cosine counts as one, for this question over this archive.
        candidates: What was read, best first.
        evidence: What was weighed, best first.
        verified: Citations by the outcome of their verification; only exact and normalised ones are returned.
        wanted_precision: The setting.
        least_probability: What it comes to: below it the answer is "not found".
    """

    reading: Question
    expected: AnswerType
    snapshot: int
    archive_id: str
    models: Mapping[str, str]
    parameters: Mapping[str, object]
    unit: float
    candidates: tuple[CandidateLine, ...]
    evidence: tuple[EvidenceLine, ...]
    verified: Mapping[CitationStatus, int]
    wanted_precision: float
    least_probability: float


def identity(card: ModelCard | CloseReaderCard) -> str:
    """Name a model with what identifies it and runs it."""
    return f"{card.name} {card.fingerprint[:16]} ({card.backend} {card.precision})"
