"""Years, decades and centuries. Four digits are a year only where they stand as one; else they count something."""

from search.english.numbers import currencies
from search.english.table import words_of
from search.times.forms import is_past_form
from search.times.notation import Found, Rules, compiled, count_of
from search.times.story import Reading, Story, dated
from search.times.tokens import LETTERS, closes, letters_of
from search.times.value import Unit, for_month, for_year

rules = Rules()

_LIKELY_YEARS = range(1900, 2040)
_SPOKEN_YEARS = range(1000, 2100)
_BEFORE_A_NUMBER = letters_of("MONEY HYPHEN SLASH CARDINAL DECIMAL INTEGER")
_NUMBERS = letters_of("CARDINAL DECIMAL INTEGER DAY")
_BEFORE_A_YEAR = letters_of("IN SINCE UNTIL BY FROM OF BEFORE AFTER BETWEEN AND TO THROUGH FISCAL STARTING ENDED")
_SURELY_BEFORE_A_YEAR = letters_of("IN SINCE UNTIL BY BEFORE AFTER EARLY LATE MID")
_DETERMINERS = letters_of("THE A ITS POSSESSIVE THIS THAT THESE")
_OPENING = letters_of("AND OR COMMA STOP PARAGRAPH QUOTE OPEN ABOUT NEARLY OVER") | {""}
_POSSESSIVES = ("'s", "\u2019s")
_MORE_THAN = compiled("(?:[MORE LESS]THAN|AT[LEAST MOST]|UP TO|NEARLY)$")
_PAIRED = compiled("(?:YEAR|SHORT_YEAR)[AND OR COMMA HYPHEN]$")
_FROM_TO = compiled("FROM YEAR TO(?P<last>YEAR)")
_VERBS = words_of("time_context", "years do")
"""What a year does ("2005 offers the chance"): no plurals."""
_FUNCTION = words_of("time_context", "no noun")
_OBJECTS = words_of("time_context", "before object")
"""Before these, what looks like a plural is a verb."""
_OF_MANY = words_of("time_context", "many do")
"""What many do and a year does not."""
_COUNTED = words_of("years", "counted") | {word for one in currencies() for word in one.words[1:]}
_SUMS = words_of("years", "sum")
_STOOD = words_of("years", "stood")
_DESCENDING = compiled("YEAR TO YEAR")
_BETWEEN_COUNTS = compiled("BETWEEN YEAR AND YEAR")
_BEFORE_OWN_TIME = compiled("FROM YEAR(?:IN MONTH?YEAR|IN MONTH|A UNIT[AGO EARLIER]|LAST UNIT|THE UNIT BEFORE)")
"""Behind "from" and four digits, a time: the digits are not one, "up from 1950 a year ago"."""
_ADDRESS = 4
"""Words of an address behind its number."""
_REACH = 4


@rules(
    "(?P<lead>(?:THE UNIT|FISCAL)?(?:UNIT)?)(?P<year>YEAR)"
    "(?!PERCENT|UNIT|UNITS|MONEY|CARDINAL|DECIMAL|ZONE|MERIDIEM)"
)
def year(found: Found, _story: Story) -> Reading | None:
    """Read "1998", "the year 2000", "fiscal 1989"; not what counts: "1998 tanks", "the toll passed 2010"."""
    number = found.number("year")
    shape, words = found.tokens.shape, found.tokens.words
    lead = found.words("lead")
    if lead and not any(word.lower() in ("year", "fiscal", "financial") for word in lead):
        return None
    before = shape[found.first - 1] if found.first else ""
    following = words[found.last + 1] if found.last + 1 < len(words) else ""
    if before == LETTERS["HYPHEN"] and found.first > 1 and shape[found.first - 2] not in _NUMBERS:
        before = ""
    if before in _BEFORE_A_NUMBER or following in ("BC", "B.C") or (not lead and _is_count(found)):
        return None
    if number not in _LIKELY_YEARS and not lead and (before not in _BEFORE_A_YEAR or following[:1].islower()):
        return None
    return dated(for_year(number))


def _is_count(found: Found) -> bool:
    """Whether the four digits count or number something."""
    shape, words = found.tokens.shape, found.tokens.words
    before = shape[found.first - 1] if found.first else ""
    pair = _FROM_TO.match(shape, max(found.first - 1, 0))  # of "from 1980 to 2010 beds" both count
    last = pair.end() - 1 if pair else found.last
    following = [*words[last + 1 : last + 4], "", "", ""]
    if following[0] in _POSSESSIVES:
        return False
    if any(
        counts(found) for counts in (_is_numbered, _is_address, _is_compounded, _is_sum, _is_of_pair, _is_compared)
    ):
        return True
    if following[0] in _COUNTED:
        opens = before in _SURELY_BEFORE_A_YEAR and words[found.first - 1].istitle()
        return not (opens or _is_of_stretch(found))
    if before in _DETERMINERS or not words_of("years", "dated").isdisjoint(following[:2]) or _is_paired(found):
        return False
    named = before == LETTERS["OTHER"] and words[found.first - 1][:1].isupper()
    if before not in _BEFORE_A_YEAR and not named and (following[0] in _OF_MANY or _is_share(following)):
        return True
    noun = _counted_noun(following)
    return _leads_to_count(found, following[0], noun) or (bool(noun) and _stands_before_count(found))


