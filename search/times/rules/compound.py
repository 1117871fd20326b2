"""Times of two relative parts that are one: "the day before yesterday", "a week from Tuesday", "a year ago today".

Half of such an expression says something else, so each is read whole or not at all.
"""

from datetime import date, timedelta

from search.english.table import words_of
from search.times.forms import Direction
from search.times.notation import Found, Rules
from search.times.rules.dates import valid_day
from search.times.rules.relative import at_distance
from search.times.rules.seasons import season_by_turn
from search.times.story import Reading, Story, dated
from search.times.tense import direction
from search.times.tokens import meaning
from search.times.value import Unit, containing, for_month, for_season, move

rules = Rules()

_WEEKS_A_FORTNIGHT = 2
_STRETCHING = words_of("time_context", "stretching")
"""After these "two weeks from Friday" is how long something goes on."""
COUNTED = "(?P<count>COUNT|A)(?P<unit>UNIT|UNITS|FORTNIGHT)"
NOTHING_ELSE = "(?!UNIT|UNITS|PART|WEEKDAY|MONTH|SHORT_MONTH|SEASON|HOLIDAY|CARDINAL|DAY|FEW)"


def counted(found: Found) -> tuple[float | None, Unit]:
    """How many of which unit: a fortnight is two weeks."""
    count = found.amount()
    if found.text("unit") == "fortnight":
        return (None if count is None else _WEEKS_A_FORTNIGHT * count), Unit.WEEK
    return count, found.unit()


def moved(day: date | None, count: float | None, unit: Unit) -> date | None:
    """The day so many units away; None when it is not told how many."""
    if day is None or count is None or count != int(count) or abs(count) > 10_000:  # noqa: PLR2004 - beyond any calendar
        return None
    return move(day, int(count), unit)


def on_day(day: date | None, story: Story, part: str = "") -> Reading | None:
    """A day reckoned from publication."""
    return dated(day.isoformat() + part, anchor=story.today.isoformat()) if day else None


@rules(f"THE?(?P<unit>UNIT)(?P<way>BEFORE LAST){NOTHING_ELSE}")
@rules(f"THE?(?P<unit>UNIT)(?P<way>AFTER NEXT){NOTHING_ELSE}")
def unit_but_one(found: Found, story: Story) -> Reading | None:
    """Read "the week before last", "the year after next"."""
    if not _is_next(found):
        return None
    way = 2 if found.text("way") == "after next" else -2
    value = at_distance(story.today, way, found.unit())
    return dated(value, anchor=story.today.isoformat()) if value else None


def _is_next(found: Found) -> bool:
    """Whether it says "next" and not "coming", which may be a verb."""
    return found.text("way") in ("before last", "after next")


@rules(f"THE(?P<part>PART)BEFORE LAST{NOTHING_ELSE}")
def night_before_last(found: Found, story: Story) -> Reading | None:
    """Read "the night before last"."""
    return on_day(move(story.today, -2, Unit.DAY), story, f"T{meaning(found.words('part')[0])}")


@rules(f"THE?(?P<weekday>WEEKDAY)(?P<way>BEFORE LAST|AFTER NEXT){NOTHING_ELSE}")
def weekday_but_one(found: Found, story: Story) -> Reading | None:
    """Read "the Sunday before last", "the Tuesday after next"."""
    if not _is_next(found):
        return None
    ago = (story.today.isoweekday() - found.number("weekday")) % 7
    days = 14 - ago if found.text("way") == "after next" else -7 - (ago or 7)
    return on_day(story.today + timedelta(days=days), story)


