"""Nouns for who speaks, and the words before them (`people.tsv`); nouns that are persons (`persons.tsv`)."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from search.english.table import table


class Noun(StrEnum):
    """What a word is."""

    ROLE = "role"
    """Names what somebody is: "minister"."""
    GROUP = "group"
    """Names several, or an institution: "police"."""
    ATTENDANT = "attendant"
    """Names somebody who is somebody's, and not that somebody: "spokesman", "widow"."""
    MODIFIER = "modifier"
    """Stands, lower case, before such a noun: "foreign"."""
    COURTESY = "courtesy"
    """A title that says nothing of what somebody is: "Mr"."""
    TITLE = "title"
    """A title that says less than the role that an article gives elsewhere: "Sen"."""
    RANK = "rank"
    """Makes another office of an office: "vice"."""
    IDLE = "idle"
    """Tells nobody from anybody else who holds the same office: "veteran"."""
    DOCUMENT = "document"
    """Names what is read: "poll", "records"; it shows and finds, and says."""
    VOICE = "voice"
    """Speaks for a state, a firm or a body: "ministry", "spokesman"."""
    ANYBODY = "anybody"
    """Names nobody in particular in a question: "people", "critics"."""
    SOMEBODY = "somebody"
    """Names a person, or that it is none, and nothing that the person does: "man", "nobody"."""
    STYLE = "style"
    """Stands before the name of a man, or of a woman: "Mrs"."""
    HE = "he"
    SHE = "she"


@cache
def words(kind: Noun) -> frozenset[str]:
    """List the words of a kind, lower case, without full stops."""
    return frozenset(row["word"][0] for row in table("people") if kind in row["kinds"])


@cache
def media() -> tuple[str, ...]:
    """The words by which a medium of news is known: "agency", "AFP"; letter case counts."""
    return tuple(row["word"][0] for row in table("media"))


@cache
def pronouns_of_given_names() -> dict[str, str]:
    """The pronoun that a given name tells, "he" or "she", by the name as written."""
    return {name: row["pronoun"][0] for row in table("given_names") for name in row["names"]}


def are_persons(nouns: Sequence[str]) -> bool:
    """Tell whether the last of some words is a plural noun of persons, as far as its form tells."""
    if not nouns:
        return False
    noun = nouns[-1].casefold().strip(".,'’")
    if noun in _persons("noun"):
        return True
    return noun.endswith(tuple(_persons("ending"))) and noun not in _persons("not")


@cache
def _persons(kind: str) -> frozenset[str]:
    return frozenset(word for row in table("persons") if row["kind"] == (kind,) for word in row["words"])
