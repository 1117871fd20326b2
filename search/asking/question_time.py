"""What a question says of time: whether it asks for one, and which one it names."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from search.asking.shapes import FRAME
from search.english.calendar import named, shortened
from search.english.table import any_word_of
from search.filters import Period
from search.times import Modifier, Relation, TimeMention, TimexType, hull, tag
from search.times.forms import is_past_form


class TimeAsked(StrEnum):
    """What kind of time a question asks for."""

    WHEN = "when"
    SINCE = "since"
    UNTIL = "until"
    HOW_LONG = "how long"


class Side(StrEnum):
    """On which side of the day of a report a question looks for its answer."""

    AHEAD = "ahead"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class TimeConstraint:
    """The time that a question restricts itself to.

    Attributes:
        words: As they stand in the question.
        period: The days they mean.
        as_of: The day from which relative words were reckoned.
        relative: Whether the words were reckoned from that day ("this week") or are complete in themselves.
        of_any_year: Whether they name a month, or a day of it, and leave the year open ("on July 2").
    """

    words: str
    period: Period
    as_of: date
    relative: bool
    of_any_year: bool = False

    @property
    def until_then(self) -> bool:
        """Whether it asks how things stood then ("as of March 6"), which the newest report within it says."""
        return self.period.first is None

    def within(self, first: date | None, last: date | None) -> Self:
        """Read a day that names no year as the last such day of an archive that ended long before it.

        "On July 2", put to an archive that ended in 2017, is July 2, 2017. What lies at most a month behind its
        newest article may be on its way: it keeps its year.

        Args:
            first: First day of publication in the archive; None when no article says.
            last: Last such day.
        """
        day = self.period.first or self.period.last
        if not self.of_any_year or first is None or last is None or day is None or day <= last + _GRACE:
            return self
        for year in range(day.year - 1, first.year - 1, -1):
            years = day.year - year
            until = self.period.last if self.period.last == self.as_of else _in_year(self.period.last, years)
            period = Period(_in_year(self.period.first, years), until)
            begins, ends = period.first or period.last, period.last or period.first
            if begins and ends and begins <= last and first <= ends:
                return replace(self, period=period)
        return self

    def lies_outside(self, first: date | None, last: date | None) -> bool:
        """Tell whether relative words mean days on which an archive can hold nothing.

        "This week" put to an archive that ended last year says something about the asker, not about the articles.

        Args:
            first: First day of publication in the archive; None when no article says.
            last: Last such day.
        """
        if not self.relative or first is None or last is None:
            return False
        begins, ends = self.period.first or first, self.period.last or last
        return ends < first or begins > last + _GRACE


def _in_year(day: date | None, years: int) -> date | None:
    """The same day some years before; of February 29 the day before."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=day.day - 1)


