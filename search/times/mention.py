"""Time mentions: what the tagger returns."""

from dataclasses import dataclass
from enum import StrEnum

from search.times.interval import Interval
from search.times.value import Modifier, TimexType, Unit


class Relation(StrEnum):
    """How the sentence places something against the time it names; told by the word before the expression."""

    IN = "in"
    BY = "by"
    UNTIL = "until"
    FROM = "from"
    SINCE = "since"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One time expression of a text, resolved.

    Attributes:
        start: Where it begins, in code points.
        end: Where it ends, exclusive.
        words: The expression as it stands in the text: `text[start:end]`.
        type: The TIMEX3 type.
        value: The TIMEX3 value.
        modifier: TIMEX3's `mod`, when the words carry one.
        relation: What the preposition before it says: "by Friday" is not "on Friday".
        interval: The stretch of time meant, relation and modifier applied; None when the words do not bound
            one.
        anchor: The value it was reckoned from, empty when the words are complete in themselves.
        rule: The name of the rule that read it.
    """

    start: int
    end: int
    words: str
    type: TimexType
    value: str
    modifier: Modifier | None
    relation: Relation
    interval: Interval | None
    anchor: str
    rule: str

    @property
    def granularity(self) -> Unit | None:
        """The unit in which the words spoke; None when they bound no time."""
        return self.interval.granularity if self.interval else None
