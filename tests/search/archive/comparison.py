"""What two archives that were treated alike are asked, and how what they say is held against each other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import strategies as st

from search.archive import Snapshot
from search.archive.records import Candidates, Query
from search.english.terms import content_terms
from search.filters import Filter, Period, resolved

IDS = tuple(f"a{number}" for number in range(8))
WORDS = ("bridge", "missile", "rate", "harbour", "rooster", "tulip", "senate", "treaty")
DIMENSION = 16
EVERYTHING = 1_000
SOME_DAY = st.dates(date(2022, 12, 1), date(2025, 2, 1)) | st.sampled_from(
    [date(1995, 5, 5), date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 4), date(2024, 12, 31)]
)
SOME_WORDS = st.lists(st.sampled_from(WORDS), max_size=3, unique=True)
SEED = st.integers(0, 2**32)


def unit_vectors(count: int, seed: int) -> np.ndarray:
    """Random directions: shape (count, DIMENSION), float32."""
    points = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    def period() -> tuple[date | None, date | None]:
        return tuple(sorted((draw(SOME_DAY), draw(SOME_DAY))))  # type: ignore[return-value]

    kinds = ("all", "days", "names", "about", "either", "said", "as of", "as of", "many")
    kind = draw(st.sampled_from(kinds))
    condition = Filter()
    if kind in {"days", "many"}:
        first, last = period()
        condition = replace(condition, published_from=draw(st.sampled_from((None, first))), published_to=last)
    if kind in {"names", "many"}:
        condition = replace(
            condition,
            sources=draw(st.sampled_from(((), ("wire",), ("Ledger", "nobody")))),
            sections=draw(st.sampled_from(((), ("DESK 1",)))),
            languages=draw(st.sampled_from(((), ("en",)))),
        )
    if kind in {"about", "many"}:
        condition = replace(condition, about=Period(*period()))
    if kind in {"either", "many"}:
        condition = replace(condition, from_or_about=Period(*period()))
    if kind in {"said", "many"}:
        condition = replace(condition, said_by=(draw(st.sampled_from(("souza", "master", "mayor of", "zoe"))),))
    if kind in {"as of", "many"}:
        day = draw(SOME_DAY)
        begun = condition.published_from is None or condition.published_from <= day
        condition = condition.until(day) if begun and draw(st.booleans()) else replace(condition, as_of=day)
    return condition


@dataclass(frozen=True, slots=True)
class Asked:
    """What both are asked after a block.

    Attributes:
        words: Of the question.
        seed: Of its vector; None for a question without one.
        near: As in `Query`.
        by_words: As in `Query`.
        few: A number of passages that may be cut off.
        condition: Which passages count.
    """

    words: tuple[str, ...]
    seed: int | None
    near: bool
    by_words: bool
    few: int
    condition: Filter

    @property
    def query(self) -> Query:
        vector = None if self.seed is None else unit_vectors(1, self.seed)[0]
        return Query(vector, tuple(content_terms(" ".join(self.words))), self.near, self.by_words)


ASKED = st.builds(
    Asked,
    SOME_WORDS.map(tuple),
    st.none() | SEED,
    st.booleans() | st.just(True),
    st.booleans() | st.just(True),
    st.integers(1, 6),
    filters(),
)


SWEEP = tuple(
    Asked(WORDS, 7, near=True, by_words=True, few=2, condition=Filter() if day is None else Filter().until(day))
    for day in (None, date(2024, 2, 10))
)
"""Asked after every block, so that no passage, family or earlier state goes unseen for long."""


def families_of(found: Candidates) -> dict[str, set[str]]:
    """The ids of the articles of each family, by each of them."""
    families: dict[str, set[str]] = {}
    for one in found.passages:
        families.setdefault(one.family, set()).add(one.passage.article_id)
    return {id_: ids for ids in families.values() for id_ in ids}


def check_dossiers(one: Snapshot, other: Snapshot, as_of: date | None) -> None:
    found, expected = (snapshot.read([*IDS, "nobody"], as_of) for snapshot in (one, other))
    assert found.keys() == expected.keys()
    for id_, dossier in found.items():
        wanted = expected[id_]
        assert replace(dossier, copies=()) == replace(wanted, copies=())
        assert dossier.article.origin == wanted.article.origin
        assert dossier.article.remarks == wanted.article.remarks
        assert dossier.family == wanted.family
        assert {copy.id for copy in dossier.copies} == {copy.id for copy in wanted.copies}


def check_candidates(one: Snapshot, other: Snapshot, asked: Asked) -> None:
    condition = resolved(asked.condition, other.facts)
    assert condition == resolved(asked.condition, one.facts)
    found, expected = (snapshot.candidates(asked.query, EVERYTHING, condition) for snapshot in (one, other))
    assert found.passing == expected.passing
    assert families_of(found) == families_of(expected)
    by_passage = {each.passage: each for each in found.passages}
    assert len(by_passage) == len(found.passages)
    assert by_passage.keys() == {each.passage for each in expected.passages}
    for each in expected.passages:
        near = by_passage[each.passage]
        assert near.cosine == pytest.approx(each.cosine, abs=1e-3)
        assert replace(near, cosine=0.0, family="") == replace(each, cosine=0.0, family="")


def check_few(one: Snapshot, other: Snapshot, asked: Asked, *, approximate: bool) -> None:
    """Of more than `k` that pass, `k` come back; which is as good as told where nothing is approximate."""
    condition = resolved(asked.condition, other.facts)
    query = asked.query
    found, expected = (snapshot.candidates(query, asked.few, condition) for snapshot in (one, other))
    cosines, wanted = (sorted(each.cosine for each in few.passages if each.near) for few in (found, expected))
    assert len(cosines) == len(wanted)
    if not approximate:
        assert cosines == pytest.approx(wanted, abs=1e-3)
    worded = [[each for each in few.passages if each.has_words] for few in (found, expected)]
    assert len(worded[0]) == len(worded[1])


def check_same(one: Snapshot, other: Snapshot, questions: Iterable[Asked], *, approximate: bool = False) -> None:
    """Check that two snapshots tell the same."""
    assert one.number == other.number
    assert one.facts == other.facts
    assert np.array_equal(one.sample, other.sample)
    assert one.find() == other.find()
    pages, after = [], None
    while not pages or pages[-1].more:
        pages.append(one.find(after=after, most=3))
        assert pages[-1] == other.find(after=after, most=3)
        after = pages[-1].ids[-1] if pages[-1].ids else None
    assert tuple(id_ for page in pages for id_ in page.ids) == one.find().ids
    for since in range(max(0, one.number - 3), one.number + 1):
        assert one.changes(since) == other.changes(since)
    terms = content_terms(" ".join(WORDS))
    assert one.rarity(terms) == other.rarity(terms)
    check_dossiers(one, other, None)
    for asked in (*SWEEP, *questions):
        condition = resolved(asked.condition, one.facts)
        assert one.find(condition, most=4) == other.find(condition, most=4)
        assert one.facets(condition) == other.facets(condition)
        assert one.rarity(terms, condition.as_of) == other.rarity(terms, condition.as_of)
        check_dossiers(one, other, condition.as_of)
        check_candidates(one, other, asked)
        check_few(one, other, asked, approximate=approximate)
