"""Text to terms: one analysis for the lexical index, for questions and for evidence.

Words are case-folded, stripped of accents and possessives and reduced to English Snowball stems; acronyms lose
their full stops (`U.S.` and `US` are one term), numbers their thousands separators (`1,189.42` is `1189.42`).
Scripts written without spaces become overlapping pairs of characters.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import Any

from search.article import Span
from search.english.table import words_of

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
)
"""Scripts written without spaces, as the inside of a regular expression's character class."""

_TOKEN = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)"
    r"|(?P<number>\d+(?:[.,]\d+)+)"
    r"|(?P<acronym>\b(?:[^\W\d_]\.){2,})"
    rf"|(?P<word>[^\W_{UNSPACED}]+)(?:['’](?P<clitic>[^\W\d_]{{1,2}})\b)?"
)
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_REMEMBERED_WORDS = 1 << 16
_REMEMBERED_SENTENCES = 1 << 13
_REMEMBERED_ARTICLES = 1 << 8

_LONGEST_WORD = 40
"""Code points of the longest token that is remembered: a run of a script without spaces is met once."""

LONGEST_SENTENCE = 600
"""Code points of the longest text whose terms are remembered: the same sentences come up for many questions."""

LONGEST_ARTICLE = 20_000
"""Code points of the longest article whose terms are remembered."""

STOP_WORDS = words_of("function_words", "stop")
"""Function words, question words among them: they do not say what an article is about."""


def terms(text: str) -> list[str]:
    """Analyse `text` into index terms, in order, with repetitions, stop words included."""
    return [*_remembered_terms(text)] if len(text) <= LONGEST_SENTENCE else [*_analysed(text)]


def present_terms(text: str) -> frozenset[str]:
    """Analyse a whole article into the set of its index terms, stop words included."""
    return _remembered_set(text) if len(text) <= LONGEST_ARTICLE else frozenset(_analysed(text))


def _analysed(text: str) -> Iterator[str]:
    return (term for match in _tokens(text) for term in _terms_of(match.group()))


@lru_cache(maxsize=_REMEMBERED_SENTENCES)
def _remembered_terms(text: str) -> tuple[str, ...]:
    return tuple(_analysed(text))


@lru_cache(maxsize=_REMEMBERED_ARTICLES)
def _remembered_set(text: str) -> frozenset[str]:
    return frozenset(_analysed(text))


def terms_of_slices(text: str, spans: Iterable[Span]) -> list[list[str]]:
    """Analyse slices of `text`, each as `terms` does; what they share is analysed once."""
    if not unicodedata.is_normalized("NFC", text):
        return [terms(span.of(text)) for span in spans]
    matches = list(_TOKEN.finditer(text))
    starts, found = [match.start() for match in matches], [_terms_of(match.group()) for match in matches]
    return [
        terms(span.of(text))
        if _may_cut(text, span.start) or _may_cut(text, span.end)
        else list(chain.from_iterable(found[bisect_left(starts, span.start) : bisect_left(starts, span.end)]))
        for span in spans
    ]


def _may_cut(text: str, place: int) -> bool:
    """Whether there may be a word on both sides of a place."""
    return 0 < place < len(text) and not (text[place - 1].isspace() or text[place].isspace())


def content_terms(text: str) -> list[str]:
    """Analyse `text` into its distinct telling terms, in order of first appearance.

    When it has nothing but stop words, those are returned: "The Who" must find something.
    """
    telling = [term for match in _tokens(text) if not _is_stop_word(match) for term in _terms_of(match.group())]
    return list(dict.fromkeys(telling or terms(text)))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(unicodedata.normalize("NFC", text))


def _is_stop_word(match: re.Match[str]) -> bool:
    word = match["word"]
    return word is not None and word != "US" and word.casefold() in STOP_WORDS


def _terms_of(token: str) -> tuple[str, ...]:
    """The terms of what `_TOKEN` matched, which it matches in the same way where nothing stands around it."""
    return _remembered_token(token) if len(token) <= _LONGEST_WORD else _of_token(token)


def _of_token(token: str) -> tuple[str, ...]:
    (match,) = _TOKEN.finditer(token)
    if unspaced := match["unspaced"]:
        return tuple(first + second for first, second in pairwise(unspaced)) or (unspaced,)
    if number := match["number"]:
        return (_THOUSANDS.sub("", number),)
    if acronym := match["acronym"]:
        return (_normal_word(acronym.replace(".", "")),)
    return (word,) if (word := _normal_word(match["word"])) else ()


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _remembered_token(token: str) -> tuple[str, ...]:
    return _of_token(token)


def _normal_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(
        character for character in decomposed if not unicodedata.combining(character) and not character.isspace()
    )
    stem: str = _stemmer().stemWord(bare)
    return stem


@cache
def _stemmer() -> Any:
    from Stemmer import Stemmer

    return Stemmer("english")


_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
_COMMA_DISTANCE = 40


def places_of(body: str, sentence: Span, wanted: Collection[str]) -> list[Span]:
    """List the words of a sentence that have any of the wanted terms: offsets into the body, in order."""
    sought = set(wanted)
    return [
        Span(match.start(), match.end())
        for match in _WORD.finditer(body, sentence.start, sentence.end)
        if sought.intersection(terms(match.group()))
    ]


def distance(body: str, one: Span, other: Span) -> int:
    """Code points between two slices that do not overlap, more across commas; 0 when they touch."""
    first, second = (one, other) if one.end <= other.start else (other, one)
    between = body[first.end : second.start]
    return len(between) + _COMMA_DISTANCE * between.count(",")
