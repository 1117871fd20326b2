"""Doers: whether somebody who does a thing is certainly another than the one in question, and what is a person."""

from collections.abc import Sequence
from functools import cache

from search.asking.evidence.short_names import is_role
from search.english.people import Noun, are_persons, words
from search.english.places import adjectives, capitals, with_standard_places
from search.english.places import names as names_of_places
from search.english.places import people as people_of_places
from search.english.terms import STOP_WORDS


def is_another_doer(asked: str, doer: Sequence[str]) -> bool:
    """Tell whether a doer is certainly not the one in question: of two countries, or two who are none."""
    if doer[0].casefold() in STOP_WORDS or is_role(doer[0]) or (_is_body(asked) and _is_body(doer[-1])):
        return False
    ours, theirs = with_standard_places(asked.casefold()), with_standard_places(" ".join(doer).casefold())
    places = _standard_places()
    return ours != theirs and ((ours in places) is (theirs in places)) and not _is_a_capital(asked, doer)


def is_person(word: str) -> bool:
    """Tell whether a word is of a person, as far as the lexicon knows."""
    plain = word.casefold()
    kinds = (Noun.ROLE, Noun.ATTENDANT, Noun.SOMEBODY)
    return any(plain in words(kind) for kind in kinds) or are_persons([plain])


def _is_a_capital(asked: str, doer: Sequence[str]) -> bool:
    return any(capital.casefold() in {asked.casefold(), " ".join(doer).casefold()} for capital in capitals())


def _is_body(word: str) -> bool:
    """Whether a word is of a group or an institution, that another such word may mean: "MPs", "Parliament"."""
    return word.casefold() in words(Noun.GROUP) and word.casefold() not in _of_places()


@cache
def _standard_places() -> frozenset[str]:
    return frozenset(with_standard_places(name.casefold()) for name in names_of_places())


@cache
def _of_places() -> frozenset[str]:
    return (
        frozenset(word.casefold() for name in names_of_places() for word in name.split())
        | adjectives()
        | {form for noun in people_of_places() for form in (noun, f"{noun}s")}
    )
