"""Seasons and holidays."""

import re
from datetime import date

from search.times.lexicon import HOLIDAYS
from search.times.notation import Found
from search.times.rules.dates import YEAR_TAIL, day_near, told_year
from search.times.rules.rule import Rules
from search.times.story import Reading, Story, dated
from search.times.tense import direction
from search.times.tokens import meaning
from search.times.value import Unit, containing, for_season

rules = Rules()

_BEFORE_A_SEASON = ("in", "by", "since", "until", "during", "throughout", "early", "late")


@rules("(?P<turn>THIS|LAST|PAST|NEXT|THE LAST|THE NEXT)(?P<season>SEASON)")
@rules(f"(?:(?<=[IN SINCE BY UNTIL FROM LATE EARLY MID HYPHEN OF])|THE)(?P<season>SEASON)(?:{YEAR_TAIL})?")
def season(found: Found, story: Story) -> Reading | None:
    """Read "this summer", "the spring", "in autumn 2005"."""
    name = str(meaning(found.words("season")[0]))
    if _is_event(found) or (found.text("season") == "fall" and _is_decline(found)):
        return None
    today = story.today
    month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    told = told_year(found, story)
    if told is not None:
        return dated(for_season(told, name))
    current = today.year if today.month >= month else today.year - 1
    begun = date(current, month, 1)
    running = (today.year - begun.year) * 12 + today.month - begun.month < 3  # noqa: PLR2004 - a season has three months
    turn = found.words("turn")[-1].lower() if found.has("turn") else ""
    if turn == "this":
        year = current if running else today.year
    elif turn in ("last", "past"):
        year = current - 1 if running else current
    elif turn in ("next", "coming", "upcoming") or (
        not running and direction(found.tokens, found.first, found.last) > 0
    ):
        year = current + 1
    else:
        year = current
    return dated(for_season(year, name), anchor=today.isoformat())


def _is_event(found: Found) -> bool:
    """Whether the season is part of a name: "the Winter Olympics"."""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    return found.words("season")[-1].istitle() and bool(following) and following[0].istitle()


def _is_decline(found: Found) -> bool:
    """Whether "the fall" is one of prices or walls, not the season: only "in the fall" and the like are sure."""
    words = found.tokens.words
    if words[found.last + 1 : found.last + 2] and words[found.last + 1] in ("of", "in", "from", "by", "to"):
        return True
    before = words[found.first - 1].lower() if found.first else ""
    return words[found.first].lower() == "the" and before not in _BEFORE_A_SEASON


@rules("(?P<turn>THIS|LAST|NEXT)?(?P<name>HOLIDAY)(?P<unit>UNIT)(?:COMMA?(?P<year>YEAR))?")
@rules("(?P<turn>THIS|LAST|NEXT)?(?P<name>HOLIDAY)(?:COMMA?(?P<year>YEAR))?")
def holiday(found: Found, story: Story) -> Reading | None:
    """Read "Christmas", "Thanksgiving 2005", "last Easter", "Thanksgiving week"."""
    unit = Unit(str(meaning(found.words("unit")[0]))) if found.has("unit") else Unit.DAY
    if unit not in {Unit.DAY, Unit.WEEK, Unit.WEEKEND}:
        return None
    following = found.tokens.words[found.last + 1 : found.last + 2]
    if following and following[0].lower() in ("agreement", "accord", "accords"):
        return None
    falls = HOLIDAYS[re.sub(r"\s", " ", found.text("name").replace("\u2019", "'"))]
    if found.has("year"):
        return dated(containing(falls(found.number("year")), unit))
    today = story.today
    behind = max(day for day in (falls(today.year - 1), falls(today.year)) if day <= today)
    ahead = min(day for day in (falls(today.year), falls(today.year + 1)) if day >= today)
    if found.has("turn"):
        turn = found.number("turn")
        day = behind if turn < 0 else ahead if turn > 0 else falls(today.year)
    else:
        near = day_near(found, story, ahead.month, ahead.day) if behind != ahead else behind
        day = falls(near.year) if near else ahead
    return dated(containing(day, unit), anchor=today.isoformat())
