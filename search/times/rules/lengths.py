"""Durations and sets: how long, and how often."""

import re

from search.english.table import words_of
from search.times.interval import Interval
from search.times.notation import Found, Rules
from search.times.rules.relative import trailing
from search.times.story import Reading, Story
from search.times.tense import is_verb_last
from search.times.tokens import LETTERS, letters_of, meaning
from search.times.value import PAST, Modifier, TimexType, Unit, duration, move

rules = Rules()

_AMOUNTS = letters_of("MONEY PERCENT INTEGER DECIMAL DAY CARDINAL ONCE")
_STRETCHING = letters_of("IN FOR AFTER OVER WITHIN OF ABOUT NEARLY THAN LEAST UNTIL BEFORE")
_SPENDING = words_of("time_context", "spending")
_NOUNS_OF_AMOUNT = words_of("time_context", "nouns of amount")


def quantity(words: list[str]) -> Modifier | None:
    """The modifier that "about", "nearly", "more than", "at least", "up to" stand for."""
    said = " ".join(words).lower()
    if said.startswith("no more") or said in ("at most", "up to"):
        return Modifier.EQUAL_OR_LESS
    if said == "at least":
        return Modifier.EQUAL_OR_MORE
    if said.startswith(("more", "longer", "over")):
        return Modifier.MORE_THAN
    if said.startswith(("less", "fewer", "nearly", "almost")):
        return Modifier.LESS_THAN
    return Modifier.APPROX if said else None


@rules(
    "(?P<about>QUANTITY(?!VAGUE_COUNT))?(?P<count>COUNT|A)MORE?(?:HYPHEN|TRADING)?(?P<unit>UNIT|UNITS)"
    "(?P<old>HYPHEN?OLD)?(?P<half>AND A HALF)?(?!HYPHEN?[AGO EARLIER]|HYPHEN[ON OVER TO END MUCH])"
)
@rules("(?P<about>)(?:A|THE)(?P<count>COUNT)HYPHEN?(?P<unit>UNIT)(?P<old>)(?P<half>)PERIOD")
def length(found: Found, story: Story) -> Reading | None:
    """Read "three weeks", "a 10-year", "more than four hours", "two and a half years"."""
    unit, count = found.unit(), found.amount()
    words = found.words("count")
    bare = [word.lower() for word in words] in (["a"], ["an"])
    if bare and _is_rate(found):
        return Reading(TimexType.SET, duration(1, unit))
    if found.words("old") and unit is Unit.YEAR:
        return None
    before = found.tokens.words[found.first - 1].lower() if found.first else ""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    if bare and (
        unit in (Unit.SECOND, Unit.MINUTE, Unit.QUARTER, Unit.WEEKEND)
        or (unit is Unit.DAY and not found.words("about") and following not in (["after"], ["before"]))
    ):
        return None
    if unit is Unit.QUARTER and following == ["of"]:
        return None
    if before in ("$", "\u00a3", "\u20ac") or (
        unit is Unit.QUARTER and "-" in found.tokens.words[found.first : found.last]
    ):
        return None
    if found.words("half") and count is not None:
        count += 0.5
    interval = _deadline(found, story, count, unit)
    modifier = quantity(found.words("about"))
    return Reading(
        TimexType.DURATION,
        duration(count, unit),
        modifier,
        interval,
        story.today.isoformat() if interval else "",
    )


def _is_rate(found: Found) -> bool:
    """Whether "a year" tells how often: "$33 million a year", "twice a week"."""
    shape, words = found.tokens.shape, found.tokens.words
    if found.words("about") or found.first == 0 or shape[found.first - 1] in _STRETCHING:
        return False
    if shape[found.first - 1] == LETTERS["UNITS"]:
        return True
    near = range(max(found.first - 3, 0), found.first)
    if words[found.first - 1].lower() in ("twice", "once") or words[found.first - 1].lower() in _NOUNS_OF_AMOUNT:
        return True
    return any(shape[index] in _AMOUNTS for index in near) and shape[found.first - 1] in (
        LETTERS["OTHER"],
        LETTERS["PERCENT"],
        LETTERS["DECIMAL"],
        LETTERS["INTEGER"],
    )


