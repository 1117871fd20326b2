"""When an article was published, as far as it says so itself: which of the dates that it states is its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from indexer.moments import MONTH, MONTHS, parse_published
from search.article import Precision, Publication


@dataclass(frozen=True, slots=True)
class StatedDate:
    """Something that may say when an article was published.

    Attributes:
        stated: What it says: text, a date, a moment, or seconds or milliseconds since 1970; None for nothing.
        found_in: Where it stands, in words for people.
    """

    stated: object
    found_in: str


def first_published(
    stated: Iterable[StatedDate],
    now: datetime,
    *,
    date_order: Literal["dmy", "mdy"] | None = None,
    language: str | None = None,
) -> Publication | None:
    """Choose the first date, in the order given, that is a believable publication.

    A later piece that states the same day with its time, or the same time with its zone, is preferred. Where the
    chosen one is a moment in UTC, the rest of the pieces may tell the day that it was where the article was
    written: the same instant in another zone, the same minute on a clock without a zone, or a day before or after.
    """
    pieces = [piece for piece in stated if piece.stated is not None]
    found = [
        parse_published(piece.stated, piece.found_in, now, date_order=date_order, language=language)
        for piece in pieces
    ]
    chosen: Publication | None = None
    for one in found:
        if one is not None and (chosen is None or (chosen.precision is Precision.DAY and _is_finer(one, chosen))):
            chosen = one
    if chosen is None or chosen.moment.utcoffset() != timedelta(0) or chosen.precision not in _TIMED:
        return chosen
    for one in found:
        if one is not None and one.precision in _TIMED and (local := _in_local_zone(chosen, one)):
            return local
    days = [one.moment.date() for one in found if one is not None and one.precision is Precision.DAY]
    days += [day for piece in pieces if (day := _day_around(piece.stated, chosen.moment))]
    around = next((day for day in days if _may_be_local(day, chosen.moment)), None)
    return replace(chosen, local_day=around) if around else chosen


_TIMED = frozenset({Precision.MINUTE, Precision.SECOND})
_QUARTER = timedelta(minutes=15)
_EASTERNMOST, _WESTERNMOST = timedelta(hours=14), timedelta(hours=-12)
# All that are in use, so that a time of another event is seldom taken for the same one elsewhere.
_OFFSETS = frozenset(
    timedelta(minutes=minutes)
    for minutes in (*range(-720, 841, 60), -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765)
)
_WITHOUT_YEAR = re.compile(
    rf"(?:{MONTH}\s*(?P<day>\d{{1,2}})|(?P<first>\d{{1,2}})\.?\s*{MONTH.replace('month', 'second')})",
    re.IGNORECASE,
)


def _in_local_zone(chosen: Publication, other: Publication) -> Publication | None:
    """The same moment in the zone of its place, if another statement of it shows that zone."""
    moment = other.moment
    if moment.tzinfo is not None:
        same = abs(moment - chosen.moment) < timedelta(minutes=1)
        return (
            replace(chosen, moment=chosen.moment.astimezone(moment.tzinfo))
            if same and moment.utcoffset()
            else None
        )
    apart = moment - chosen.moment.replace(tzinfo=None)
    offset = round(apart / _QUARTER) * _QUARTER
    if not offset or abs(apart - offset) >= timedelta(minutes=1) or offset not in _OFFSETS:
        return None
    return replace(chosen, moment=chosen.moment.astimezone(timezone(offset)))


def _day_around(stated: object, moment: datetime) -> date | None:
    """The day that a dateline such as `Nov. 8` means beside this moment; None for what has a year or is no day."""
    found = _WITHOUT_YEAR.fullmatch(stated.strip(" ,.")) if isinstance(stated, str) else None
    if found is None:
        return None
    month = MONTHS[(found["month"] or found["second"]).lower()]
    number = int(found["day"] or found["first"])
    near = (moment.date() + timedelta(days=step) for step in (-1, 0, 1))
    return next((day for day in near if (day.month, day.day) == (month, number)), None)


def _may_be_local(day: date, moment: datetime) -> bool:
    """Tell whether it may have been this day, another than that of the moment in UTC, somewhere on earth."""
    before, after = (moment + _WESTERNMOST).date(), (moment + _EASTERNMOST).date()
    return day != moment.date() and before <= day <= after


def _is_finer(found: Publication, chosen: Publication) -> bool:
    return found.precision in _TIMED and found.moment.date() == chosen.moment.date()
