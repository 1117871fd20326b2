"""Where clauses begin, and whether a phrase is more than a noun phrase."""

import re

from search.english.calendar import in_print
from search.english.table import any_word_of
from search.statements.lexicon import LEAD, NO_PAPER

_PREPOSITION_FIRST = re.compile(
    r"\s*(?:[Ww]ith|[Ii]n|[Oo]n|[Aa]t|[Ff]or|[Bb]y|[Ff]rom|[Uu]nder|[Aa]fter|[Aa]s|[Aa]ccording)\s"
)
_AUXILIARIES = any_word_of("function_words", "be", "do", "have", "modal")
_CLAUSE = re.compile(rf"\b(?:{any_word_of('standing', 'clause')}|{_AUXILIARIES}|and\s+(?:the|he|she|it|they))\b")
_BEHIND_END = re.compile(
    r",(?!\d)|[;:\"“”~(]|\.\s*\Z|\s--"
    r"|\s(?:on|in|at|after|during|before|here|late|early|earlier|later|when|while|as|by|last|this|who"
    r"|that|adding|to|and then|about|over|upon|following|outside|speaking|yesterday|today|referring"
    rf")\b|\s(?:{in_print('weekday')})\b{NO_PAPER}"
)
_PARTING = re.compile(r",(?!\d{3}(?!\d))|[;:\"“”~]|\s[–—-]\s")
NOBODY = re.compile(r"\s*(?:no|nobody|neither|either|few|none)\b", re.IGNORECASE)
"""What a subject begins with that is nobody."""


def clause_start(lead: str) -> int:
    """Where the last clause begins, past its conjunctions and adverbs."""
    cut = max((mark.start() for mark in _PARTING.finditer(lead)), default=-1)
    if "--" in lead:
        cut = max(cut, lead.rfind("--") + 1)
    opening = LEAD.match(lead, cut + 1)
    return opening.end() if opening else cut + 1


def has_clause(phrase: str) -> bool:
    """Tell whether a phrase has more than a noun phrase: a preposition in front, a conjunction, a finite verb."""
    return _PREPOSITION_FIRST.match(phrase) is not None or _CLAUSE.search(phrase) is not None


def noun_phrase_of(text: str) -> str:
    """Cut a noun phrase off where another part of the sentence begins."""
    end = _BEHIND_END.search(text)
    return (text[: end.start()] if end else text).rstrip(" .")
