"""Countries and regions: their names, their adjectives, their people, and the capitals that stand for them."""

import re
from functools import cache

from search.english.table import table


@cache
def _standard() -> dict[str, str]:
    """The standard word for each name, adjective and noun of a place, all lower case without full stops."""
    standard: dict[str, str] = {}
    for row in table("places"):
        word = row["name"][0].lower().replace(" ", "_")
        for term in (*row["name"], *row["adjectives"], *row["people"]):
            standard.setdefault(term.lower().replace(".", ""), word)
    return standard


@cache
def _several_words() -> re.Pattern[str]:
    several = sorted((term for term in _standard() if " " in term), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, several))})\b")


def with_standard_places(text: str) -> str:
    """Write every name and adjective of a place as one word, the same for all: "german" as "germany".

    Args:
        text: Lower case, without full stops.
    """
    text = _several_words().sub(lambda match: _standard()[match.group()], text)
    return " ".join(_standard().get(word, word) for word in text.split())


@cache
def people() -> frozenset[str]:
    """The nouns for people of a place: "swede", "frenchman", lower case."""
    return frozenset(noun.lower() for row in table("places") for noun in row["people"])


@cache
def adjectives() -> frozenset[str]:
    """The adjectives of places: "swedish", lower case."""
    return frozenset(adjective.lower() for row in table("places") for adjective in row["adjectives"])


@cache
def names() -> frozenset[str]:
    """The names of countries and regions and of their capitals, as written."""
    return frozenset(name for row in table("places") for name in (*row["name"], *row["capitals"]))


@cache
def capitals() -> frozenset[str]:
    """The capitals that stand for their countries, as written."""
    return frozenset(name for row in table("places") for name in row["capitals"])


def names_a_country(text: str) -> bool:
    """Tell whether words are a country's or a region's name or adjective, "the" before them or not."""
    return text.lower().replace(".", "").removeprefix("the ") in _standard()
