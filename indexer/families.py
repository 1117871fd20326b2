"""Near-identical articles: which texts may derive from one another (MinHash), and which do.

A text is compared by its shingles, the runs of `SHINGLE_TERMS` analysed terms. Candidates come from locality
sensitive hashing of MinHash signatures (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
ch. 3), two for a text: of the whole of it, and of its opening, which a shortened copy and a later lead of one
story have in common with the longer text however long that is. Every candidate is then verified exactly.

Thresholds were chosen by reading the pairs of 2,452 reports of two agencies that share the most
(docs/adr/0009-families-and-versions.md, benchmarks/families.py).
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import blake2b, sha1
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.english.calendar import named
from search.english.numbers import number_words
from search.english.terms import terms
from search.family import Likeness

SHINGLE_TERMS = 4
"""Terms of a shingle."""

LEAST_SHINGLES = 8
"""Distinct shingles below which a text is too short to tell from whom it has its words."""

LEAST_CONTAINED = 0.7
"""Share of the shorter text's shingles that the longer one must have."""

LEAST_AGREEING = 0.75
"""Share of the shorter text's figures and days, and of its names, that the longer one must have: what tells one
day's exchange rates from another's."""

MOST_TIMES_LONGER = 3.0
"""Beyond it the longer text must also open as the shorter does, or a round-up would join all that it sums up."""

LEAST_OPENING = 0.5
"""Share of the opening's shingles near the top of the longer text by which it opens as the shorter does."""

LEAST_EDITED = 0.4
LEAST_EDITED_OPENING = 0.8
"""Shares by which a copy is known that an editor shortened and added to: much of it, and nearly all of its
opening, whose figures and names must agree."""

_OPENING_TERMS = 32
_LONGER_OPENING_TERMS = 96
_OPENING_CHARS = 200

Signature = npt.NDArray[np.uint32]
"""MinHash: shape (permutations,), uint32."""

_HIGHEST = np.iinfo(np.uint32).max
_PERMUTATIONS = 128
_SEED = 1997
_BANDS = 32
_ROWS = _PERMUTATIONS // _BANDS

_LONG = 8_000
"""Code points from which on a body's shape is some 300 kB and more."""

_REMEMBERED, _REMEMBERED_LONG = 512, 8

_WITHIN_A_SENTENCE = re.compile(r"(?<=[\w,;] )[^\W\d_]\w+")
_WORD = re.compile(r"[^\W\d_]\w+")
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_COUNTED = [*number_words("one"), *islice(number_words("ten"), 1)]
"""From "zero" to "twenty", in order."""
_OTHER_FIGURES = [
    *islice(number_words("ten"), 1, None),
    *number_words("multiple"),
    "half",
    *(weekday.title() for weekday in named("weekday")),
]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text as it is compared.

    Attributes:
        shingles: Its shingles.
        figures: Its numbers and days of the week.
        names: Its capitalised words, but those that open a sentence, case folded.
    """

    shingles: frozenset[tuple[str, ...]]
    figures: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A text as it is compared.

    Attributes:
        whole: All of it.
        opening: Its first terms.
        long_opening: Shingles of three times as many.
        words: All of its words, case folded.
    """

    whole: Part
    opening: Part
    long_opening: frozenset[tuple[str, ...]]
    words: frozenset[str]


