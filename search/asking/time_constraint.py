"""The time that a question restricts itself to: "in December 2006", "last week", "as of March 6"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from search.filters import Period
from search.times import Modifier, Relation, TimeMention, TimexType, hull, tag


@dataclass(frozen=True, slots=True)
class TimeConstraint:
    """The time that a question restricts itself to.

    Attributes:
        words: As they stand in the question.
        period: The days they mean.
        as_of: The day from which relative words were reckoned.
        relative: Whether the words were reckoned from that day ("this week") or are complete in themselves.
    """

    words: str
    period: Period
    as_of: date
    relative: bool

    def lies_outside(self, first: date | None, last: date | None) -> bool:
        """Tell whether relative words mean days on which an archive can hold nothing.

        "This week" put to an archive that ended last year says something about the asker, not about the articles.

        Args:
            first: First day of publication in the archive; None when no article says.
            last: Last such day.
        """
        if not self.relative or first is None or last is None:
            return False
        begins, ends = self.period.first or first, self.period.last or last
        return ends < first or begins > last + _GRACE


_GRACE = timedelta(days=31)


_PREPOSITION = re.compile(
    r"\b(?:in|on|at|of|by|during|since|until|till|before|after|for|from|to|between|within|through|throughout|around"
    r"|over)"
    r"(?: early| late| mid)?[ (]+$",
    re.IGNORECASE,
)
_DEICTIC = re.compile(
    r"(?:yesterday|today|tonight|tomorrow"
    r"|(?:(?:earlier|later|early|late) )?(?:this|last|next|past|coming|previous) .+)$",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(r"\b(?:over|than)\s+[\w ]{1,20}\bago$", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:,|-|–|(?:, )?(?:and|or)|to|through|until|till)(?: (?:in|on|at))?\s*", re.IGNORECASE)
_BACKWARD = {Relation.BEFORE, Relation.BY, Relation.UNTIL}
_OWNED = re.compile(r"\b(?:the|a|an|its|his|her|their|our|my|your|\w+['’]s) $", re.IGNORECASE)


def time_constraint(question: str, as_of: date) -> TimeConstraint | None:
    """Read the time that a question restricts itself to, if it does.

    Only a time that stands as an adverbial counts ("in December 2006", "last week", "since May"). One that
    belongs to a name does not ("the May 1997 election", "Britain's December 2005 offer"): it names a thing that
    can be spoken of on any day.

    Args:
        question: The question.
        as_of: The day from which relative words are reckoned.
    """
    mentions: list[TimeMention] = []
    for mention in tag(question, as_of):
        length = mention.type is TimexType.DURATION and mention.relation is Relation.WITHIN
        if mention.type is TimexType.SET or length or mention.interval is None:
            continue
        joined = mentions and _JOINS.fullmatch(question, mentions[-1].end, mention.start)
        if joined or _is_adverbial(question, mention):
            mentions.append(mention)
    meant = _period(mentions, as_of)
    if meant is None:
        return None
    words = question[mentions[0].start : mentions[-1].end]
    return TimeConstraint(words, meant, as_of, relative=any(mention.anchor for mention in mentions))


def _period(mentions: list[TimeMention], as_of: date) -> Period | None:
    """The days that mentions cover together; what had ended "before", "by" or "until" then has no first day."""
    whole = hull([mention.interval for mention in mentions if mention.interval])
    if whole is None:
        return None
    first, last = whole.first_day, whole.last_day
    relation = mentions[0].relation if len(mentions) == 1 else Relation.IN
    if first and last and relation in _BACKWARD and not (first >= as_of and last > as_of):
        if relation is Relation.BEFORE and mentions[0].modifier is not Modifier.END:
            last = first - timedelta(days=1)
        first = None
    return Period(first, last) if first or last else None


def _is_adverbial(question: str, mention: TimeMention) -> bool:
    before, after = question[: mention.start], question[mention.end :]
    if after.startswith(("'", "’")):
        return False
    if " of " in mention.words:
        return _PREPOSITION.search(before.removesuffix("the ")) is not None
    if mention.words.endswith(" ago"):  # "the suspect arrested three weeks ago" may be asked about today
        return not after.strip(" ?.!") and not _ROUGHLY.search(before + mention.words)
    if _DEICTIC.match(mention.words):
        return not _OWNED.search(before)
    return _PREPOSITION.search(before) is not None
