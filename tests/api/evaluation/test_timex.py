"""Scoring time expressions against a gold standard."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evaluation import measure_times
from api.evaluation.timex import Timex, pair
from search.errors import InputError

TEXT = "The ferry sank on Tuesday. It had been built in 1994."


def write(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def gold(**changes: object) -> dict[str, object]:
    timexes = [
        {"start": 18, "end": 25, "type": "DATE", "value": "2005-11-22"},
        {"start": 48, "end": 52, "type": "DATE", "value": "1994"},
    ]
    return {"_id": "a", "text": TEXT, "dct": "2005-11-24", "timexes": timexes} | changes


def values(path: Path) -> dict[str, float]:
    return {name: found.value for name, found in measure_times(path).figures.items()}


def test_a_perfect_reading_scores_one(tmp_path: Path) -> None:
    assert set(values(write(tmp_path / "gold.jsonl", gold())).values()) == {1.0}


def test_a_wrong_value_costs_value_only(tmp_path: Path) -> None:
    wrong = [{"start": 18, "end": 25, "type": "DATE", "value": "2005-11-29"}, gold()["timexes"][1]]  # type: ignore[index]
    found = values(write(tmp_path / "gold.jsonl", gold(timexes=wrong)))
    assert found["strict F1"] == found["type F1"] == 1.0
    assert found["value F1"] == 0.5


def test_a_longer_span_counts_as_relaxed_only(tmp_path: Path) -> None:
    longer = [{"start": 15, "end": 25, "type": "DATE", "value": "2005-11-22"}, gold()["timexes"][1]]  # type: ignore[index]
    found = values(write(tmp_path / "gold.jsonl", gold(timexes=longer)))
    assert found["relaxed F1"] == found["value F1"] == 1.0
    assert found["strict F1"] == 0.5


def test_halves_are_lines_counted_from_one(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", gold(), gold(_id="b", text="Nothing.", timexes=[]), gold(_id="c"))
    assert measure_times(path, "odd").texts == 2
    assert measure_times(path, "even").gold == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dct": "last week"}, "dct"),
        ({"timexes": [{"start": 9, "end": 3, "type": "DATE", "value": ""}]}, "not a span"),
        ({"text": None}, "text"),
    ],
    ids=["creation time", "span", "text"],
)
def test_a_broken_line_is_named(change: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        measure_times(write(tmp_path / "gold.jsonl", gold(**change)))


@st.composite
def spans(draw: st.DrawFn) -> list[Timex]:
    cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    return [Timex(a, b, "DATE", "") for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def most_pairs(gold: list[Timex], found: list[Timex]) -> int:
    """Brute force: the size of a largest one-to-one choice of overlapping pairs."""
    if not gold:
        return 0
    first, rest = gold[0], gold[1:]
    best = most_pairs(rest, found)
    for place, other in enumerate(found):
        if first.start < other.end and other.start < first.end:
            best = max(best, 1 + most_pairs(rest, found[:place] + found[place + 1 :]))
    return best


@given(spans(), spans())
def test_as_many_pairs_as_possible_are_made(gold: list[Timex], found: list[Timex]) -> None:
    pairs = pair(gold, found)
    assert len(pairs) == most_pairs(gold, found)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert all(one.start < other.end and other.start < one.end for one, other in pairs)
