"""Whether a description means somebody whose office is known: "the foreign minister" and "the German one".

A description means a holder of an office if its head is a head of that office and everything that qualifies it is
said of the holder, too. A rank (vice, deputy, former) parts offices both ways: "the president" is no vice
president.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from search.english.places import with_standard_places
from search.english.table import table, words_of
from search.statements.lexicon import GROUPS, IDLE, RANKS, ROLES

_REMEMBERED = 4_096
_NOT_LETTERS = re.compile(r"[^\w\s]+")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_BEHIND_HEAD = re.compile(r"\s+(?:of|for|to|in|at|on|from|with|who|under)\s")
_PARTS = re.compile(r"\s*(?:,|/|\band\b)\s*")
_SAME = {word: row["word"][0] for row in table("offices") for word in row["also"]}
_EMPTY = words_of("name_parts", "of little worth")


@dataclass(frozen=True, slots=True)
class Description:
    """An office, or what somebody or something is, read.

    Attributes:
        heads: The nouns for what they are: "minister"; of "president and chief executive" both.
        words: All words that tell one from another, heads and ranks included, places in their standard form.
        ranks: The ranks among them.
    """

    heads: frozenset[str]
    words: frozenset[str]
    ranks: frozenset[str]

    def means(self, office: "Description") -> bool:
        """Tell whether this description, with "the" before it, can mean the holder of an office."""
        if not self.heads & office.heads or not self.words <= office.words:
            return False
        return self.ranks == office.ranks or (not self.ranks and self.heads == {"spokesman"})


@lru_cache(_REMEMBERED)
def read_description(text: str) -> Description:
    """Read a description or a role: "the German foreign minister", "mayor of Vik"."""
    plain = _POSSESSIVE.sub("", text).replace(".", "").lower()
    parts = [_words(_BEHIND_HEAD.split(part)[0]) for part in _PARTS.split(plain)]
    heads = frozenset(head for part in parts if (head := _head(part)))
    words = frozenset(_words(plain)) - _EMPTY - IDLE
    return Description(heads, words, words & RANKS)


def _words(plain: str) -> list[str]:
    text = plain.replace("premier", "prime minister") if "premier" in plain else plain
    standard = with_standard_places(_NOT_LETTERS.sub(" ", text))
    return [_SAME.get(word, word) for word in standard.split()]


def _head(words: list[str]) -> str | None:
    named = [word for word in words if word in ROLES or word in GROUPS]
    return named[-1] if named else (words[-1] if words else None)
