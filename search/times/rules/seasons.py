"""Seasons and holidays."""

import re
from collections.abc import Callable
from datetime import date

from search.times.forms import Direction
from search.times.notation import Found, Rules
from search.times.rules.dates import YEAR_TAIL, day_near, told_year
from search.times.story import Reading, Story, dated
from search.times.tense import direction
from search.times.tokens import HOLIDAYS, meaning
from search.times.value import Unit, containing, for_season

rules = Rules()

_BEFORE_A_SEASON = ("in", "by", "since", "until", "during", "throughout", "early", "late")


@rules("(?P<turn>THIS|LAST|PAST|NEXT|THE LAST|THE NEXT)(?P<season>SEASON)")
@rules("(?<=[TO THROUGH])(?P<season>SEASON)(?P<moved>)")
@rules(f"(?:(?<=[IN SINCE BY UNTIL FROM LATE EARLY MID HYPHEN OF INTO])|THE)(?P<season>SEASON)(?:{YEAR_TAIL})?")
@rules(f"THE?(?P<season>SEASON){YEAR_TAIL}(?:[HYPHEN SLASH](?P<second>DAY|INTEGER))?(?!UNITS|PERCENT)")
def season(found: Found, story: Story) -> Reading | None:
    """Read "this summer", "the spring", "in autumn 2005", and "to spring" where something is moved to it."""
    way = direction(found.tokens, found.first, found.last)
    name = str(meaning(found.words("season")[0]))
    told = told_year(found, story)
    falls = found.text("season") == "fall" and found.words("season")[0].islower()
    if found.has("moved") and (way is not Direction.MOVED or falls):
        return None
    if _is_event(found) or (falls and _is_decline(found, dated=told is not None)):
        return None
    today = story.today
    if found.has("second") and (name != "WI" or int(found.text("second")) != ((told or 0) + 1) % 100):
        return None
    if told is not None:
        return dated(for_season(told, name))
    current, running = _current(today, name)
    turn = found.words("turn")[-1].lower() if found.has("turn") else ""
    if turn == "this":
        year = current if running else today.year
    elif turn:
        year = season_by_turn(today, name, int(meaning(turn) or 0))
    else:
        year = current + 1 if way is Direction.MOVED or (not running and way > 0) else current
    return dated(for_season(year, name), anchor=today.isoformat())


def season_by_turn(today: date, name: str, turn: int) -> int:
    """The year of the season that was last over (-1) or comes next (1)."""
    current, running = _current(today, name)
    return current + 1 if turn > 0 else current - 1 if running else current


def _current(today: date, name: str) -> tuple[int, bool]:
    """The year in which the season last began, and whether it is still going on."""
    month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    year = today.year if today.month >= month else today.year - 1
    return year, (today.year - year) * 12 + today.month - month < 3  # noqa: PLR2004 - a season has three months


def _is_event(found: Found) -> bool:
    """Whether the season is part of a name: "the Winter Olympics"."""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    return found.words("season")[-1].istitle() and bool(following) and following[0].istitle()


def _is_decline(found: Found, *, dated: bool) -> bool:
    """Whether "the fall" is one of prices or walls, not the season: only "in the fall" and the like are sure."""
    words = found.tokens.words
    if dated and words[found.first].lower() == "the":
        return False
    if words[found.last + 1 : found.last + 2] and words[found.last + 1] in ("of", "in", "from", "by", "to"):
        return True
    before = words[found.first - 1].lower() if found.first else ""
    return words[found.first].lower() == "the" and before not in _BEFORE_A_SEASON


@rules("(?P<turn>THIS|LAST|NEXT)?(?P<name>HOLIDAY)(?P<unit>UNIT)(?:COMMA?(?P<year>YEAR))?")
@rules("(?P<turn>THIS|LAST|NEXT)?(?P<name>HOLIDAY)(?:(?:COMMA|IN|OF)?(?P<year>YEAR))?")
def holiday(found: Found, story: Story) -> Reading | None:
    """Read "Christmas", "Thanksgiving 2005", "last Easter", "Thanksgiving week"."""
    unit = Unit(str(meaning(found.words("unit")[0]))) if found.has("unit") else Unit.DAY
    if unit not in {Unit.DAY, Unit.WEEK, Unit.WEEKEND}:
        return None
    following = found.tokens.words[found.last + 1 : found.last + 2]
    if following and following[0].lower() in ("agreement", "accord", "accords"):
        return None
    falls = HOLIDAYS[holiday_name(found, "name")]
    if found.has("year"):
        return dated(containing(falls(found.number("year")), unit))
    today = story.today
    if found.has("turn"):
        turn = found.number("turn")
        behind, ahead = _beside(today, falls)
        day = behind if turn < 0 else ahead if turn > 0 else falls(today.year)
    else:
        day = holiday_near(found, story, falls)
    return dated(containing(day, unit), anchor=today.isoformat())


def holiday_name(found: Found, group: str = "holiday") -> str:
    """The holiday of a group, as the calendar has it."""
    return re.sub(r"\s", " ", found.text(group).replace("\u2019", "'"))


def holiday_near(found: Found, story: Story, falls: Callable[[int], date]) -> date:
    """The holiday to which the sentence points."""
    behind, ahead = _beside(story.today, falls)
    near = day_near(found, story, ahead.month, ahead.day) if behind != ahead else behind
    return falls(near.year) if near else ahead


def _beside(today: date, falls: Callable[[int], date]) -> tuple[date, date]:
    """The last one and the next one; the same when it is today."""
    behind = max(day for day in (falls(today.year - 1), falls(today.year)) if day <= today)
    ahead = min(day for day in (falls(today.year), falls(today.year + 1)) if day >= today)
    return behind, ahead
