import numpy as np
import pytest

from api.evaluation.confidence import estimate
from api.evaluation.short_answers import (
    SHORT_ANSWER_MEASURES,
    Agreement,
    ShortReply,
    agreement,
    is_whole,
    short_answer_statistic,
)
from search.article import Span


@pytest.mark.parametrize(
    ("given", "known", "exact", "f1"),
    [
        ("The Old Mill.", ["old mill"], True, 1.0),
        ("about 13 years", ["13 years", "thirteen"], False, 0.8),
        ("Ana Souza", ["Bo Berg", "ana souza"], True, 1.0),
        ("the", ["a"], True, 1.0),
        ("the", ["mill"], False, 0.0),
        ("mill mill", ["mill"], False, 2 / 3),
        ("Ana Souza", [], False, 0.0),
    ],
)
def test_answers_are_compared_as_squad_does(given: str, known: list[str], exact: bool, f1: float) -> None:  # noqa: FBT001
    found = agreement(given, known)
    assert found.exact is exact
    assert found.f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("grew by 5", False),
        ("grew by 5.3", True),
        ("grew by 5.3 per", False),
        ("grew by 5.3 percent", True),
        ("rew by 5.3", False),
        ("3 percent", False),
    ],
)
def test_what_is_cut_inside_a_word_or_a_number_is_told(cut: str, whole: bool) -> None:  # noqa: FBT001
    body = "It grew by 5.3 percent."
    start = body.index(cut)
    assert is_whole(body, Span(start, start + len(cut))) is whole


def test_a_refusal_counts_as_a_miss_but_for_what_came_nearest() -> None:
    replies = [
        ShortReply(Agreement(exact=True, f1=1.0), marked=True, found=True, whole=(2, 2)),
        ShortReply(Agreement(exact=False, f1=0.5), marked=True, found=False, whole=(1, 2)),
    ]
    found = dict(zip(SHORT_ANSWER_MEASURES, short_answer_statistic(replies)(np.arange(2)).tolist(), strict=True))
    assert found == {
        "exact match": 0.5,
        "token F1": 0.5,
        "best exact match": 0.5,
        "best token F1": 0.75,
        "marked": 1.0,
        "whole quotes": 0.75,
    }
    assert estimate(SHORT_ANSWER_MEASURES, short_answer_statistic(replies), 2)["token F1"].value == 0.5
