"""Dates at a distance from publication ("last month") or from what was just named ("the next day")."""

from datetime import date, timedelta
from math import ceil, copysign

from search.english.table import words_of
from search.times.forms import Direction
from search.times.interval import Interval, interval_of
from search.times.notation import Found, Rules, compiled, count_of
from search.times.story import Reading, Story, dated
from search.times.tense import direction, direction_before
from search.times.tokens import LETTERS, meaning
from search.times.value import (
    FUTURE,
    PAST,
    Modifier,
    TimexType,
    Unit,
    containing,
    duration,
    first_day,
    for_year,
    move,
    shift,
    unit_of,
)

rules = Rules()

_HOURS_A_DAY = 24
_OPENING = words_of("time_context", "opening a clause") | frozenset(",")
"""After these a clause begins, and the verb that governs "in two years" follows."""

_DATEABLE = (
    Unit.DAY,
    Unit.WEEKEND,
    Unit.WEEK,
    Unit.MONTH,
    Unit.QUARTER,
    Unit.YEAR,
    Unit.DECADE,
    Unit.CENTURY,
)


def at_distance(origin: date, count: float | None, unit: Unit) -> str | None:
    """The value `count` units from a day, no finer than the unit; a half year is six months."""
    if count is None or unit not in _DATEABLE or abs(count) > 10_000:  # noqa: PLR2004 - beyond any calendar
        return None
    if count != int(count):
        if unit is not Unit.YEAR:
            return None
        count, unit = int(count * 12), Unit.MONTH
    moved = move(origin, int(count), unit)
    return containing(moved, unit) if moved else None


@rules("(?P<day>TODAY)(?P<part>PART)?")
def today(found: Found, story: Story) -> Reading | None:
    """Read "today", "yesterday", "tomorrow"; not the newspaper "USA Today"."""
    if found.first and found.tokens.words[found.first - 1] == "USA":
        return None
    moved = move(story.today, found.number("day"), Unit.DAY)
    if moved is None:
        return None
    return dated(moved.isoformat() + _part(found), anchor=story.today.isoformat())


@rules("(?P<turn>LAST)(?P<part>PART)")
def last_night(found: Found, story: Story) -> Reading | None:
    """Read "last night"."""
    moved = move(story.today, -1, Unit.DAY)
    return dated(f"{moved}{_part(found)}", anchor=story.today.isoformat()) if moved else None


def _part(found: Found) -> str:
    return f"T{meaning(found.words('part')[0])}" if found.has("part") else ""


@rules(
    "(?P<turn>THIS[PAST NEXT]?|ITS?PRESENT|THE PRESENT|THE?LAST|THE?PAST|THE?NEXT|THE?PREVIOUS)"
    "(?P<fiscal>FISCAL)?(?P<unit>UNIT)"
)
def this_unit(found: Found, story: Story) -> Reading | None:
    """Read "this week", "last month", "next year", "the past year"."""
    unit, turn = found.unit(), found.words("turn")[-1].lower()
    no_day = unit is Unit.DAY and (turn in ("last", "past") or (turn != "this" and len(found.words("turn")) > 1))
    if unit not in _DATEABLE or found.words("unit")[0].istitle() or no_day:
        return None
    if beside := _beside_the_story(found, story, turn):
        return _beside_previous(story, beside, unit)
    count = int(meaning(turn) or 0) if turn != "this" else 0
    if unit is Unit.WEEKEND:
        return _weekend(story, count)
    if unit_of(story.period) is Unit.QUARTER:
        if unit is Unit.YEAR and turn == "last" and _is_compared(found):
            return dated(shift(story.period, -1, Unit.YEAR), anchor=story.period)
        if unit is Unit.QUARTER and turn == "this":
            return dated(story.period, anchor=story.period)
    return _counted_from_today(found, story, count, unit)


_COMPARED = compiled("MONEY[DECIMAL INTEGER DAY YEAR]OTHER?$")
_COMPARING = words_of("time_context", "comparing")


def _is_compared(found: Found) -> bool:
    """Whether a sum is compared with that of last year: "$5 million, up from $4 million last year"."""
    before = found.tokens.shape[max(found.first - 5, 0) : found.first]
    sum_of = _COMPARED.search(before)
    at = found.first - len(before) + (before.index(LETTERS["MONEY"]) if sum_of else 0)
    near = found.tokens.words[max(at - 4, 0) : at]
    return bool(sum_of) and not _COMPARING.isdisjoint(word.lower() for word in near)


