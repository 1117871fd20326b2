"""The forms of a word that index terms do not bring together, and the words that only frame a question.

Terms are stems: "elected" and "election" are one already, "won" and "winner", "decide" and "decision" are not.
Forms are made by rule, and some that are made are no words; they stand in no text, and do no harm where texts are
asked whether they have one.
"""

import re
from collections.abc import Iterator
from functools import cache

from search.english.table import table
from search.english.terms import STOP_WORDS, content_terms

_LETTERS = re.compile(r"[a-z]+\Z")
_LEAST_STEM = 3
_INFLECTIONS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
)


@cache
def forms_of(word: str) -> frozenset[str]:
    """Tell the index terms of a word and of its other forms: inflected, derived, or what it is derived from.

    Args:
        word: As it stands in a text; letter case does not matter.
    """
    bare = word.casefold().removesuffix("'s").removesuffix("’s")
    if not _LETTERS.match(bare):
        return frozenset(content_terms(word))
    plain = {bare, *_uninflected(bare)}
    derived = {form for one in plain for form in (*_made_of(one), *_made_from(one))}
    related = plain | derived
    related |= {form for one in plain | derived for form in _families().get(one, ())}
    return frozenset(term for form in (word, *sorted(related - STOP_WORDS)) for term in content_terms(form))


def framing_words(question: str) -> frozenset[str]:
    """Tell which words of a question only frame what it asks: "say", "took place", "near"; in lower case."""
    return frozenset(word for match in _frames().finditer(question.casefold()) for word in match.group().split())


def _uninflected(word: str) -> Iterator[str]:
    for ending, instead in _INFLECTIONS:
        if word.endswith(ending) and len(stem := word.removesuffix(ending)) >= _LEAST_STEM:
            yield stem + instead
            if ending in {"ed", "ing"} and stem[-1] == stem[-2]:
                yield stem[:-1]


def _made_of(word: str) -> Iterator[str]:
    """What a word may be derived from."""
    for ending, instead in _derivations():
        if word.endswith(ending) and len(stem := word.removesuffix(ending)) >= _LEAST_STEM:
            yield stem + instead


def _made_from(word: str) -> Iterator[str]:
    """What may be derived from a word."""
    for ending, instead in _derivations():
        if word.endswith(instead) and len(stem := word.removesuffix(instead)) >= _LEAST_STEM:
            yield stem + ending


@cache
def _derivations() -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["ending"][0], instead.strip("-")) for row in table("derivations") for instead in row["instead"]
    )


@cache
def _frames() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{'|'.join(_in_any_form(words) for row in table('questions') for words in row['words'])})\b"
    )


def _in_any_form(words: str) -> str:
    """A pattern of a word, or several of which the first is inflected."""
    first, *others = words.split()
    forms = {first, *_families().get(first, ()), *(first + ending for ending in ("s", "es", "d", "ed", "ing"))}
    if first.endswith("e"):
        forms.add(f"{first.removesuffix('e')}ing")
    if first.endswith("y"):
        forms |= {f"{first.removesuffix('y')}{ending}" for ending in ("ies", "ied")}
    return " ".join((f"(?:{'|'.join(sorted(forms, key=len, reverse=True))})", *others))


@cache
def _families() -> dict[str, frozenset[str]]:
    families: dict[str, frozenset[str]] = {}
    for row in table("word_families"):
        for word in row["words"]:
            families[word] = families.get(word, frozenset()) | frozenset(row["words"])
    return families