def _deadline(found: Found, story: Story, count: float | None, unit: Unit) -> Interval | None:
    """The stretch of "within two weeks", from publication; loose when the number is not told."""
    if found.first == 0 or found.tokens.shape[found.first - 1] != LETTERS["WITHIN"]:
        return None
    if found.tokens.shape[found.last + 1 : found.last + 2] == LETTERS["OF"]:
        return None  # "within 24 hours of the attack" is not reckoned from publication
    return soon(story, unit) if count is None else trailing(story, count, unit)


def soon(story: Story, unit: Unit) -> Interval | None:
    """The loose stretch of "days" (a week), "weeks" (a month), "months" (a year) or "years" (a decade)."""
    greater = {
        Unit.DAY: (8, Unit.DAY),
        Unit.WEEK: (1, Unit.MONTH),
        Unit.MONTH: (1, Unit.YEAR),
        Unit.YEAR: (1, Unit.DECADE),
    }
    if unit not in greater:
        return None
    end = move(story.today, *greater[unit])
    end = move(end, 1, Unit.DAY) if end else None
    return Interval(story.today, end, unit) if end else None


@rules("HALF(?:HYPHEN|A)*(?P<unit>UNIT)")
def half(found: Found, _story: Story) -> Reading | None:
    """Read "half an hour", "half a century"."""
    unit = found.unit()
    if unit is Unit.HOUR:
        return Reading(TimexType.DURATION, "PT30M")
    if unit is Unit.YEAR:
        return Reading(TimexType.DURATION, "P6M")
    return Reading(TimexType.DURATION, "P50Y" if unit is Unit.CENTURY else duration(0.5, unit))


@rules("(?:(?P<about>QUANTITY)|(?P<det>THESE|MANY|THE(?=UNITS)))?(?P<unit>UNITS)")
def untold_length(found: Found, story: Story) -> Reading | None:
    """Read "weeks", "for centuries"."""
    unit = found.unit()
    shape = found.tokens.shape
    before = shape[found.first - 1] if found.first else ""
    if found.text("det") == "the" and unit is not Unit.YEAR:
        return None
    if unit in (Unit.SECOND, Unit.QUARTER, Unit.WEEKEND) or found.text("det") == "these":
        return None
    if before in _AMOUNTS or before in (LETTERS["HYPHEN"], LETTERS["ORDINAL"]):
        return None
    if unit in (Unit.DAY, Unit.HOUR, Unit.MINUTE) and before not in _STRETCHING and not _is_spent(found):
        return None
    interval = _deadline(found, story, None, unit)
    anchor = story.today.isoformat() if interval else ""
    return Reading(TimexType.DURATION, duration(None, unit), interval=interval, anchor=anchor)


def _is_spent(found: Found) -> bool:
    """Whether the words beside tell a length: "spent hours", "days after the vote"."""
    words = found.tokens.words
    spent = bool(found.first) and words[found.first - 1].lower() in _SPENDING
    return spent or words[found.last + 1 : found.last + 2] in (["after"], ["before"])


@rules("(?:(?P<count>COUNT)HYPHEN?)?(?P<unit>UNIT)HYPHEN(?P<long>MUCH)")
def unit_long(found: Found, _story: Story) -> Reading | None:
    """Read "a week-long", "the two-month-long"."""
    count = found.amount() if found.has("count") else 1
    if found.text("long") != "long" or count is None:
        return None
    return Reading(TimexType.DURATION, duration(count, found.unit()))


@rules("(?P<unit>UNIT_LONG)")
def unit_long_in_one_word(found: Found, _story: Story) -> Reading:
    """Read "yearlong", "a daylong debate"."""
    return Reading(TimexType.DURATION, duration(1, found.unit()))


@rules("(?:A|THE?[LAST PAST NEXT])?(?P<part>UNIT)(?:HYPHEN?|OF A)(?P<unit>UNIT)(?!HYPHEN|UNIT)")
def quarter_of_century(found: Found, _story: Story) -> Reading | None:
    """Read "a quarter century", "the last quarter-century", "a quarter of a century"."""
    if found.unit("part") is not Unit.QUARTER or found.unit() is not Unit.CENTURY:
        return None
    return Reading(TimexType.DURATION, duration(25, Unit.YEAR))


