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
_GRADES = words_of("name_parts", "grade")
_LEADING = words_of("name_parts", "leads a state")
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
        if self._is_leader_of_a_state(office):
            return not office.ranks
        if not self.heads & office.heads or not self.words <= office.words:
            return False
        return self.ranks == office.ranks or (not self.ranks and self.heads == {"spokesman"})

    def _is_leader_of_a_state(self, office: "Description") -> bool:
        """Tell whether "the Norlandish leader" means the one who leads Norland."""
        whose = self.words - {"leader"}
        if self.heads != {"leader"} or not whose or self.ranks or not whose <= office.words:
            return False
        leads = office.heads & _LEADING
        return bool(leads) and (leads != {"minister"} or "prime" in office.words)


@lru_cache(_REMEMBERED)
def read_description(text: str) -> Description:
    """Read a description or a role: "the German foreign minister", "mayor of Vik"."""
    plain = _POSSESSIVE.sub("", text).replace(".", "").lower()
    parts = [_words(_BEHIND_HEAD.split(part)[0]) for part in _PARTS.split(plain)]
    heads = frozenset(head for part in parts for head in _heads(part))
    words = frozenset(_words(plain)) - _EMPTY - IDLE
    return Description(heads, words, words & RANKS)


def _words(plain: str) -> list[str]:
    text = plain.replace("premier", "prime minister") if "premier" in plain else plain
    standard = with_standard_places(_NOT_LETTERS.sub(" ", text))
    return [_SAME.get(word, word) for word in standard.split()]


def _heads(words: list[str]) -> list[str]:
    named = [word for word in words if word in ROLES or word in GROUPS]
    if named and named[-1] in _GRADES:
        return named[-2:]
    return named[-1:] or words[-1:]
