"""The preposition before an expression, and what it makes of the interval."""

from datetime import date, datetime, time, timedelta

from search.english.calendar import moves
from search.times.interval import Interval, Moment
from search.times.mention import Relation
from search.times.notation import compiled
from search.times.tokens import LETTERS, Tokens, letters_of

_PREPOSITIONS = {
    LETTERS["BY"]: Relation.BY,
    LETTERS["UNTIL"]: Relation.UNTIL,
    LETTERS["THROUGH"]: Relation.UNTIL,
    LETTERS["TO"]: Relation.UNTIL,
    LETTERS["FROM"]: Relation.FROM,
    LETTERS["STARTING"]: Relation.FROM,
    LETTERS["SINCE"]: Relation.SINCE,
    LETTERS["BEFORE"]: Relation.BEFORE,
    LETTERS["AFTER"]: Relation.AFTER,
    LETTERS["WITHIN"]: Relation.WITHIN,
}

_IN_SEVERAL_WORDS = (
    (compiled("NO LATER THAN$"), Relation.BY),
    (compiled("(?<!HYPHEN)UP TO$"), Relation.UNTIL),
    (compiled("PREVIOUS TO$"), Relation.BEFORE),
)
"""Of the words of `PREVIOUS` only "prior" stands before "to"."""
_ORDINALS = letters_of("ORDINAL NTH LAST")
_LEADING = ("lead", "leads", "leading", "led", "build", "builds", "building")
"""Before "up to" they say what goes before a day, not until when: "the weeks leading up to Monday's vote"; what is
"moved up to Monday" is then."""
_AT_LEAST = LETTERS["AT"] + LETTERS["LEAST"]


def relation_before(tokens: Tokens, first: int, *, pairs: bool) -> Relation:
    """The relation that the word before token `first` tells; `IN` when it tells none.

    "To" is "until" only between a pair ("April 15 to April 20"): what moves "to the middle of 2027" is then.
    """
    if tokens.shape[first] in _ORDINALS and tokens.shape[first - 1 : first] == LETTERS["THE"]:
        first -= 1  # "by the [first weekend of May]"
    letter = tokens.shape[first - 1] if first else ""
    if tokens.shape[max(first - 2, 0) : first] == _AT_LEAST:  # "until at least Monday"
        letter = tokens.shape[first - 3] if first > 2 else ""  # noqa: PLR2004 - the word before these two
    for pattern, relation in _IN_SEVERAL_WORDS:
        several = pattern.search(tokens.shape, max(first - 3, 0), first)
        before = tokens.words[max(several.start() - 1, 0) : several.start()] if several else []
        if several and not (before and (before[0].lower() in _LEADING or before[0].lower() in moves())):
            return relation
    if letter == LETTERS["TO"] and not pairs:
        return Relation.IN
    return _PREPOSITIONS.get(letter, Relation.IN)


def related(named: Interval, relation: Relation, published: date, *, to_the_end: bool) -> Interval:
    """The interval meant, from the interval named.

    "By" and "until" run from publication to the end of what is named, and "before" to its beginning (to its
    end when the words themselves say "the end of"); a deadline that had passed at publication is left as it
    was named. "Since" runs to publication, "after" has no end, and "from" is the time named.
    """
    start, end = named.start, named.end
    if relation is Relation.AFTER and end is not None:
        return Interval(end, None, named.granularity)
    if relation is Relation.SINCE and start is not None:
        today = _like(published + timedelta(days=1), start)
        return Interval(start, today, named.granularity) if start < today else named
    if relation is Relation.BEFORE and not to_the_end:
        end = start
    if relation in (Relation.BY, Relation.UNTIL, Relation.BEFORE) and end is not None:
        today = _like(published, end)
        return Interval(today, end, named.granularity) if today < end else named
    return named


def _like(day: date, bound: Moment) -> Moment:
    """A day as a bound of the same kind as another."""
    return datetime.combine(day, time(), bound.tzinfo) if isinstance(bound, datetime) else day
