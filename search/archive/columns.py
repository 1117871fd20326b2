"""The rows that an engine gives, as columns: arrays with an entry for each article, passage, mention or saying.

Keys are an engine's own numbers, in the order in which things were stored: those of an article's passages follow
its text, and no other passage has a key between them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
"""Passage or article keys: shape (n,), int64."""

Places = npt.NDArray[np.int64]
"""Rows of other columns: shape (n,), int64."""

Mask = npt.NDArray[np.bool_]
Ordinals = npt.NDArray[np.int32]

_PLACES = 1 << 31
"""More than any offset, so that a key and an offset make one number."""

_MOST_GAPS = 16
"""Numbers for each key up to which a table of all of them is faster than a search."""


class ArticleRow(NamedTuple):
    """An article as a catalogue knows it; days are proleptic Gregorian ordinals, 0 where they are not known."""

    key: int
    id: str
    first_day: int
    last_day: int
    superseded: bool
    withdrawn: bool
    supersedes: str | None
    source: str | None
    section: str | None
    language: str | None
    family: int
    """Label of its family; 0 where it was not compared."""
    readings: str
    embargo: int = 0
    """When its embargo ends, in seconds since 1970; 0 where none holds any more."""


class PassageRow(NamedTuple):
    """A passage: `[start, stop)` of the body of an article."""

    key: int
    article: int
    start: int
    stop: int


class MentionRow(NamedTuple):
    """A time mention that is bounded on both sides, by ordinals of days, both included."""

    article: int
    start: int
    stop: int
    first_day: int
    last_day: int


class SayingRow(NamedTuple):
    """A sentence that somebody says, with who it is as `search.statements.folded` has it."""

    article: int
    start: int
    stop: int
    speaker: str


class Rows(NamedTuple):
    """Rows of the articles that came or changed, each in the order of its keys and places."""

    articles: Sequence[ArticleRow]
    passages: Sequence[PassageRow]
    mentions: Sequence[MentionRow]
    sayings: Sequence[SayingRow]


NAMED = ("source", "section", "language", "readings")
"""The columns of articles that have numbers of names for names."""


class Names:
    """Distinct strings with a number each, from 0; only ever added to."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.all = tuple(known)
        self.numbers = {name: number for number, name in enumerate(self.all)}

    def with_all(self, names: Iterable[str]) -> "Names":
        """These and others."""
        new = [name for name in dict.fromkeys(names) if name not in self.numbers]
        return Names((*self.all, *new)) if new else self

    def codes(self, names: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Number each name; -1 for none."""
        return np.array([-1 if name is None else self.numbers[name] for name in names], dtype=np.int32)

    def having(self, parts: Iterable[str]) -> Mask:
        """Mark the names in which any of these stands, none of which has a line break: shape (names,)."""
        text, ends = self._text
        marked = np.zeros(len(self.all), dtype=np.bool_)
        for part in parts:
            place = text.find(part)
            while place >= 0:
                number = int(np.searchsorted(ends, place, side="right"))
                marked[number] = True
                place = text.find(part, int(ends[number]))
        return marked

    @cached_property
    def _text(self) -> tuple[str, Places]:
        """All of them in one string, a line each, and where each line ends."""
        return "".join(f"{name}\n" for name in self.all), np.cumsum([len(name) + 1 for name in self.all])


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles, in the order of their keys; as in `ArticleRow`, with the numbers of names for names."""

    key: Keys
    id: npt.NDArray[np.object_]
    first_day: Ordinals
    last_day: Ordinals
    superseded: Mask
    withdrawn: Mask
    supersedes: npt.NDArray[np.object_]
    source: npt.NDArray[np.int32]
    section: npt.NDArray[np.int32]
    language: npt.NDArray[np.int32]
    readings: npt.NDArray[np.int32]
    family: Keys
    embargo: Keys


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages, in the order of their keys; as in `PassageRow`."""

    key: Keys
    article: Keys
    start: Ordinals
    stop: Ordinals


@dataclass(frozen=True, slots=True)
class Mentions:
    """Time mentions, each with the key of the passage that it stands in, and its days."""

    passage: Keys
    first_day: Ordinals
    last_day: Ordinals


@dataclass(frozen=True, slots=True)
class Sayings:
    """Who speaks in passages, given by key: the number of the speaker's name."""

    passage: Keys
    speaker: npt.NDArray[np.int32]


Columns = TypeVar("Columns", Articles, Passages, Mentions, Sayings)


def articles_of(rows: Sequence[ArticleRow], names: Mapping[str, Names]) -> Articles:
    """Lay articles out; names have a number each already."""
    column = list(zip(*rows, strict=True)) if rows else [()] * len(ArticleRow._fields)
    values = dict(zip(ArticleRow._fields, column, strict=True))
    coded = {name: names[name].codes(values[name]) for name in NAMED}
    return Articles(
        key=np.array(values["key"], dtype=np.int64),
        id=_objects(values["id"]),
        first_day=np.array(values["first_day"], dtype=np.int32),
        last_day=np.array(values["last_day"], dtype=np.int32),
        superseded=np.array(values["superseded"], dtype=np.bool_),
        withdrawn=np.array(values["withdrawn"], dtype=np.bool_),
        supersedes=_objects(values["supersedes"]),
        family=np.array(values["family"], dtype=np.int64),
        embargo=np.array(values["embargo"], dtype=np.int64),
        **coded,
    )


def _objects(values: Sequence[object]) -> npt.NDArray[np.object_]:
    found = np.empty(len(values), dtype=np.object_)
    found[:] = values
    return found


def passages_of(rows: Sequence[PassageRow]) -> Passages:
    """Lay passages out."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    key, article, start, stop = table.T
    return Passages(key.copy(), article.copy(), start.astype(np.int32), stop.astype(np.int32))


def mentions_of(rows: npt.ArrayLike, passages: Passages) -> Mentions:
    """Mentions (`MentionRow`, shape (n, 5)) with the passage that each stands in; those in none are left out."""
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 5)
    article, start, stop, first_day, last_day = table.T
    begins = passages.article * _PLACES + passages.start
    row = np.searchsorted(begins, article * _PLACES + start, side="right") - 1
    inside = row >= 0
    inside[inside] &= (passages.article[row[inside]] == article[inside]) & (
        passages.stop[row[inside]] >= stop[inside]
    )
    return Mentions(
        passages.key[row[inside]], first_day[inside].astype(np.int32), last_day[inside].astype(np.int32)
    )


def sayings_of(spans: npt.ArrayLike, speakers: npt.NDArray[np.int32], passages: Passages) -> Sayings:
    """Sayings, once for each passage that they share text with.

    Args:
        spans: The first three columns of `SayingRow`: shape (n, 3).
        speakers: The number of each one's name: shape (n,).
        passages: Of their articles.
    """
    table = np.asarray(spans, dtype=np.int64).reshape(-1, 3)
    article, start, stop = table.T
    begins = passages.article * _PLACES + passages.start
    ends = passages.article * _PLACES + passages.stop
    first = np.searchsorted(ends, article * _PLACES + start, side="right")
    behind = np.searchsorted(begins, article * _PLACES + stop, side="left")
    shared = np.maximum(behind - first, 0)
    total = int(shared.sum())
    offsets = np.arange(total) - np.repeat(np.cumsum(shared) - shared, shared)
    return Sayings(passages.key[np.repeat(first, shared) + offsets], np.repeat(speakers, shared))


def places_in(keys: Keys, sought: Keys) -> Places:
    """Find the places of keys among others, all of which are there and in order: shape (len(sought),)."""
    if not len(keys) or keys[-1] - keys[0] > _MOST_GAPS * len(keys):
        return np.searchsorted(keys, sought)
    table = np.zeros(keys[-1] - keys[0] + 1, dtype=np.int64)
    table[keys - keys[0]] = np.arange(len(keys))
    places: Places = table[sought - keys[0]]
    return places


def published_within(articles: Articles, first: date | None, last: date | None) -> Mask:
    """Which articles were published, all of their days, from a first day to a last one, both included."""
    passing = np.ones(len(articles.key), dtype=np.bool_)
    if first:
        passing &= articles.first_day >= first.toordinal()
    if last:
        passing &= (articles.last_day > 0) & (articles.last_day <= last.toordinal())
    return passing


def kept(columns: Columns, which: Mask) -> Columns:
    """Keep the entries of a mask."""
    if which.all():
        return columns
    return type(columns)(*(getattr(columns, name)[which] for name in columns.__dataclass_fields__))


def joined(one: Columns, other: Columns, order: str | None = None) -> Columns:
    """One behind the other, in the order of a column."""
    names = list(one.__dataclass_fields__)
    parts = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names}
    if order and len(getattr(one, order)) and len(getattr(other, order)):
        is_sorted = getattr(one, order)[-1] < getattr(other, order)[0]
        places = slice(None) if is_sorted else np.argsort(parts[order], kind="stable")
        parts = {name: column[places] for name, column in parts.items()}
    return type(one)(*(parts[name] for name in names))


def by_year(days: Ordinals) -> dict[int, int]:
    """Count days, given as ordinals, by year, in order; 0 is no day."""
    years: Counter[int] = Counter()
    distinct, counts = np.unique(days[days > 0], return_counts=True)
    for day, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        years[date.fromordinal(day).year] += count
    return dict(sorted(years.items()))
