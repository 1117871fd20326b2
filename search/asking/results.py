"""Results: answers with their receipts, search results and timelines.

A receipt is the whole trail from a question to its citations, for those who want to check it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from search.archive.protocol import Snapshot
from search.article import Span
from search.asking.citation import Citation, Trail
from search.asking.citing import rounded, trail_of
from search.asking.corroboration import Corroboration
from search.asking.coverage import NOTHING_KNOWN, Coverage, coverage_of
from search.asking.evidence import Evidence
from search.asking.evidence.features import NAMES, Features
from search.asking.evidence.joining import parameters_of
from search.asking.follow_up import FollowUp
from search.asking.history import Earlier
from search.asking.listing import Listed
from search.asking.phrases import Held
from search.asking.question import AnswerType, Question
from search.asking.retrieval import Asked, Material, Method, Sorting
from search.asking.tier import Bounds, Tier
from search.asking.timeline import Grouping, TimelineGroup
from search.filters import Filter
from search.models import Models
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
        probability_alone: That it alone shows the answer.
    """

    article_id: str
    span: Span
    features: Features
    contributions: Mapping[str, float]
    weighed: float
    score: float
    share: float
    probability_alone: float

    @classmethod
    def of(cls, piece: Evidence, weights: Mapping[str, float]) -> Self:
        """Tell how evidence was weighed with these weights of the features."""
        return cls(
            article_id=piece.candidate.article,
            span=piece.best,
            features=piece.features,
            contributions={
                name: rounded(weights[name] * value)
                for name, value in zip(NAMES, piece.features.values, strict=True)
            },
            weighed=rounded(piece.weighed),
            score=rounded(piece.score),
            share=rounded(piece.share),
            probability_alone=rounded(piece.probability_alone),
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The whole trail of an answer.

    Attributes:
        reading: How the question was read.
        expected: The kind of answer it expects.
        snapshot: The archive's snapshot.
        archive_id: The archive's own id.
        models: The models that took part, by what they did: `embedding`, `close_reader`, `second_reader`,
            `reranker`, `reader`.
        parameters: Where the weights come from.
        unit: How much cosine counts as one, for this question over this archive.
        candidates: What was read, best first.
        evidence: What was weighed, best first.
        verified: Citations by the outcome of their verification; only exact and normalised ones are returned.
        wanted_precision: The setting.
        bounds: What it comes to: the probabilities at which the tiers begin.
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
    bounds: Bounds

    @classmethod
    def of(
        cls,
        asked: Asked,
        material: Material,
        evidence: Sequence[Evidence],
        outcomes: Mapping[CitationStatus, int],
        models: Mapping[str, str],
        wanted_precision: float,
        bounds: Bounds,
        archive_id: str,
    ) -> Self:
        """Put together how a question was answered."""
        parameters = parameters_of(evidence)
        return cls(
            reading=asked.question,
            expected=asked.question.expected,
            snapshot=material.snapshot,
            archive_id=archive_id,
            models=models,
            parameters=parameters.provenance,
            unit=rounded(asked.unit),
            candidates=tuple(
                CandidateLine(candidate.article, trail_of(candidate)) for candidate in material.candidates
            ),
            evidence=tuple(EvidenceLine.of(piece, parameters.evidence) for piece in evidence),
            verified=dict(outcomes),
            wanted_precision=wanted_precision,
            bounds=bounds,
        )


def identities(embedding: ModelCard, models: Models, *, closely: bool) -> dict[str, str]:
    """Name the models that took part, each with what identifies it, by what they did."""
    found = {"embedding": _identity(embedding)}
    if models.close_reader is not None and closely:
        card = models.close_reader.card
        found["close_reader"] = _identity(card)
        if card.second is not None:
            found["second_reader"] = _identity(card.second)
    for part, model in (("reranker", models.reranker), ("reader", models.answer_marker)):
        if model is not None:
            found[part] = f"{model.identity.name} {model.identity.fingerprint[:16]}"
    return found


def _identity(card: ModelCard | CloseReaderCard) -> str:
    return f"{card.name} {card.fingerprint[:16]} ({card.backend} {card.precision})"


@dataclass(frozen=True, slots=True)
class Searched:
    """What a question was put to.

    Attributes:
        articles: How many articles the archive holds.
        first_published: First day of publication among them; None when none says.
        last_published: Last such day.
        sources: Articles by source, the most frequent first.
        condition: The filter that was applied.
        snapshot: The archive's snapshot.
        coverage: How well it covers what was asked.
        verified: Whether the archive's indexes are known to be as they were saved.
    """

    articles: int
    first_published: date | None
    last_published: date | None
    sources: Mapping[str, int]
    condition: Filter
    snapshot: int
    coverage: Coverage = NOTHING_KNOWN
    verified: bool = True

    @classmethod
    def of(cls, snapshot: Snapshot, condition: Filter) -> Self:
        """Tell what a state of the archive holds, and how that covers what a filter asks for."""
        facts = snapshot.facts
        return cls(
            facts.articles,
            facts.first_published,
            facts.last_published,
            facts.sources,
            condition,
            snapshot.number,
            coverage_of(facts, condition),
            snapshot.card.verified,
        )


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages for a question.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        method: How passages were ranked.
        passages: Each cited whole, best first.
        searched: What was searched.
        sorting: The order of those that were found.
        held: What came of phrases in quotation marks; None where the question has none.
        reason: Why there are no passages; empty where there are some.
    """

    question: str
    reading: Question
    method: Method
    passages: tuple[Citation, ...]
    searched: Searched
    sorting: Sorting = Sorting.RELEVANCE
    held: Held | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question, or that it says nothing.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        tier: Whether the evidence answers, perhaps answers, or does not.
        probability: That the best citation shows the answer, from 0 to 1; 0 when there is none. It is the first,
            save where a newer report that answers as well comes before it.
        bounds: The probabilities at which the tiers begin.
        citations: The evidence, best first; empty when not found.
        corroboration: Who else says so, and who says otherwise; None when not found.
        reason: Why nothing was found; empty when something was.
        nearest: When nothing was found, what came nearest; None when nothing came near at all.
        searched: What was searched.
        history: Where what was asked for has changed, the older reports of it, the newest of them first; empty
            when it has not, or nothing was found.
        receipt: The whole trail; None unless it was asked for.
        listed: The things that a list was asked for of, collected across articles; empty otherwise.
        parts: Where several questions were asked in one, the answer to each.
        follow_up: How it was read with the questions before it; None where there were none, or it needs none.
    """

    question: str
    reading: Question
    tier: Tier
    probability: float
    bounds: Bounds
    citations: tuple[Citation, ...]
    corroboration: Corroboration | None
    reason: str
    nearest: Citation | None
    searched: Searched
    history: tuple[Earlier, ...] = ()
    receipt: Receipt | None = None
    listed: tuple[Listed, ...] = ()
    parts: tuple["Answer", ...] = ()
    follow_up: FollowUp | None = None

    @property
    def found(self) -> bool:
        """Whether the evidence answers, if only perhaps."""
        return self.tier is not Tier.NOT_FOUND


def joined_answer(question: Question, searched: Searched, parts: Sequence[Answer]) -> Answer:
    """Join the answers to several questions that were asked in one.

    It has the best citation of each part that was found, in their order, and is no surer than the least sure of
    them; it is not found when none is. Corroboration and history are those of its first citation.
    """
    found = [part for part in parts if part.found] or [*parts]
    least = min(found, key=lambda part: part.probability)
    return replace(
        least,
        question=question.text,
        reading=question,
        citations=tuple(part.citations[0] for part in found if part.citations),
        corroboration=found[0].corroboration,
        history=found[0].history,
        searched=searched,
        receipt=None,
        listed=(),
        parts=tuple(parts),
    )


@dataclass(frozen=True, slots=True)
class Timeline:
    """Evidence on a subject, in the order of the time that it speaks of.

    Attributes:
        question: The subject, white space collapsed.
        reading: What was read out of it.
        grouping: The unit that entries are grouped by.
        groups: Each with the first day of its unit and its entries, in order.
        searched: What was searched.
    """

    question: str
    reading: Question
    grouping: Grouping
    groups: tuple[TimelineGroup, ...]
    searched: Searched