@rules(f"THE(?P<season>SEASON)(?P<way>BEFORE LAST|AFTER NEXT){NOTHING_ELSE}")
@rules(f"THE(?P<month>MONTH)(?P<way>BEFORE LAST|AFTER NEXT){NOTHING_ELSE}")
def month_but_one(found: Found, story: Story) -> Reading | None:
    """Read "the May before last", "the summer after next"."""
    if not _is_next(found):
        return None
    way = 1 if found.text("way") == "after next" else -1
    if found.has("season"):
        name = str(meaning(found.words("season")[0]))
        return dated(
            for_season(season_by_turn(story.today, name, way) + way, name), anchor=story.today.isoformat()
        )
    today, month = story.today, found.number("month")
    turned = (month >= today.month) if way < 0 else (month <= today.month)
    return dated(for_month(today.year + way * (1 + turned), month), anchor=today.isoformat())


@rules("THE(?P<unit>UNIT|PART)(?P<way>BEFORE|AFTER)(?P<base>TODAY)(?P<part>PART)?")
def day_beside_yesterday(found: Found, story: Story) -> Reading | None:
    """Read "the day before yesterday", "the day after tomorrow"."""
    unit, part = str(meaning(found.words("unit")[0])), found.words("part")
    if unit != Unit.DAY and unit in list(Unit):
        return None
    days = int(meaning(found.words("base")[0]) or 0) + (1 if found.text("way") == "after" else -1)
    clock = str(meaning(part[0])) if part else "" if unit == Unit.DAY else unit
    return on_day(move(story.today, days, Unit.DAY), story, f"T{clock}" if clock else "")


@rules(f"{COUNTED}(?P<way>FROM|BEFORE|AFTER)(?P<base>TODAY)")
def counted_from_today(found: Found, story: Story) -> Reading | None:
    """Read "a week from today", "two days after tomorrow"."""
    if _stretches(found):
        return None
    count, unit = counted(found)
    base = move(story.today, found.number("base"), Unit.DAY)
    way = -1 if found.text("way") == "before" else 1
    return on_day(moved(base, None if count is None else way * count, unit), story)


@rules(f"{COUNTED}FROM(?P<turn>THIS|NEXT|LAST)?(?P<weekday>WEEKDAY)(?!TO|THROUGH|UNTIL|HYPHEN)")
def counted_from_weekday(found: Found, story: Story) -> Reading | None:
    """Read "a week from Tuesday", "two weeks from next Friday"."""
    if _stretches(found):
        return None
    count, unit = counted(found)
    ahead = (found.number("weekday") - story.today.isoweekday()) % 7
    if found.text("turn") == "last":
        ahead -= 7
    return on_day(moved(story.today + timedelta(days=ahead), count, unit), story)


def _stretches(found: Found) -> bool:
    """Whether it tells how long: "for two weeks from Friday"."""
    before = [word.lower() for word in found.tokens.words[max(found.first - 2, 0) : found.first]]
    return not _STRETCHING.isdisjoint(before)


@rules(f"{COUNTED}(?P<base>TODAY)(?!POSSESSIVE|PART)")
@rules(f"{COUNTED}ON(?P<weekday>WEEKDAY)(?!POSSESSIVE|PART)")
def weeks_today(found: Found, story: Story) -> Reading | None:
    """Read "reopens a week today", "begins two weeks on Monday": British, of what is to come.

    Of what was, "a week today" is how long: "she has been missing a week today"; "a week yesterday" is when.
    """
    count, unit = counted(found)
    pointing = direction(found.tokens, found.first, found.last)
    if found.text("base") == "yesterday" and unit is Unit.WEEK and not _stretches(found):
        return on_day(moved(move(story.today, -1, Unit.DAY), None if count is None else -count, unit), story)
    ahead = pointing > Direction.UNKNOWN or (found.text("base") == "tomorrow" and pointing == Direction.UNKNOWN)
    if not ahead or unit not in (Unit.WEEK, Unit.MONTH, Unit.YEAR) or _stretches(found):
        return None
    if found.has("base"):
        days = found.number("base")
    else:
        days = (found.number("weekday") - story.today.isoweekday() - 1) % 7 + 1
    return on_day(moved(move(story.today, days, Unit.DAY), count, unit), story) if days >= 0 else None


