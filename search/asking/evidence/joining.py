"""Evidence made of ranked sentences: each with the neighbour that is nearly as probable, and its probability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from search.article import Span
from search.asking.evidence.features import Features
from search.asking.evidence.near_misses import NearMiss
from search.asking.evidence.time_answer import TimeAnswer
from search.asking.evidence.weights import Parameters, load_parameters, probability, signals_of
from search.asking.retrieval import Candidate, Material
from search.models.close_reading import Reading
from search.times import TimeMention

PAIR_RATIO = 0.4
"""A neighbouring sentence at least this probable beside the best one is cited with it."""

LONGEST_PAIR = 600
"""Code points of the longest pair of sentences."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a candidate, as far as it has been looked at.

    Attributes:
        candidate: The passage it stands in.
        span: Its offsets in the article's body.
        features: What was looked at.
        when: The time expression in it that answers, if a time was asked for and it bounds one.
        vector: Its unit vector under its headline, shape (dimension,); shape (0,) before the closer look.
        closeness: Cosine between the question and it; that of the passage before the closer look.
        reading: What the close reader read in its passage; None before it did.
        near_miss: Why it does not answer, though it is near; None when no rule says so.
        tells_the_step: Whether it tells of the step of a chain of events that is asked about.
        times: The time mentions in it that may answer, if a time was asked for.
    """

    candidate: Candidate
    span: Span
    features: Features
    when: TimeAnswer | None
    closeness: float
    vector: npt.NDArray[np.float32] = field(compare=False, repr=False)
    reading: Reading | None = field(default=None, compare=False, repr=False)
    near_miss: NearMiss | None = None
    tells_the_step: bool = False
    times: tuple[TimeMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence, or two neighbouring ones, that may answer.

    Attributes:
        candidate: The passage it stands in.
        sentences: Offsets of its sentence, or two, in the article's body, in the order of the text.
        best: The one that answers best.
        closeness: Cosine between the question and the best sentence under its headline.
        features: What was looked at in the best sentence.
        when: The time expression that answers, if a time was asked for and it bounds one.
        score: What it is ranked by: the weighted sum of the features, or what the reranker gives.
        weighed: The weighted sum of the features.
        share: Its share of the exponentials of all weighted sums: near 1 when nothing else comes close; 0 of what
            misses, where anything does not.
        probability_alone: That it alone shows the answer, from 0 to 1.
        read_by: Profile of the close reader that read it, by which the parameters differ; None where none did.
        vector: Unit vector of the best sentence under its headline, shape (dimension,).
        reading: What the close reader read in its passage; None where that was not read closely.
        near_miss: Why it does not answer, though it is near; None when no rule says so.
        tells_the_step: Whether it tells of the step of a chain of events that is asked about.
    """

    candidate: Candidate
    sentences: tuple[Span, ...]
    best: Span
    closeness: float
    features: Features
    when: TimeAnswer | None
    score: float
    weighed: float
    share: float
    probability_alone: float
    read_by: str | None
    vector: npt.NDArray[np.float32] = field(compare=False, repr=False)
    reading: Reading | None = field(default=None, compare=False, repr=False)
    near_miss: NearMiss | None = None
    tells_the_step: bool = False

    @property
    def span(self) -> Span:
        """Its offsets in the article's body."""
        return Span(self.sentences[0].start, self.sentences[-1].end)

    @property
    def signals(self) -> dict[str, float]:
        """What the probability of an answer depends on."""
        return signals_of(self.features, self.weighed, self.share)


def is_miss(piece: Sentence) -> bool:
    """Tell whether a sentence only comes near."""
    return piece.near_miss is not None


def joined(
    ranked: Sequence[Sentence],
    material: Material,
    parameters: Parameters,
    *,
    read_by: str | None = None,
    scores: Sequence[float] | None = None,
    pairs: bool = True,
) -> list[Evidence]:
    """Make evidence of ranked sentences, each with the neighbour that is nearly as probable; none is cited twice.

    Args:
        ranked: Sentences, best first.
        material: Their articles.
        parameters: What they are weighed with, and how probable that makes them.
        read_by: Profile of the close reader that read them; None where none did.
        scores: What they are ranked by; None when that is the weighted sum of their features.
        pairs: Whether a sentence may be cited with its neighbour.
    """
    weighed = [piece.features.weighed(parameters.evidence) for piece in ranked]
    scores = weighed if scores is None else scores
    greatest = max(
        (value for value, piece in zip(weighed, ranked, strict=True) if not is_miss(piece)),
        default=max(weighed, default=0.0),
    )
    some_answer = not all(is_miss(piece) for piece in ranked)
    likelihood = [
        0.0 if some_answer and is_miss(piece) else math.exp(value - greatest)
        for value, piece in zip(weighed, ranked, strict=True)
    ]
    total = sum(likelihood)
    used: set[int] = set()
    evidence = []
    for place, piece in enumerate(ranked):
        if place in used:
            continue
        used.add(place)
        neighbour = next(
            (
                other
                for other in range(place + 1, len(ranked))
                if pairs
                and other not in used
                and likelihood[other] >= PAIR_RATIO * likelihood[place]
                and is_miss(piece) is is_miss(ranked[other])
                and _may_be_cited_together(piece, ranked[other], material)
            ),
            None,
        )
        together = [piece] if neighbour is None else [piece, ranked[neighbour]]
        share = likelihood[place] / total
        if neighbour is not None:
            used.add(neighbour)
            share += likelihood[neighbour] / total
        signals = signals_of(piece.features, weighed[place], share)
        evidence.append(
            Evidence(
                candidate=piece.candidate,
                sentences=tuple(sorted((one.span for one in together), key=lambda span: span.start)),
                best=piece.span,
                closeness=piece.closeness,
                features=piece.features,
                when=next((one.when for one in together if one.when), None),
                score=scores[place],
                weighed=weighed[place],
                share=share,
                probability_alone=probability(signals, parameters.of_each),
                read_by=read_by,
                vector=piece.vector,
                reading=piece.reading,
                near_miss=piece.near_miss,
                tells_the_step=piece.tells_the_step,
            )
        )
    return evidence


def _may_be_cited_together(one: Sentence, other: Sentence, material: Material) -> bool:
    """Whether two sentences stand side by side and do not name different times for what is asked.

    Each keeps its own standing and speaker in the citation.
    """
    if one.candidate.passage != other.candidate.passage:
        return False
    if one.when and other.when and one.when.interval != other.when.interval:
        return False
    body = material.article(one.candidate.article).body
    first, second = sorted((one.span, other.span), key=lambda span: span.start)
    return (
        first.end <= second.start
        and not body[first.end : second.start].strip()
        and second.end - first.start <= LONGEST_PAIR
    )


def pieces_to_cite(evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """The first pieces of evidence, and the first that only comes near."""
    miss = next((place for place, piece in enumerate(evidence) if piece.near_miss), len(evidence))
    return [*evidence[: min(most, miss)], *evidence[miss : miss + 1]]


def parameters_of(evidence: Sequence[Evidence]) -> Parameters:
    """The parameters that the evidence was weighed with."""
    return load_parameters(next((piece.read_by for piece in evidence), None))
