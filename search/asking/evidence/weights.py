"""The fitted numbers of evidence selection and of its confidence, with where they come from.

`weights.json` is written by `benchmarks/evidence.py`, never by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of "this answers".

    Attributes:
        weights: By the name of what is looked at, some or all of `search.asking.evidence.confidence.SIGNALS`.
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
    """Everything that was fitted, for questions whose passages are read closely or for the others.

    Attributes:
        evidence: Weights of the features, by name; see `search.asking.evidence.features.Features`.
        confidence: That the first three citations show the answer, by the best one.
        of_each: That a citation alone shows it.
        provenance: On what, how and with which command it was fitted.
    """

    evidence: Mapping[str, float]
    confidence: Calibration
    of_each: Calibration
    provenance: Mapping[str, object]


@cache
def load_parameters(*, closely: bool) -> Parameters:
    """Load the parameters that come with this Dateline.

    Args:
        closely: Those for passages that are read closely, instead of those for when they are not.
    """
    stored = json.loads((files("search.asking.evidence") / "weights.json").read_text(encoding="utf-8"))
    fitted = stored["with_close_reader" if closely else "without"]
    return Parameters(
        evidence=fitted["evidence"],
        confidence=_calibration(fitted["confidence"]),
        of_each=_calibration(fitted["of_each"]),
        provenance=stored["provenance"],
    )


def _calibration(stored: Mapping[str, Any]) -> Calibration:
    thresholds = tuple((precision, least) for precision, least in stored.get("thresholds", ()))
    return Calibration(stored["weights"], stored["bias"], thresholds)
