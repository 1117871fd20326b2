from dataclasses import replace

import numpy as np
import pytest

from search.answer_type import AnswerType
from search.article import Span
from search.citation import Citation, Trail, cite
from search.corroboration import Corroboration, Difference, corroborate
from search.evidence import Evidence
from search.evidence.features import NAMES, Features
from search.evidence.short_answer import ShortAnswer
from search.retrieval import Candidate
from search.statements import Standing
from tests.fakes import make_article

TRAIL = Trail(Span(0, 10), 0.5, 1, 2.0, None, 3.0)
SURE, UNSURE = 0.8, 0.1
MATTER = np.array([1, 0], dtype=np.float32)
OTHER_MATTER = np.array([0, 1], dtype=np.float32)


def witness(
    id_: str,
    body: str,
    figure: str = "",
    *,
    day: str = "2024-09-10",
    standing: Standing = Standing.ASSERTED,
    probability: float = SURE,
    vector: np.ndarray = MATTER,
) -> tuple[Evidence, Citation]:
    article = make_article(id_, body, day=day)
    start = body.index(figure) if figure else 0
    answer = ShortAnswer(figure, start, start + len(figure), AnswerType.NUMBER) if figure else None
    span = Span(0, len(article.body))
    features = replace(Features(**dict.fromkeys(NAMES, 0.0)), coverage=1.0)
    candidate = Candidate(1, 1, span, 0.5, 1, 1.0, 1, 1.0)
    evidence = Evidence(candidate, (span,), span, 0.5, features, None, 1.0, 1.0, 1.0, probability, vector)
    return evidence, cite(article, span, 1.0, TRAIL, answer=answer, standing=standing)


def held(*witnesses: tuple[Evidence, Citation], families: dict[str, str] | None = None) -> Corroboration:
    own = {citation.article_id: citation.article_id for _, citation in witnesses}
    return corroborate(witnesses, own | (families or {}), least_probability=0.3)


ANSWER = witness("first", "Some 41 boats left Porto.", "41")


def test_another_family_with_the_same_figure_supports_the_answer() -> None:
    found = held(ANSWER, witness("second", "In Porto forty-one boats left.", "forty-one"))
    assert found.families == 2
    assert [citation.article_id for citation in found.supporting] == ["second"]
    assert found.differing == ()


def test_another_figure_is_shown_beside_it_by_date() -> None:
    late = witness("late", "Some 45 boats left Porto.", "45", day="2024-09-12")
    early = witness("early", "Some 40 boats left Porto.", "40", day="2024-09-09")
    found = held(ANSWER, late, early)
    assert found.families == 1
    assert [(one.difference, one.citation.article_id) for one in found.differing] == [
        (Difference.NUMBER, "early"),
        (Difference.NUMBER, "late"),
    ]


def test_a_copy_is_no_second_witness() -> None:
    copy = witness("copy", "Some 41 boats left Porto.", "41")
    assert held(ANSWER, copy, families={"copy": "first"}) == Corroboration(1)


def test_a_denial_differs_in_the_outcome() -> None:
    said = witness("said", "Porto has sold the boats.")
    denied = witness("denied", "Porto denied it has sold the boats.", standing=Standing.DENIED)
    (difference,) = held(said, denied).differing
    assert difference.difference is Difference.OUTCOME


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(witness("other", "Some 45 boats left Porto.", "45", probability=UNSURE), id="improbable"),
        pytest.param(
            witness("other", "Some 45 boats left Porto.", "45", vector=OTHER_MATTER), id="another-matter"
        ),
        pytest.param(witness("other", "Boats left Porto."), id="no-figure"),
    ],
)
def test_what_does_not_speak_of_the_same_matter_neither_supports_nor_differs(
    other: tuple[Evidence, Citation],
) -> None:
    assert held(ANSWER, other) == Corroboration(1)
