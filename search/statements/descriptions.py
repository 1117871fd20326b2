"""Whom a description means, or a pronoun: "the foreign minister", "the German one", "he" and "she".

A description means a holder of an office if its head is a head of that office and everything that qualifies it
is said of the holder, too. A rank (vice, deputy, former) parts offices both ways: "the president" is no vice
president. Whom "he" and "she" can mean is told by titles, roles, the article's own pronouns and given names.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from search.english.people import Noun, pronouns_of_given_names, words
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
_ROLES = {"he": words(Noun.HE), "she": words(Noun.SHE)}
_STYLES = {pronoun: words(Noun.STYLE) & roles for pronoun, roles in _ROLES.items()}
_NAME = r"\.?\s+(?P<name>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
_TITLED = {
    pronoun: re.compile(rf"\b(?:{'|'.join(sorted(map(str.capitalize, styles)))}){_NAME}")
    for pronoun, styles in _STYLES.items()
}


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
    same = " ".join(_SAME.get(word, word) for word in standard.split())
    return same.replace("lieutenant governor", "vice governor").split()


def _heads(words: list[str]) -> list[str]:
    named = [word for word in words if word in ROLES or word in GROUPS]
    if named and named[-1] in _GRADES:
        return named[-2:]
    return named[-1:] or words[-1:]


class Genders:
    """The pronoun of each person of an article, as far as it is told."""

    def __init__(self, body: str) -> None:
        """Read the titles of a body."""
        titled = {
            pronoun: {_family(match["name"]) for match in pattern.finditer(body)}
            for pronoun, pattern in _TITLED.items()
        }
        both = titled["he"] & titled["she"]  # Mr and Mrs Blair
        self._pronouns = {
            family: pronoun for pronoun, families in titled.items() for family in families if family not in both
        }

    def pronouns_of(self, name: str, role: str | None) -> tuple[str, ...]:
        """The pronouns that may mean somebody: both, unless one is known."""
        known = _by_role(f"{role or ''} {name}") or _by_given_name(name) or self._pronouns.get(_family(name))
        return (known,) if known else ("he", "she")

    def learn(self, name: str, pronoun: str) -> None:
        """Note that a pronoun was taken for somebody."""
        self._pronouns.setdefault(_family(name), pronoun)


def is_of_another(style: str | None, name: str) -> bool:
    """Tell whether a style before a family name, "Mrs", means somebody else than a full name: "Ian Wells"."""
    bare = (style or "").lower().rstrip(".")
    told = next((pronoun for pronoun, styles in _STYLES.items() if bare in styles), None)
    known = _by_given_name(name)
    return told is not None and known is not None and told != known


def _by_role(text: str) -> str | None:
    words = set(text.lower().split())
    return next((pronoun for pronoun, roles in _ROLES.items() if words & roles), None)


def _by_given_name(name: str) -> str | None:
    """Tell it by the first of several words: "Ana Souza"; a name of one word is a family's, or anybody's."""
    given, *others = name.split()
    if len(given) > 2 and given.isupper():  # noqa: PLR2004 - "JOHN", not "JF"
        given = given.capitalize()
    return pronouns_of_given_names().get(given) if others else None


def _family(name: str) -> str:
    return re.sub(r"['’]s\Z", "", name.rsplit(maxsplit=1)[-1])