def _counted_from_today(found: Found, story: Story, count: int, unit: Unit) -> Reading | None:
    """The unit of publication, the one before or the one after; "the past year" runs back from that day."""
    moved = move(story.today, count, unit)
    if moved is None:
        return None
    runs = count != 0 and found.words("turn")[0].lower() == "the"
    interval = trailing(story, count, unit) if runs else None
    if interval and unit in _GREAT and count < 0:
        return Reading(TimexType.DURATION, duration(1, unit), interval=interval, anchor=story.today.isoformat())
    return dated(containing(moved, unit), anchor=story.today.isoformat(), interval=interval)


def _beside_the_story(found: Found, story: Story, turn: str) -> int:
    """-1 or 1 where the unit is beside what was told before, else 0: "jailed in 2019 and freed the next year"."""
    if not story.previous:
        return 0
    if turn in ("previous", "preceding", "prior"):
        return -1
    before = interval_of(story.previous)
    ended = before is not None and before.last_day is not None and before.last_day < story.today
    told = ended and len(found.words("turn")) > 1
    past = told and turn == "next" and direction(found.tokens, found.first, found.last) < Direction.UNKNOWN
    return 1 if past else 0


def trailing(story: Story, count: float, unit: Unit) -> Interval | None:
    """The stretch from publication back ("the past month") or ahead ("the next two years"), that day in."""
    if abs(count) > 10_000:  # noqa: PLR2004 - beyond any calendar
        return None
    if unit is Unit.HOUR and abs(count) >= _HOURS_A_DAY:
        count, unit = copysign(ceil(abs(count) / _HOURS_A_DAY), count), Unit.DAY
    if unit in (Unit.HOUR, Unit.MINUTE, Unit.SECOND):
        return None
    if count != int(count):
        if unit is not Unit.YEAR:
            return None
        count, unit = int(count * 12), Unit.MONTH
    tomorrow = move(story.today, 1, Unit.DAY)
    if count < 0:
        start = move(story.today, int(count), unit)
        return Interval(start, tomorrow, unit) if start else None
    end = move(story.today, int(count), unit)
    end = move(end, 1, Unit.DAY) if end else None
    return Interval(story.today, end, unit) if end else None


def _weekend(story: Story, count: int) -> Reading | None:
    """Saturday and Sunday of the week; on Monday "this weekend" is still ahead."""
    moved = move(story.today, count, Unit.WEEK)
    value = containing(moved, Unit.WEEKEND) if moved else None
    return dated(value, anchor=story.today.isoformat()) if value else None


@rules("THE(?P<unit>UNIT)BEFORE(?=[STOP COMMA])")
def the_unit_before(found: Found, story: Story) -> Reading | None:
    """Read "the year before", at the end of a clause."""
    return _beside_previous(story, -1, found.unit())


_ITS_DATE = compiled("OF(?:MONTH|SHORT_MONTH|THE?(?:DAY|NTH)(?:AND|HYPHEN|OF|MONTH|SHORT_MONTH)|YEAR)")


def _names_its_date(found: Found) -> bool:
    """Whether the date follows: "the week of Oct. 14", "the month of August"."""
    return _ITS_DATE.match(found.tokens.shape, found.last + 1) is not None


_BESIDE = frozenset([LETTERS["BEFORE"], LETTERS["AFTER"]])


def _is_beside_something(found: Found) -> bool:
    """Whether it is the week or year "before the war", and not the one under discussion."""
    before = found.tokens.words[found.first - 1].lower() if found.first else ""
    beside = found.tokens.shape[found.last + 1 : found.last + 2] in _BESIDE
    return beside and found.unit() is not Unit.WEEKEND and before not in ("of", "at")


@rules("(?:THE)(?P<unit>UNIT)(?!HYPHEN|AGO|YEAR|EARLIER)")
def the_unit(found: Found, story: Story) -> Reading | None:
    """Read "the week", "the month", "the year", "the weekend": the one under discussion."""
    unit = found.unit()
    if _names_its_date(found) or _is_beside_something(found):
        return None
    if unit is Unit.WEEKEND:
        weekday, way = story.today.isoweekday(), direction(found.tokens, found.first, found.last)
        back = 0 if weekday >= 6 or way > 0 else -1  # noqa: PLR2004 - Saturday
        return _weekend(story, back)
    following = found.tokens.shape[found.last + 1 : found.last + 2]
    if unit in (Unit.WEEK, Unit.MONTH, Unit.YEAR) and following == LETTERS["ENDED"]:
        period = for_year(story.today.year) if unit is Unit.YEAR else ""
        return Reading(TimexType.DURATION, duration(1, unit), period=period)
    if unit in (Unit.WEEK, Unit.MONTH, Unit.YEAR) or (unit in _GREAT and _END_OF.search(_shape_before(found))):
        return dated(containing(story.today, unit), anchor=story.today.isoformat())
    return None


