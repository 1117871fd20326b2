"""Dates of the calendar: days, weekdays, months, years, decades, centuries, holidays."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import log2

from search.english.calendar import Move, always_named
from search.times.forms import Direction
from search.times.interval import interval_of
from search.times.moved import moved_behind, moved_from
from search.times.named import NO_TIME, event_on, is_month_of_name, is_weekday_of_name
from search.times.notation import Found, Rules, compiled
from search.times.story import Reading, Story, dated
from search.times.tense import direction
from search.times.tokens import LETTERS, letters_of, meaning
from search.times.value import Unit, first_day, for_month

rules = Rules()

_PAIRING = letters_of("AND OR TO THROUGH HYPHEN UNTIL")
_MONTH_AND_ON = compiled("FROM MONTH[TO THROUGH UNTIL HYPHEN]")
_IN_STORY = {"following": 1, "previous": -1, "preceding": -1, "prior": -1}
"""Words that reckon a weekday from what was told before, and which way."""
_LONGEST_RUN = 4
"""Days from the first weekday of a pair to the second: "Monday to Friday"."""


def day_near(found: Found, story: Story, month: int, day: int, turn: int = 0) -> date | None:
    """The day of that name to which the sentence points.

    A day of the month named without its year lies, in news, within some months of the report; so the evidence
    of the tense is weighed against how much nearer one of the two candidates is.
    """
    candidates = [
        d for d in (valid_day(story.today.year + n, month, day) for n in (-4, -3, -2, -1, 0, 1, 2, 3, 4)) if d
    ]
    behind = max((d for d in candidates if d <= story.today), default=None)
    ahead = min((d for d in candidates if d >= story.today), default=None)
    if behind is None or ahead is None or behind == ahead:
        return behind or ahead
    if turn:
        return behind if turn < 0 else ahead
    if (old := _moved_from_there(found, story, candidates)) is not None:
        return old
    nearer = log2((story.today - behind).days / (ahead - story.today).days)
    way = direction(found.tokens, found.first, found.last)
    if way is Direction.MOVED:
        return ahead
    return ahead if nearer + 2.5 * way > (0 if way else 1) else behind


def month_near(found: Found, story: Story, month: int) -> str:
    """The month of that name to which the sentence points; that of publication is always the current one."""
    today = story.today
    way = direction(found.tokens, found.first, found.last)
    ago = (today.month - month) % 12
    move = moved_from(found.tokens, found.first, found.last)
    if move and (to := _moved_to(found, "MONTH")):
        years, month_before = divmod(
            to + (12 if to < today.month else 0) + _from_new(month - to, 12, move) - 1, 12
        )
        return for_month(today.year + years, month_before + 1)
    if ago == 0:
        return for_month(today.year, month)
    if way is not Direction.MOVED and (first := _first_of_months(found, story)):
        return for_month(first.year + (month < first.month), month)
    nearer = log2(ago / (12 - ago))
    nearer = nearer / 2 if nearer > 0 else nearer
    ahead = way is Direction.MOVED or nearer + 1.5 * way > 0.4  # noqa: PLR2004 - the past, in doubt
    years = (1 if month < today.month else 0) if ahead else (-1 if month > today.month else 0)
    if ahead and (behind := moved_behind(found.tokens, found.last, "MONTH")):
        move, to = behind
        years -= move.way > 0 and 12 * years + month - today.month >= (to - today.month - 1) % 12 + 1
    return for_month(today.year + years, month)


def weekday_near(found: Found, story: Story, weekday: int) -> date:
    """The weekday to which the sentence points: the day of publication, or one of the six beside it.

    The second of a pair ("Wednesday through Friday") follows the first.
    """
    move = moved_from(found.tokens, found.first, found.last)
    if move and (to := _moved_to(found, "WEEKDAY")):
        new = story.today + timedelta(days=(to - story.today.isoweekday() - 1) % 7 + 1)
        return new + timedelta(days=_from_new(weekday - to, 7, move))
    way = direction(found.tokens, found.first, found.last)
    first = _first_of_pair(found, story) if way is not Direction.MOVED else None
    if first and (weekday - first.isoweekday()) % 7 <= _LONGEST_RUN:
        return first + timedelta(days=(weekday - first.isoweekday()) % 7)
    ago = (story.today.isoweekday() - weekday) % 7
    if (ago and way > 0) or way is Direction.MOVED:
        ahead = 7 - ago
        if way is not Direction.MOVED and (behind := moved_behind(found.tokens, found.last, "WEEKDAY")):
            move, to = behind
            ahead -= 7 * (move.way > 0 and ahead >= (to - story.today.isoweekday() - 1) % 7 + 1)
        return story.today + timedelta(days=ahead)
    return story.today - timedelta(days=ago)


def _moved_from_there(found: Found, story: Story, candidates: Sequence[date]) -> date | None:
    """Of some days, the one from which something is moved to one told before: "to June 2 from April 21"."""
    move = moved_from(found.tokens, found.first, found.last)
    told_before = story.previous_token == found.first - 2 and len(story.previous) == len("2000-01-01")
    new = first_day(story.previous) if told_before else None
    if move is None or new is None or not move.way:
        return None
    if move.way > 0:
        return max((one for one in candidates if one < new), default=None)
    return min((one for one in candidates if one > new), default=None)


def _from_new(difference: int, cycle: int, move: Move) -> int:
    """How far the old time lies from the new one: before it, after it, or on the nearer side."""
    before, after = difference % cycle - cycle, difference % cycle
    if move.way:
        return before if move.way > 0 else after
    return before if -before < after else after


def _moved_to(found: Found, name: str) -> int:
    """The weekday or month to which something is moved from the one found, behind it or before; 0 if none is."""
    shape = found.tokens.shape
    at = found.last + 2 if shape[found.last + 2 : found.last + 3] == LETTERS[name] else found.first - 2
    return int(meaning(found.tokens.words[at]) or 0) if at >= 0 and shape[at] == LETTERS[name] else 0


def _first_of_months(found: Found, story: Story) -> date | None:
    """The month named just before, of the pair "from March to June"."""
    shape = found.tokens.shape
    pair = _MONTH_AND_ON.fullmatch(shape, max(found.first - 3, 0), found.first)
    if pair is None or story.previous_token != found.first - 2 or len(story.previous) != len("2000-01"):
        return None
    return first_day(story.previous)


def _first_of_pair(found: Found, story: Story) -> date | None:
    """The weekday named just before, with no more than "and", "to" or "through" between."""
    shape = found.tokens.shape
    beside = story.previous_token == found.first - 2 and shape[found.first - 1] in _PAIRING
    if not beside or shape[story.previous_token] != LETTERS["WEEKDAY"]:
        return None
    return first_day(story.previous)


def valid_day(year: int, month: int, day: int) -> date | None:
    """The day; None where the month does not have it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def told_year(found: Found, story: Story) -> int | None:
    """The year that the words name: "1998", "'98", "next year"."""
    if found.has("year"):
        return found.number("year")
    if found.has("short"):
        year = found.number("short")
        return max((c + year for c in (1900, 2000) if c + year <= story.today.year + 20), default=1900 + year)
    if found.has("turn_of_year"):
        if found.unit("year_word") is not Unit.YEAR:
            return None
        return story.today.year + (found.number("turn_of_year"))
    return None


