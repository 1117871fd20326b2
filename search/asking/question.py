"""Questions: the time that one names or asks for, the kind of answer that it expects, its terms and names."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from search.english.terms import STOP_WORDS, content_terms
from search.errors import QueryError
from search.filters import Period
from search.times import Modifier, Relation, TimeMention, TimexType, hull, tag
from search.times.story import YEARS


class TimeAsked(StrEnum):
    """What kind of time a question asks for."""

    WHEN = "when"
    SINCE = "since"
    UNTIL = "until"
    HOW_LONG = "how long"


@dataclass(frozen=True, slots=True)
class TimeConstraint:
    """The time that a question restricts itself to.

    Attributes:
        words: As they stand in the question.
        period: The days they mean.
        as_of: The day from which relative words were reckoned.
        relative: Whether the words were reckoned from that day ("this week") or are complete in themselves.
    """

    words: str
    period: Period
    as_of: date
    relative: bool

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


_GRACE = timedelta(days=31)
_UNITS = "(?:days?|dates?|years?|months?|weeks?|weekday|night|time)"
_SINCE = rf"since when|from (?:what|which) {_UNITS}|how long (?:has|have|had)"
_UNTIL = rf"(?:until|till|by) when|how soon|(?:by|until) (?:what|which) {_UNITS}|what (?:\w+ )?deadline"
_WHEN = rf"when|(?:(?:on|in|at|during) )?(?:what|which) {_UNITS}"
_TIMES_ASKED = [
    (asked, re.compile(rf"(?:and |but |so )?(?:{pattern})\b", re.IGNORECASE))
    for asked, pattern in (
        (TimeAsked.SINCE, _SINCE),
        (TimeAsked.HOW_LONG, "how long"),
        (TimeAsked.UNTIL, _UNTIL),
        (TimeAsked.WHEN, _WHEN),
    )
]
_LATEST = re.compile(r"\b(?:latest|most recent|most recently|newest|still|at present)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|of|by|during|since|until|till|before|after|for|from|to|between|within|through|throughout|around"
    r"|over)"
    r"(?: early| late| mid)?[ (]+$",
    re.IGNORECASE,
)
_DEICTIC = re.compile(
    r"(?:yesterday|today|tonight|tomorrow"
    r"|(?:(?:earlier|later|early|late) )?(?:this|last|next|past|coming|previous) .+)$",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(r"\b(?:over|than)\s+[\w ]{1,20}\bago$", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:,|-|–|(?:, )?(?:and|or)|to|through|until|till)(?: (?:in|on|at))?\s*", re.IGNORECASE)
_BACKWARD = {Relation.BEFORE, Relation.BY, Relation.UNTIL}
_OWNED = re.compile(r"\b(?:the|a|an|its|his|her|their|our|my|your|\w+['’]s) $", re.IGNORECASE)


def time_asked(question: str) -> TimeAsked | None:
    """Tell what kind of time a question asks for; None when it asks for something else."""
    return next((asked for asked, pattern in _TIMES_ASKED if pattern.match(question)), None)


def wants_the_latest(question: str) -> bool:
    """Tell whether a question wants what was reported last rather than what fits best."""
    return _LATEST.search(question) is not None


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
    for mention in tag(question, as_of):
        length = mention.type is TimexType.DURATION and mention.relation is Relation.WITHIN
        if mention.type is TimexType.SET or length or mention.interval is None:
            continue
        joined = mentions and _JOINS.fullmatch(question, mentions[-1].end, mention.start)
        if joined or _is_adverbial(question, mention):
            mentions.append(mention)
    meant = _period(mentions, as_of)
    if meant is None:
        return None
    words = question[mentions[0].start : mentions[-1].end]
    return TimeConstraint(words, meant, as_of, relative=any(mention.anchor for mention in mentions))


def _period(mentions: list[TimeMention], as_of: date) -> Period | None:
    """The days that mentions cover together; what had ended "before", "by" or "until" then has no first day."""
    whole = hull([mention.interval for mention in mentions if mention.interval])
    if whole is None:
        return None
    first, last = whole.first_day, whole.last_day
    relation = mentions[0].relation if len(mentions) == 1 else Relation.IN
    if first and last and relation in _BACKWARD and not (first >= as_of and last > as_of):
        if relation is Relation.BEFORE and mentions[0].modifier is not Modifier.END:
            last = first - timedelta(days=1)
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
    return _PREPOSITION.search(before) is not None


class AnswerType(StrEnum):
    """What kind of thing answers a question."""

    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    REASON = "reason"
    STATEMENT = "statement"
    OTHER = "other"

    @property
    def phrase(self) -> str:
        """The kind in words, with its article: "a sum of money"."""
        return _PHRASES.get(self, f"a {self.value}")

    @property
    def is_figure(self) -> bool:
        """Whether the answer is a figure."""
        return self in {AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENTAGE}


_PHRASES = {AnswerType.MONEY: "a sum of money", AnswerType.OTHER: "an answer of any kind"}

_LEAD_IN = r"(?:\W*(?:and|but|so|then|also|in|on|at|of|to|for|from|by|with|under|into|about)\s+)*"
_PEOPLE = (
    r"(?:man|men|woman|women|person|people|players?|ministers?|president|actors?|actress|singers?|"
    r"authors?|writers?|"
    r"leaders?|politicians?|officials?|senators?|governors?|generals?|commanders?|drivers?|coach|directors?|"
    r"scientists?|athletes?|champions?|winners?|candidates?|judges?|lawyers?|artists?|musicians?|"
    r"comedians?|diplomats?|"
    r"secretary|chief|boss|king|queen|prince|princess|pope|striker|captain|rider|chairman|figure|star|"
    r"pair|couple|duo)"
)
_PLACES = (
    r"(?:country|countries|cit(?:y|ies)|towns?|states?|places?|regions?|provinces?|continents?|islands?|villages?|"
    r"districts?|capitals?|count(?:y|ies)|nations?|locations?|venues?|hotels?|ports?|areas?|rivers?|"
    r"streets?|airports?|"
    r"stadiums?|stadium)"
)
_MEASURES = (
    r"(?:number|score|temperature|speed|age|height|size|length|population|magnitude|distance|toll|majority|level|"
    r"amount|figure|weight|depth)"
)
_MONEY_WORDS = re.compile(
    r"\b(?:costs?|pay|pays|paid|paying|price|worth|spend|spent|spending|earns?|earned|fetch|fetched|salary|fined?|"
    r"money|dollars?|euros?|pounds?|yen|budget|debt|loan|revenue|profit|loss|losses|sales|fee|ransom|damages|invest|"
    r"invested|investment|gift|donated?|value|prize|compensation|aid|raised?|sum|bill|make|made)\b",
    re.IGNORECASE,
)
_AUXILIARY = r"(?:did|does|do|has|had|have|was|is|were)"
_STATED = (
    rf"(?:what {_AUXILIARY}\b.*\b(?:say|said|saying|think|tell|told|call|claim|argue|reply|announce|promise|warn|"
    r"response|reaction|opinion|view|comment)\b"
    rf"|how {_AUXILIARY}\b.*\b(?:react|respond|describe|reply|comment|justify|explain)\b)"
)
_MEASURED = (
    r"(?:how (?:many|big|large|tall|high|far|fast|old|deep|heavy|wide|hot|cold|strong|often|small)\b"
    rf"|(?:what|which) (?:was |is |were |are )?(?:the )?(?:[\w-]+ )?{_MEASURES}\b)"
)
_REASONED = (
    r"(?:why\b|how come\b|for what (?:reason|purpose)\b|what (?:reason|cause|motive)\b"
    r"|what (?:has |had )?(?:caused?|led|prompted|triggered|sparked|drove|forced)\b)"
)
_ASKED = tuple(
    (expected, re.compile(_LEAD_IN + pattern, re.IGNORECASE))
    for expected, pattern in (
        (AnswerType.STATEMENT, _STATED),
        (AnswerType.PERCENTAGE, r"(?:what|which) (?:\w+ )?(?:percentage|percent|share|proportion|rate)\b"),
        (AnswerType.PERCENTAGE, r"how much\b.*\b(?:percent|per cent|percentage)\b"),
        (AnswerType.NUMBER, _MEASURED),
        (AnswerType.MONEY, r"(?:how much|what (?:price|sum|ransom|fee|salary|amount))\b"),
        (AnswerType.REASON, _REASONED),
        (AnswerType.PERSON, rf"(?:who(?:m|se)?\b|(?:which|what) (?:[\w'’-]+ ){{0,3}}{_PEOPLE}\b)"),
        (AnswerType.PLACE, rf"(?:where\b|(?:which|what) (?:[\w'’-]+ ){{0,2}}{_PLACES}\b)"),
        (AnswerType.MONEY, r"what\b.*\bcost\b"),
    )
)
_HOW_MUCH = re.compile(_LEAD_IN + r"how much\b", re.IGNORECASE)


def expected_answer(question: str) -> AnswerType:
    """Tell what kind of answer a question expects.

    "How much" is a sum of money where the question has a word of money, else any number.
    """
    if time_asked(question):
        return AnswerType.TIME
    for expected, pattern in _ASKED:
        if pattern.match(question):
            not_money = (
                expected is AnswerType.MONEY and _HOW_MUCH.match(question) and not _MONEY_WORDS.search(question)
            )
            return AnswerType.NUMBER if not_money else expected
    return AnswerType.OTHER


_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTENED = re.compile(r"['’](?:s|m|d|ll|re|ve|t)\Z")
_ASKS_FOR = re.compile(
    r"\bhow\s+(?:many|much|long|often|old|far|soon|big|large|high|late|early|likely|come)\b"
    r"|\b(?:what|which)\s+(?:time|day|date|week|month|year|kind|sort|type)s?\b"
    r"|\b(?:please|exactly)\b",
    re.IGNORECASE,
)
"""What a question says about the kind of its answer, and not about what it is on."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    Attributes:
        text: Unicode NFC, white space collapsed.
        terms: Its distinct telling index terms, in order.
        names: Those of them that are names or figures: capitalised inside the question, or with a digit.
        expected: The kind of answer it expects.
        time_asked: The kind of time it asks for; None when it asks for something else.
        constraint: The time it restricts itself to; None when it does not.
        latest: Whether it wants what was reported last rather than what fits best.
    """

    text: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    expected: AnswerType
    time_asked: TimeAsked | None
    constraint: TimeConstraint | None
    latest: bool

    @property
    def says_something(self) -> bool:
        """Whether it has a word that says what it is about."""
        return bool(self.names or self.telling_words)

    @property
    def telling_words(self) -> list[str]:
        """Its words that say what it is about, as it has them; none that only ask."""
        words = _WORD.findall(_ASKS_FOR.sub(" ", self.text))
        return [word for word in words if word == "US" or not _is_function_word(word)]


def read_question(text: str, *, as_of: date, longest: int) -> Question:
    """Read a question of at most `longest` characters, its relative times reckoned from `as_of`.

    Raises:
        QueryError: If it is empty or too long, or no times can be reckoned from that day.
    """
    readable = "".join(character if character.isprintable() else " " for character in text)
    normal = unicodedata.normalize("NFC", " ".join(readable.split()))
    if not any(character.isalnum() for character in normal):
        raise QueryError("The question is empty.", "Ask in plain words: when will missiles be used?")
    if len(normal) > longest:
        raise QueryError(
            f"The question has {len(normal)} characters, more than the {longest} allowed.", "Shorten it."
        )
    if as_of.year not in YEARS:
        raise QueryError(
            f"The question is asked as of {as_of}, and times are read from the year {YEARS[0]} to {YEARS[-1]}.",
            "Ask as of another day.",
        )
    return Question(
        text=normal,
        terms=(terms := tuple(content_terms(normal))),
        names=tuple(term for term in terms if term in _names(normal)),
        expected=expected_answer(normal),
        time_asked=time_asked(normal),
        constraint=time_constraint(normal, as_of),
        latest=wants_the_latest(normal),
    )


def _names(text: str) -> set[str]:
    words = re.findall(r"\S+", text)
    named = [
        word
        for place, word in enumerate(words)
        if any(character.isdigit() for character in word) or (place and word.strip("\"'“‘(")[:1].isupper())
    ]
    return {term for word in named for term in content_terms(word)}


def _is_function_word(word: str) -> bool:
    """Tell whether a word, or what it is short for, stands in any question: "when", "What's", "didn't"."""
    bare = _SHORTENED.sub("", word.casefold())
    return bare in STOP_WORDS or (bare != word.casefold() and bare.removesuffix("n") in STOP_WORDS)
