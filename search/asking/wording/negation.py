"""Negation: what a sentence says is not so, held against what quotes say is not so.

A negation turns what stands behind it, as far as its clause reaches. A word behind two of them is turned back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from search.article import Span
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS, terms
from search.english.word_forms import forms_of

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@cache
def _negations() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:(?P<none>{any_word_of('negation', 'no turn')})|(?P<own>no\.?\s?\d+)"
        rf"|{any_word_of('negation', 'undoing', 'word')}|\w+n['’]t"
        rf"|(?:{any_word_of('negation', 'rejecting')})(?:\s+\w+){{0,3}}?"
        rf"\s+(?:{any_word_of('negation', 'rejected')}))\b",
        re.IGNORECASE,
    )


@cache
def _ends() -> re.Pattern[str]:
    own = rf"and\s+(?=(?:{any_word_of('negation', 'own')})\b)"
    return re.compile(
        rf"[,;:.?!()\"“”–—]|\b(?:{any_word_of('negation', 'end')}|{own})\b",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class _Turned:
    """A text with what its negations turn.

    Attributes:
        text: The text.
        scopes: What each negation turns; may be empty.
    """

    text: str
    scopes: tuple[Span, ...]

    def words(self, within: Span | None = None) -> Iterator[tuple[str, bool]]:
        """Yield telling words, each with whether it is turned."""
        for found in _WORD.finditer(self.text):
            word = Span(*found.span())
            tells = found.group().casefold() not in STOP_WORDS
            if tells and (within is None or _contains(within, word)):
                yield found.group(), sum(_contains(scope, word) for scope in self.scopes) % 2 == 1


def negates(text: str) -> bool:
    """Tell whether a text says that something is not so."""
    return bool(_read(text).scopes)


def is_turned_round(text: str, quotes: Sequence[str]) -> bool:
    """Tell whether a sentence says is so what its quotes say is not so, or the other way about.

    Args:
        text: The sentence.
        quotes: What it rests on.
    """
    if _is_felt_still(text, quotes):
        return True
    ours, theirs = _read(text), [_read(quote) for quote in quotes]
    if ours.scopes and not any(one.scopes for one in theirs):
        return True
    known: dict[str, set[bool]] = {}
    for one in theirs:
        for word, turned in one.words():
            for term in terms(word):
                known.setdefault(term, set()).add(turned)

    def agrees(word: str, *, turned: bool) -> bool | None:
        """Whether a quote has the word as it is here; None where none has it."""
        found = [known[term] for term in forms_of(word) if term in known]
        return any(turned in one for one in found) if found else None

    if not ours.scopes:
        return any(agrees(word, turned=turned) is False for word, turned in ours.words())
    return any(
        words and not any(agrees(word, turned=turned) for word, turned in words)
        for words in (list(ours.words(scope)) for scope in ours.scopes)
    )


@cache
def _eased() -> re.Pattern[str]:
    felt, easing = any_word_of("negation", "eased"), any_word_of("negation", "easing")
    few = r"(?:\W+\w+){0,4}?\W+"
    return re.compile(rf"\b(?:(?:{felt})\b{few}(?:{easing})|(?:{easing})\b{few}(?:{felt}))\b", re.IGNORECASE)


def _is_felt_still(text: str, quotes: Sequence[str]) -> bool:
    """Tell whether a sentence tells of what is felt ("concern") of which its quotes say that it eased."""
    felt = {term for quote in quotes for found in _eased().finditer(quote) for term in terms(found.group())}
    named = {term for word in words_of("negation", "eased") for term in terms(word)}
    return not _eased().search(text) and not felt.isdisjoint(named & set(terms(text)))


def _read(text: str) -> _Turned:
    scopes = []
    for found in _negations().finditer(text):
        if found["none"] or found["own"]:
            continue
        end = _ends().search(text, found.end())
        scopes.append(Span(found.end(), end.start() if end else len(text)))
    return _Turned(text, tuple(scopes))


def _contains(scope: Span, word: Span) -> bool:
    return scope.start <= word.start and word.end <= scope.end
