import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.evaluation.judged import Gold, JudgedQuestion
from api.evaluation.measures import (
    ANSWER_MEASURES,
    RETRIEVAL_MEASURES,
    JudgedReply,
    TimeRead,
    answer_statistic,
    auroc,
    contains_answer,
    retrieval_measures,
    shows_evidence,
)
from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.errors import SettingsError
from tests.fakes import MISSILES

IDS = [f"article-{number:02}" for number in range(30)]


def measured(ranked: list[str], relevance: dict[str, int]) -> dict[str, float]:
    (row,) = retrieval_measures({"q": ranked}, {"q": relevance}).tolist()
    return dict(zip(RETRIEVAL_MEASURES, row, strict=True))


def test_measures_agree_with_those_computed_by_hand() -> None:
    ranked = ["x", "b", "y", "a", *[f"z{number}" for number in range(8)], "c"]
    found = measured(ranked, {"a": 1, "b": 2, "c": 1, "y": 0})
    gain = 2 / math.log2(3) + 1 / math.log2(5)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found["nDCG@10"] == pytest.approx(gain / ideal)
    assert found["Recall@10"] == pytest.approx(2 / 3)
    assert found["Recall@100"] == 1
    assert found["MRR@10"] == 1 / 2


def test_nothing_beyond_the_tenth_article_counts_at_10() -> None:
    found = measured([*IDS[:10], "a"], {"a": 1})
    assert found == {"nDCG@10": 0, "Recall@10": 0, "Recall@100": 1, "MRR@10": 0}


def test_the_order_given_decides_whatever_the_ids_are() -> None:
    assert measured(["a", "z"], {"a": 1}) == measured(["z", "a"], {"z": 1})


def test_a_question_without_a_ranking_counts_as_zero() -> None:
    rows = retrieval_measures({"q": ["a"]}, {"q": {"a": 1}, "r": {"a": 1}})
    assert rows.tolist() == [[1, 1, 1, 1], [0, 0, 0, 0]]


def test_no_questions_give_no_rows() -> None:
    assert retrieval_measures({}, {}).shape == (0, len(RETRIEVAL_MEASURES))


@settings(deadline=None)
@given(st.permutations(IDS), st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1))
def test_measures_are_from_0_to_1(ranked: list[str], relevance: dict[str, int]) -> None:
    assert all(0 <= value <= 1 + 1e-9 for value in measured(ranked, relevance).values())


@settings(deadline=None)
@given(st.permutations(IDS), st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1, max_size=10))
def test_a_perfect_ranking_has_all_measures_1(ranked: list[str], relevance: dict[str, int]) -> None:
    perfect = sorted(ranked, key=lambda article: -relevance.get(article, 0))
    assert measured(perfect, relevance) == pytest.approx(dict.fromkeys(RETRIEVAL_MEASURES, 1.0))


def test_a_missing_library_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytrec_eval", None)
    with pytest.raises(SettingsError, match=r"pip install 'dateline\[eval\]'"):
        measured(["a"], {"a": 1})


@given(st.lists(st.tuples(st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0]), st.booleans()), max_size=30))
def test_auroc_is_the_share_of_pairs_in_order(pairs: list[tuple[float, bool]]) -> None:
    found = auroc(np.array([score for score, _ in pairs]), np.array([good for _, good in pairs], dtype=bool))
    won = [
        (high > low) + (high == low) / 2
        for high, good in pairs
        if good
        for low, also_good in pairs
        if not also_good
    ]
    if won:
        assert found == pytest.approx(sum(won) / len(won))
    else:
        assert math.isnan(found)


@pytest.mark.parametrize(
    ("quote", "answer", "is_there"),
    [
        ("The cup holds 41 marbles.", "41", True),
        ("The cup holds 411 marbles.", "41", False),
        ("It cost 1,041 euros.", "041", False),
        ("It cost 41.5 euros.", "41", False),
        ("They counted 41.", "41", True),
        ("Oslo’s “Old  Owl” sang.", "oslo's 'old owl'", True),
        ("It cost $ 469,000 then.", "$ 469,000", True),
        ("It was STRASSE 5.", "straße 5", True),
        ("Anything at all.", "“”", False),
        ("Owls sang.", "owl", False),
    ],
)
def test_an_answer_is_contained_as_whole_words(quote: str, answer: str, is_there: bool) -> None:  # noqa: FBT001
    assert contains_answer(quote, [answer]) is is_there