_MONTHS = "|".join((*named("month"), *shortened("month")))
_GRACE = timedelta(days=31)
_UNITS = "(?:days?|dates?|years?|months?|weeks?|weekday|night|time|hour|moment|point(?: in time)?)"
_SINCE = rf"since when|from (?:what|which) {_UNITS}|how long (?:has|have|had)"
_UNTIL = (
    rf"(?:until|till|by) when|how soon|(?:by|until) (?:what|which) {_UNITS}|what (?:\w+ )?deadline"
    r"|how (?:long|much longer|much time|many (?:days|weeks|months|years)) (?:until|till|before)"
    r"|(?:with)?in (?:how many (?:days|weeks|months|years)|(?:what|which) (?:time ?frame|time|period))"
    r"|how quickly"
)
_EXTENT = (
    rf"how long (?:is|was|are|were) (?:[\w'’-]+ ){{0,4}}?(?:{any_word_of('expected', 'extent')})s?\b"
    r"(?=\W*(?:in|on|of|off|between|from|along|across|near|over|at|under|that|which|linking|connecting|joining)\b|\W*\Z)"
)
"""Of these, "how long" asks for a length, and not for a time: "how long is the bridge over the Tagus"."""
_FRAMES = r"(?:time ?frame|time ?line|timetable|date|day|schedule)"
_WHEN = (
    rf"when|(?:(?:on|in|at|during) )?(?:what|which) {_UNITS}"
    rf"|(?:in |on )?what(?:['’]s| is| was)? (?:the )?(?:\w+ )?{_FRAMES} (?:for|of|when|on which)"
)
_ASKED = [
    (asked, re.compile(rf"(?:and |but |so )?(?:for )?(?:{pattern})\b", re.IGNORECASE))
    for asked, pattern in (
        (TimeAsked.SINCE, _SINCE),
        (TimeAsked.UNTIL, _UNTIL),
        (TimeAsked.HOW_LONG, f"(?!{_EXTENT})how long"),
        (TimeAsked.WHEN, _WHEN),
    )
]
_AUXILIARY = re.compile(
    rf"\b(?:(?P<modal>won['’]t|may(?= \w)|(?!may\b)(?:{any_word_of('function_words', 'modal')}))|(?P<past>did|had)"
    r"|(?P<was>was|were)|(?P<is>is|are|does|do|['’]s|['’]re)|(?P<has>has|have))\b|(?P<short>['’]ll\b)",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|shall|going to|due|expected|scheduled|planned|slated|set (?:to|for)|supposed|about to|likely|next"
    r"|yet to|to (?:be|have|take|start|begin|end|go|come|return|meet|open|close|leave|arrive))\b|['’]ll\b",
    re.IGNORECASE,
)
_EXPECTING = re.compile(r"\A(?:\s+[\w'’.-]+){1,4}?\s+(?:expect|plan|hope|intend|aim)\b", re.IGNORECASE)
_WOULD = re.compile(r"\bwould\b", re.IGNORECASE)
_HAVE_DONE = re.compile(r"\bhave (?:\w+ly )?(?P<form>\w+)", re.IGNORECASE)
"""What "should have" or "could have" been done was not to come."""
_DESCRIBED = re.compile(
    r"\b(?:the|an?|its|his|her|their|this|that) (?:expected|scheduled|planned|supposed|likely) (?!to\b|for\b)"
    r"|\bnext \w+['’]s\b",
    re.IGNORECASE,
)
"""Words that only describe a thing: "the planned merger", "next year's budget"."""
_ENDS_WITH_WHEN = re.compile(r"\w \W*when\W*$", re.IGNORECASE)
_PLANNED = re.compile(
    r"\bhow (?:long|much longer|much time|many \w+) (?:until|till|before)\b|^(?:what|which)\b.{0,20}"
    r"\b(?:time ?frame|timetable|schedule|deadline)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|of|by|during|since|until|till|before|after|for|from|to|between|within|through|throughout|around"
    r"|over|than|starting|beginning)"
    r"(?: early| late| mid)?[ (]+$",
    re.IGNORECASE,
)
_DEICTIC = re.compile(
    r"(?:yesterday|today|tonight|tomorrow|the day (?:before yesterday|after tomorrow)"
    r"|(?:(?:earlier|later|early|late) )?(?:this|last|next|past|coming|previous) .+)$",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(r"\b(?:over|than)\s+[\w ]{1,20}\bago$", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:,|-|–|(?:, )?(?:and|or)|to|through|until|till)(?: (?:in|on|at))?\s*", re.IGNORECASE)
_AS_OF = re.compile(
    r"\b(?:as (?:of|at|on)|not? later than|on or before|up to and including)(?: the)? $", re.IGNORECASE
)
"""The state on a day is what was known until then."""
_STARTING = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )"
    r"\b(?:(?:as from|starting|beginning)(?: in| on| from)?|not? (?:earlier|sooner) than|not before)(?: the)? $",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\b(?:(?P<later>later)|earlier|sooner) than(?: the)? $", re.IGNORECASE)
