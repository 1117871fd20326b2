"""The kind of answer that a question expects, by rules over closed word lists."""

import re
from enum import StrEnum

from search.asking.question_time import time_asked


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