_SECOND_OF_PAIR = compiled(
    "[TO HYPHEN AND OR THROUGH UNTIL](?:THE?[DAY NTH]OF?[MONTH SHORT_MONTH]?|[MONTH SHORT_MONTH][DAY NTH]?)"
    "COMMA?(?:YEAR|OF?[LAST NEXT THIS]UNIT)(?!PERCENT)"
)


def year_of_pair(found: Found, story: Story, month: int) -> int | None:
    """The year told only with the second of two: "July 9 to August 1, 2015", "between June and July last year"."""
    after = _SECOND_OF_PAIR.match(found.tokens.shape, found.last + 1)
    if after is None:
        return None
    words = found.tokens.words[after.start() : after.end()]
    if words[-1].isdecimal():
        year = int(words[-1])
    elif words[-1].lower() == "year":
        year = story.today.year + int(meaning(words[-2]) or 0)
    else:
        return None
    months = [
        int(meaning(word) or 0)
        for word, letter in zip(words, after.group(), strict=True)
        if letter in (LETTERS["MONTH"], LETTERS["SHORT_MONTH"])
    ]
    return year - 1 if months and months[0] < month else year


YEAR_TAIL = (
    "(?:[COMMA OF]?(?P<year>YEAR)|OF?(?P<short>SHORT_YEAR)"
    "|OF?(?P<turn_of_year>[THIS LAST NEXT])(?P<year_word>UNIT))"
)


