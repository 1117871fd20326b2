from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.asking.corroboration import Corroboration, Difference, Order, corroborate
from search.asking.evidence import Evidence
from search.asking.evidence.features import NAMES, Features
from search.asking.evidence.short_answer import ShortAnswer
from search.asking.evidence.time_answer import answering_time
from search.asking.evidence.weights import SIGNALS, Calibration
from search.asking.question import AnswerType, Question, read_question
from search.asking.question_time import TimeAsked
from search.asking.retrieval import Candidate
from search.english.terms import terms
from search.statements import Speaker, Standing
from search.times import tag
from tests.fakes import make_article

TRAIL = Trail(Span(0, 10), 0.5, 1, 2.0, None, 3.0)
SURE, UNSURE = 10.0, 9.0
"""Weighed sums of features with which an answer is probable enough, and not."""

CONFIDENCE = Calibration(dict.fromkeys(SIGNALS, 0.0) | {"score": 1.0, "share": 1.0}, -9.8, ())
MATTER = np.array([1, 0], dtype=np.float32)
OTHER_MATTER = np.array([0, 1], dtype=np.float32)


COUNT, STATE, TIME, NAME = (
    read_question(question, as_of=date(2024, 9, 10), longest=100)
    for question in (
        "How many boats left Porto?",
        "What has become of the boats?",
        "When will the boats of Porto leave?",
        "Who won the regatta?",
    )
)


def witness(  # noqa: PLR0913 - whatever tells one witness from another
    id_: str,
    body: str,
    figure: str = "",
    *,
    day: str | None = "2024-09-10",
    standing: Standing = Standing.ASSERTED,
    weighed: float = SURE,
    vector: np.ndarray = MATTER,
    source: str | None = None,
    speaker: str | None = None,
    names: float = 1.0,
    share: float = 0.3,
    kind: AnswerType = AnswerType.NUMBER,
) -> tuple[Evidence, Citation]:
    article = make_article(id_, body, day=day, source=source)
    start = body.index(figure) if figure else 0
    answer = ShortAnswer(figure, start, start + len(figure), kind) if figure else None
    span = Span(0, len(article.body))
    mentions = tag(body, date.fromisoformat(day)) if day else []
    when = None if figure else answering_time(body, span, mentions, TIME.terms, TIME.time_asked or TimeAsked.WHEN)
    features = replace(Features(**dict.fromkeys(NAMES, 0.0)), coverage=1.0, names=names)
    candidate = Candidate(1, 1, span, 0.5, 1, 1.0, 1, 1.0)
    evidence = Evidence(candidate, (span,), span, 0.5, features, None, weighed, weighed, share, 0.5, False, vector)
    said_by = Speaker(speaker, None, body[:1], 0, 1) if speaker else None
    citation = cite(
        article, span, 1.0, TRAIL, mentions, when=when, answer=answer, standing=standing, speaker=said_by
    )
    return evidence, citation


def held(
    *witnesses: tuple[Evidence, Citation],
    families: dict[str, str] | None = None,
    question: Question = COUNT,
    least_probability: float = 0.1,
) -> Corroboration:
    own = {citation.article_id: citation.article_id for _, citation in witnesses}
    return corroborate(question, witnesses, own | (families or {}), least_probability, CONFIDENCE)


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
    assert [(one.difference, one.order, one.citation.article_id) for one in found.differing] == [
        (Difference.NUMBER, Order.EARLIER, "early"),
        (Difference.NUMBER, Order.LATER, "late"),
    ]


def test_witnesses_do_not_count_less_because_there_are_many() -> None:
    found = held(
        *(witness(f"no-{number}", "Some 41 boats left Porto.", "41", share=0.5**number) for number in range(6))
    )
    assert found.families == 6


def test_what_would_be_no_answer_by_itself_is_no_witness() -> None:
    other = witness("other", "Some 41 boats left Porto.", "41", weighed=UNSURE)
    assert held(ANSWER, other, least_probability=0.5).families == 1
    assert held(ANSWER, other).families == 2


