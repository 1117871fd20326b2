"""Days that name an event: "the Sept. 11 attacks" happened in a year that everybody knows, or in one untold.

A month and a day before a noun that says what happened are a name when the article is definite; an event of the
last weeks is called so by its date.
"""

from datetime import date, timedelta
from functools import cache

from search.english.calendar import NamedDay, always_named, named_days
from search.english.table import words_of
from search.times.notation import Found
from search.times.story import Reading, Story, dated
from search.times.value import TimexType

NO_TIME = Reading(TimexType.DATE, "", alone=False)
"""What is read of words that look like a time and are none, so that no part of them is read, either."""

_RECENT = timedelta(days=31)
_LONGEST_DESCRIPTION = 3
"""Words from the day to the noun, that one included: "the Oct. 7 Hamas-led attack"."""
_INDEFINITE = words_of("time_context", "indefinite")
_DEFINITE = words_of("time_context", "definite")
_SET_OFF = ("post", "pre")
"""What was before or after a day: "the post-Sept. 11 world"."""
_NO_DESCRIPTION = words_of("time_context", "no description") | frozenset(",.;:()")


def event_on(found: Found, story: Story, month: int, day: int, near: date | None) -> Reading | None:
    """What a day without a year means before a noun that says what happened; None when it is an ordinary date."""
    noun, article = _noun_after(found), _article(found)
    recent = near is not None and timedelta(0) <= story.today - near <= _RECENT
    known = named_days().get((month, day, noun)) or _known_before(found, month, day)
    known = known or (always_named().get((month, day)) if article in _SET_OFF else None)
    then = date(known.year, month, day) if known else None
    if known and then and then <= story.today and article not in _INDEFINITE:
        if known.always or (article in _DEFINITE and (then == near or not recent)):
            return dated(then.isoformat())
        recent = False
    if not noun or article not in _DEFINITE:
        return None
    if noun in words_of("events", "named"):
        return NO_TIME
    return None if recent else Reading(TimexType.DATE, f"XXXX-{month:02d}-{day:02d}")


def _article(found: Found) -> str:
    words = found.tokens.words
    if words[found.first].lower() == "the":
        return "the"
    at = found.first - 1
    if at > 0 and words[at] == "-":  # "post-Sept. 11"
        at -= 1
    return words[at].lower() if at >= 0 else ""


def _noun_after(found: Found) -> str:
    """The noun that says what happened, at most a few words of description before it."""
    words = found.tokens.words
    told = 0
    for index in range(found.last + 1, len(words)):
        word = words[index].lower()
        if word in _NO_DESCRIPTION or told == _LONGEST_DESCRIPTION or not (word.isalpha() or word == "-"):
            return ""
        if word in words_of("events", "happened") | words_of("events", "named") | _known_nouns():
            return word
        told += word.isalpha()
    return ""


@cache
def _known_nouns() -> frozenset[str]:
    return frozenset(noun for _, _, noun in named_days())


def _known_before(found: Found, month: int, day: int) -> NamedDay | None:
    """The event of "the attacks of Sept. 11"."""
    words = found.tokens.words
    of = found.first > 1 and words[found.first - 1].lower() == "of"
    known = named_days().get((month, day, words[found.first - 2].lower())) if of else None
    return known if known and known.always else None
