"""The fitted numbers of evidence selection and of its confidence, with where they come from.

`parameters.json` is written by `benchmarks/evidence.py`, never by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of "these citations answer".

    Attributes:
        weights: By the name of what is looked at; see `search.evidence.confidence.SIGNALS`.
        bias: Added to the weighted sum.
        thresholds: Pairs of a precision and the least probability at which answers to questions of sets that had
            no part in the fit were right that often, in rising order of precision.
    """

    weights: Mapping[str, float]
    bias: float
    thresholds: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that was fitted.

    Attributes:
        evidence: Weights of the features, by name; see `search.evidence.features.Features`.
        confidence: The model of confidence.
        provenance: On what, how and with which command it was fitted.
    """

    evidence: Mapping[str, float]
    confidence: Calibration
    provenance: Mapping[str, object]


@cache
def load_parameters() -> Parameters:
    """Load the parameters that come with this Dateline."""
    stored = json.loads((files("search.evidence") / "parameters.json").read_text(encoding="utf-8"))
    confidence = stored["confidence"]
    return Parameters(
        evidence=stored["evidence"],
        confidence=Calibration(
            weights=confidence["weights"],
            bias=confidence["bias"],
            thresholds=tuple((precision, least) for precision, least in confidence["thresholds"]),
        ),
        provenance=stored["provenance"],
    )