def test_a_copy_is_no_second_witness() -> None:
    copy = witness("copy", "Some 41 boats left Porto.", "41")
    assert held(ANSWER, copy, families={"copy": "first"}) == Corroboration(1)


def test_a_denial_differs_in_the_outcome() -> None:
    said = witness("said", "Porto has sold the boats.")
    denied = witness("denied", "Porto denied it has sold the boats.", standing=Standing.DENIED)
    (difference,) = held(said, denied, question=STATE).differing
    assert (difference.difference, difference.order) == (Difference.OUTCOME, Order.SAME_DAY)
    other = witness("other", "Porto denied that anybody drowned.", standing=Standing.DENIED)
    assert held(said, other, question=STATE) == Corroboration(1)


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        (STATE, "Porto has not sold the boats.", "Porto has sold the boats."),
        (STATE, "Porto sold the boats.", "Porto didn't sell the boats, or the boats were never sold."),
        (TIME, "The boats of Porto will leave on Friday.", "The boats of Porto will not leave on Friday."),
        (STATE, "Porto has failed to sell the boats.", "Porto has sold the boats."),
        (STATE, "Porto sold no boats.", "Porto sold the boats."),
    ],
)
def test_what_is_so_for_one_and_not_for_another_differs_in_the_outcome(
    question: Question, told: str, other: str
) -> None:
    question = replace(question, terms=(*question.terms, *terms("sold sell")))
    found = held(witness("told", told), witness("other", other), question=question)
    assert [one.difference for one in found.differing] == [Difference.OUTCOME]
    assert found.families == 1


@pytest.mark.parametrize(
    "told",
    [
        "Porto not only sold the boats of the town, but the pier.",
        "Porto did not sell the boats of the town until Monday.",
        "Porto sold no fewer than twelve boats of the town.",
    ],
)
def test_not_only_not_until_and_no_fewer_are_no_denial(told: str) -> None:
    question = replace(STATE, terms=(*STATE.terms, *terms("sold sell fewer")))
    other = witness("other", "Porto sold the boats of the town.")
    assert held(witness("told", told), other, question=question).differing == ()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(witness("other", "Some 45 boats left Porto.", "45", weighed=SURE - 3), id="worse-evidence"),
        pytest.param(
            witness("other", "Some 45 boats left Porto.", "45", vector=OTHER_MATTER), id="another-matter"
        ),
        pytest.param(witness("other", "Boats left Porto."), id="no-figure"),
        pytest.param(witness("other", "Some 45 cranes of Porto left.", "45"), id="other-things-counted"),
        pytest.param(witness("other", "At least 40 boats left Porto.", "40"), id="open-range"),
        pytest.param(witness("other", "Some 45 boats left Porto.", "45", names=0.5), id="other-names"),
        pytest.param(witness("other", "Some 45 boats left Porto.", "45", day="2024-11-10"), id="long-after"),
        pytest.param(witness("other", "Some 45 boats left Porto.", "45", day=None), id="undated"),
        pytest.param(
            witness("other", "Some 41 boats will leave Porto.", "41", standing=Standing.PREDICTED), id="a-forecast"
        ),
        pytest.param(
            witness("other", "Some 45 boats will leave Porto.", "45", standing=Standing.PREDICTED),
            id="another-forecast",
        ),
    ],
)
def test_what_does_not_speak_of_the_same_matter_neither_supports_nor_differs(
    other: tuple[Evidence, Citation],
) -> None:
    assert held(ANSWER, other) == Corroboration(1)


def test_reports_of_other_days_come_later_and_those_of_one_day_contradict() -> None:
    monday = witness("monday", "Some 41 boats left Porto on Monday.", "41")
    tuesday = witness("tuesday", "Some 45 boats left Porto on Tuesday.", "45")
    (difference,) = held(monday, tuesday).differing
    assert difference.order is Order.LATER, "both were published on one day, and speak of two"
    (difference,) = held(ANSWER, witness("other", "Some 45 boats left Porto.", "45")).differing
    assert difference.order is Order.SAME_DAY