@rules(f"{COUNTED}LAST(?P<weekday>WEEKDAY)(?!POSSESSIVE|PART)")
def weeks_last_weekday(found: Found, story: Story) -> Reading | None:
    """Read "it sank a week last Tuesday": British, of what was."""
    count, unit = counted(found)
    if unit is not Unit.WEEK or _stretches(found):
        return None
    ago = (story.today.isoweekday() - found.number("weekday")) % 7 or 7
    return on_day(moved(story.today - timedelta(days=ago), None if count is None else -count, unit), story)


@rules("(?P<count>COUNT)(?P<weekday>WEEKDAYS)(?P<way>AGO|HENCE|FROM NOW|APOSTROPHE TIME)")
@rules("(?<=IN)(?P<count>COUNT)(?P<weekday>WEEKDAYS)(?P<way>)(?!POSSESSIVE|APOSTROPHE)")
def weekdays_ago(found: Found, story: Story) -> Reading | None:
    """Read "two Fridays ago", "three Sundays from now", "in two Sundays" with a verb that points ahead."""
    count, way = found.amount(), -1 if found.text("way") == "ago" else 1
    if count is None or count < 1:
        return None
    if not found.text("way") and direction(found.tokens, found.first, found.last) < Direction.FUTURE:
        return None
    first = (way * (found.number("weekday") - story.today.isoweekday()) - 1) % 7 + 1
    return on_day(moved(move(story.today, way * first, Unit.DAY), way * (count - 1), Unit.WEEK), story)


@rules("(?P<count>COUNT)(?P<season>SEASONS)(?P<way>AGO)")
def seasons_ago(found: Found, story: Story) -> Reading | None:
    """Read "two summers ago"."""
    count, name = found.amount(), str(meaning(found.words("season")[0]))
    if count is None or not 1 <= count <= story.today.year or count != int(count):
        return None
    year = season_by_turn(story.today, name, -1) - int(count) + 1
    return dated(for_season(year, name), anchor=story.today.isoformat())


@rules("(?<=[ON UNTIL BY FROM BEFORE])(?P<weekday>WEEKDAY)(?P<unit>UNIT|FORTNIGHT)(?!HYPHEN|AGO|POSSESSIVE)")
@rules("(?P<turn>THIS|NEXT)(?P<weekday>WEEKDAY)(?P<unit>UNIT|FORTNIGHT)(?!HYPHEN|AGO|POSSESSIVE)")
def weekday_week(found: Found, story: Story) -> Reading | None:
    """Read "on Tuesday week", "on Monday fortnight": British."""
    word = found.text("unit")
    if word not in ("week", "fortnight"):
        return None
    ahead = (found.number("weekday") - story.today.isoweekday() - 1) % 7 + 1
    return on_day(story.today + timedelta(days=ahead + (7 if word == "week" else 14)), story)


@rules(f"{COUNTED}AND(?P<finer_count>COUNT|A)(?P<finer>UNIT|UNITS)(?P<way>AGO)")
def two_units_ago(found: Found, story: Story) -> Reading | None:
    """Read "a year and two months ago": counted in the finer unit."""
    count, unit = counted(found)
    more, finer = found.amount("finer_count"), found.unit("finer")
    day = moved(story.today, None if count is None else -count, unit)
    day = moved(day, None if more is None else -more, finer)
    value = containing(day, finer) if day else None
    return dated(value, anchor=story.today.isoformat()) if value else None


