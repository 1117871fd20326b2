"""Times beside a named day or beside what was told before: "two days before Christmas", "ten days before that"."""

from datetime import date, timedelta

from search.english.table import words_of
from search.times.notation import Found, Rules
from search.times.rules.compound import COUNTED, NOTHING_ELSE, counted, moved
from search.times.rules.dates import day_near, valid_day, weekday_near
from search.times.rules.relative import at_distance, is_finer, trailing
from search.times.rules.seasons import holiday_name, holiday_near, season_by_turn
from search.times.story import Reading, Story, dated
from search.times.tokens import HOLIDAYS, meaning
from search.times.value import PAST, TimexType, Unit, duration, first_day, for_month, for_season

rules = Rules()

_AFTER_THAT = words_of("time_context", "after that") | frozenset(".,;:?!)")
"""Behind these "that" stands for what was told, not before a noun."""
_WAY = "(?P<way>AGO|HENCE|FROM NOW|(?:EARLIER|LATER)(?!THIS|IN|ON|THAN|LAST|NEXT))"
_DISTANCE = f"(?:THE(?P<single>UNIT|PART|WEEKDAY)|{COUNTED})(?P<way>BEFORE|AFTER)"


@rules(f"(?:THE(?P<single>UNIT|PART)|{COUNTED})(?P<way>BEFORE|AFTER)THAT{NOTHING_ELSE}")
def beside_that(found: Found, story: Story) -> Reading | None:
    """Read "ten days before that", "the day after that"."""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    origin = first_day(story.previous)
    if origin is None or (following and following[0].lower() not in _AFTER_THAT):
        return None
    way = -1 if found.text("way") == "before" else 1
    count, unit, part = _distance(found)
    if count is None or is_finer(unit, story.previous):
        return None
    value = at_distance(origin, way * count, unit)
    return dated(value + part, anchor=story.previous) if value else None


def _distance(found: Found) -> tuple[float | None, Unit, str]:
    """How far from a day: so many of which unit, and the part of the day."""
    if not found.has("single"):
        return *counted(found), ""
    named = str(meaning(found.words("single")[0]))
    return (1, Unit(named), "") if named in list(Unit) else (1, Unit.DAY, f"T{named}")


@rules(f"{_DISTANCE}(?P<holiday>HOLIDAY)(?P<year>YEAR)?")
@rules(f"{_DISTANCE}(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY|NTH)(?:COMMA?(?P<year>YEAR))?")
@rules(f"{_DISTANCE}(?P<day>DAY|NTH)(?P<month>MONTH)(?P<year>YEAR)?")
def beside_named_day(found: Found, story: Story) -> Reading | None:
    """Read "the day after Thanksgiving", "two days before Christmas", "the Monday after Easter"."""
    told = found.number("year") if found.has("year") else None
    origin = _named_day(found, story, told)
    way = -1 if found.text("way") == "before" else 1
    anchor = "" if told else story.today.isoformat()
    if origin is None:
        return None
    if found.has("single") and isinstance(meaning(found.words("single")[0]), int):
        apart = (found.number("single") - origin.isoweekday()) * way % 7 or 7
        return dated((origin + timedelta(days=way * apart)).isoformat(), anchor=anchor)
    count, unit, part = _distance(found)
    value = at_distance(origin, way * count, unit) if count is not None else None
    return dated(value + part, anchor=anchor) if value else None


@rules("THE?EVE OF(?P<weekday>WEEKDAY)")
@rules("THE?EVE OF(?P<holiday>HOLIDAY)(?P<year>YEAR)?")
@rules("THE?EVE OF(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY|NTH)(?:COMMA?(?P<year>YEAR))?")
@rules("THE?EVE OF(?P<day>DAY|NTH)(?P<month>MONTH)(?P<year>YEAR)?")
def eve_of_day(found: Found, story: Story) -> Reading | None:
    """Read "the eve of Sunday's vote", "the eve of May 1": the day before."""
    told = found.number("year") if found.has("year") else None
    if found.has("weekday"):
        origin: date | None = weekday_near(found, story, found.number("weekday"))
    else:
        origin = _named_day(found, story, told)
    return (
        dated((origin - timedelta(days=1)).isoformat(), anchor="" if told else story.today.isoformat())
        if origin
        else None
    )