def _is_of_pair(found: Found) -> bool:
    """Whether a pair is no stretch of years: "fell from 2011 to 1950", "won by 2011 to 1950"."""
    shape, words = found.tokens.shape, found.tokens.words
    if pair := _DESCENDING.search(shape, max(found.first - 2, 0), found.last + 3):
        first, second = int(words[pair.start()]), int(words[pair.end() - 1])
        return first > second or (bool(pair.start()) and words[pair.start() - 1].lower() == "by")
    pair = _BETWEEN_COUNTS.search(shape, max(found.first - 3, 0), found.last + 4)
    counted = pair is not None and words[pair.end() : pair.end() + 1] != [] and words[pair.end()] in _COUNTED
    return counted and not _is_of_stretch(found)


def _is_of_stretch(found: Found) -> bool:
    """Whether "between" and a pair tell when: "Between 2010 and 2015 deaths fell", "... deaths fell by half"."""
    words = found.tokens.words
    pair = _BETWEEN_COUNTS.search(found.tokens.shape, max(found.first - 3, 0), found.last + 4)
    if pair is None:
        return False
    verb, by = [*words[pair.end() + 1 : pair.end() + 3], "", ""][:2]
    return words[pair.start()].istitle() or (verb in words_of("years", "changing") and by == "by")


def _is_compared(found: Found) -> bool:
    """Whether it is what was counted at a time that follows: "up from 1950 a year ago"."""
    return bool(found.first) and _BEFORE_OWN_TIME.match(found.tokens.shape, found.first - 1) is not None


def _is_address(found: Found) -> bool:
    """Whether it is the number of a house: "1925 Elm Street"."""
    words, shape = found.tokens.words, found.tokens.shape
    if found.first and shape[found.first - 1] in _SURELY_BEFORE_A_YEAR | _DETERMINERS:
        return False
    for at in range(found.last + 1, min(found.last + 1 + _ADDRESS, len(words))):
        if not words[at][:1].isupper():
            return False
        if words[at] in words_of("years", "streets"):
            return not words[at + 1 : at + 2] or not words[at + 1].isalpha() or words[at + 1] in _FUNCTION
    return False


def _is_share(following: list[str]) -> bool:
    """Whether so many "of them" are meant."""
    return following[0] == "of" and following[1] in ("them", "these", "those", "whom")


def _is_paired(found: Found) -> bool:
    """Whether a year stands just before: "in 2004 and 2005"; not "in 2004, 2005 wells"."""
    pair = _PAIRED.search(found.tokens.shape, max(found.first - 2, 0), found.first)
    comma = pair is not None and found.tokens.shape[found.first - 1] == LETTERS["COMMA"]
    return pair is not None and not (comma and _counted_noun(_following(found)))


def _stands_before_count(found: Found) -> bool:
    """Whether what stands before lets the digits count the plural behind them: "tanks and 1945 trucks"."""
    shape, words = found.tokens.shape, found.tokens.words
    pair = _FROM_TO.search(shape, max(found.first - 3, 0), found.last + 4)
    if pair:
        return not words[pair.start()].istitle()
    before = shape[found.first - 1] if found.first else ""
    if not before or before in _OPENING:
        return True
    previous = words[found.first - 1].lower()
    had = previous in words_of("years", "having") and words[max(found.first - 2, 0)].lower() not in (
        "compared",
        "percent",
    )
    return had or (words[found.first - 1].islower() and is_past_form(previous))


def _is_numbered(found: Found) -> bool:
    """Whether it names a thing by its number: "Flight 1990", "No. 1998"."""
    words = found.tokens.words
    at = found.first - 1
    if at > 0 and words[at] == ".":
        at -= 1
        return words[at].lower() in ("no", "nos")
    return at >= 0 and words[at].lower() in words_of("years", "numbered") and words[at] != "no"


def _is_sum(found: Found) -> bool:
    """Whether it tells how many: "a total of 2010 votes", "a crowd of 2010", "turnout was 2010"."""
    at, following = found.first, _following(found)
    previous, noun = (found.tokens.words[place] if place >= 0 else "" for place in (at - 1, at - 2))
    if previous == ":":
        return noun.lower() in _COUNTED | _SUMS and not following[0].isalpha()
    if noun.lower() not in _SUMS:
        return previous == "Of" and bool(_counted_noun(following))
    if previous in _STOOD:
        return not following[0].isalpha()
    whole = {word.lower() for word in found.tokens.words[max(at - 4, 0) : at - 2]}
    of_one = not whole.isdisjoint(("a", "an")) and words_of("years", "dated").isdisjoint(following[:2])
    return previous == "of" and (of_one or _is_plural(following[0]) or following[0] in _COUNTED)


def _following(found: Found) -> list[str]:
    """The three words behind; empty where the text ends."""
    return [*found.tokens.words[found.last + 1 : found.last + 4], "", "", ""][:3]