def test_any_of_the_answers_will_do() -> None:
    assert contains_answer("Nine tenths.", ["90 percent", "nine tenths"])
    assert not contains_answer("Nine tenths.", [])


def cited(start: int, end: int) -> Citation:
    span = Span(start, end)
    return cite(MISSILES, span, 1.0, Trail(span, 0.5, 1, 2.0, 1, 3.0, 0.5))


def question(**fields: Any) -> JudgedQuestion:
    return JudgedQuestion(**{"id": "q", "text": "?", "answerable": True, "relevance": {"missiles": 1}, **fields})


QUOTE = '"Russia will likely use them within weeks in Ukraine," he told reporters'


@pytest.mark.parametrize(
    ("gold", "is_shown"),
    [
        (Gold("missiles", "Russia will likely use them\n within weeks in Ukraine"), True),
        (Gold("missiles", f"{QUOTE} beside the British foreign secretary."), True),
        (Gold("missiles", "New sanctions will follow."), False),
        (Gold("rates", QUOTE), False),
        (Gold("missiles", span=Span(MISSILES.body.index("weeks"), MISSILES.body.index("weeks") + 5)), True),
        (Gold("missiles", span=Span(0, 6)), False),
        (Gold("missiles"), True),
        (Gold("rates"), False),
    ],
)
def test_evidence_is_shown_by_a_quote_from_the_place(gold: Gold, is_shown: bool) -> None:  # noqa: FBT001
    start = MISSILES.body.index(QUOTE)
    citation = cited(start, start + len(QUOTE))
    assert shows_evidence(citation, question(gold=(gold,), answers=("within weeks",))) is is_shown


def test_an_article_without_a_place_in_it_must_show_the_answer() -> None:
    assert not shows_evidence(cited(0, 20), question(gold=(Gold("missiles"),), answers=("within weeks",)))


@pytest.fixture
def reply() -> Callable[..., JudgedReply]:
    def make(*, answerable: bool = True, found: bool = True, score: float = 0.5, **places: Any) -> JudgedReply:
        defaults = {"article_place": None, "evidence_place": None, "answer_place": None, "best_is_evidence": False}
        return JudgedReply(question(answerable=answerable), found, score, **{**defaults, **places})

    return make


def test_answers_are_measured_as_counted_by_hand(reply: Callable[..., JudgedReply]) -> None:
    replies = [
        reply(
            score=0.9,
            article_place=1,
            evidence_place=1,
            answer_place=1,
            best_is_evidence=True,
            time=TimeRead(equal=True, overlapping=True),
            inside=True,
        ),
        reply(
            score=0.6,
            article_place=4,
            evidence_place=4,
            answer_place=2,
            time=TimeRead(equal=False, overlapping=True),
            inside=False,
            exact=(3, 4),
        ),
        reply(score=0.3, found=False, article_place=2, best_is_evidence=True),
        reply(score=0.8),
        reply(score=0.2, found=False, answerable=False),
        reply(score=0.7, answerable=False, article_place=1, evidence_place=1, answer_place=1),
    ]
    values = answer_statistic(replies)(np.arange(6))
    assert dict(zip(ANSWER_MEASURES, values.tolist(), strict=True)) == pytest.approx(
        {
            "article@1": 1 / 4,
            "article@5": 3 / 4,
            "evidence@1": 1 / 4,
            "evidence@3": 1 / 4,
            "evidence@5": 2 / 4,
            "answer@1": 1 / 4,
            "answer@3": 2 / 4,
            "best evidence": 2 / 4,
            "refusal precision": 1 / 2,
            "refusal recall": 1 / 2,
            "AUROC": 6 / 8,
            "time equal": 1 / 2,
            "time overlap": 2 / 2,
            "inside filter": 1 / 2,
            "exact quotes": 3 / 4,
        }
    )


def test_a_share_of_nothing_is_not_a_number(reply: Callable[..., JudgedReply]) -> None:
    only_answerable = dict(zip(ANSWER_MEASURES, answer_statistic([reply()])(np.arange(1)), strict=True))
    assert [name for name, value in only_answerable.items() if math.isnan(value)] == [
        "refusal precision",
        "refusal recall",
        "AUROC",
        "time equal",
        "time overlap",
        "inside filter",
        "exact quotes",
    ]
    only_refused = dict(
        zip(ANSWER_MEASURES, answer_statistic([reply(answerable=False, found=False)])(np.arange(1)), strict=True)
    )
    assert only_refused["refusal precision"] == only_refused["refusal recall"] == 1
    assert math.isnan(only_refused["evidence@1"])