_GREAT = (Unit.DECADE, Unit.CENTURY)
_END_OF = compiled("[END START MIDDLE EARLY LATE]OF$")


def _shape_before(found: Found) -> str:
    return found.tokens.shape[max(found.first - 2, 0) : found.first]


@rules("(?P<phase>EARLIER|LATER|EARLY|LATE)IN THE(?P<unit>UNIT)")
def earlier_in_the_day(found: Found, story: Story) -> Reading | None:
    """Read "earlier in the day"."""
    if found.unit() is not Unit.DAY:
        return None
    modifier = Modifier.START if found.text("phase").startswith("ear") else Modifier.END
    return dated(story.today.isoformat(), modifier=modifier, anchor=story.today.isoformat())


@rules("(?P<that>THAT|THE SAME|SAME)(?P<unit>UNIT)(?!HYPHEN)")
def that_unit(found: Found, story: Story) -> Reading | None:
    """Read "that year", "the same day": the one that was just named."""
    unit, start = found.unit(), first_day(story.previous)
    if start is None or unit not in _DATEABLE:
        return None
    value = containing(start, unit)
    own = unit_of(story.previous)
    if own is None or _DATEABLE.index(unit) < (_DATEABLE.index(own) if own in _DATEABLE else 0):
        return None
    return dated(value, anchor=story.previous)


@rules("THE(?P<turn>FOLLOWING|NEXT|PREVIOUS)(?P<unit>UNIT)")
@rules("(?P<turn>FOLLOWING|PREVIOUS)(?P<unit>UNIT)")
def next_unit_in_story(found: Found, story: Story) -> Reading | None:
    """Read "the next day", "the following month", "the previous year": beside the date just named."""
    unit = found.unit()
    count = -1 if found.text("turn") in ("previous", "preceding", "prior") else 1
    return _beside_previous(story, count, unit)


def is_finer(unit: Unit, previous: str) -> bool:
    """Whether a unit is finer than the date that it would be counted from: "in June ... two days later"."""
    counted_from, fineness = unit_of(previous), list(Unit).index
    return counted_from is not None and fineness(counted_from) > max(fineness(unit), fineness(Unit.DAY))


def _beside_previous(story: Story, count: int, unit: Unit) -> Reading | None:
    if is_finer(unit, story.previous):
        return None
    origin = first_day(story.previous) or story.today
    value = at_distance(origin, count, unit)
    return dated(value, anchor=story.previous or story.today.isoformat()) if value else None


@rules("(?P<about>QUANTITY)?(?:THE)?(?P<count>COUNT|A)HYPHEN?(?P<unit>UNIT|UNITS)HYPHEN?AGO")
def ago(found: Found, story: Story) -> Reading | None:
    """Read "two weeks ago", "a year ago", "several years ago"."""
    unit, count = found.unit(), found.amount()
    if unit is Unit.YEAR and count == 1 and story.period:
        return dated(shift(story.period, -1, Unit.YEAR), anchor=story.period)
    if count is None:
        return Reading(TimexType.DATE, PAST, anchor=story.today.isoformat())
    return _distant(found, story, story.today, -count, unit)


def _distant(found: Found, story: Story, origin: date, count: float, unit: Unit) -> Reading | None:
    """A date at a distance, or an instant when the unit is an hour or finer."""
    blurred = Modifier.APPROX if found.has("about") else None
    if unit in (Unit.HOUR, Unit.MINUTE, Unit.SECOND):
        if story.moment is None or abs(count) > 10_000:  # noqa: PLR2004 - beyond any calendar
            return Reading(TimexType.TIME, PAST if count < 0 else FUTURE, blurred)
        seconds = {Unit.HOUR: 3600, Unit.MINUTE: 60, Unit.SECOND: 1}[unit]
        try:
            moment = story.moment + timedelta(seconds=count * seconds)
        except OverflowError:
            return None
        clock = f"{moment:%H:%M}" if unit is not Unit.HOUR else f"{moment:%H}"
        return Reading(TimexType.TIME, f"{moment.date()}T{clock}", blurred, anchor=story.moment.isoformat())
    value = at_distance(origin, count, unit)
    if value is None and count < 0:
        value = PAST
    return Reading(TimexType.DATE, value, blurred, anchor=origin.isoformat()) if value else None


