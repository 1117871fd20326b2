"""Who is named where no verb of saying stands: "according to Souza", "in the words of Souza"."""

import re

from search.statements.appositions import ROLE_BEHIND, may_be_apposition, with_apposition
from search.statements.clauses import noun_phrase_of
from search.statements.lexicon import ACCORDING
from search.statements.markers import FINITE
from search.statements.naming import Kind, Naming, read_naming

_SUBJECTS = {"him": "he", "her": "she", "them": "they", "it": "it"}
_PRONOUN = re.compile("|".join(_SUBJECTS))
_PAPER_BY = re.compile(
    r"(?:an?|the)\s+(?:\w+\s+){0,2}?(?:statement|report|letter|speech|tweet|post|message|communique)\s+"
    r"(?:(?:issued|released|published|made|posted)\s+)?(?:by|from|of)\s+"
)
_PARTICIPLE_BEHIND = re.compile(
    r"\s+(?:released|published|issued|obtained|provided|compiled|conducted|reviewed|filed|seen|made|taken|involved"
    r"|familiar|close|briefed|interviewed|surveyed)\Z"
)
_CLOSED = re.compile(r"\s*,\s+(?!\d)")


def source_of(blank: str) -> tuple[Naming, int, int] | None:
    """Read `..., according to Antony Blinken, the secretary of state`: who it is, and where that begins and ends.

    Returns:
        The naming, and where the attribution begins and ends.
    """
    match = ACCORDING.search(blank)
    if match is None:
        return None
    if pronoun := _PRONOUN.fullmatch(match["who"].strip(" .")):
        return Naming(_SUBJECTS[pronoun.group()], None, Kind.PRONOUN, definite=True, medium=False), *match.span()
    paper = _PAPER_BY.match(match["who"])
    for start in (match.start("who") + (paper.end() if paper else 0), match.start("who")):
        who = noun_phrase_of(blank[start : match.end("who")])
        naming, end = read_naming(who), start + len(who)
        if naming is not None:
            break
    else:
        if verb := FINITE.search(who):
            who = who[: verb.start()].rstrip()  # "who according to his wife became a citizen"
            end = start + len(who)
        naming = read_naming(_PARTICIPLE_BEHIND.sub("", who), surely=True, widely=True)
        if naming is None:
            return None
    # What follows a comma may be what is said: "According to Souza, the ministers met."
    behind = ROLE_BEHIND.match(blank, end)
    closed = behind is not None and (match.start() > 0 or _CLOSED.match(blank, behind.end()))
    if behind is not None and closed and may_be_apposition(naming, behind["role"]):
        naming, end = with_apposition(blank, end, naming)
    return naming, match.start(), end