def likeness(article: Article) -> Likeness:
    """What the archive needs of an article to find its family.

    A text too short to tell from whom it has its words ("Read more.") is like no other, not even an equal one: its
    digest is the article's own.
    """
    shape = shape_of(article.body)
    parts = (*terms(article.body), "", *sorted(shape.whole.names), "", *sorted(shape.opening.names))
    if len(shape.whole.shingles) < LEAST_SHINGLES:
        parts = ("", article.id, *parts)
    compared = "\x00".join(parts)
    return Likeness(
        digest=blake2b(compared.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
        buckets=buckets(article.body),
        same=partial(either_derives, article.body),
    )


def signature(body: str) -> tuple[list[int], list[int]]:
    """MinHash signatures of a body's shingles and of its opening's, `_PERMUTATIONS` unsigned 32-bit numbers each.

    The same body has the same signatures on every machine. A text too short to tell has empty ones.
    """
    shape = shape_of(body)
    if len(shape.whole.shingles) < LEAST_SHINGLES:
        return [], []
    return _minhash(shape.whole.shingles), _minhash(shape.opening.shingles)


def buckets(body: str) -> tuple[int, ...]:
    """The buckets, 32-bit numbers, that a body falls into; two texts that share one are candidates.

    The tables of what falls into which are the archive's.
    """
    found = set()
    for part, values in enumerate(signature(body)):
        for band in range(len(values) // _ROWS):
            rows = values[band * _ROWS : (band + 1) * _ROWS]
            key = b"".join(number.to_bytes(4, "little") for number in (part, band, *rows))
            found.add(int.from_bytes(blake2b(key, digest_size=4).digest(), "little"))
    return tuple(sorted(found))


def either_derives(first: str, second: str) -> bool:
    """Tell whether one of two bodies derives from the other: a copy, shortened perhaps, or an update of it.

    Symmetric. Texts with the same words and other figures, days or names are different reports.
    """
    shorter, longer = sorted((shape_of(first), shape_of(second)), key=_length)
    if len(shorter.whole.shingles) < LEAST_SHINGLES:
        return False
    mutual = len(shorter.whole.shingles) == len(longer.whole.shingles)
    return _derives(shorter, longer) and (not mutual or _derives(longer, shorter))


def shape_of(body: str) -> Shape:
    """Analyse a body for comparison. The last bodies are remembered, of long ones only those being compared."""
    return _remembered(body) if len(body) <= _LONG else _remembered_long(body)


def _shape_of(body: str) -> Shape:
    analysed = terms(body)
    return Shape(
        whole=_part(analysed, body),
        opening=_part(analysed[:_OPENING_TERMS], body[:_OPENING_CHARS]),
        long_opening=_shingles(analysed[:_LONGER_OPENING_TERMS]),
        words=frozenset(_WORD.findall(body.casefold())),
    )


_remembered = lru_cache(maxsize=_REMEMBERED)(_shape_of)
_remembered_long = lru_cache(maxsize=_REMEMBERED_LONG)(_shape_of)


def _derives(shorter: Shape, longer: Shape) -> bool:
    contained = _share(shorter.whole.shingles, longer.whole.shingles)
    opening = _share(shorter.opening.shingles, longer.long_opening)
    if contained >= LEAST_CONTAINED and _agree(shorter.whole, longer):
        near_in_length = len(longer.whole.shingles) <= MOST_TIMES_LONGER * len(shorter.whole.shingles)
        return near_in_length or opening >= LEAST_OPENING
    return contained >= LEAST_EDITED and opening >= LEAST_EDITED_OPENING and _agree(shorter.opening, longer)


def _agree(part: Part, other: Shape) -> bool:
    return (
        _share(part.figures, other.whole.figures) >= LEAST_AGREEING
        and _share(part.names, other.words) >= LEAST_AGREEING
    )


def _part(analysed: list[str], text: str) -> Part:
    figures = _figures()
    return Part(
        shingles=_shingles(analysed),
        figures=frozenset(
            figures.get(term) or _plain_number(term) for term in analysed if term in figures or term[0].isdigit()
        ),
        names=frozenset(word.casefold() for word in _WITHIN_A_SENTENCE.findall(text) if word[0].isupper()),
    )


def _share(part: frozenset[Any], whole: frozenset[Any]) -> float:
    return len(part & whole) / len(part) if part else 1.0


def _length(shape: Shape) -> int:
    return len(shape.whole.shingles)


def _shingles(analysed: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(analysed[start:] for start in range(SHINGLE_TERMS)), strict=False))


@cache
def _figures() -> dict[str, str]:
    """Words that count or name a day, analysed as bodies are, with what they stand for."""
    counted = {terms(word)[0]: str(number) for number, word in enumerate(_COUNTED)}
    return counted | {term: term for term in chain.from_iterable(map(terms, _OTHER_FIGURES))}


def _plain_number(term: str) -> str:
    """A number without the zeros that change nothing: `1.50` is `1.5`."""
    return term.rstrip("0").rstrip(".") if "." in term and _NUMERAL.fullmatch(term) else term


def _minhash(shingles: frozenset[tuple[str, ...]]) -> list[int]:
    parts = (" ".join(shingle).encode("utf-8", "surrogatepass") for shingle in shingles)
    values: list[int] = minhash(parts, _PERMUTATIONS, _SEED).tolist()
    return values


def minhash(parts: Iterable[bytes], permutations: int, seed: int) -> Signature:
    """Make the MinHash signature of a set: of each permutation of all hashes the least that a part of it has.

    Bit for bit that which datasketch makes by its scheme `affine32`; importing datasketch loads scipy, which is a
    third of what a server would have to install.

    Args:
        parts: Of the set.
        permutations: How many.
        seed: Chooses them; signatures of other seeds cannot be compared.
    """
    hashes = np.array([struct.unpack("<I", sha1(part).digest()[:4])[0] for part in parts], dtype=np.uint32)  # noqa: S324 - no secret
    if not len(hashes):
        return np.full(permutations, _HIGHEST, dtype=np.uint32)
    factors, summands = _permutations(permutations, seed)
    least: Signature = (_mixed(hashes)[:, None] * factors + summands).min(axis=0)
    return least


def _mixed(hashes: Signature) -> Signature:
    """Spread hashes (the finalizer of MurmurHash3, Appleby 2011); products are taken modulo 2**32."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@lru_cache
def _permutations(number: int, seed: int) -> tuple[Signature, Signature]:
    """Odd factors and summands of permutations of the numbers below 2**32."""
    drawn = np.random.RandomState(seed)  # its numbers are the same in every version
    factors = drawn.randint(0, 1 << 31, number, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, number, dtype=np.uint32)
