"""How far figures can be trusted: intervals of those that rest on a sample, and probabilities of answers.

Probabilities are told in tiers with their precision, with their calibration error, and as a picture. An answer
is right when its first citation shows the evidence, which is what the probability was fitted to; what a refusal
came nearest with is judged alike.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from search.asking.results import Answer
from search.asking.tier import Tier

RESAMPLES = 2_000
_SEED = 20240910
_TAIL = 2.5

Values = npt.NDArray[np.float64]
Statistic = Callable[[npt.NDArray[np.int64]], Values]
"""Computes m figures, shape (m,), from a sample of questions given as row numbers, shape (n,)."""

TIERS = (Tier.ANSWER, Tier.PERHAPS, Tier.NOT_FOUND)
BINS = 10
CALIBRATION_MEASURES = (
    *(f"{tier.value.replace('_', ' ')} {what}" for tier in TIERS for what in ("share", "precision")),
    "right held by answer",
    "calibration error",
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95% interval; all three are NaN where the figure is not defined.

    Attributes:
        value: Over all questions.
        low: Lower end of the interval.
        high: Upper end of the interval.
    """

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float | None]:
        """Give the estimate in a form that JSON can hold, to six decimals."""
        return {name: _rounded(getattr(self, name)) for name in ("value", "low", "high")}

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "-"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(names: Sequence[str], statistic: Statistic, questions: int) -> dict[str, Estimate]:
    """Compute figures with their 95% percentile bootstrap intervals (Efron 1979), questions being resampled.

    All figures are computed from the same resamples, so that a difference of two is paired. The seed is fixed:
    equal input, equal intervals. A resample in which a figure is not defined (NaN) does not count for it.

    Args:
        names: Of the m figures.
        statistic: Computes them.
        questions: How many there are; at least 1.
    """
    values = statistic(np.arange(questions))
    generator = np.random.default_rng(_SEED)
    resampled = np.array(
        [statistic(generator.integers(questions, size=questions)) for _ in range(RESAMPLES)], dtype=np.float64
    )
    return {name: _estimate(float(values[column]), resampled[:, column]) for column, name in enumerate(names)}


def means(rows: Values) -> Statistic:
    """The statistic that averages each column of `rows`, shape (n, m)."""
    return lambda sample: rows[sample].mean(axis=0)


def _estimate(value: float, resampled: Values) -> Estimate:
    defined = resampled[~np.isnan(resampled)]
    if math.isnan(value) or not len(defined):
        return Estimate(math.nan, math.nan, math.nan)
    low, high = np.percentile(defined, [_TAIL, 100 - _TAIL])
    return Estimate(value, float(low), float(high))


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


class Sureness(NamedTuple):
    """An answer's probability beside whether it is right.

    Attributes:
        probability: That was given.
        right: Whether it is, refused or not.
        tier: That it came in.
    """

    probability: float = 0.0
    right: bool = False
    tier: Tier = Tier.NOT_FOUND


class Bin(NamedTuple):
    """Answers of about one probability.

    Attributes:
        questions: How many.
        probability: Mean of what was given.
        right: Share that is right.
    """

    questions: int
    probability: float
    right: float


def sureness_of(answer: Answer, *, right: bool) -> Sureness:
    """Put an answer's probability and tier beside whether it is right."""
    return Sureness(answer.probability, right, answer.tier)


def reliability(answers: Sequence[Sureness]) -> list[Bin]:
    """Bin answers by their probability, as many in each of `BINS` bins, in rising order."""
    given = np.array([one.probability for one in answers], dtype=np.float64)
    right = np.array([one.right for one in answers], dtype=np.float64)
    return [Bin(len(rows), float(given[rows].mean()), float(right[rows].mean())) for rows in _bins(given)]


def calibration_error(given: Values, right: Values) -> float:
    """Expected calibration error over bins of equal mass (Nixon et al. 2019); NaN of nothing.

    Args:
        given: Probabilities, shape (n,).
        right: 1 where right, else 0, shape (n,).
    """
    if not len(given):
        return math.nan
    return float(
        sum(len(rows) * abs(given[rows].mean() - right[rows].mean()) for rows in _bins(given)) / len(given)
    )


def _bins(given: Values) -> list[npt.NDArray[np.int64]]:
    order = np.argsort(given, kind="stable")
    return [rows for rows in np.array_split(order, BINS) if len(rows)]


def calibration_statistic(answers: Sequence[Sureness]) -> Statistic:
    """The statistic that computes `CALIBRATION_MEASURES` from a sample of answers.

    Of each tier its share of the questions and how many of it are right; the share of all right answers that the
    tier "answer" holds; the calibration error. A share of nothing is NaN.
    """
    given = np.array([one.probability for one in answers], dtype=np.float64)
    right = np.array([one.right for one in answers], dtype=np.float64)
    tiers = np.array([TIERS.index(one.tier) for one in answers], dtype=np.int64)

    def statistic(sample: npt.NDArray[np.int64]) -> Values:
        correct, placed = right[sample], tiers[sample]
        figures = []
        for tier in range(len(TIERS)):
            inside = placed == tier
            figures += [_share(inside.sum(), len(sample)), _share(correct[inside].sum(), inside.sum())]
        held = _share(correct[placed == 0].sum(), correct.sum())
        return np.array([*figures, held, calibration_error(given[sample], correct)], dtype=np.float64)

    return statistic


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def as_dicts(bins: Sequence[Bin]) -> list[dict[str, Any]]:
    """Give bins in a form that JSON can hold."""
    return [
        {"questions": one.questions, "probability": round(one.probability, 6), "right": round(one.right, 6)}
        for one in bins
    ]


_LEFT, _TOP, _SIDE = 50, 20, 320
_BOTTOM = _TOP + _SIDE


def picture(bins: Sequence[Bin]) -> str:
    """Draw bins as an SVG: the probability that was given against the share that is right."""
    places = [(_LEFT + _SIDE * one.probability, _BOTTOM - _SIDE * one.right) for one in bins]
    ticks = "\n".join(
        f'<text x="{_LEFT + _SIDE * at:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{at:g}</text>'
        f'<text x="{_LEFT - 8}" y="{_BOTTOM - _SIDE * at + 4:.1f}" text-anchor="end">{at:g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    circles = "\n".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#8a3215" fill-opacity=".7">'
        f"<title>{one.questions} questions</title></circle>"
        for (x, y), one in zip(places, bins, strict=True)
    )
    middle = _TOP + _SIDE / 2
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 390" font-family="sans-serif" font-size="12" role="img" \
aria-label="Reliability diagram">
<rect width="100%" height="100%" fill="#fff"/>
<path d="M{_LEFT} {_BOTTOM}H{_LEFT + _SIDE}M{_LEFT} {_BOTTOM}V{_TOP}" stroke="#444" fill="none"/>\
<path d="M{_LEFT} {_BOTTOM}L{_LEFT + _SIDE} {_TOP}" stroke="#aaa" stroke-dasharray="4 4"/>
{ticks}
<path d="M{line}" stroke="#8a3215" fill="none" stroke-width="1.5"/>
{circles}
<text x="{_LEFT + _SIDE / 2:g}" y="378" text-anchor="middle">\
probability given (each circle a tenth of them)\
</text><text x="14" y="{middle:g}" text-anchor="middle" transform="rotate(-90 14 {middle:g})">share right</text>
</svg>
"""
