"""Whom a clause is about that ends a sentence: "It was opened by Ana Souza, the mayor, who said it was late"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from search.english.places import names_a_country
from search.statements.appositions import as_role, may_be_apposition
from search.statements.clauses import has_clause
from search.statements.lexicon import COUNTRIES, DAY, LEAD
from search.statements.markers import FINITE
from search.statements.naming import Kind, Naming, read_naming
from search.statements.subjects import IN_A_PLACE

_OF_WHOM = re.compile(
    r"(?P<before>[^~\"“”;:]*?\S)(?:,\s+(?P<role>(?:the\s+|an?\s+|its\s+|their\s+)?[^,;:~\"“”]{3,90}))?,\s+(?:who|which)\Z"
)
"""Before a verb of saying: "met Ana Souza, the mayor, who said"."""
_BEGINS = re.compile(r"(?<!\S)(?:[Tt]he|[Aa]n?|[A-ZÀ-ÖØ-Þ][\w.'’-]*)(?=\s|\Z)")
_MOVES = re.compile(r"\b(?:by|with|from|to|against|on|in|at|about|after|between|including|than)\b")
_BEHIND_IN = re.compile(
    r"\b(?:(?:in|at|near|outside)|(?:visits?|trips?|tours?|journeys?|flights?|return(?:ed)?|went|came|flew|moved|travelled)"
    r"\s+(?:\w+\s+)?(?:to|from))\s+\Z"
)
_ON_A_DAY = re.compile(rf"(?:on\s+)?{DAY}")
_AGED = re.compile(r",\s*\d{1,3}\Z")
_CIRCUMSTANCE = re.compile(rf",?\s+(?:(?:in|at|near|outside|during|on)\s|(?:late\s+|early\s+)?{DAY}\b)")
_MOST_CIRCUMSTANCES = 4


def antecedent_of(lead: str) -> tuple[Naming, int] | None:
    """Read whom a clause is about that ends a sentence, past when and where: "by Ana Souza, in Porto, who".

    Args:
        lead: What stands before the verb of saying, without auxiliaries and adverbs.

    Returns:
        The naming, and where it begins in `lead`; None where nobody can be told, or where the sentence
        begins with them.
    """
    for _ in range(_MOST_CIRCUMSTANCES):
        match = _OF_WHOM.search(lead)
        if match is None:
            return None
        if found := _person_before(match):
            return found
        before = lead[: lead.rindex(",")]
        behind = _AGED.search(before) or max(_CIRCUMSTANCE.finditer(before), key=re.Match.start, default=None)
        if behind is None or ("," in behind.string[behind.end() :]):
            return None
        lead = f"{before[: behind.start()]}, who"
    return None


def _person_before(match: re.Match[str]) -> tuple[Naming, int] | None:
    """Read a name and the role behind it, or a noun phrase, that ends what a clause stands behind."""
    role = as_role(match["role"]) if match["role"] else None
    for naming, start in _named_at_end(_AGED.sub("", match["before"])) if role else ():
        if naming.kind is Kind.NAME and may_be_apposition(naming, match["role"]):
            return replace(naming, role=naming.role or role), start
    whole = match.group()
    return next(_named_at_end(whole[: whole.rindex(",")]), None)


def _named_at_end(text: str) -> Iterator[tuple[Naming, int]]:
    """Read the noun phrases of persons that end a text and do not begin it, the longest first."""
    opening = LEAD.match(text)
    subject = len(text) - len(text[opening.end() if opening else 0 :].lstrip(" ,"))
    for begin in _BEGINS.finditer(text, text.rfind(",") + 1):
        phrase = text[begin.start() :]
        if _MOVES.search(phrase) or has_clause(phrase) or FINITE.search(phrase):
            continue
        naming = read_naming(phrase)
        if begin.start() <= subject or IN_A_PLACE.search(text, 0, begin.start()):
            return
        if (
            naming is None
            or naming.kind is Kind.PRONOUN
            or naming.medium
            or _is_when_or_where(text, begin, naming)
        ):
            continue
        yield naming, begin.start()


def _is_when_or_where(text: str, begin: re.Match[str], naming: Naming) -> bool:
    """Tell whether a name is a day's or a place's: "on Monday", "in Porto"."""
    if _ON_A_DAY.match(naming.name) or naming.name.lower() in COUNTRIES or names_a_country(naming.name):
        return True
    alone = naming.role is None and " " not in naming.name and naming.kind is Kind.NAME
    return alone and _BEHIND_IN.search(text, 0, begin.start()) is not None