def _is_compounded(found: Found) -> bool:
    """Whether it is the first part of a compound that counts: "a 2000-seat hall", not "1979-born"."""
    tokens, at = found.tokens, found.last + 1
    hyphened = tokens.words[at : at + 1] == ["-"] and at + 1 < len(tokens.words)
    if not hyphened or tokens.starts[at] != tokens.end(found.last) or tokens.starts[at + 1] != tokens.end(at):
        return False
    second = tokens.words[at + 1]
    return (
        second.isalpha()
        and second.islower()
        and second not in words_of("years", "after")
        and not second.endswith("ed")
    )


def _counted_noun(following: list[str]) -> str:
    """The plural that follows at once or after an adjective, if it is none that takes a year; else nothing."""
    first, second, third = following[:3]
    if first in words_of("years", "counted"):
        return first
    if _is_plural(first):
        return "" if second.lower() in _OBJECTS or _is_plural(second) else first
    if first.isalpha() and first.islower() and first not in _FUNCTION | _VERBS and _is_plural(second):
        return "" if third.lower() in _OBJECTS else second
    return ""


def _is_plural(word: str) -> bool:
    plural = len(word) > 3 and word.islower() and word.endswith("s") and not word.endswith(("ss", "us", "is"))  # noqa: PLR2004
    return plural and word.isalpha() and word not in _VERBS and not word.endswith("wards")


def _leads_to_count(found: Found, following: str, noun: str) -> bool:
    """Whether the words before lead to a count: "the toll passed 2010", "rose to 1998"."""
    tokens, at = found.tokens, found.first
    previous = tokens.words[at - 1].lower() if at else ""
    if following[:1].isupper():
        return False
    if _MORE_THAN.search(tokens.shape, max(at - 2, 0), at):
        before = tokens.shape[at - 3] if at > 2 else ""  # noqa: PLR2004 - the word before these two
        return bool(noun) or (before not in _BEFORE_A_YEAR and previous != "to")
    if previous == "at":
        return not following.isalpha()
    return previous in words_of("years", "reaching") or (previous == "to" and _has_changed(found))


def _has_changed(found: Found) -> bool:
    """Whether something rises or falls to the digits: "fell 1.2 percent to 1998"; not "fell from 1995 to 1996"."""
    tokens = found.tokens
    for index in range(found.first - 2, max(found.first - 2 - _REACH, -1), -1):
        word = tokens.words[index].lower()
        if closes(tokens, index) or word in ("from", "due"):
            return False
        if word in words_of("years", "changing"):
            return True
    return False


@rules(
    "(?:(?P<month>MONTH)COMMA?)?(?P<lead>THE UNIT)?(?P<spoken>CARDINAL(?:HYPHEN?[CARDINAL HUNDRED])+)"
    "(?!UNIT|UNITS|OTHER UNITS)"
)
def spoken_year(found: Found, _story: Story) -> Reading | None:
    """Read "nineteen ninety-six", "the year two thousand", as broadcasters' transcripts have it."""
    number = count_of(found.words("spoken"))
    first = found.words("spoken")[0].lower()
    said = (first in ("nineteen", "eighteen") and len(found.words("spoken")) > 1) or found.text("lead").endswith(
        "year"
    )
    if not said or number is None or number not in _SPOKEN_YEARS or found.words("spoken")[1].lower() == "hundred":
        return None
    year = int(number)
    return dated(for_month(year, found.number("month")) if found.has("month") else for_year(year))


@rules("THE?(?P<decade>DECADE)")
@rules("(?:THE|(?<=EARLY)|(?<=LATE)|(?<=MID HYPHEN))(?P<decade>YEAR)POSSESSIVE(?!ORDINAL)")
def decade(found: Found, _story: Story) -> Reading | None:
    """Read "the 1980s", "'90s", "80s"."""
    digits = "".join(c for c in found.text("decade") if c.isdecimal())
    if digits[-1] != "0":
        return None
    if len(digits) == 2:  # noqa: PLR2004 - "80s"
        digits = f"19{digits}"
    return dated(digits[:2] if digits.endswith("00") and digits < "2000" else digits[:3])


@rules("THE(?P<decade>DECADE_NAME)|THE?(?P<short>SHORT_YEAR)")
def decade_by_name(found: Found, _story: Story) -> Reading | None:
    """Read "the nineties", "the '60s"."""
    if found.has("decade"):
        return dated(f"19{found.number('decade')}")
    word = found.text("short")
    if not word.endswith("s"):
        number = int(word[1:])
        return dated(for_year(1900 + number)) if number > 39 else None  # noqa: PLR2004 - "'96", not "'03" the score
    return dated(f"19{word[1]}")


@rules("THE?(?:(?P<number>NTH)|(?P<word>ORDINAL))HYPHEN?(?P<unit>UNIT)")
def century(found: Found, _story: Story) -> Reading | None:
    """Read "the 20th century"."""
    number = found.number("number" if found.has("number") else "word")
    first = found.words("number" if found.has("number") else "word")[0] == found.tokens.words[found.first]
    if found.unit() is not Unit.CENTURY or not (6 if first else 1) < number < 30:  # noqa: PLR2004
        return None
    return dated(f"{number - 1:02d}")
