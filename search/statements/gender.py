"""Whom "he" and "she" can mean, as far as is told: by titles, roles, the article's own pronouns, given names."""

import re

from search.english.people import Noun, pronouns_of_given_names, words

_ROLES = {"he": words(Noun.HE), "she": words(Noun.SHE)}
_STYLES = {pronoun: words(Noun.STYLE) & roles for pronoun, roles in _ROLES.items()}
_NAME = r"\.?\s+(?P<name>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})"
_TITLED = {
    pronoun: re.compile(rf"\b(?:{'|'.join(sorted(map(str.capitalize, styles)))}){_NAME}")
    for pronoun, styles in _STYLES.items()
}


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
