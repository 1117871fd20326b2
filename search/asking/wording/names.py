"""Names, told by their letters: every word that is not all of small Latin letters, save what opens a sentence.

Who does what to whom: names around a word are held against the same word in quotes.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from search.article import Span
from search.english import places
from search.english.people import Noun, pronouns_of_given_names
from search.english.people import words as people
from search.english.table import words_of
from search.english.terms import STOP_WORDS, terms
from search.english.word_forms import forms_of

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W\d_]{3,})*")
_JOINS = re.compile(r"(?:['’]s?)?\s|-|\.\s?")
_SMALL_LATIN = re.compile(r"[a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžșț]+")
_FARTHEST = 5
"""Words between a word and the name that belongs to it, at most."""
_AGENTS = ("er", "ers", "or", "ors")
"""Endings of nouns for who does it, which tell no deed ("party leader Ana Souza"); "offers" and "enters" do."""
_PERSONS = people(Noun.ROLE) | people(Noun.GROUP) | people(Noun.ATTENDANT) | people(Noun.MODIFIER)
_BOUNDS = frozenset(',;:()"“”')


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        plain: In small letters, without accents, full stops and a possessive.
        span: Where it stands.
        is_name: Whether its letters are those of a name: not all small, or not Latin.
        opens: Whether nothing stands before it in its sentence.
    """

    plain: str
    span: Span
    is_name: bool
    opens: bool


def words_in(text: str) -> Iterator[Word]:
    """Yield the words of a text, numbers among them, in order."""
    opens = True
    end = 0
    for found in _WORD.finditer(text):
        opens = (opens and not end) or bool(re.search(r"[.?!:]\W*$|[\"“”‘(]\W*$", text[end : found.start()]))
        word = found.group()
        yield Word(_plain(word), Span(*found.span()), _is_name(word), opens)
        end, opens = found.end(), False


def names_in(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of a text, each as the plain words that stand together in it.

    Offices and places part names: of "Russian President Vladimir Putin" the last two words are one.
    """
    name: list[Word] = []
    for word in words_in(text):
        joined = name and _JOINS.fullmatch(text, name[-1].span.end, word.span.start)
        if name and (not joined or not _is_part(word)):
            yield tuple(one.plain for one in name)
            name = []
        if _is_part(word):
            name.append(word)
    if name:
        yield tuple(one.plain for one in name)


def unknown_name(text: str, words: Collection[Word], names: Collection[tuple[str, ...]]) -> str | None:
    """Find a name in a sentence that is none of what is known.

    Args:
        text: The sentence.
        words: The words that it may have.
        names: The names that it may have, and their last parts.

    Returns:
        The plain word, or the plain words joined by a blank; None when all names are known.
    """
    known, as_names = {word.plain for word in words}, {word.plain for word in words if word.is_name}
    meant = {place_of(name) for name in as_names}
    for word in words_in(text):
        if not word.is_name:
            if word.plain in _places() and word.plain not in known:
                return word.plain
        elif word.plain not in as_names and place_of(word.plain) not in meant and not _opens(word, known):
            return word.plain
    for name in names_in(text):
        only_opens = name[0] not in as_names
        if not _parts(name, names, meant) and not (only_opens and _parts(name[1:], names, meant)):
            return " ".join(name)
    return None


def _parts(name: tuple[str, ...], names: Collection[tuple[str, ...]], meant: Collection[str]) -> bool:
    """Tell whether a name is made of known ones alone."""
    if not name:
        return True
    return any(
        (name[:end] in names or (end == 1 and place_of(name[0]) in meant and name[0] in _places()))
        and _parts(name[end:], names, meant)
        for end in range(1, len(name) + 1)
    )


def _opens(word: Word, known: Collection[str]) -> bool:
    """Tell whether a word has its capital because it opens the sentence."""
    if not word.opens or word.plain in _given_names():
        return False
    return word.plain in known or word.plain in STOP_WORDS or word.plain in words_of("name_parts", "opener")


def _is_part(word: Word) -> bool:
    """Tell whether a word can be a part of a name of several words."""
    if not word.is_name or word.plain in _offices() or word.plain in _places():
        return False
    function_word = word.opens and (word.plain in STOP_WORDS or word.plain in words_of("name_parts", "opener"))
    return not function_word or word.plain in _given_names()


def _is_name(word: str) -> bool:
    return not word.isdigit() and not all(map(_SMALL_LATIN.fullmatch, re.split(r"['’]", word)))


def _plain(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(one for one in bare if not unicodedata.combining(one) and one != ".")
    return re.sub(r"['’]s?$", "", bare)


def place_of(word: str) -> str:
    """Tell the standard name of the place that a plain word names or is of, as of "iranian"; else the word."""
    return places.with_standard_places(word)


@cache
def _places() -> frozenset[str]:
    single = places.names() | places.people() | places.adjectives()
    return frozenset(_plain(name) for name in single if " " not in name and name.casefold() not in STOP_WORDS)


@cache
def _offices() -> frozenset[str]:
    return people(Noun.ROLE) | people(Noun.TITLE) | people(Noun.COURTESY) | people(Noun.RANK)


@cache
def _given_names() -> frozenset[str]:
    return frozenset(map(_plain, pronouns_of_given_names()))


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
        if _is_bearer(word) or _is_agent(word.plain) or word.plain in STOP_WORDS or not word.plain.isalpha():
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
        if _is_bearer(words[other]):
            name.add(place_of(words[other].plain))
        elif name:
            break
        else:
            passed.append(words[other].plain)
        last = other
    return frozenset(name), passed


def _is_bearer(word: Word) -> bool:
    return word.is_name and not (word.opens and word.plain in STOP_WORDS)
