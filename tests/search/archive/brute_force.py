"""What an archive should answer, found by looking at everything: the oracle of the archive's tests."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from search.archive.records import Passage
from search.article import Article
from search.filters import Filter

WORDS = ("bridge", "missile", "rate", "harbour", "rooster", "tulip", "senate", "treaty")
DAYS = (None, "2023", "2024", "2024-01", "2024-02", "2024-02-01", "2024-02-29T23:59", "2024-03-05", "2025-01-01")
SOURCES = (None, "Wire", "WIRE", "Ledger", "Süddeutsche Zeitung")
LANGUAGES = (None, "en", "de")

Stored = dict[Passage, tuple[Article, str, np.ndarray]]
"""Passages: the article, its headline and the passage's text, the passage's vector as it is stored."""


def some_of(values: tuple[str | None, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    names = [value for value in values if value] + ["nobody"]
    either = st.sampled_from(names).flatmap(lambda name: st.sampled_from([name, name.upper(), name.lower()]))
    return st.just(()) | st.lists(either, min_size=1, max_size=2).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    day = st.dates(date(2022, 12, 1), date(2025, 2, 1)) | st.sampled_from(
        [date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 29), date(2024, 12, 31)]
    )
    first = draw(st.none() | day)
    last = draw(st.none() | day)
    if first and last and last < first:
        first, last = last, first
    sections = tuple(f"desk {number}" for number in range(5))
    return Filter(first, last, draw(some_of(SOURCES)), draw(some_of(sections)), draw(some_of(LANGUAGES)))


def passes(article: Article, condition: Filter) -> bool:
    if condition.published_from or condition.published_to:
        if article.published is None:
            return False
        if condition.published_from and article.published.first_day < condition.published_from:
            return False
        if condition.published_to and article.published.last_day > condition.published_to:
            return False
    return all(
        not wanted or (value is not None and value.casefold() in {name.casefold() for name in wanted})
        for value, wanted in (
            (article.source, condition.sources),
            (article.section, condition.sections),
            (article.language, condition.languages),
        )
    )


def closest(stored: Stored, question: np.ndarray, condition: Filter) -> list[tuple[Passage, float]]:
    """Every passage under the filter with its cosine, closest first."""
    found = [
        (passage, float(vector @ question))
        for passage, (article, _, vector) in stored.items()
        if passes(article, condition)
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