@rules("(?P<turn>THE FOLLOWING|PREVIOUS)(?P<season>SEASON)")
@rules("(?P<turn>THE FOLLOWING|PREVIOUS)(?P<month>MONTH)(?!DAY|NTH|YEAR|COMMA?YEAR)")
def month_beside_the_story(found: Found, story: Story) -> Reading | None:
    """Read "the following spring", "the previous May": beside what was told before, or publication."""
    way = 1 if found.words("turn")[-1].lower() == "following" else -1
    origin = first_day(story.previous) or story.today
    anchor = story.previous or story.today.isoformat()
    if found.has("season"):
        name = str(meaning(found.words("season")[0]))
        return dated(for_season(season_by_turn(origin, name, way), name), anchor=anchor)
    month = found.number("month")
    turned = month <= origin.month if way > 0 else month >= origin.month
    return dated(for_month(origin.year + way * turned, month), anchor=anchor)


def _named_day(found: Found, story: Story, year: int | None) -> date | None:
    if found.has("holiday"):
        falls = HOLIDAYS[holiday_name(found)]
        return falls(year) if year else holiday_near(found, story, falls)
    month, day = found.number("month"), found.number("day")
    return valid_day(year, month, day) if year else day_near(found, story, month, day)


@rules(f"{COUNTED}{_WAY}")
def fortnight_away(found: Found, story: Story) -> Reading | None:
    """Read "a fortnight ago", "two fortnights later"."""
    if not found.text("unit").startswith("fortnight"):
        return None
    count, unit = counted(found)
    way = -1 if found.text("way") in ("ago", "earlier") else 1
    told = found.text("way") in ("earlier", "later")
    origin = (first_day(story.previous) if told else None) or story.today
    day = moved(origin, None if count is None else way * count, unit)
    return dated(day.isoformat(), anchor=origin.isoformat()) if day else None


@rules("(?:THE(?P<turn>LAST|PAST|NEXT)(?P<count>COUNT)?|(?P<count_alone>COUNT|A))(?P<unit>FORTNIGHT)")
def fortnight(found: Found, story: Story) -> Reading:
    """Read "a fortnight", "the past fortnight", "within a fortnight"."""
    group = "count" if found.has("count") else "count_alone"
    count = found.amount(group) if found.has(group) else 1
    weeks = None if count is None else 2 * count
    way = int(meaning(found.words("turn")[0]) or 0) if found.has("turn") else 0
    before = found.tokens.words[found.first - 1].lower() if found.first else ""
    way = way or (1 if before == "within" else 0)
    interval = trailing(story, way * weeks, Unit.WEEK) if way and weeks else None
    anchor = story.today.isoformat() if interval else ""
    return Reading(TimexType.DURATION, duration(weeks, Unit.WEEK), interval=interval, anchor=anchor)


@rules("EVERY(?P<unit>FORTNIGHT)")
def every_fortnight(_found: Found, _story: Story) -> Reading:
    """Read "every fortnight"."""
    return Reading(TimexType.SET, duration(2, Unit.WEEK))


@rules(f"(?:HALF A(?P<unit>UNIT)|A(?P<unit_and>UNIT)AND A HALF){_WAY}")
def half_away(found: Found, story: Story) -> Reading | None:
    """Read "half a year ago", "a year and a half later"."""
    half = found.has("unit")
    unit = found.unit("unit" if half else "unit_and")
    if unit is Unit.HOUR and found.text("way") == "ago":
        return Reading(TimexType.TIME, PAST)
    smaller = _HALVES.get(unit)
    if smaller is None:
        return None
    count, unit = smaller
    way = -1 if found.text("way") in ("ago", "earlier") else 1
    told = found.text("way") in ("earlier", "later")
    origin = (first_day(story.previous) if told else None) or story.today
    value = at_distance(origin, way * count * (1 if half else 3), unit)
    return dated(value, anchor=origin.isoformat()) if value else None


_HALVES = {Unit.YEAR: (6, Unit.MONTH), Unit.DECADE: (5, Unit.YEAR), Unit.CENTURY: (50, Unit.YEAR)}
"""Half a unit, in one that has no halves."""