@rules(f"{COUNTED}AGO ON?(?P<turn>THIS|LAST|NEXT)?(?P<weekday>WEEKDAY)(?!POSSESSIVE)")
@rules(f"{COUNTED}AGO COMMA ON(?P<weekday>WEEKDAY)(?=STOP|COMMA)")
@rules(f"{COUNTED}AGO(?P<base>TODAY|TONIGHT)(?!POSSESSIVE)")
def ago_on_day(found: Found, story: Story) -> Reading | None:
    """Read "a year ago Tuesday", "two weeks ago today", "a week ago last Friday"."""
    count, unit = counted(found)
    if found.has("base"):
        day = move(story.today, 0 if found.text("base") == "tonight" else found.number("base"), Unit.DAY)
    else:
        day = _weekday_by_turn(found, story)
    if unit is Unit.DAY:
        day = story.today
    return on_day(moved(day, None if count is None else -count, unit), story)


def _weekday_by_turn(found: Found, story: Story) -> date:
    number, turn = found.number("weekday"), found.text("turn")
    ago = (story.today.isoweekday() - number) % 7
    if turn == "last":
        return story.today - timedelta(days=ago or 7)
    if turn == "next" or (ago and direction(found.tokens, found.first, found.last) >= Direction.SURELY_FUTURE):
        return story.today + timedelta(days=7 - ago)
    return story.today - timedelta(days=ago)


@rules(f"{COUNTED}AGO(?P<turn>THIS|LAST|NEXT)(?P<base>UNIT)(?!POSSESSIVE)")
def ago_in_unit(found: Found, story: Story) -> Reading | None:
    """Read "two years ago this month", "five years ago last week"."""
    count, unit = counted(found)
    base = found.unit("base")
    turn = int(meaning(found.words("turn")[0]) or 0)
    day = moved(moved(story.today, turn, base), None if count is None else -count, unit)
    value = containing(day, base) if day else None
    return dated(value, anchor=story.today.isoformat()) if value else None


@rules(f"{COUNTED}AGO[IN THIS LAST NEXT](?P<month>MONTH)(?!POSSESSIVE|DAY|YEAR|SHORT_YEAR)")
@rules(f"{COUNTED}AGO COMMA IN(?P<month>MONTH)(?=STOP|COMMA)")
@rules(f"{COUNTED}AGO ON?(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY|NTH)(?!POSSESSIVE|COMMA?YEAR)")
def ago_in_month(found: Found, story: Story) -> Reading | None:
    """Read "two years ago in May", "a year ago on March 3"."""
    count, unit = counted(found)
    month = found.number("month")
    if unit is not Unit.YEAR or count is None or count != int(count):
        return None
    year = story.today.year - int(count)
    if not found.has("day"):
        return dated(for_month(year, month), anchor=story.today.isoformat())
    return on_day(valid_day(year, month, found.number("day")) if year > 0 else None, story)


@rules("(?P<turn>LAST|NEXT|THIS)(?P<unit>UNIT)ON(?P<weekday>WEEKDAY)")
@rules("(?P<turn>LAST|NEXT|THIS)(?P<unit>UNIT)(?:COMMA ON)?(?P<weekday>WEEKDAY)(?=STOP|COMMA)")
def weekday_of_week(found: Found, story: Story) -> Reading | None:
    """Read "last week on Tuesday", "next week, on Friday"."""
    if found.unit() is not Unit.WEEK:
        return None
    week = move(
        story.today - timedelta(days=story.today.weekday()), int(meaning(found.words("turn")[0]) or 0), Unit.WEEK
    )
    return on_day(week + timedelta(days=found.number("weekday") - 1), story) if week else None


@rules("(?P<turn>LAST|NEXT|THIS)(?P<unit>UNIT)IN(?P<month>MONTH)(?!YEAR|DAY|POSSESSIVE)")
@rules("(?P<turn>LAST|NEXT|THIS)(?P<unit>UNIT)COMMA IN(?P<month>MONTH)(?=STOP|COMMA)")
def month_of_year(found: Found, story: Story) -> Reading | None:
    """Read "last year in May"."""
    if found.unit() is not Unit.YEAR:
        return None
    year = story.today.year + int(meaning(found.words("turn")[0]) or 0)
    return dated(for_month(year, found.number("month")), anchor=story.today.isoformat())
