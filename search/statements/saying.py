"""Whether a statement is by somebody who was asked for."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from search.statements.statement import Speaker, Statement

_REMEMBERED = 4_096
_SPOKES = r"spokes(?:man|woman|person|men|women|people)"
_STAFF = (
    r"(?:aide|advis[eo]r|assistant|attorney|biographer|brother|daughter|doctor|father|friend|husband|lawyer|mother|"
    r"sister|son|widow|wife)s?"
)
_OWNER = re.compile(rf".*\w(?:['’]s|s['’])\s+(?=(?:[\w-]+\s+)*(?:{_SPOKES}|{_STAFF})\b)", re.IGNORECASE)
_EMPLOYER = re.compile(rf"^.*\s(?={_STAFF}\b)", re.IGNORECASE)
_SERVED = re.compile(
    rf"\b((?i:{_STAFF})|(?i:{_SPOKES})(?=\s+(?:of|for)\s+(?:[A-Z]|the\s+\w+\s+of\b)))\s+(?:of|for|to)\b.*"
)


@lru_cache(_REMEMBERED)
def folded(text: str) -> str:
    """Reduce text to words parted and surrounded by single spaces, letter case and accents gone.

    `folded(part) in folded(whole)` then tells whether `part` stands in `whole` as whole words.
    """
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    words = "".join(character if character.isalnum() else " " for character in bare.casefold()).split()
    return f" {' '.join(words)} "


def folded_speaker(speaker: Speaker) -> str:
    """Fold name and role into one text in which words of either, but not of both together, are found.

    Whom the speaker speaks or works for is left out: "Blinken's spokesman" and "an aide to Blinken" are not
    Blinken. Those of an institution stay what they are: "ministry spokesman".
    """
    return folded(_without_principal(speaker.name)) + "|" + folded(_without_principal(speaker.role or ""))


def _without_principal(words: str) -> str:
    words = _OWNER.sub("", words)
    words = _EMPLOYER.sub("", words)
    return _SERVED.sub(r"\1", words)


def speaks(statement: Statement, said_by: Iterable[str]) -> bool:
    """Tell whether one of the given names or roles is the speaker's, in whole words, case and accents aside.

    Args:
        statement: With or without a speaker.
        said_by: Names, parts of names or roles: "blinken", "secretary of state".
    """
    if statement.speaker is None:
        return False
    spoken = folded_speaker(statement.speaker)
    return any(folded(name).strip() and folded(name) in spoken for name in said_by)
