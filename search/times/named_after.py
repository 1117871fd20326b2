"""Months and weekdays that are names: "Mr. May", "April Rydell", "Black Friday", "Sunday best"."""

from search.english.table import words_of
from search.times.notation import Found
from search.times.tokens import LETTERS, Tokens
from search.times.wordlist import words

_DATING = frozenset(
    LETTERS[name]
    for name in words(
        "IN SINCE UNTIL FROM BEFORE AFTER BETWEEN THE A ITS POSSESSIVE THIS THAT THESE LAST NEXT PAST EARLY LATE "
        "MID HYPHEN DAY NTH ORDINAL STARTING ENDED THROUGH ABOUT EARLIER LATER EVERY ON"
    )
)
"""Before these a month that is also a given name is a month: "in April Iraq held", "the June Trump rally"."""
_PHASES = frozenset(LETTERS[name] for name in words("END START MIDDLE STARTING AS HALF ORDINAL NTH"))
_NEWSPAPERS = words_of("time_context", "newspapers")
_PARTS = words_of("time_context", "named parts")


def is_month_of_name(found: Found) -> bool:
    """Whether a month without day or year is somebody's name."""
    tokens, at = found.tokens, found.first
    name = tokens.words[at]
    if _courtesy_before(tokens, at):
        return True
    if name.lower() not in words_of("names", "given") or not name[:1].isupper():
        return False
    return _given_name_before(tokens, at) or (
        not _is_dated(tokens, at) and (_surname_follows(found) or _is_surname_elsewhere(tokens, name))
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
    return named or _courtesy_before(tokens, at)


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
        if tokens.words[at] == name and (_given_name_before(tokens, at) or _courtesy_before(tokens, at)):
            return True
        at = tokens.shape.find(month, at + 1)
    return False
