from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.asking.evidence.time_answer import TimeAnswer
from search.asking.timeline import Grouping, TimelineGroup, grouped
from search.times import Interval, Relation, Unit
from tests.fakes import make_article

TRAIL = Trail(Span(0, 2), 0.5, 1, 0.0, None, 1.0)


def speaking_of(interval: Interval | None, number: int = 0) -> Citation:
    """A citation of the article `number` that speaks of an interval."""
    article = make_article(f"a{number:03}", "It was then.")
    when = interval and TimeAnswer("then", 7, 11, "", Relation.IN, interval, "", "the test", 1.0)
    return cite(article, Span(0, 12), 1.0, TRAIL, when=when)


def on(first: str, after: str, number: int = 0) -> Citation:
    """A citation that speaks of `[first, after)`."""
    return speaking_of(Interval(date.fromisoformat(first), date.fromisoformat(after), Unit.DAY), number)


def shown(groups: tuple[TimelineGroup, ...]) -> dict[str, list[str]]:
    return {str(group.begins): [str(entry.first) for entry in group.entries] for group in groups}


def test_entries_stand_in_the_order_of_the_time_they_speak_of() -> None:
    citations = [on("2024-09-18", "2024-09-19"), on("2024-08-01", "2024-09-01"), on("2024-09-02", "2024-09-03")]
    groups, grouping = grouped(citations, 10, Grouping.MONTH)
    assert grouping is Grouping.MONTH
    assert shown(groups) == {"2024-08-01": ["2024-08-01"], "2024-09-01": ["2024-09-02", "2024-09-18"]}
    assert str(groups[0].entries[0].last) == "2024-08-31"


@pytest.mark.parametrize(
    ("last", "grouping"),
    [
        ("2024-01-01", Grouping.DAY),
        ("2024-04-02", Grouping.DAY),
        ("2024-04-03", Grouping.MONTH),
        ("2027-01-03", Grouping.MONTH),
        ("2027-01-04", Grouping.YEAR),
        ("2124-01-01", Grouping.YEAR),
    ],
)
def test_the_unit_fits_the_stretch_covered(last: str, grouping: Grouping) -> None:
    citations = [on("2024-01-01", "2024-01-02"), on(last, "2200-01-01")]
    assert grouped(citations, 10, None)[1] is grouping


@pytest.mark.parametrize(
    ("grouping", "begins"),
    [(Grouping.DAY, "2024-09-18"), (Grouping.MONTH, "2024-09-01"), (Grouping.YEAR, "2024-01-01")],
)
def test_a_group_begins_with_its_unit(grouping: Grouping, begins: str) -> None:
    groups, chosen = grouped([on("2024-09-18", "2024-09-19")], 10, grouping)
    assert (chosen, list(shown(groups))) == (grouping, [begins])


def test_the_best_are_taken_before_they_are_put_in_order() -> None:
    citations = [on("2024-03-01", "2024-03-02"), on("2024-02-01", "2024-02-02"), on("2024-01-01", "2024-01-02")]
    groups, _ = grouped(citations, 2, Grouping.YEAR)
    assert shown(groups) == {"2024-01-01": ["2024-02-01", "2024-03-01"]}


@pytest.mark.parametrize(
    "interval",
    [None, Interval(date(2024, 1, 1), None, Unit.DAY), Interval(None, date(2024, 1, 1), Unit.DAY)],
    ids=["no time", "no end", "no beginning"],
)
def test_what_bounds_no_time_has_no_place_and_takes_none(interval: Interval | None) -> None:
    groups, _ = grouped([speaking_of(interval), on("2024-05-01", "2024-05-02")], 1, None)
    assert shown(groups) == {"2024-05-01": ["2024-05-01"]}
    assert grouped([speaking_of(interval)], 5, None) == ((), Grouping.DAY)


@given(
    st.lists(st.dates(date(1800, 1, 1), date(2200, 1, 1)), max_size=30),
    st.integers(1, 40),
    st.none() | st.sampled_from(Grouping),
)
def test_every_entry_stands_once_and_in_order(days: list[date], k: int, grouping: Grouping | None) -> None:
    citations = [speaking_of(Interval(day, date(2300, 1, 1), Unit.DAY), number) for number, day in enumerate(days)]
    groups, _ = grouped(citations, k, grouping)
    entries = [entry for group in groups for entry in group.entries]
    assert [entry.first for entry in entries] == sorted(days[:k])
    assert {entry.citation.article_id for entry in entries} == {citation.article_id for citation in citations[:k]}
    begins = [group.begins for group in groups]
    assert begins == sorted(set(begins))
