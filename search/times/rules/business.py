"""Business time: quarters, reporting periods, and comparisons with the year before.

A company's report speaks of one period ("the third quarter"); "the quarter", "the latest period", "the
year-ago period" and "a year earlier" are reckoned from it. Fiscal quarters are numbered in the year of the
report.
"""

from datetime import date

from search.english.table import words_of
from search.times.forms import Direction
from search.times.interval import Interval
from search.times.notation import Found, Rules
from search.times.story import Reading, Story, dated
from search.times.tense import direction
from search.times.tokens import LETTERS, meaning
from search.times.value import TimexType, Unit, duration, for_quarter, for_year, shift, unit_of

rules = Rules()

_QUARTERS = 4
_MONTHS_A_YEAR = 12
_REPORTED = words_of("time_context", "results reported")


def quarter_near(found: Found, story: Story, number: int) -> int:
    """The year of a quarter: the one just ended is being reported; others by the tense."""
    current = (story.today.month + 2) // 3
    back = (current - number) % _QUARTERS
    way = direction(found.tokens, found.first, found.last)
    behind = way is not Direction.MOVED and (back <= 1 or (back == 2 and way <= 0) or (back == 3 and way < 0))  # noqa: PLR2004 - quarters back
    moved = current - back if behind else current + (_QUARTERS - back) % _QUARTERS
    return story.today.year + (moved - 1) // _QUARTERS


