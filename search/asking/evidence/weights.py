"""The fitted weights of evidence selection, and the calibrated probability that evidence answers.

`weights.json` is written by `benchmarks/evidence.py`, never by hand. The signals of the probability are fitted on
judged questions, answerable and not; how reliable it is stands in docs/measurements.md.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from search.asking.evidence.features import Features


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of "this answers".

    Attributes:
        weights: By the name of what is looked at, some or all of `search.asking.evidence.weights.SIGNALS`.
        bias: Added to the weighted sum.
        thresholds: Pairs of a precision and the least probability at which answers to questions of sets that had
            no part in the fit were right that often, in rising order of precision; empty where nothing depends
            on it.
    """

    weights: Mapping[str, float]
    bias: float
    thresholds: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that was fitted, for questions whose passages a close reader reads or for the others.

    Attributes:
        evidence: Weights of the features, by name; see `search.asking.evidence.features.Features`.
        confidence: That the best citation shows the answer.
        of_each: That a citation alone shows it.
        provenance: On what, how and with which command it was fitted.
    """

    evidence: Mapping[str, float]
    confidence: Calibration
    of_each: Calibration
    provenance: Mapping[str, object]


@cache
def load_parameters(read_by: str | None) -> Parameters:
    """Load the parameters that come with this Dateline.

    Args:
        read_by: Those for passages that this profile's close reader reads; None: for passages that none reads.
    """
    stored = json.loads((files("search.asking.evidence") / "weights.json").read_text(encoding="utf-8"))
    fitted = stored[read_by or "without"]
    return Parameters(
        evidence=fitted["evidence"],
        confidence=_calibration(fitted["confidence"]),
        of_each=_calibration(fitted["of_each"]),
        provenance=fitted["provenance"],
    )


def _calibration(stored: Mapping[str, Any]) -> Calibration:
    thresholds = tuple((precision, least) for precision, least in stored.get("thresholds", ()))
    return Calibration(stored["weights"], stored["bias"], thresholds)


SIGNALS = ("score", "share", "sentence", "coverage", "context", "names", "fits", "answers")
"""What is looked at, in order."""

SIGNALS_READ_CLOSELY = ("score", "answers")
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