@rules("(?:THE)?(?P<turn>LAST|PAST|NEXT|PREVIOUS|FOLLOWING|ORDINAL)(?P<count>COUNT)(?P<unit>UNITS|HYPHEN UNIT)")
def recent_length(found: Found, story: Story) -> Reading | None:
    """Read "the past three months", "the next two years", "the first two years"."""
    unit = Unit(str(meaning(found.words("unit")[-1])))
    count, turn = found.amount(), found.text("turn")
    if is_verb_last(found.tokens, found.first):
        return None
    way = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "next": 1, "coming": 1}.get(turn, 0)
    interval = trailing(story, way * count, unit) if way and count else None
    if way > 0 and not count and not re.search(r"\d", found.text("count")):  # "the next few days"
        interval = soon(story, unit)
    return Reading(
        TimexType.DURATION,
        duration(count, unit),
        interval=interval,
        anchor=story.today.isoformat() if interval else "",
    )


@rules("(?:THE)?(?:MOST?RECENT|LAST|PAST|NEXT)(?P<unit>UNITS)")
def recent_units(found: Found, story: Story) -> Reading | None:
    """Read "recent years", "the coming weeks"."""
    if is_verb_last(found.tokens, found.first):
        return None
    unit = found.unit()
    words = [word.lower() for word in found.tokens.words[found.first : found.last]]
    ahead = any(word in ("next", "coming", "upcoming") for word in words)
    interval = soon(story, unit) if ahead else None
    return Reading(
        TimexType.DURATION,
        duration(None, unit),
        interval=interval,
        anchor=story.today.isoformat() if interval else "",
    )


@rules("EVERY(?P<count>COUNT|ORDINAL|OTHER)?(?P<unit>UNIT|UNITS)")
def every_unit(found: Found, _story: Story) -> Reading | None:
    """Read "every year", "each week", "every two years"."""
    unit = found.unit()
    if not found.has("count"):
        return Reading(TimexType.SET, duration(1, unit))
    words = found.words("count")
    number = 2 if words[0].lower() == "other" else found.amount()
    if words[0].lower() != "other" and number is None:
        ordinal = meaning(words[0])
        number = ordinal if isinstance(ordinal, int) else None
    if not words[0][0].isalnum() or number is None:
        return None
    return Reading(TimexType.SET, duration(number, unit))


@rules("EVERY(?P<weekday>WEEKDAY)|(?P<plural>WEEKDAYS)")
def every_weekday(found: Found, _story: Story) -> Reading | None:
    """Read "every Sunday", "Sundays"."""
    group = "weekday" if found.has("weekday") else "plural"
    number = meaning(found.text(group).title()) if group == "weekday" else None
    number = number or meaning(found.words(group)[0])
    return Reading(TimexType.SET, f"XXXX-WXX-{number}")


@rules("EVERY(?P<month>MONTH)")
def every_month(found: Found, _story: Story) -> Reading | None:
    """Read "each July"."""
    return Reading(TimexType.SET, f"XXXX-{found.number('month'):02d}")


@rules("EVERY(?P<part>PART|SEASON)")
def every_part(found: Found, _story: Story) -> Reading | None:
    """Read "every morning", "each summer"."""
    name = str(meaning(found.words("part")[0]))
    return Reading(TimexType.SET, f"XXXX-{name}" if name in ("SP", "SU", "FA", "WI") else f"XXXX-XX-XXT{name}")


@rules("A WHILE(?P<ago>AGO)?|(?<=[FOR IN])ABOUT TIME|ABOUT TIME(?P<since>AGO)")
def a_while(found: Found, story: Story) -> Reading | None:
    """Read "a while", "for some time", "a while ago": how long is not told at all."""
    words = [word.lower() for word in found.tokens.words[found.first : found.first + 2]]
    if words not in (["a", "while"], ["some", "time"]):
        return None
    if found.has("ago") or found.has("since"):
        return Reading(TimexType.DATE, PAST, anchor=story.today.isoformat())
    return Reading(TimexType.DURATION, "PXX")