@rules(
    "(?:(?P<before>YEAR)POSSESSIVE?|(?P<turn>THIS|LAST|NEXT)UNIT POSSESSIVE)"
    "(?P<fiscal>FISCAL HYPHEN?)?(?P<number>ORDINAL|NTH)HYPHEN?(?P<unit>UNIT)"
)
@rules(
    "(?P<det>[THE ITS](?=FISCAL?HYPHEN?(?:ORDINAL|NTH)UNIT))?(?P<year_before>YEAR)?"
    "(?P<fiscal>FISCAL HYPHEN?)?(?P<number>ORDINAL|NTH)HYPHEN?(?P<unit>UNIT)"
    "(?:(?:OF|COMMA)?(?:FISCAL)?(?P<year>YEAR)|OF?(?P<turn>THIS|LAST|NEXT)UNIT)?"
)
@rules("THE(?P<number>LAST)(?P<unit>UNIT)OF(?:(?P<year>YEAR)(?P<fiscal>FISCAL)?|(?P<turn>THIS|LAST|NEXT|THE)UNIT)")
@rules("THE(?P<before>YEAR)(?P<fiscal>FISCAL)?(?P<number>ORDINAL|NTH)HYPHEN?(?P<unit>UNIT)")
def quarter(found: Found, story: Story) -> Reading | None:
    """Read "the third quarter", "fourth-quarter", "the 1988 second quarter", "next year's first quarter"."""
    number, unit = found.number("number"), found.unit()
    number = _QUARTERS if number < 0 else number
    if unit is not Unit.QUARTER or not 1 <= number <= _QUARTERS:
        return None
    year = next((found.number(g) for g in ("before", "year_before", "year") if found.has(g)), None)
    if year is None and found.has("turn"):
        year = story.today.year + (0 if found.text("turn") == "the" else found.number("turn"))
    told = year is not None
    if year is None:
        fiscal = found.has("fiscal")
        year = story.today.year if fiscal else quarter_near(found, story, number)
    value = for_quarter(year, number)
    compared = told and bool(story.period) and value < story.period
    over = value < for_quarter(story.today.year, (story.today.month + 2) // 3)
    reported = value if (over and not compared) or not story.period else ""
    return dated(value, anchor=story.today.isoformat() if not told else "", period=reported)


@rules(
    "THE?(?:(?P<before>YEAR))?FISCAL?(?P<number>ORDINAL)HYPHEN?HALF"
    "(?:(?:OF|COMMA)?(?:THE UNIT|FISCAL)?(?P<year>YEAR)|OF?(?P<turn>THIS|LAST|NEXT|THE)(?P<unit>UNIT))?"
)
def half_year(found: Found, story: Story) -> Reading | None:
    """Read "the first half of 1990", "second-half earnings"; not the half of a match."""
    number = found.number("number")
    following = {word.lower() for word in found.tokens.words[found.last + 1 : found.last + 3]}
    told = next((found.number(group) for group in ("before", "year") if found.has(group)), None)
    if found.has("turn") and found.unit() is Unit.YEAR:
        told = story.today.year + (0 if found.text("turn") == "the" else found.number("turn"))
    elif found.has("turn"):
        return None
    if number not in (1, 2) or (told is None and not story.period and not following & _REPORTED):
        return None
    if told is None:
        over = number == 1 or story.today.month > 6  # noqa: PLR2004 - the second half has begun
        told = story.today.year if over else story.today.year - 1
    return dated(f"{told:04d}-H{number}")


@rules("(?P<year>YEAR)HYPHEN?(?P<quarter>QUARTER_NUMBER)")
@rules("(?P<quarter>QUARTER_NUMBER)(?:[OF HYPHEN SLASH]?(?P<year>YEAR|FISCAL_YEAR|SHORT_YEAR))?")
def quarter_number(found: Found, story: Story) -> Reading | None:
    """Read "Q3 2024", "Q3", "3Q"."""
    number = int(found.text("quarter").strip("q"))
    if found.has("year") and found.text("year").endswith("s"):
        return None
    year = _year_in(found.text("year")) if found.has("year") else quarter_near(found, story, number)
    value = for_quarter(year, number)
    return dated(value, period=value)


@rules("(?P<year>YEAR)HYPHEN?(?P<half>HALF_NUMBER)")
@rules("(?P<half>HALF_NUMBER)(?:[OF HYPHEN SLASH]?(?P<year>YEAR|FISCAL_YEAR))?(?!HYPHEN)")
def half_number(found: Found, story: Story) -> Reading | None:
    """Read "H2 2017", "1H"; a bare one only where a business period is spoken of."""
    number = int(found.text("half").strip("h"))
    if found.has("year"):
        return dated(f"{_year_in(found.text('year')):04d}-H{number}")
    if not story.period:
        return None
    over = number == 1 or story.today.month > 6  # noqa: PLR2004 - the second half has begun
    return dated(f"{story.today.year - (not over):04d}-H{number}", anchor=story.today.isoformat())


@rules("(?P<year>FISCAL_YEAR)")
def fiscal_year_number(found: Found, _story: Story) -> Reading | None:
    """Read "FY2023", "FY24"."""
    return dated(for_year(_year_in(found.text("year"))))


def _year_in(word: str) -> int:
    """The year of "2024", "fy2024", "fy24" or "'24"."""
    year = int(word.removeprefix("fy").strip("'\u2019"))
    return year if year >= 100 else 2000 + year - 100 * (year > 60)  # noqa: PLR2004 - two digits, since 1961


@rules("THE(?P<year>YEAR)(?P<unit>UNIT|PERIOD)")
def period_of_year(found: Found, story: Story) -> Reading | None:
    """Read "the 1988 period", "the 1988 quarter": the one that corresponds to the period reported."""
    word, year = found.text("unit"), found.number("year")
    if word not in ("period", "quarter"):
        return None
    if unit_of(story.period) is Unit.QUARTER:
        return dated(for_year(year) + story.period[4:], anchor=story.period)
    return dated(for_year(year), anchor=story.period)


@rules("THE?(?P<unit>UNIT)HYPHEN(?:AGO|EARLIER)(?:ORDINAL HYPHEN?)?[UNIT PERIOD]")
@rules("(?P<unit>UNIT)HYPHEN(?:AGO|EARLIER)")
def year_ago_period(found: Found, story: Story) -> Reading | None:
    """Read "the year-ago quarter", "year-earlier"."""
    if found.unit() is not Unit.YEAR:
        return None
    period = story.period or for_year(story.today.year)
    return dated(shift(period, -1, Unit.YEAR), anchor=period)


@rules("THE SAME(?P<unit>UNIT|PERIOD)(?:OF?(?P<last>LAST UNIT)|A UNIT[AGO EARLIER]|(?:OF|IN)?(?P<year>YEAR))")
@rules("THE(?P<unit>UNIT|PERIOD)(?:(?P<last>LAST UNIT)|A UNIT[AGO EARLIER]|UNIT HYPHEN?[AGO EARLIER])")
@rules("(?P<last>LAST)UNIT POSSESSIVE(?P<unit>UNIT|PERIOD)")
def same_period_last_year(found: Found, story: Story) -> Reading | None:
    """Read "the corresponding period last year", "the quarter a year ago", "last year's quarter"."""
    if found.text("unit") not in ("quarter", "period", "month", "week"):
        return None
    if found.has("year"):
        if unit_of(story.period) is Unit.QUARTER:
            return dated(f"{found.number('year')}{story.period[4:]}", anchor=story.period)
        return dated(for_year(found.number("year")), anchor=story.period)
    period = story.period or for_year(story.today.year)
    return dated(shift(period, -1, Unit.YEAR), anchor=period)


@rules("(?:THE|THIS|ITS)(?:LATEST)?(?P<unit>UNIT|PERIOD)(?!HYPHEN|LAST)")
def reported_period(found: Found, story: Story) -> Reading | None:
    """Read "the quarter", "the latest period": the one being reported, if there is one."""
    word, latest = found.text("unit"), len(found.words("unit")) < found.last - found.first
    if word == "period" and not (latest and story.period):
        return None
    if word not in ("quarter", "period"):
        return None
    ended = found.tokens.shape[found.last + 1 : found.last + 2] == LETTERS["ENDED"]
    if story.period and (not ended or unit_of(story.period) is Unit.QUARTER):
        return dated(story.period, anchor=story.period)
    if ended:
        return _ended(found, story)
    if found.tokens.words[found.first].lower() == "this":
        return dated(for_quarter(story.today.year, (story.today.month + 2) // 3), anchor=story.today.isoformat())
    moved = shift(story.today.isoformat(), -3, Unit.MONTH)
    value = for_quarter(int(moved[:4]), (int(moved[5:7]) + 2) // 3) if moved else None
    return dated(value, anchor=story.today.isoformat(), period=value) if value else None


def _ended(found: Found, story: Story) -> Reading | None:
    """Read "the quarter ended Sept. 30": the quarter in whose last month, or after it, the named day lies."""
    shape = found.tokens.shape
    at = found.last + 2
    if shape[at : at + 1] != LETTERS["MONTH"]:
        return Reading(TimexType.DURATION, "P1Q")
    month = int(meaning(found.tokens.words[at]) or 1)
    year = story.today.year - (month > story.today.month)
    value = for_quarter(year, (month + 2) // 3)
    return dated(value, anchor=story.today.isoformat(), period=value)


@rules("(?:THE?FULL|THE|FOR FULL)(?P<fiscal>FISCAL)(?P<unit>UNIT)")
def fiscal_year(found: Found, story: Story) -> Reading | None:
    """Read "the fiscal year"."""
    if found.unit() is not Unit.YEAR:
        return None
    return Reading(TimexType.DURATION, "P1Y", period=for_year(story.today.year))


@rules("THE FULL(?P<unit>UNIT)")
def full_year(found: Found, story: Story) -> Reading | None:
    """Read "the full year"."""
    if found.unit() is not Unit.YEAR:
        return None
    return dated(for_year(story.today.year), anchor=story.today.isoformat())


@rules(
    "THE(?P<which>ORDINAL|LAST)(?P<count>CARDINAL|DAY)(?P<unit>UNITS)OF"
    "(?:(?P<year>YEAR)|(?P<turn>[THIS LAST NEXT THE])(?P<whole>UNIT))"
)
def months_of_year(found: Found, story: Story) -> Reading | None:
    """Read "the first six months of 2006", "the last three months of the year"."""
    count, which = found.amount(), found.text("which")
    whole = found.unit("whole") if found.has("whole") else Unit.YEAR
    if found.unit() is Unit.QUARTER and whole is Unit.YEAR and count == 2 and which in ("first", "last"):  # noqa: PLR2004
        return dated(f"{_year_of_months(found, story, 1):04d}-H{1 if which == 'first' else 2}")
    if found.unit() is not Unit.MONTH or whole is not Unit.YEAR or count is None or not 0 < count < _MONTHS_A_YEAR:
        return None
    if which not in ("first", "last"):
        return None
    months = int(count)
    first = 1 if which == "first" else _MONTHS_A_YEAR - months + 1
    year = _year_of_months(found, story, first)
    after = date(year + (first + months > _MONTHS_A_YEAR), (first + months - 1) % _MONTHS_A_YEAR + 1, 1)
    return Reading(
        TimexType.DURATION,
        duration(months, Unit.MONTH),
        interval=Interval(date(year, first, 1), after, Unit.MONTH),
        anchor="" if found.has("year") else story.today.isoformat(),
        period=for_quarter(year, (first + 2) // 3) if months == 3 else for_year(year),  # noqa: PLR2004 - a quarter
        named=for_year(year),
    )


def _year_of_months(found: Found, story: Story, first: int) -> int:
    """The year that is told; of "the year" the last one, when the months are past and of this one yet to come."""
    if found.has("year"):
        return found.number("year")
    year = story.today.year + int(meaning(found.words("turn")[0]) or 0)
    ahead = found.text("turn") == "the" and first > story.today.month
    return year - (ahead and direction(found.tokens, found.first, found.last) < 0)


@rules("THE(?:LATEST|ORDINAL)?(?P<count>CARDINAL|DAY)(?P<unit>UNITS)(?:OF(?P<year>YEAR))?")
def months_reported(found: Found, story: Story) -> Reading | None:
    """Read "the nine months", "the first six months": a stretch of the year that is reported."""
    count, unit = found.amount(), found.unit()
    if unit is not Unit.MONTH or count is None:
        return None
    return Reading(TimexType.DURATION, duration(count, unit), period=for_year(story.today.year))
