"""Filters: the articles and passages that a question may be answered from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, Self

from search.english.terms import STOP_WORDS
from search.errors import QueryError

_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of calendar days, both ends included; a missing end is open, but not both.

    Attributes:
        first: First day.
        last: Last day.
    """

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise QueryError("A period needs a first or a last day.")
        if self.first and self.last and self.first > self.last:
            raise QueryError(f"The period begins on {self.first}, after it ends on {self.last}.", "Swap the two.")

    @property
    def ordinals(self) -> tuple[int, int]:
        """Proleptic Gregorian ordinals of both ends, the calendar's own where one is open."""
        return (self.first or date.min).toordinal(), (self.last or date.max).toordinal()


def period(first: date | None, last: date | None) -> Period | None:
    """Join two ends to a period; None when both are open.

    Raises:
        QueryError: If the period ends before it begins.
    """
    return Period(first, last) if first or last else None


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions, all of which must hold; an empty condition lets everything through.

    Attributes:
        published_from: First calendar day, in the article's own zone. An article known only to the month or
            year passes when the whole of it lies inside; one without a publication time never does.
        published_to: Last calendar day, inclusive.
        sources: Publishers or agencies, any of them; letter case does not matter.
        sections: Desks or categories, any of them; letter case does not matter.
        languages: ISO 639-1 codes, any of them.
        about: Only passages that speak about a time in this period, whenever they were published.
        from_or_about: Only passages published in this period, or nobody knows when, or speaking about a time in
            it: what a question with a date in it asks for.
        said_by: Only passages with a sentence whose speaker's name or role has one of these, as whole words;
            letter case and accents do not matter: "blinken", "secretary of state". Function words and single
            letters are refused; in capitals ("US", "WHO") they are names.
        as_of: What was superseded only after this day counts as well; see `until`.
        any_time: Whether a time that the question itself names restricts nothing.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    about: Period | None = None
    from_or_about: Period | None = None
    said_by: tuple[str, ...] = ()
    as_of: date | None = None
    any_time: bool = False

    def __post_init__(self) -> None:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise QueryError(
                f"The filter begins on {self.published_from}, after it ends on {self.published_to}.",
                "Swap the two dates.",
            )
        for name in self.said_by:
            if problem := _why_nobody(name):
                raise QueryError(
                    f"said_by: {name!r} {problem}", "Give a name or a role, like Blinken or spokesman."
                )

    def until(self, day: date) -> Self:
        """The same conditions for what stood on `day`: nothing published after it, nor superseded by then."""
        return replace(self, published_to=min(day, self.published_to) if self.published_to else day, as_of=day)

    @property
    def restricts_time(self) -> bool:
        """Whether the time of publication or the time spoken of is restricted."""
        return any((self.published_from, self.published_to, self.about, self.from_or_about))

    @property
    def tells_passages_apart(self) -> bool:
        """Whether passages of one article can fare differently."""
        return self.about is not None or self.from_or_about is not None or bool(self.said_by)

    def __bool__(self) -> bool:
        return replace(self, any_time=False) != Filter()


def resolved(condition: Filter, facts: "Known") -> Filter:
    """Give the names in a filter the letter case that an archive has; unknown names stay as they are."""
    return replace(
        condition,
        sources=_as_stored(condition.sources, facts.sources),
        sections=_as_stored(condition.sections, facts.sections),
        languages=_as_stored(condition.languages, facts.languages),
    )


class Known(Protocol):
    """The names that an archive has."""

    @property
    def sources(self) -> Mapping[str, int]:
        """Publishers or agencies."""
        ...

    @property
    def sections(self) -> Mapping[str, int]:
        """Desks or categories."""
        ...

    @property
    def languages(self) -> Mapping[str, int]:
        """ISO 639-1 codes."""
        ...


def _as_stored(wanted: Iterable[str], stored: Iterable[str]) -> tuple[str, ...]:
    by_folded: dict[str, list[str]] = {}
    for name in stored:
        by_folded.setdefault(name.casefold(), []).append(name)
    return tuple(name for asked in wanted for name in by_folded.get(asked.casefold(), [asked]))


def _why_nobody(name: str) -> str:
    """Tell why a name or role names nobody; empty when it names somebody."""
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    if not any(words):
        return "names nobody who could have said something."
    if sum(map(len, words)) < _SHORTEST_NAME:
        return "is too short to name somebody."
    if all(word.casefold() in STOP_WORDS and not word.isupper() for word in words if word):
        return "names nobody: it has only words that stand in every article."
    return ""