_ON_OR_AFTER = re.compile(r"\bon or after(?: the)? $", re.IGNORECASE)
_ONWARDS = re.compile(r"\s*(?:on|onwards?|forwards?)\b", re.IGNORECASE)
_MONTH_OR_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_YEAR_TOLD = re.compile(
    rf"\b(?:\d{{4}}|{any_word_of('time_context', 'telling which')})\b|\A(?!.*\b(?:{_MONTHS})\b)", re.IGNORECASE
)
"""Words that tell of which year a day is, or no month: "last May", "this week"."""
_START_OF = re.compile(r"(?:the )?(?:start|beginning|outset) of\b", re.IGNORECASE)
_LEADING_TIME = re.compile(
    r"\s*(?:as (?:of|at|on)|by|in|on|at|until|before|after|since|during|up to)\s+(?:[\w'’-]+,?\s+){0,6}?"
    rf"(?:\d{{4}}|\d{{1,2}}|{_MONTHS}|today|yesterday|now|then),?\s*,\s*"
    rf"(?=(?:[a-z]+\s+)?(?:{any_word_of('function_words', 'asking')})\b)",
    re.IGNORECASE,
)
_SAID_OF = re.compile(
    rf"\W*what\s+(?:{any_word_of('function_words', 'do', 'have')})\s+(?:[\w'’.-]+\s+){{1,4}}?"
    rf"(?:{any_word_of('saying', 'statement asked for')})\s+(?:about|on|of|as\s+to)\s+"
    r"(?=(?:exactly\s+)?(?:when|how\s+soon|how\s+long)\b)",
    re.IGNORECASE,
)
"""What asks for somebody's words on a time."""
_ENDS = re.compile(r"\W*(?:wh(?:o|at|ere|en|y|ich)|how)?\W*", re.IGNORECASE)
_BACKWARD = {Relation.BEFORE, Relation.BY, Relation.UNTIL}
_OWNED = re.compile(r"\b(?:the|a|an|its|his|her|their|our|my|your|\w+['’]s) $", re.IGNORECASE)


def without_frame(question: str) -> str:
    """The question without what only frames it, and the time that opens it: "Do we know when", "As of 3 June,"."""
    return _LEADING_TIME.sub("", _SAID_OF.sub("", FRAME.sub("", question, count=1), count=1), count=1)


def time_asked(question: str) -> TimeAsked | None:
    """Tell what kind of time a question asks for; None when it asks for something else."""
    question = without_frame(question)
    asked = next((asked for asked, pattern in _ASKED if pattern.match(question)), None)
    return asked or (TimeAsked.WHEN if _ENDS_WITH_WHEN.search(question) else None)


def side_asked(question: str) -> Side | None:
    """Tell on which side of the day of a report the time lies that a question asks for; None when either will do.

    The first auxiliary decides: "When will they be used?" looks ahead, "When did they arrive?" behind. "When
    was he due home?" and "When did he say it would open?" may look either way.
    """
    question = without_frame(question)
    found = _AUXILIARY.search(question)
    after = question[found.end() :] if found else ""
    if _WOULD.search(question):
        return None
    match found.lastgroup if found else None:
        case "modal" if found and not found["modal"].casefold().startswith(_SURELY_AHEAD) and _was_done(after):
            return None
        case "modal" | "short":
            return Side.AHEAD
        case "past" | "was":
            return None if TO_COME.search(_DESCRIBED.sub("", after)) else Side.BEHIND
        case "is" if TO_COME.search(after) or _EXPECTING.search(after):
            return Side.AHEAD
    return Side.AHEAD if _PLANNED.search(question) else None


_SURELY_AHEAD = ("will", "won", "shall")


def _was_done(after: str) -> bool:
    """Whether a modal speaks of what was: "could the thieves have entered"."""
    done = _HAVE_DONE.search(after)
    return done is not None and is_past_form(done["form"].lower())


