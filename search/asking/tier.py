"""How sure an answer is, in three tiers, and the probabilities at which they begin."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from search.asking.evidence.weights import Calibration, least_probability

_WRONG_PERHAPS = 4 / 3
"""Of what is at least `PERHAPS`, so many times the share may be wrong that may be of what is `ANSWER`."""

_DIGITS = 6


class Tier(StrEnum):
    """What is made of the best evidence.

    Attributes:
        ANSWER: It answers; of such answers the wanted share is right.
        PERHAPS: It may answer: worth a look, never to be taken for an answer.
        NOT_FOUND: It is not shown as an answer.
    """

    ANSWER = "answer"
    PERHAPS = "perhaps"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where tiers begin.

    Attributes:
        answer: Least probability of `Tier.ANSWER`.
        perhaps: Least probability of `Tier.PERHAPS`; what is below it is not found.
    """

    answer: float
    perhaps: float

    @classmethod
    def of(cls, wanted_precision: float, calibration: Calibration) -> Self:
        """Find the bounds for a wanted share of right answers, from 0 to 1, among those of `Tier.ANSWER`."""
        may_be_wrong = min(1.0, _WRONG_PERHAPS * (1 - wanted_precision))
        return cls(
            answer=round(least_probability(wanted_precision, calibration), _DIGITS),
            perhaps=round(least_probability(1 - may_be_wrong, calibration), _DIGITS),
        )

    def tier(self, probability: float) -> Tier:
        """Tell the tier of a probability."""
        if probability >= self.answer:
            return Tier.ANSWER
        return Tier.PERHAPS if probability >= self.perhaps else Tier.NOT_FOUND
