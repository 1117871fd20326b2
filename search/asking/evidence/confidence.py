"""How probable it is that evidence answers: calibrated logistic models, and the threshold for an answer.

The signals are fitted on judged questions, answerable and not (`benchmarks/evidence.py`); the reliability of the
probabilities is in docs/measurements.md.
"""

import math
from collections.abc import Mapping
from itertools import pairwise

from search.asking.evidence.features import Features
from search.asking.evidence.weights import Calibration

SIGNALS = ("score", "share", "sentence", "coverage", "context", "names", "fits", "answers")
"""What is looked at, in order."""

SIGNALS_READ_CLOSELY = ("sentence", "answers")
"""What the probability of an answer depends on where passages are read closely; with the others it told worse."""


def signals_of(features: Features, score: float, share: float) -> dict[str, float]:
    """Collect what confidence depends on.

    Args:
        features: Of the best sentence.
        score: The weighted sum of them.
        share: Its share of the exponentials of all such sums: near 1 when nothing else comes close.
    """
    return {
        "score": score,
        "share": share,
        "sentence": features.sentence,
        "coverage": features.coverage,
        "context": features.context,
        "names": features.names,
        "fits": features.fits,
        "answers": features.answers,
    }


def probability(signals: Mapping[str, float], calibration: Calibration) -> float:
    """Probability, from 0 to 1, of what the model was fitted to: see `Parameters`."""
    logit = calibration.bias + sum(weight * signals[name] for name, weight in calibration.weights.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def least_probability(wanted_precision: float, calibration: Calibration) -> float:
    """Least probability at which an answer is given, for a wanted share of right answers among those given.

    Interpolated between the thresholds that were measured. A precision above the highest one that was reached is
    met halfway to certainty: fewer answers are given, but the precision is not known.
    """
    thresholds = ((0.0, 0.0), *calibration.thresholds, (1.0, (1 + calibration.thresholds[-1][1]) / 2))
    for (low, at_low), (high, at_high) in pairwise(thresholds):
        if wanted_precision <= high:
            part = (wanted_precision - low) / (high - low) if high > low else 1.0
            return at_low + part * (at_high - at_low)
    return thresholds[-1][1]