def time_constraint(question: str, as_of: date) -> TimeConstraint | None:
    """Read the time that a question restricts itself to, if it does.

    Only a time that stands as an adverbial counts ("in December 2006", "last week", "since May"). One that
    belongs to a name does not ("the May 1997 election", "Britain's December 2005 offer"): it names a thing that
    can be spoken of on any day.

    Args:
        question: The question.
        as_of: The day from which relative words are reckoned.
    """
    mentions: list[TimeMention] = []
    for mention in tag(question, as_of, typed=True):
        length = mention.type is TimexType.DURATION and mention.relation is Relation.WITHIN
        if mention.type is TimexType.SET or length or mention.interval is None:
            continue
        joined = mentions and _JOINS.fullmatch(question, mentions[-1].end, mention.start)
        if joined or _is_adverbial(question, mention):
            mentions.append(mention)
    meant = _period(question, mentions, as_of)
    if meant is None:
        return None
    words = question[mentions[0].start : mentions[-1].end]
    open_year = not _YEAR_TOLD.search(words) and all(
        mention.anchor and _MONTH_OR_DAY.fullmatch(mention.value) for mention in mentions
    )
    relative = any(mention.anchor for mention in mentions)
    if open_year and _asks_of_the_past(question):
        meant = _last_such(meant, mentions[0].relation, as_of)
    return TimeConstraint(words, meant, as_of, relative, of_any_year=open_year)


def _asks_of_the_past(question: str) -> bool:
    found = _AUXILIARY.search(question)
    return found is not None and found.lastgroup in {"past", "was"} and side_asked(question) is Side.BEHIND


def _last_such(period: Period, relation: Relation, as_of: date) -> Period:
    """The same days of the year before where they lie ahead, and what is asked about is past: "did in March"."""
    named = period.last if relation in _BACKWARD else period.first
    if named is None or named <= as_of:
        return period
    return Period(None if relation in _BACKWARD else _in_year(period.first, 1), _in_year(period.last, 1))


def _period(question: str, mentions: list[TimeMention], as_of: date) -> Period | None:
    """The days that mentions cover together.

    What had ended "before", "by", "until" or "as of" then has no first day; what goes on "from then on", no last.
    """
    whole = hull([mention.interval for mention in mentions if mention.interval])
    if whole is None:
        return None
    first, last = whole.first_day, whole.last_day
    relation = mentions[0].relation if len(mentions) == 1 else Relation.IN
    before, after = question[: mentions[0].start], question[mentions[-1].end :]
    if _AS_OF.search(before):
        return Period(None, last) if last else None
    if _STARTING.search(before) or (relation is Relation.FROM and _ONWARDS.match(after)):
        return Period(first, None) if first else None
    if first and _ON_OR_AFTER.search(before):
        return Period(first - timedelta(days=1), None)
    if (compared := _COMPARED.search(before)) and first and last:
        day = timedelta(days=1)
        return Period(last + day, None) if compared["later"] else Period(None, first - day)
    if first and last and relation in _BACKWARD and not (first >= as_of and last > as_of):
        if relation is Relation.BEFORE and mentions[0].modifier is not Modifier.END:
            last = first - timedelta(days=1)
        elif relation is not Relation.BEFORE and _START_OF.match(mentions[0].words):
            last = first
        first = None
    return Period(first, last) if first or last else None


def _is_adverbial(question: str, mention: TimeMention) -> bool:
    before, after = question[: mention.start], question[mention.end :]
    if after.startswith(("'", "’")):
        return False
    if " of " in mention.words:
        return _PREPOSITION.search(before.removesuffix("the ")) is not None
    if mention.words.endswith(" ago"):  # "the suspect arrested three weeks ago" may be asked about today
        return not after.strip(" ?.!") and not _ROUGHLY.search(before + mention.words)
    if _DEICTIC.match(mention.words):
        return not _OWNED.search(before)
    if _MONTH_OR_DAY.match(mention.value) and not mention.anchor and _ENDS.fullmatch(after):
        return not _OWNED.search(before)  # "diesel price november 2005"
    return _PREPOSITION.search(before) is not None
