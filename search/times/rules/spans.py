"""Stretches of years written as one: "the 2022/23 season", "2015-17"; halves of months, decades and centuries."""

from datetime import date, timedelta

from search.english.table import words_of
from search.times.interval import Interval, interval_of
from search.times.named import NO_TIME
from search.times.notation import Found, Rules
from search.times.rules.dates import month_near
from search.times.story import Reading, Story, dated
from search.times.tokens import letters_of
from search.times.value import Modifier, TimexType, Unit, for_month, for_years, move

rules = Rules()

_SPANNED = range(1600, 2101)
_LONGEST = 100
"""Years from the first to the last."""
_MONTHS_A_YEAR = 12
_SEASONS = words_of("time_context", "spanning years")
_NOT_BEFORE = letters_of("HYPHEN SLASH INTEGER DECIMAL MONEY")


@rules(
    "(?:THE?FISCAL UNIT?|THE UNIT)?(?P<first>YEAR)(?P<mark>SLASH|HYPHEN)(?P<second>YEAR|SHORT_YEAR|DAY|INTEGER)"
    "(?!HYPHEN|SLASH|PERCENT|DECIMAL|UNITS|ZONE)"
)
def years_as_one(found: Found, _story: Story) -> Reading | None:
    """Read "2022/23", "1999-2000", "fiscal 2022-23"; "2018-12" is a month."""
    digits = found.text("second").strip("'\u2019")
    first = found.number("first")
    before = found.tokens.shape[found.first - 1] if found.first else ""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    if len(digits) not in (2, 4):
        return None
    if before in _NOT_BEFORE or (following and following[0] in words_of("years", "counted")):
        return NO_TIME
    if len(digits) == 2 and not _is_tight(found):  # noqa: PLR2004 - two digits
        return None
    if len(digits) == 2 and int(digits) <= first % 100 and digits != "00":  # noqa: PLR2004
        month = 1 <= int(digits) <= _MONTHS_A_YEAR and "-" in found.text("mark")
        return dated(for_month(first, int(digits))) if month else NO_TIME
    return _span(first, digits)


def _is_tight(found: Found) -> bool:
    """Whether no space stands in it."""
    return (
        " " not in found.tokens.text[found.tokens.starts[found.first] : found.tokens.end(found.last)].split()[-1]
    )


def _span(first: int, digits: str) -> Reading | None:
    last = int(digits)
    if len(digits) == 2:  # noqa: PLR2004 - two digits
        last += first // 100 * 100
        last += 100 if last <= first else 0
    if first not in _SPANNED or not 0 < last - first <= _LONGEST:
        return None
    return dated(for_years(first, last))


@rules("(?P<first>FISCAL_YEAR)[SLASH HYPHEN](?P<second>DAY|INTEGER|YEAR)")
def fiscal_years_as_one(found: Found, _story: Story) -> Reading | None:
    """Read "FY2022/23"."""
    digits = found.text("first").removeprefix("fy")
    first = int(digits) if len(digits) > 2 else 2000 + int(digits)  # noqa: PLR2004 - two digits
    return _span(first, found.text("second")) if len(found.text("second")) in (2, 4) else None


@rules("THE?(?P<first>DAY|INTEGER)[SLASH HYPHEN](?P<second>DAY|INTEGER)(?!SLASH|HYPHEN)")
def short_season(found: Found, story: Story) -> Reading | None:
    """Read "the 98/99 season"."""
    first, second = found.text("first"), found.text("second")
    following = found.tokens.words[found.last + 1 : found.last + 2]
    short = len(first) == len(second) == 2 and following and following[0] in _SEASONS  # noqa: PLR2004 - two digits
    if not short or int(second) != (int(first) + 1) % 100:
        return None
    century = story.today.year // 100 * 100
    year = max(c + int(first) for c in (century - 100, century) if c + int(first) <= story.today.year + 1)
    return _span(year, second)


@rules(
    "THE?(?P<number>ORDINAL)HYPHEN?HALF OF(?:THE?(?P<decade>DECADE)|(?P<month>MONTH)(?P<year>YEAR)?"
    "|THE?(?P<nth>NTH|ORDINAL)(?P<unit>UNIT))"
)
def half_of(found: Found, story: Story) -> Reading | None:
    """Read "the first half of May", "the second half of the 1990s", "the first half of the 20th century"."""
    number, anchor = found.number("number"), ""
    if found.has("month") and found.has("year"):
        value = for_month(found.number("year"), found.number("month"))
    elif found.has("month"):
        value, anchor = month_near(found, story, found.number("month")), story.today.isoformat()
    elif found.has("decade"):
        value = found.text("decade")[:3]
    else:
        value = f"{found.number('nth') - 1:02d}" if found.unit() is Unit.CENTURY else ""
    whole = interval_of(value)
    if whole is None or number not in (1, 2) or not isinstance(whole.start, date) or whole.end is None:
        return None
    middle = _middle(whole.start, whole.granularity)
    if middle is None:
        return None
    part = (
        Interval(whole.start, middle, whole.granularity)
        if number == 1
        else Interval(middle, whole.end, whole.granularity)
    )
    modifier = Modifier.START if number == 1 else Modifier.END
    return Reading(TimexType.DATE, value, modifier, interval=part, anchor=anchor)


def _middle(start: date, unit: Unit) -> date | None:
    """The first day of the second half."""
    if unit is Unit.MONTH:
        return start + timedelta(days=15)
    return move(start, {Unit.DECADE: 5, Unit.CENTURY: 50}.get(unit, 0), Unit.YEAR)
