"""Time mentions as rows of the database and back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from search.times import Interval, Modifier, Relation, TimeMention, TimexType, Unit


def mention_to_row(mention: TimeMention) -> tuple[Any, ...]:
    """Lay a mention out as the columns of `mentions` after `article`."""
    interval = mention.interval
    first, last = (interval.first_day, interval.last_day) if interval else (None, None)
    return (
        mention.start,
        mention.end,
        mention.type.value,
        mention.value,
        mention.modifier.value if mention.modifier else None,
        mention.relation.value,
        interval.start.isoformat() if interval and interval.start else None,
        interval.end.isoformat() if interval and interval.end else None,
        interval.granularity.value if interval else None,
        first.toordinal() if first else None,
        last.toordinal() if last else None,
        mention.anchor,
        mention.rule,
    )


def mention_from_row(body: str, row: Sequence[Any]) -> TimeMention:
    """Read a mention of `body` from those columns."""
    start, end, type_, value, modifier, relation, since, until, granularity, _, _, anchor, rule = row
    return TimeMention(
        start=start,
        end=end,
        words=body[start:end],
        type=TimexType(type_),
        value=value,
        modifier=Modifier(modifier) if modifier else None,
        relation=Relation(relation),
        interval=Interval(_moment(since), _moment(until), Unit(granularity)) if granularity else None,
        anchor=anchor,
        rule=rule,
    )


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
