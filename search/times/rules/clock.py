"""Times of day: clock times, parts of the day, noon and midnight.

They tell no date; beside one ("10 p.m. Wednesday", "Monday night") they join it, else they are of the day
spoken of.
"""

from datetime import timedelta, timezone, tzinfo

from search.times.notation import Found, Rules, count_of
from search.times.story import Reading, Story
from search.times.tokens import LETTERS, letters_of, meaning
from search.times.value import Modifier, TimexType, Unit, first_day, move

rules = Rules()

_LAST_MINUTE = 59
_BEFORE_A_CLOCK = letters_of("AT ABOUT BY BEFORE AFTER UNTIL")


def _at(
    story: Story, found: Found, clock: str, *, alone: bool = True, modifier: Modifier | None = None
) -> Reading:
    """A time on the day spoken of: the one named before it in its sentence, else the day of publication."""
    day = story.today.isoformat()
    between = found.tokens.shape[story.previous_token + 1 : found.first]
    if len(story.previous) == len(day) and LETTERS["STOP"] not in between and LETTERS["PARAGRAPH"] not in between:
        day = story.previous
    zone = _zone(found)
    return Reading(TimexType.TIME, f"{day}T{clock}", modifier, anchor=day, clock=clock, zone=zone, alone=alone)


def _zone(found: Found) -> tzinfo | None:
    """The zone that the words name, as a fixed offset; None for "local time" and the like."""
    named = found.words("zone")
    hours = meaning(named[0]) if len(named) == 1 else None
    return timezone(timedelta(hours=hours)) if isinstance(hours, int) else None


def _clock(hour: int, minute: str, meridiem: str) -> str | None:
    """`22:00` from "10", "" and "p.m."."""
    if meridiem:
        if not 1 <= hour <= 12:  # noqa: PLR2004
            return None
        hour = hour % 12 + int(meaning(meridiem.replace(" ", "")) or 0)
    if hour > 23 or (minute and int(minute[:2]) > 59):  # noqa: PLR2004
        return None
    return f"{hour:02d}:{minute or '00'}"


@rules("(?P<clock>CLOCK)(?P<meridiem>MERIDIEM)?(?P<zone>LOCAL TIME|OTHER TIME|ZONE)?")
@rules("(?P<clock>DAY)(?P<meridiem>MERIDIEM)(?P<zone>LOCAL TIME|OTHER TIME|ZONE)?")
def clock_time(found: Found, story: Story) -> Reading | None:
    """Read "10:30 p.m.", "5 p.m. EST", "20:00 GMT"; a bare "3:15" only after "at"."""
    shape = found.tokens.shape
    at = found.first > 0 and (
        shape[found.first - 1] in _BEFORE_A_CLOCK or shape[found.last + 1 :][:1] == LETTERS["WEEKDAY"]
    )
    if not (found.has("meridiem") or found.has("zone") or at):
        return None
    hour, _, rest = found.text("clock").partition(":")
    clock = _clock(int(hour), rest, found.text("meridiem"))
    return _at(story, found, clock) if clock else None


@rules("(?P<hour>CARDINAL)(?P<minute>CARDINAL(?:HYPHEN?CARDINAL)?)?(?P<meridiem>MERIDIEM)(?P<zone>ZONE)?")
def spoken_time(found: Found, story: Story) -> Reading | None:
    """Read "eleven thirty p. m.", as broadcasters' transcripts have it."""
    minute = count_of(found.words("minute")) if found.has("minute") else 0
    if minute is None or minute > _LAST_MINUTE:
        return None
    clock = _clock(found.number("hour"), f"{int(minute):02d}", found.text("meridiem"))
    return _at(story, found, clock) if clock else None


@rules("(?P<clock>DECIMAL)(?P<meridiem>MERIDIEM)(?P<zone>LOCAL TIME|OTHER TIME|ZONE)?")
@rules("(?P<clock>DECIMAL)(?P<zone>ZONE)")
def pointed_time(found: Found, story: Story) -> Reading | None:
    """Read "10.45 a.m." and "10. 45 GMT"."""
    hour, _, minute = "".join(found.text("clock").split()).partition(".")
    if not (hour.isdecimal() and len(hour) <= 2 and len(minute) == 2):  # noqa: PLR2004
        return None
    clock = _clock(int(hour), minute, found.text("meridiem"))
    return _at(story, found, clock) if clock else None


@rules("(?P<digits>YEAR|INTEGER)(?P<zone>ZONE)")
def wire_time(found: Found, story: Story) -> Reading | None:
    """Read "1030 GMT", as agencies write it."""
    digits = found.text("digits")
    named = meaning(found.text("zone")) is not None  # "200 CT scans" tells no time
    clock = _clock(int(digits[:-2]), digits[-2:], "") if len(digits) in (3, 4) and named else None
    return _at(story, found, clock) if clock else None


@rules("(?P<hour>DAY|CARDINAL)OCLOCK(?P<meridiem>MERIDIEM)?(?:(?:IN THE|AT)(?P<part>PART))?")
def o_clock(found: Found, story: Story) -> Reading | None:
    """Read "five o'clock in the afternoon"."""
    hour = found.number("hour")
    after_noon = found.has("part") and found.text("part") in ("afternoon", "evening", "night") and hour < 12  # noqa: PLR2004
    clock = _clock(hour + 12 * after_noon, "", found.text("meridiem") if not after_noon else "")
    return _at(story, found, clock) if clock else None


@rules("(?P<noon>NOON|MID HYPHEN(?P<unit>UNIT))(?P<zone>LOCAL TIME|ZONE)?")
def noon_or_midnight(found: Found, story: Story) -> Reading | None:
    """Read "noon", "midnight", "mid-day"; alone only after "at", "by" and the like."""
    if found.has("unit") and found.unit() is not Unit.DAY:
        return None
    noon = "12:00" if found.has("unit") else str(meaning(found.words("noon")[0]))
    before = found.tokens.shape[found.first - 1] if found.first else ""
    if before == LETTERS["AFTER"] and noon == "24:00":
        noon = "00:00"
    alone = before in letters_of("AT BY UNTIL BEFORE AFTER SINCE FROM")
    return _at(story, found, noon, alone=alone)


@rules("(?P<this>THIS|THAT)(?P<part>PART)")
@rules("(?P<part>TONIGHT)")
def this_part_of_day(found: Found, story: Story) -> Reading | None:
    """Read "this morning", "tonight", "that evening"."""
    part = str(meaning(found.words("part")[0]))
    that = found.text("this") == "that"
    day = story.previous[:10] if that and len(story.previous) >= 10 else story.today.isoformat()  # noqa: PLR2004
    return Reading(TimexType.TIME, f"{day}T{part}", anchor=day, clock="" if not that else part)


@rules("THE(?P<turn>NEXT|FOLLOWING|PREVIOUS)(?P<part>PART)")
def next_part_of_day(found: Found, story: Story) -> Reading | None:
    """Read "the next morning": of the day after the one just named."""
    origin = first_day(story.previous) or story.today
    day = move(origin, found.number("turn"), Unit.DAY)
    if day is None:
        return None
    return Reading(TimexType.TIME, f"{day}T{meaning(found.words('part')[0])}", anchor=story.previous)


@rules("(?:IN THE|THE|BEFORE)?(?:[EARLY LATE MID]HYPHEN?)?(?P<part>PART)")
def part_of_day(found: Found, story: Story) -> Reading | None:
    """Read "morning" and the like, which need a date beside them: "Monday night"."""
    part = str(meaning(found.words("part")[0]))
    return _at(story, found, part, alone=False)
