"""The fitted numbers of evidence selection and of its confidence, with where they come from.

`parameters.json` is written by `benchmarks/evidence.py`, never by hand.
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
        weights: By the name of what is looked at; see `search.evidence.confidence.SIGNALS`.
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
    """Everything that was fitted.

    Attributes:
        evidence: Weights of the features, by name; see `search.evidence.features.Features`.
        confidence: That the first three citations show the answer, by the best one.
        of_each: That a citation alone shows it.
        provenance: On what, how and with which command it was fitted.
    """

    evidence: Mapping[str, float]
    confidence: Calibration
    of_each: Calibration
    provenance: Mapping[str, object]


@cache
def load_parameters() -> Parameters:
    """Load the parameters that come with this Dateline."""
    stored = json.loads((files("search.evidence") / "parameters.json").read_text(encoding="utf-8"))
    return Parameters(
        evidence=stored["evidence"],
        confidence=_calibration(stored["confidence"]),
        of_each=_calibration(stored["of_each"]),
        provenance=stored["provenance"],
    )


def _calibration(stored: Mapping[str, Any]) -> Calibration:
    thresholds = tuple((precision, least) for precision, least in stored.get("thresholds", ()))
    return Calibration(stored["weights"], stored["bias"], thresholds)
