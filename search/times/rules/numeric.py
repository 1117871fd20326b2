"""Dates as forms, logs and bonds write them: "19-Nov-12", "Dec/2018", "Wed Oct 26 15:50:06 2016", "31/12/1999"."""

import re
from datetime import date, timedelta

from search.times.named import NO_TIME
from search.times.notation import Found, Rules
from search.times.rules.dates import day_near, valid_day
from search.times.story import Reading, Story, dated
from search.times.tokens import LETTERS, Tokens, letters_of, meaning
from search.times.value import first_day, for_month

rules = Rules()

_QUARTERS = 4

_MONTHS_A_YEAR = 12
_YEARS_AHEAD = 20
"""Years from publication within which two digits are taken for a year to come."""
_IN_FIGURES = re.compile(LETTERS["NUMERIC_DATE"])
_BEFORE_MONTH = letters_of("IN SINCE UNTIL BY FROM OF TO ENDED STARTING")


@rules("(?P<iso>ISO)")
def iso_date(found: Found, _story: Story) -> Reading | None:
    """Read "2005-12-17"."""
    value = found.text("iso").replace("/", "-")
    return dated(value) if first_day(value) else None


@rules("(?P<date>NUMERIC_DATE)")
def numeric_date(found: Found, story: Story) -> Reading | None:
    """Read "12/31/98"; "7/4/1999" only where the article tells which comes first, the day or the month."""
    month_first, day_first = _either_way(found.text("date"), story.today)
    if month_first and day_first and month_first != day_first:
        if story.day_first is None:
            return NO_TIME
        return dated((day_first if story.day_first else month_first).isoformat())
    told = month_first or day_first
    return dated(told.isoformat()) if told else None


def _either_way(figures: str, today: date) -> tuple[date | None, date | None]:
    """The day meant when the month comes first, and when the day does; None where there is no such day."""
    mark = next(c for c in figures if not c.isdecimal())
    first, second, last = figures.split(mark)
    year = _year(last, today)
    return valid_day(year, int(first), int(second)), valid_day(year, int(second), int(first))


def _year(digits: str, today: date) -> int:
    """The year of four digits or two: the last such one, or one soon to come."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - two digits
        return year
    century = today.year // 100 * 100
    return max(c + year for c in (century - 100, century, century + 100) if c + year <= today.year + _YEARS_AHEAD)


def day_comes_first(tokens: Tokens, today: date) -> bool | None:
    """Whether an article writes the day before the month in figures; None when it does not tell, or both ways.

    It tells by a date that can be meant only one way, or by one that is the day of publication when it is.
    """
    told = set()
    for found in _IN_FIGURES.finditer(tokens.shape):
        index = found.start()
        month_first, day_first = _either_way(tokens.words[index], today)
        if month_first and day_first and month_first != day_first:
            near = [abs(day - today) <= timedelta(days=1) for day in (month_first, day_first)]
            told |= {way for way, close in zip((False, True), near, strict=True) if close}
        elif month_first != day_first:
            told.add(month_first is None)
    return told.pop() if len(told) == 1 else None


@rules("(?P<day>DAY)(?:HYPHEN|SLASH)(?P<month>MONTH|SHORT_MONTH)(?:HYPHEN|SLASH)(?P<year>YEAR|DAY|INTEGER)")
@rules("(?P<year>YEAR)(?:HYPHEN|SLASH)(?P<month>MONTH|SHORT_MONTH)(?:HYPHEN|SLASH)(?P<day>DAY)")
@rules("(?P<month>MONTH|SHORT_MONTH)(?:HYPHEN|SLASH)(?P<day>DAY)(?:HYPHEN|SLASH)(?P<year>YEAR)")
def compact_date(found: Found, story: Story) -> Reading | None:
    """Read "19-Nov-12", "19/Nov/2012", "2012-Nov-19"."""
    digits = found.text("year")
    if len(digits) not in (2, 4):
        return None
    day = valid_day(_year(digits, story.today), found.number("month"), found.number("day"))
    return dated(day.isoformat()) if day else None


@rules("(?P<month>MONTH|SHORT_MONTH)[SLASH HYPHEN](?P<year>YEAR)")
def compact_month(found: Found, _story: Story) -> Reading | None:
    """Read "Dec/2018", "Dec-2018"."""
    return dated(for_month(found.number("year"), found.number("month")))


@rules("(?P<month>DAY)SLASH(?P<year>YEAR)")
def month_in_figures(found: Found, _story: Story) -> Reading | None:
    """Read "12/2018", "due 07/2020"; not a fraction."""
    before = found.tokens.shape[found.first - 1] if found.first else ""
    previous = found.tokens.words[found.first - 1].lower() if found.first else ""
    placed = before in _BEFORE_MONTH or previous == "due"
    month = found.number("month")
    if month > _MONTHS_A_YEAR or before in (LETTERS["SLASH"], LETTERS["HYPHEN"]):
        return None
    return dated(for_month(found.number("year"), month)) if placed or len(found.text("month")) > 1 else None


@rules(
    "(?:[WEEKDAY SHORT_WEEKDAY]COMMA?)?(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY)COMMA?"
    "(?P<clock>CLOCK)(?P<zone>ZONE)?(?P<year>YEAR)"
)
def logged(found: Found, _story: Story) -> Reading | None:
    """Read "Wed Oct 26 15:50:06 2016", as logs and mails write it."""
    day = valid_day(found.number("year"), found.number("month"), found.number("day"))
    clock = found.text("clock").rjust(len("15:50:06") if found.text("clock").count(":") > 1 else len("15:50"), "0")
    return dated(f"{day}T{clock}") if day else None


@rules("(?P<month>MONTH)THE(?P<day>ORDINAL|NTH)(?:COMMA?(?P<year>YEAR))?(?![UNIT WEEKDAY])")
@rules("(?P<month>MONTH)(?:(?P<tens>CARDINAL)HYPHEN?)?(?P<day>ORDINAL)(?:COMMA?(?P<year>YEAR))?")
def spelled_day(found: Found, story: Story) -> Reading | None:
    """Read "April first 2021", "May twenty-first, 1999", "February the 3rd"; not "March third-quarter results"."""
    tens = int(meaning(found.words("tens")[0]) or 0) if found.has("tens") else 0
    month, number = found.number("month"), tens + found.number("day")
    if found.has("year"):
        day = valid_day(found.number("year"), month, number)
        return dated(day.isoformat()) if day else None
    following = found.tokens.words[found.last + 1 : found.last + 2]
    ends = following in ([], ["."], [","])
    sure = number > _QUARTERS and not ends and following[0].isalpha() and meaning(following[0]) is None
    near = day_near(found, story, month, number) if ends or sure else None
    return dated(near.isoformat(), anchor=story.today.isoformat()) if near else None