@rules("(?P<unit>UNITS)(?P<way>AGO|EARLIER|LATER)")
def untold_distance(found: Found, story: Story) -> Reading:
    """Read "years ago", "days later": how far is not told."""
    if found.text("way") == "ago":
        return Reading(TimexType.DATE, PAST, anchor=story.today.isoformat())
    return Reading(TimexType.DURATION, duration(None, found.unit()))


@rules("(?P<about>QUANTITY)?(?P<count>COUNT|A)(?P<unit>UNIT|UNITS)(?P<way>EARLIER|LATER)")
def earlier_or_later(found: Found, story: Story) -> Reading | None:
    """Read "a week earlier", "two days later" from the date just named, or from the period reported.

    "A year earlier than planned" is a length.
    """
    unit, count = found.unit(), found.amount()
    way = -1 if found.text("way") == "earlier" else 1
    following = found.tokens.words[found.last + 1 : found.last + 2]
    untimed = story.moment is None and unit in (Unit.HOUR, Unit.MINUTE, Unit.SECOND)
    vague = not story.period and is_finer(unit, story.previous)
    if count is None or untimed or vague or following == ["than"]:
        return Reading(TimexType.DURATION, duration(count, unit))
    if unit is Unit.YEAR and way < 0 and story.period:
        return dated(shift(story.period, -int(count), Unit.YEAR), anchor=story.period)
    return _distant(found, story, first_day(story.previous) or story.today, way * count, unit)


@rules("(?<=IN)(?P<count>COUNT|A)(?P<unit>UNIT|UNITS)(?:OR(?P<more>CARDINAL))?APOSTROPHE?(?P<time>TIME|FROM NOW)?")
@rules("(?P<count>COUNT|A)(?P<unit>UNIT|UNITS)(?P<more>)(?P<time>HENCE|FROM NOW)")
def in_units(found: Found, story: Story) -> Reading | None:
    """Read "in two weeks' time", "in five years" with a verb that points ahead."""
    tokens = found.tokens
    before = tokens.words[max(found.first - 2, 0) : found.first]
    opens = not before or before[-1].istitle() or before[0].lower() in _OPENING
    way = direction(tokens, found.first, found.last) if opens else direction_before(tokens, found.first)
    following = tokens.words[found.last + 1 : found.last + 2]
    if not found.has("time") and (way < Direction.FUTURE or following in (["of"], ["'s"], ["\u2019s"])):
        return None
    count, unit = found.amount(), found.unit()
    more = found.amount("more") if found.words("more") else _upper(found)
    if count is None or more is not None:
        interval = _between(story, count, more, unit) if count and more else None
        return Reading(TimexType.DATE, FUTURE, interval=interval, anchor=story.today.isoformat())
    if not found.has("time") and (unit not in (Unit.YEAR, Unit.MONTH) or _is_superlative(found)):
        return None
    return _distant(found, story, story.today, count, unit)


def _upper(found: Found) -> float | None:
    """The second number of "one or two", "three to six"."""
    words = [word.lower() for word in found.words("count")]
    joint = next((words.index(word) for word in ("or", "to") if word in words), None)
    return count_of(words[joint + 1 :]) if joint is not None else None


def _between(story: Story, low: float, high: float, unit: Unit) -> Interval | None:
    """From `low` to `high` units after publication, both days in."""
    first, last = at_distance(story.today, low, Unit(unit)), at_distance(story.today, high, unit)
    start = move(story.today, int(low), unit) if first else None
    end = move(story.today, int(high), unit) if last else None
    after = move(end, 1, Unit.DAY) if end else None
    return Interval(start, after, unit) if start and after and start < after else None


def _is_superlative(found: Found) -> bool:
    """Whether the words before speak of a record: "its first title in 20 years"."""
    before = [word.lower() for word in found.tokens.words[max(found.first - 8, 0) : found.first]]
    return any(
        word in ("first", "only", "worst", "best", "most", "least") or word.endswith("est") for word in before
    )
