"""Measures of retrieval and answers, as pure functions of rankings and replies.

Retrieval is measured by trec_eval (through pytrec_eval): nDCG with linear gain, recall, and the reciprocal rank
of the first relevant article. Answers are measured by whether a reply shows what is known to answer.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from api.evaluation.confidence import Statistic, Sureness, Values
from api.evaluation.judged import Gold, JudgedQuestion
from api.evaluation.short_answers import ShortReply
from search.asking.citation import Citation
from search.errors import SettingsError
from search.family import Family
from search.filters import Period

RETRIEVAL_MEASURES = ("nDCG@10", "Recall@10", "Recall@100", "MRR@10")
DEPTH = 100
"""How many articles are ranked for each question."""

ANSWER_MEASURES = (
    "article@1",
    "article@5",
    "evidence@1",
    "evidence@3",
    "evidence@5",
    "answer@1",
    "answer@3",
    "best evidence",
    "refusal precision",
    "refusal recall",
    "AUROC",
    "time equal",
    "time overlap",
    "inside filter",
    "exact quotes",
)
CITATIONS = 5
"""How many citations, and how many search results, are asked for."""

_CUT = 10
_QUOTATION_MARKS = re.compile(r"[\"'`´«»‘’‚‛“”„‟‹›]")


def retrieval_measures(
    ranked: Mapping[str, Sequence[str]], relevance: Mapping[str, Mapping[str, int]]
) -> npt.NDArray[np.float64]:
    """Measure rankings of articles.

    Args:
        ranked: Question id -> article ids, best first, without repetition. The order is taken as it is: there
            are no ties to break.
        relevance: Question id -> article id -> grade; a grade of 1 and more is relevant.

    Returns:
        Shape (len(relevance), len(RETRIEVAL_MEASURES)), a row for each question of `relevance` in its order.

    Raises:
        SettingsError: If pytrec_eval is not installed.
    """
    judged = {question: dict(grades) for question, grades in relevance.items()}
    runs = {question: _scored(ranked.get(question, ())[:DEPTH]) for question in judged}
    heads = {question: _scored(ranked.get(question, ())[:_CUT]) for question in judged}
    evaluator = load_trec_eval()
    found = evaluator(judged, {f"ndcg_cut.{_CUT}", f"recall.{_CUT},{DEPTH}"}).evaluate(runs)
    first = evaluator(judged, {"recip_rank"}).evaluate(heads)
    rows = [
        (
            found[question][f"ndcg_cut_{_CUT}"],
            found[question][f"recall_{_CUT}"],
            found[question][f"recall_{DEPTH}"],
            first[question]["recip_rank"],
        )
        for question in judged
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(RETRIEVAL_MEASURES))


def _scored(articles: Sequence[str]) -> dict[str, float]:
    return {article: float(len(articles) - place) for place, article in enumerate(articles)}


class _Evaluator(Protocol):
    """The part of pytrec_eval's evaluator that is used here."""

    def evaluate(self, runs: dict[str, dict[str, float]], /) -> dict[str, dict[str, float]]: ...


def load_trec_eval() -> Callable[[dict[str, dict[str, int]], set[str]], _Evaluator]:
    """Load the evaluator of pytrec_eval.

    Raises:
        SettingsError: If it is not installed.
    """
    try:
        from pytrec_eval import RelevanceEvaluator
    except ImportError as error:
        raise SettingsError(
            "Measuring retrieval needs the package pytrec-eval-terrier, which is not installed.",
            "Install it: pip install 'dateline[eval]'",
        ) from error
    evaluator: Callable[[dict[str, dict[str, int]], set[str]], _Evaluator] = RelevanceEvaluator
    return evaluator


class TimeRead(NamedTuple):
    """How the time that answers was read.

    Attributes:
        equal: It means the very days that it should.
        overlapping: It shares a day with them.
    """

    equal: bool
    overlapping: bool


@dataclass(frozen=True, slots=True)
class JudgedReply:
    """A reply, held against what is known. Places count from 1; None means not among those returned.

    Attributes:
        question: What was asked.
        found: Whether the question was answered at all.
        score: What decides that: the probability that the best evidence answers.
        article_place: First search result whose article answers.
        evidence_place: First citation that shows the gold evidence.
        answer_place: First citation whose quote contains the answer.
        best_is_evidence: Whether the best piece of evidence is the gold one, be it cited or only the nearest miss
            of a refusal.
        time: How the time in the first citation that shows the evidence was read; None unless a time was asked
            for, its days are known, and the evidence was cited.
        inside: Whether the best piece of evidence was published on the days that the question's own words mean;
            None when they mean none.
        exact: How many of the quotes that came back are slices of the stored articles, and how many came back.
        short: Its short answer.
        sureness: Its probability beside whether it is right.
    """

    question: JudgedQuestion
    found: bool
    score: float
    article_place: int | None
    evidence_place: int | None
    answer_place: int | None
    best_is_evidence: bool
    time: TimeRead | None = None
    inside: bool | None = None
    exact: tuple[int, int] = (0, 0)
    short: ShortReply = field(default_factory=ShortReply)
    sureness: Sureness = field(default_factory=Sureness)


