"""Who does what to whom: names around a word, held against the same word in quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.asking.wording.names import Word, place_of, words_in
from search.english.people import Noun
from search.english.people import words as people
from search.english.terms import STOP_WORDS, terms
from search.english.word_forms import forms_of

_FARTHEST = 5
"""Words between a word and the name that belongs to it, at most."""
_AGENTS = ("er", "ers", "or", "ors")
"""Endings of nouns for who does it, which tell no deed ("party leader Ana Souza"); "offers" and "enters" do."""
_PERSONS = people(Noun.ROLE) | people(Noun.GROUP) | people(Noun.ATTENDANT) | people(Noun.MODIFIER)
_BOUNDS = frozenset(',;:()"“”')


@dataclass(frozen=True, slots=True)
class _Deed:
    """A word between two names; where "by" stands behind it, the names are told the other way about.

    Attributes:
        word: In small letters.
        doer: The words of the name of who does it.
        object: The words of the name of whom or what it is done to.
    """

    word: str
    doer: frozenset[str]
    object: frozenset[str]


def is_swapped(text: str, quotes: Sequence[str]) -> bool:
    """Tell whether a sentence has one do to another what its quotes say only that the other does to the one."""
    known = [deed for quote in quotes for deed in _deeds(quote)]
    for deed in _deeds(text):
        forms = forms_of(deed.word)
        same = [other for other in known if not forms.isdisjoint(terms(other.word))]
        swapped = any(deed.doer & other.object and deed.object & other.doer for other in same)
        if swapped and not any(deed.doer & other.doer and deed.object & other.object for other in same):
            return True
    return False


def _deeds(text: str) -> Iterator[_Deed]:
    words = list(words_in(text))
    for place, word in enumerate(words):
        if _is_name(word) or _is_agent(word.plain) or word.plain in STOP_WORDS or not word.plain.isalpha():
            continue
        before, _ = _nearest(text, words, place, -1)
        behind, passed = _nearest(text, words, place, 1)
        if before and behind and before.isdisjoint(behind):
            yield _Deed(word.plain, behind, before) if "by" in passed else _Deed(word.plain, before, behind)


def _is_agent(word: str) -> bool:
    return word.endswith(_AGENTS) and not _PERSONS.isdisjoint((word, word.removesuffix("s")))


def _nearest(text: str, words: Sequence[Word], place: int, step: int) -> tuple[frozenset[str], list[str]]:
    """Find the nearest name before or behind a word in its clause, and the words that are passed on the way."""
    name: set[str] = set()
    passed: list[str] = []
    last = place
    for other in range(place + step, len(words) if step > 0 else -1, step):
        first, second = sorted((last, other))
        between = text[words[first].span.end : words[second].span.start]
        if not _BOUNDS.isdisjoint(between) or len(passed) > _FARTHEST:
            break
        if _is_name(words[other]):
            name.add(place_of(words[other].plain))
        elif name:
            break
        else:
            passed.append(words[other].plain)
        last = other
    return frozenset(name), passed


def _is_name(word: Word) -> bool:
    return word.is_name and not (word.opens and word.plain in STOP_WORDS)
