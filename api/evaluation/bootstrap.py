"""Intervals for figures that rest on a sample of questions."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2_000
_SEED = 20240910
_TAIL = 2.5

Values = npt.NDArray[np.float64]
Statistic = Callable[[npt.NDArray[np.int64]], Values]
"""Computes m figures, shape (m,), from a sample of questions given as row numbers, shape (n,)."""


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