@rules(
    "(?:(?:[WEEKDAY SHORT_WEEKDAY]COMMA?THE?)|(?P<turn>LAST|NEXT))?(?P<month>MONTH|SHORT_MONTH)(?P<day>DAY|NTH)"
    rf"(?:COMMA?{YEAR_TAIL}(?!PERCENT)|(?!PERCENT|CLOCK))"
)
@rules(
    "(?:[WEEKDAY SHORT_WEEKDAY]COMMA?)?(?:THE?(?P<day>DAY|NTH|ORDINAL)OF?)(?P<month>MONTH|SHORT_MONTH)"
    rf"(?:COMMA?{YEAR_TAIL})?"
)
def day_of_month(found: Found, story: Story) -> Reading | None:
    """Read "Sept. 11", "11 September 2001", "Friday, June 5", "Jan. 21 next year"."""
    month, day = found.number("month"), found.number("day")
    year = told_year(found, story) or year_of_pair(found, story, month)
    if year is not None:
        told = valid_day(year, month, day)
        return dated(told.isoformat()) if told else None
    turn = found.number("turn") if found.has("turn") else 0
    near = day_near(found, story, month, day, turn)
    named = None if found.has("turn") else event_on(found, story, month, day, near)
    return named or (dated(near.isoformat(), anchor=story.today.isoformat()) if near else None)


@rules("(?P<first>DAY)SLASH(?P<second>DAY)(?!SLASH|HYPHEN)")
def event_in_figures(found: Found, story: Story) -> Reading | None:
    """Read "9/11", the name of an event; not the film "Fahrenheit 9/11"."""
    month, day = found.number("first"), found.number("second")
    known = always_named().get((month, day))
    then = valid_day(known.year, month, day) if known else None
    before = found.tokens.words[found.first - 1] if found.first else ""
    titled = before.istitle() and before.lower() not in ("the", "on", "since", "after", "before", "post")
    meant = then and then <= story.today and before not in ("/", "-", "$") and not titled
    return dated(then.isoformat()) if then and meant else None


@rules("(?<=MONTH DAY[TO HYPHEN AND THROUGH OR])(?P<day>DAY)(?:COMMA(?P<year>YEAR))?(?!OTHER?MONTH)")
@rules("(?P<day>DAY)(?=[TO HYPHEN AND]DAY MONTH)")
def day_of_same_month(found: Found, story: Story) -> Reading | None:
    """The other day of a pair: "April 15 to 20", "15-20 April"."""
    shape, words = found.tokens.shape, found.tokens.words
    follows = shape[max(found.first - 3, 0)] == LETTERS["MONTH"]
    at = found.first - 3 if follows else found.first + 3
    month = int(meaning(words[at]) or 0)
    year = int(words[found.last]) if found.has("year") else year_of_pair(found, story, month)
    number = found.number("day")
    day = valid_day(year, month, number) if year else day_near(found, story, month, number)
    return dated(day.isoformat(), anchor=words[at]) if day else None


