"""Small expressions that make one: "10 p.m." + "Wednesday", "early" + "next year", "about" + "Nov. 1"."""

from datetime import date, timedelta, timezone, tzinfo
from typing import NamedTuple

from search.times.interval import Interval, interval_of
from search.times.notation import compiled
from search.times.story import Reading
from search.times.tokens import LETTERS, Tokens, letters_of
from search.times.value import Modifier, TimexType, Unit, unit_of


class Expression(NamedTuple):
    """A reading in its place: tokens `first` to `last`, inclusive."""

    first: int
    last: int
    reading: Reading
    rule: str


_PHASE = compiled(
    "(?:(?P<earlier>EARLIER IN?)|(?P<later>LATER IN?)|(?P<early>THE?EARLY HYPHEN?|EARLY IN|THE?[START STARTING]OF)"
    "|(?P<mid>THE?MID HYPHEN?|THE?MIDDLE OF)"
    "|(?P<late>THE?LATE HYPHEN?|LATE IN|THE?END OF)|(?P<about>ABOUT))$"
)
_PHASE_ENDS = letters_of("EARLY EARLIER MID LATE LATER IN OF HYPHEN ABOUT")
_MODIFIERS = {
    "earlier": Modifier.START,
    "later": Modifier.END,
    "early": Modifier.START,
    "mid": Modifier.MID,
    "late": Modifier.END,
    "about": Modifier.APPROX,
}
_OR_SO = compiled("OR SO")
_CLOCK_THEN_DATE = compiled("(?:OPEN?ZONE CLOSE?)?COMMA?(?:ON|OF)?OPEN?")
_DATE_THEN_CLOCK = compiled("CLOSE?COMMA?[AT BY ABOUT]?")
_REACH = 6


def with_phase(tokens: Tokens, expression: Expression, floor: int, today: date) -> Expression:
    """The expression with the words before it that narrow or blur it; `floor` is the first free token."""
    if (
        expression.reading.type not in (TimexType.DATE, TimexType.TIME)
        or unit_of(expression.reading.value) is None
    ):
        return expression
    before = tokens.shape[max(floor, expression.first - _REACH) : expression.first]
    found = _PHASE.search(before) if before[-1:] in _PHASE_ENDS else None
    if found is None or (
        found["about"] and unit_of(expression.reading.value) not in (Unit.DAY, Unit.MONTH, Unit.YEAR)
    ):
        return expression
    modifier = next(_MODIFIERS[name] for name in _MODIFIERS if found[name])
    first = expression.first - (len(before) - found.start())
    reading = expression.reading._replace(modifier=modifier)
    if found["earlier"] or found["later"]:
        reading = reading._replace(interval=_beside_today(reading.value, today, later=bool(found["later"])))
    return expression._replace(first=first, reading=reading)


def _beside_today(value: str, today: date, *, later: bool) -> Interval | None:
    """Of "earlier this month" the days before publication, of "later this month" those after it.

    None where the unit does not hold that day: "earlier in 2005" is its beginning.
    """
    whole = interval_of(value)
    first, last = (whole.first_day, whole.last_day) if whole else (None, None)
    if whole is None or first is None or last is None or first == last or not first <= today <= last:
        return None
    day = timedelta(days=1)
    if later:
        return Interval(min(today + day, last), last + day, whole.granularity)
    return Interval(first, max(today, first + day), whole.granularity)


def with_or_so(tokens: Tokens, expression: Expression) -> Expression:
    """The expression with "or so" after it."""
    if not _OR_SO.match(tokens.shape, expression.last + 1):
        return expression
    reading = expression.reading._replace(modifier=Modifier.APPROX)
    return expression._replace(last=expression.last + 2, reading=reading)


def joined(tokens: Tokens, left: Expression, right: Expression) -> Expression | None:
    """One expression for a clock beside a date, or None when they are two."""
    if right.first - left.last > _REACH + 1:
        return None
    between = tokens.shape[left.last + 1 : right.first]
    closed = tokens.shape[right.last + 1 : right.last + 2] == LETTERS["CLOSE"]
    if _is_clock(left) and _is_clock(right) and between == LETTERS["OPEN"] and closed:
        # "3 p.m. (2000 GMT)" is one clock, and tells its zone.
        zone = left.reading.zone or _zone_between(left.reading.clock, right.reading)
        return left._replace(last=right.last + 1, reading=left.reading._replace(zone=zone))
    if _is_clock(left) and _is_day(right) and _CLOCK_THEN_DATE.fullmatch(between):
        clock, date = left, right
    elif _is_day(left) and _is_clock(right) and _DATE_THEN_CLOCK.fullmatch(between):
        clock, date = right, left
    else:
        return _with_part(left, right) if not between else None
    day, hour = date.reading.value[:10], _in_part(clock.reading.clock, date.reading.value[11:])
    modifier = clock.reading.modifier or date.reading.modifier
    reading = Reading(
        TimexType.TIME,
        f"{day}T{hour}",
        modifier,
        anchor=date.reading.anchor,
        zone=clock.reading.zone,
    )
    return Expression(left.first, right.last, reading, f"{date.rule}+{clock.rule}")


def _in_part(clock: str, part: str) -> str:
    """The hour that a clock shows in a part of the day: "4 o'clock this afternoon" is 16:00."""
    if part not in ("AF", "EV", "NI") or clock[2:3] != ":":
        return clock
    hour = int(clock[:2])
    shown_twice = (6 if part == "NI" else 1) <= hour < 12  # noqa: PLR2004 - "2 o'clock last night" is after midnight
    return f"{hour + 12:02d}{clock[2:]}" if shown_twice else clock


def _zone_between(clock: str, other: Reading) -> tzinfo | None:
    """The zone in which it is `clock` when it is the other's time in its own zone; None if that is not known."""
    ahead = other.zone.utcoffset(None) if other.zone else None
    if ahead is None or clock[2:3] != ":" or other.clock[2:3] != ":":
        return None
    here, there = (timedelta(hours=int(one[:2]), minutes=int(one[3:5])) for one in (clock, other.clock))
    half = timedelta(hours=12)
    return timezone((here - there + ahead + half) % (2 * half) - half)


def _is_clock(expression: Expression) -> bool:
    return bool(expression.reading.clock)


def _is_day(expression: Expression) -> bool:
    return not expression.reading.clock and unit_of(expression.reading.value) in (Unit.DAY, Unit.DAY_PART)


def _with_part(left: Expression, right: Expression) -> Expression | None:
    """Join "10:30 Friday" + "night": the part of the day tells which half of it the clock means."""
    value, part = left.reading.value, right.reading.clock
    if unit_of(value) is not Unit.MINUTE or not part.isalpha():
        return None
    hour = int(value[11:13])
    if part != "MO" and hour < 12:  # noqa: PLR2004 - noon
        value = f"{value[:11]}{hour + 12:02d}{value[13:]}"
    return left._replace(last=right.last, reading=left.reading._replace(value=value))