class Quoted(Protocol):
    """What is looked at in a citation."""

    @property
    def article_id(self) -> str:
        """Id of the article."""
        ...

    @property
    def quote(self) -> str:
        """Its words."""
        ...

    @property
    def start(self) -> int:
        """Where it begins in the article's body."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...

    @property
    def family(self) -> Family | None:
        """The article's copies; None if it has none, or they are not known."""
        ...


def shows_evidence(citation: Quoted, question: JudgedQuestion) -> bool:
    """Whether a citation shows a place that is known to answer.

    It must be of the article of the place, or of a copy. Where the judges gave the evidence, the quote contains it
    or is contained in it, white space aside; where they gave the answer's offsets, the quote overlaps them; where
    they gave only the article, the quote contains the answer.
    """
    family = citation.family
    ids = {citation.article_id}
    if family:
        ids.update(copy.article_id for copy in (family.origin, *family.copies))
    return any(_shows(citation, place, question) for place in question.gold if place.article in ids)


def read_time(citation: Citation, time: Period) -> TimeRead:
    """Hold the time that a citation answers with against the days it should mean."""
    interval = citation.when.interval if citation.when else None
    if interval is None or interval.first_day is None or interval.last_day is None:
        return TimeRead(equal=False, overlapping=False)
    first, last = time.ordinals
    found = interval.first_day.toordinal(), interval.last_day.toordinal()
    return TimeRead(equal=found == (first, last), overlapping=found[0] <= last and first <= found[1])


def _shows(citation: Quoted, place: Gold, question: JudgedQuestion) -> bool:
    if place.evidence:
        quote, evidence = " ".join(citation.quote.split()), " ".join(place.evidence.split())
        return quote in evidence or evidence in quote
    if place.span is not None and place.article == citation.article_id:
        return citation.start < place.span.end and place.span.start < citation.end
    return contains_answer(citation.quote, question.answers)


def contains_answer(quote: str, answers: Sequence[str]) -> bool:
    """Whether a quote contains any of the answers as whole words; case, quotation marks and white space aside."""
    plain = _plain(quote)
    return any(_whole_words(plain, wanted) for answer in answers if (wanted := _plain(answer)))


def _plain(text: str) -> str:
    return " ".join(_QUOTATION_MARKS.sub("", text).casefold().split())


def _whole_words(text: str, wanted: str) -> bool:
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(wanted)}(?!\w)(?![.,]\d)"
    return re.search(pattern, text) is not None


def answer_statistic(replies: Sequence[JudgedReply]) -> Statistic:
    """The statistic that computes `ANSWER_MEASURES` from a sample of replies.

    Over answerable questions: the share whose article is among the first 1 or 5 search results (article@k), that
    show the evidence in the first k citations (evidence@k) or the answer in the first k quotes (answer@k), a
    refusal counting as a miss; and the share whose best evidence is right, refused or not (best evidence). Of the
    refusals, the share that is unanswerable (refusal precision); of the unanswerable, the share that is refused
    (refusal recall); and the probability that an answerable question scores higher than an unanswerable one
    (AUROC). Of the questions of time whose evidence is cited, the share read as the very days (time equal) or
    days that overlap (time overlap); of the questions that name a time, the share whose best evidence was
    published then (inside filter). Of all quotes that came back, the share that are
    slices of the stored articles (exact quotes). A share of nothing is NaN.
    """
    answerable = np.array([reply.question.answerable for reply in replies], dtype=bool)
    refused = np.array([not reply.found for reply in replies], dtype=bool)
    scores = np.array([reply.score for reply in replies], dtype=np.float64)
    shown = np.array(
        [
            (
                *(_within(reply.article_place, k) for k in (1, CITATIONS)),
                *(_within(reply.evidence_place, k) for k in (1, 3, CITATIONS)),
                *(_within(reply.answer_place, k) for k in (1, 3)),
                reply.best_is_evidence,
            )
            for reply in replies
        ],
        dtype=np.float64,
    )

    told = np.array(
        [
            (
                reply.time is not None,
                bool(reply.time and reply.time.equal),
                bool(reply.time and reply.time.overlapping),
                reply.inside is not None,
                bool(reply.inside),
                *reply.exact,
            )
            for reply in replies
        ],
        dtype=np.float64,
    )

    def statistic(sample: npt.NDArray[np.int64]) -> Values:
        timed, equal, overlapping, limited, inside, exact, quotes = told[sample].sum(axis=0)
        can, no = answerable[sample], refused[sample]
        rows = shown[sample][can]
        means = rows.mean(axis=0) if len(rows) else np.full(shown.shape[1], math.nan)
        right = float((no & ~can).sum())
        return np.array(
            [
                *means,
                _share(right, no.sum()),
                _share(right, (~can).sum()),
                auroc(scores[sample], can),
                _share(equal, timed),
                _share(overlapping, timed),
                _share(inside, limited),
                _share(exact, quotes),
            ],
            dtype=np.float64,
        )

    return statistic


def auroc(scores: Values, positive: npt.NDArray[np.bool_]) -> float:
    """Probability that a positive scores higher than a negative, ties counting half (Mann and Whitney 1947).

    NaN if there are no positives or no negatives.
    """
    positives = int(positive.sum())
    pairs = positives * (len(positive) - positives)
    if not pairs:
        return math.nan
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    return float(ranks[positive].sum() - positives * (positives + 1) / 2) / pairs


def _within(place: int | None, k: int) -> bool:
    return place is not None and place <= k


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