def test_the_same_count_on_an_occasion_months_before_is_no_support() -> None:
    now = witness("now", "Some 41 boats left Porto on Monday.", "41")
    before = witness("before", "Some 41 boats left Porto in May.", "41", day="2024-06-01")
    assert held(now, before).supporting == ()


@pytest.mark.parametrize("standing", [Standing.PREDICTED, Standing.DENIED, Standing.CONDITIONAL])
def test_only_what_is_put_forward_in_the_same_way_supports(standing: Standing) -> None:
    first = witness("first", "Some 41 boats left Porto.", "41", standing=standing)
    second = witness("second", "In Porto 41 boats left.", "41", standing=standing)
    assert held(first, second).families == 2
    assert held(ANSWER, second).families == 1


def test_a_source_or_a_speaker_is_heard_once() -> None:
    def said(id_: str, source: str | None, speaker: str | None) -> tuple[Evidence, Citation]:
        return witness(id_, "Some 41 boats left Porto.", "41", source=source, speaker=speaker)

    answer = said("first", "Wire", "Ana Lima")
    found = held(
        answer,
        said("second", "wire", "Rui Melo"),
        said("third", "Ledger", "Lima"),
        said("fourth", "Ledger", "Rui Melo"),
        said("fifth", "Gazette", "Melo"),
        said("sixth", None, None),
    )
    assert [citation.article_id for citation in found.supporting] == ["fourth", "sixth"]
    assert found.families == 3


@pytest.mark.parametrize(
    ("other", "families", "differing"),
    [
        ("The boats of Porto will leave on Friday.", 2, 0),
        ("The boats of Porto will leave on Saturday.", 1, 1),
        ("The boats of Porto will leave this week.", 1, 0),
        ("The boats of Porto will leave after September 11, 2024.", 1, 0),
        ("The boats of Porto will leave after September 20, 2024.", 1, 1),
    ],
)
def test_a_wider_or_open_stretch_of_time_supports_nothing_and_differs_if_it_begins_too_late(
    other: str, families: int, differing: int
) -> None:
    friday = witness("first", "The boats of Porto will leave on Friday.")
    found = held(friday, witness("second", other), question=TIME)
    assert (found.families, len(found.differing)) == (families, differing)


def test_a_narrower_time_bears_out_a_wider_one() -> None:
    week = witness("first", "The boats of Porto will leave this week.")
    assert held(week, witness("second", "The boats of Porto will leave on Friday."), question=TIME).families == 2


def test_reports_that_name_others_do_not_support_each_other() -> None:
    ana = witness("ana", "The regatta of Porto was won by Ana Lima.")
    rui = witness("rui", "The regatta of Porto was won by Rui Melo.")
    lima = witness("lima", "It was Lima who won the regatta in Porto.")
    assert [one.article_id for one in held(ana, rui, lima, question=NAME).supporting] == ["lima"]


def test_the_same_name_in_other_words_supports() -> None:
    near = np.array([0.6, 0.8], dtype=np.float32)
    ana, lima, rui, far = (
        witness("ana", "The regatta of Porto was won by Ana Lima.", "Ana Lima", kind=AnswerType.PERSON),
        witness("lima", "Lima came first off Porto.", "Lima", kind=AnswerType.PERSON, vector=near),
        witness("rui", "Rui Melo came first off Porto.", "Rui Melo", kind=AnswerType.PERSON, vector=near),
        witness("far", "Lima sells boats.", "Lima", kind=AnswerType.PERSON, vector=OTHER_MATTER),
    )
    found = held(ana, lima, rui, far, question=NAME)
    assert [one.article_id for one in found.supporting] == ["lima"]
    nobody = witness("all", "The regatta of Porto was won by a fisherman.", "a fisherman", kind=AnswerType.PERSON)
    same = witness("same", "A fisherman came first.", "fisherman", kind=AnswerType.PERSON, vector=near)
    assert held(nobody, same, question=NAME).supporting == ()
