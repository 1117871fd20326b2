"""Months, weekdays and days that are names: "Mr. May", "April Rydell", "Black Friday", "the Sept. 11 attacks".

"The Sept. 11 attacks" happened in a year that everybody knows, or in one untold: a month and a day before a noun
that says what happened are a name when the article is definite; an event of the last weeks is called so by its
date.
"""

from datetime import date, timedelta
from functools import cache

from search.english.calendar import NamedDay, always_named, named_days
from search.english.people import Noun, pronouns_of_given_names, words
from search.english.table import words_of
from search.times.notation import Found
from search.times.story import Reading, Story, dated
from search.times.tokens import LETTERS, Tokens, closes, letters_of
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


_DATING = letters_of(
    "IN SINCE UNTIL FROM BEFORE AFTER BETWEEN THE A ITS POSSESSIVE THIS THAT THESE LAST NEXT PAST EARLY LATE "
    "MID HYPHEN DAY NTH ORDINAL STARTING ENDED THROUGH ABOUT EARLIER LATER EVERY ON"
)
"""Before these a month that is also a given name is a month: "in April Iraq held", "the June Trump rally"."""
_PHASES = letters_of("END START MIDDLE STARTING AS HALF ORDINAL NTH")
_NEWSPAPERS = words_of("time_context", "newspapers")
_PARTS = words_of("time_context", "named parts")
_JOINING = ("and", "or", "with", ",")
_DESCRIBING = ("a", "an", "the", "who", "whose", "his", "her", "one", "then")


def is_month_of_name(found: Found) -> bool:
    """Whether a month without day or year is somebody's name."""
    tokens, at = found.tokens, found.first
    name = tokens.words[at]
    if _courtesy_before(tokens, at) or _is_surname(found):
        return True
    if name.lower() not in words_of("names", "given") or not name[:1].isupper():
        return False
    return _given_name_before(tokens, at) or (
        not _is_dated(tokens, at)
        and (_surname_follows(found) or _somebody_is_told_of(found) or _is_surname_elsewhere(tokens, name))
    )


def is_weekday_of_name(found: Found) -> bool:
    """Whether a weekday is part of a name or a phrase that tells no day."""
    tokens, at = found.tokens, found.first
    before = tokens.words[at - 1] if at else ""
    following = [*tokens.words[found.last + 1 : found.last + 3], "", ""]
    idioms = words_of("names", "after") | words_of("names", f"after {tokens.words[found.last].lower()}")
    if following[0] in _NEWSPAPERS or following[0] in idioms:
        return True
    if (following[0] in _PARTS and following[1].istitle()) or (following[0] == "." and following[1] == "com"):
        return True
    named = before.lower() in words_of("names", "before") and (before.istitle() or before.isupper())
    return named or _courtesy_before(tokens, at) or _is_surname(found) or _is_given_name(found)


def _is_surname(found: Found) -> bool:
    """Whether a sentence begins with a given name before it, a title perhaps first: "Sgt. Joe Friday"."""
    tokens, at = found.tokens, found.first
    given = at and tokens.words[at - 1] in pronouns_of_given_names()
    following = found.tokens.words[found.last + 1 : found.last + 2]
    opens = bool(given) and (at == 1 or closes(tokens, at - 2) or tokens.words[at - 2].lower() in _JOINING)
    told = following and (following[0].islower() or following[0] in (",", "."))
    return bool(given and told) and (opens or _courtesy_before(tokens, at - 1))


def _is_given_name(found: Found) -> bool:
    """Whether somebody is told of: "striker Sunday Bako", "Friday Bako, a farmer, fled"."""
    tokens, at = found.tokens, found.first
    if not _surname_follows(found):
        return False
    before = tokens.words[at - 1].lower() if at else ""
    opens = at == 0 or closes(tokens, at - 1)
    described = tokens.words[found.last + 2 : found.last + 4]
    apposition = len(described) > 1 and described[0] == "," and described[1].lower() in _DESCRIBING
    return (opens and apposition) or (before in words(Noun.ROLE) and not apposition)


def _somebody_is_told_of(found: Found) -> bool:
    """Whether a clause tells who it is: "May, who resigned"."""
    return found.tokens.words[found.last + 1 : found.last + 3] in ([",", "who"], [",", "whose"])


def _courtesy_before(tokens: Tokens, at: int) -> bool:
    """Whether a title stands before: "Mr. Friday", "Sgt Friday"."""
    before = at - 2 if at > 1 and tokens.words[at - 1] == "." else at - 1
    return (
        before >= 0
        and tokens.words[before].istitle()
        and tokens.words[before].lower() in words_of("names", "courtesy")
    )


def _given_name_before(tokens: Tokens, at: int) -> bool:
    """Whether a capitalised word stands before: "Theresa May said"."""
    before = tokens.words[at - 1] if at else ""
    return bool(at) and tokens.shape[at - 1] == LETTERS["OTHER"] and before.isalpha() and before.istitle()


def _surname_follows(found: Found) -> bool:
    """Whether a capitalised word follows: "April Rydell"; not an agency or a country in capitals."""
    following = found.tokens.words[found.last + 1 : found.last + 2]
    other = found.tokens.shape[found.last + 1 : found.last + 2] == LETTERS["OTHER"]
    return other and following[0].isalpha() and following[0].istitle() and len(following[0]) > 1


def _is_dated(tokens: Tokens, at: int) -> bool:
    """Whether the word before makes a month of it."""
    before = tokens.shape[at - 1] if at else ""
    if before == LETTERS["BY"]:
        return tokens.words[at - 1].istitle()
    if before == LETTERS["OF"]:
        return at > 1 and tokens.shape[at - 2] in _PHASES
    if before in (LETTERS["AND"], LETTERS["OR"], LETTERS["TO"], LETTERS["COMMA"]):
        return at > 1 and tokens.shape[at - 2] == LETTERS["MONTH"]
    return before in _DATING


def _is_surname_elsewhere(tokens: Tokens, name: str) -> bool:
    """Whether the article has somebody of that surname: "Theresa May ... when May said"."""
    month = LETTERS["MONTH"]
    at = tokens.shape.find(month)
    while at >= 0:
        alone = tokens.shape[at + 1 : at + 2] != LETTERS["OTHER"] or not tokens.words[at + 1].istitle()
        if tokens.words[at] == name and (
            (alone and _given_name_before(tokens, at)) or _courtesy_before(tokens, at)
        ):
            return True
        at = tokens.shape.find(month, at + 1)
    return False