@rules(
    "(?P<turn>[THIS LAST PAST NEXT])?(?P<month>MONTH|SHORT_MONTH(?=YEAR|SHORT_YEAR))"
    rf"(?:{YEAR_TAIL})?(?!DAY|NTH)"
)
def month(found: Found, story: Story) -> Reading | None:
    """Read "April 1998", "last May", "October", "in July next year"."""
    number, today = found.number("month"), story.today
    year = told_year(found, story)
    if year is None and not found.has("turn"):
        year = year_of_pair(found, story, number)
    if year is not None:
        return dated(for_month(year, number))
    turn = found.number("turn") if found.has("turn") else None
    if turn is None and is_month_of_name(found):
        return NO_TIME
    if found.text("month") == "may" and found.first and found.tokens.words[found.first - 1] in (".", '"'):
        following = found.tokens.words[found.last + 1 : found.last + 2]
        if following and following[0].islower():
            return None
    if turn is None:
        return dated(month_near(found, story, number), anchor=today.isoformat())
    if turn < 0:
        value = for_month(today.year - (number >= today.month), number)
    elif turn > 0:
        value = for_month(today.year + (number <= today.month), number)
    else:
        value = for_month(today.year, number)
    return dated(value, anchor=today.isoformat())


@rules("(?P<turn>THIS|LAST|NEXT)(?P<weekday>SHORT_WEEKDAY)(?!OTHER)")
@rules("(?<=[ON SINCE UNTIL BY])(?P<weekday>SHORT_WEEKDAY)(?!OTHER)")
@rules(
    "(?P<turn>THIS?[LAST PAST NEXT]|THIS|PREVIOUS|THE FOLLOWING|THE NEXT)?"
    "(?P<weekday>WEEKDAY)(?P<week>OF?[LAST NEXT THIS]UNIT)?"
)
def weekday(found: Found, story: Story) -> Reading | None:
    """Read "Friday", "last Wednesday", "next Tuesday", "Monday next week"."""
    number, today = found.number("weekday"), story.today
    if not found.has("turn") and is_weekday_of_name(found):
        return NO_TIME
    word = found.words("turn")[-1].lower() if found.has("turn") else ""
    ago = (today.isoweekday() - number) % 7
    if found.has("week"):
        turn, unit = found.words("week")[-2:]
        if unit.lower() != "week":
            return None
        monday = today - timedelta(days=today.weekday())
        weeks = {"last": -1, "next": 1, "this": 0}[turn.lower()]
        day = monday + timedelta(days=7 * weeks + number - 1)
    elif word in _IN_STORY and story.previous:
        return _weekday_beside(story, number, _IN_STORY[word])
    elif word in ("last", "past", "previous", "preceding", "prior"):
        day = today - timedelta(days=ago or 7)
    elif word in ("next", "following", "coming", "upcoming"):
        day = today + timedelta(days=7 - ago)
    elif word == "this":
        day = today + timedelta(days=(number - today.isoweekday()) % 7)
        if direction(found.tokens, found.first, found.last) < 0:
            day = today - timedelta(days=ago)
    else:
        day = weekday_near(found, story, number)
    return dated(day.isoformat(), anchor=today.isoformat())


def _weekday_beside(story: Story, weekday: int, way: int) -> Reading | None:
    """The weekday next to what was told before: "held on May 3 and freed the following Monday"."""
    before = interval_of(story.previous)
    if before is None or before.first_day is None or before.last_day is None:
        return NO_TIME
    if before.last_day - before.first_day > timedelta(weeks=1):
        return NO_TIME  # of a month or a year, who can tell which Monday
    from_day = before.last_day if way > 0 else before.first_day
    apart = (way * (weekday - from_day.isoweekday()) - 1) % 7 + 1
    return dated((from_day + timedelta(days=way * apart)).isoformat(), anchor=story.previous)
