"""Parts of greater units: "the second week of November", "the first Monday in October", "year-end"."""

from datetime import date, timedelta

from search.times.notation import Found, Rules
from search.times.rules.dates import day_near, month_near, valid_day
from search.times.rules.relative import at_distance
from search.times.story import Reading, Story, dated
from search.times.value import Modifier, Unit, containing, first_day, move, unit_of

rules = Rules()


@rules("THE(?P<unit>UNIT)OF(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY|NTH)(?:COMMA?(?P<year>YEAR))?")
@rules("THE(?P<unit>UNIT)OF(?P<day>DAY|NTH)(?P<month>MONTH|SHORT_MONTH)(?P<year>YEAR)?")
def unit_of_day(found: Found, story: Story) -> Reading | None:
    """Read "the week of Oct. 14": the one that holds the day."""
    unit, month, day = found.unit(), found.number("month"), found.number("day")
    if unit not in (Unit.WEEK, Unit.WEEKEND):
        return None
    told = found.has("year")
    near = valid_day(found.number("year"), month, day) if told else day_near(found, story, month, day)
    return dated(containing(near, unit), anchor="" if told else story.today.isoformat()) if near else None


@rules("THE?(?P<nth>ORDINAL|NTH|LAST)(?P<weekday>WEEKDAY)(?:OF|IN)(?P<month>MONTH)(?P<year>YEAR)?")
def nth_weekday_of_month(found: Found, story: Story) -> Reading | None:
    """Read "the first Monday in October"."""
    month, weekday = found.number("month"), found.number("weekday")
    value = f"{found.number('year'):04d}-{month:02d}" if found.has("year") else month_near(found, story, month)
    start = first_day(value)
    if start is None:
        return None
    first = start + timedelta(days=(weekday - start.isoweekday()) % 7)
    days = [day for week in range(5) if (day := first + timedelta(weeks=week)).month == month]
    nth = len(days) if found.text("nth") == "last" else found.number("nth")
    if not 1 <= nth <= len(days):
        return None
    return dated(days[nth - 1].isoformat(), anchor="" if found.has("year") else story.today.isoformat())


@rules("(?P<turn>THIS|LAST|NEXT|THE)?(?P<unit>UNIT)(?:HYPHEN|POSSESSIVE)?(?P<end>END)")
def year_end(found: Found, story: Story) -> Reading | None:
    """Read "year-end", "year's end", "month end"."""
    unit = found.unit()
    if unit not in (Unit.YEAR, Unit.MONTH, Unit.QUARTER, Unit.WEEK) or found.text("end") != "end":
        return None
    count = found.number("turn") if found.has("turn") and found.text("turn") in ("last", "next") else 0
    value = at_distance(story.today, count, unit)
    return dated(value, modifier=Modifier.END, anchor=story.today.isoformat()) if value else None


@rules("THE(?P<nth>NTH)OF(?P<turn>THIS|LAST|NEXT)(?P<whole>UNIT)")
@rules("THE?(?P<nth>NTH|ORDINAL|LAST)(?P<unit>UNIT)OF(?P<turn>THIS|LAST|NEXT)(?P<whole>UNIT)")
def nth_unit_of_turn(found: Found, story: Story) -> Reading | None:
    """Read "the second week of next month", "the 15th of this month"."""
    start = first_day(at_distance(story.today, found.number("turn"), Unit.MONTH) or "")
    if found.unit("whole") is not Unit.MONTH or start is None:
        return None
    return _nth_unit(found, found.unit() if found.has("unit") else Unit.DAY, start)


@rules("THE?MID HYPHEN(?P<unit>UNIT)(?!HYPHEN)")
def mid_unit(found: Found, story: Story) -> Reading | None:
    """Read "mid-year", "mid-week"."""
    if found.unit() not in (Unit.YEAR, Unit.MONTH, Unit.WEEK):
        return None
    value = at_distance(story.today, 0, found.unit())
    return dated(value, modifier=Modifier.MID, anchor=story.today.isoformat()) if value else None


@rules("THE(?P<nth>LAST)(?P<unit>UNIT)OF(?P<month>MONTH)(?P<year>YEAR)?")
@rules("(?<=THE)(?P<nth>NTH|ORDINAL|LAST)(?P<unit>UNIT)OF(?P<month>MONTH)(?P<year>YEAR)?")
def nth_unit_of_month(found: Found, story: Story) -> Reading | None:
    """Read "the second week of November 2006", "the last day of November"."""
    month = found.number("month")
    value = f"{found.number('year'):04d}-{month:02d}" if found.has("year") else month_near(found, story, month)
    start = first_day(value)
    return _nth_unit(found, found.unit(), start) if start else None


def _nth_unit(found: Found, unit: Unit, start: date) -> Reading | None:
    """The day, week or weekend of a month that begins with `start`."""
    if unit not in (Unit.DAY, Unit.WEEK, Unit.WEEKEND):
        return None
    days = 7 if unit is not Unit.DAY else 1
    if found.text("nth") == "last":
        following = move(start, 1, Unit.MONTH)
        day = following - timedelta(days=1) if following else None
    else:
        day = start + timedelta(days=days * (found.number("nth") - 1) + days // 2)
        if unit is Unit.WEEKEND:
            day += timedelta(days=(5 - start.weekday()) % 7 - 3)
    if day is None or day.month != start.month:
        return None
    reading = dated(containing(day, unit))
    return reading if unit_of(reading.value if reading else "") else None
