from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from search.archive.records import Passage
from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.asking.evidence import Evidence
from search.asking.evidence.features import NAMES, Features
from search.asking.evidence.short_answer import short_answer
from search.asking.evidence.time_answer import answering_time
from search.asking.history import newest_first, wants_the_newest
from search.asking.question import Question, read_question
from search.asking.retrieval import Candidate
from search.times import tag
from tests.fakes import make_article

TRAIL = Trail(Span(0, 10), 0.5, 1, 2.0, None, 3.0)
VECTOR = np.array([1, 0], dtype=np.float32)


def asked(question: str) -> Question:
    return read_question(question, as_of=date(2026, 1, 1), longest=200)


def reported(question: str, day: str, body: str, weighed: float = 10.0) -> tuple[Evidence, Citation]:
    """A report as it would be cited for a question."""
    read = asked(question)
    article = make_article(day, body, day=day)
    span = Span(0, len(article.body))
    mentions = tag(article.body, date.fromisoformat(day))
    when = answering_time(article.body, span, mentions, read.terms, read.time_asked) if read.time_asked else None
    features = replace(Features(**dict.fromkeys(NAMES, 0.0)), coverage=1.0, names=1.0)
    evidence = Evidence(
        Candidate(Passage(day, 0, span.end), 0.5, None, 0.0, None, 0.0),
        (span,),
        span,
        0.5,
        features,
        when,
        weighed,
        weighed,
        0.5,
        0.5,
        False,
        VECTOR,
    )
    answer = short_answer(read, article.body, span, when, mentions)
    return evidence, cite(article, span, 1.0, TRAIL, mentions, when=when, answer=answer)


def told(question: str, *reports: tuple[str, str] | tuple[str, str, float]) -> tuple[str, list[str]]:
    """The day of the report that comes first, and what was earlier, in words, of some reports, best first."""
    cited = [reported(question, *report) for report in reports]
    ordered, history = newest_first(asked(question), cited, {one.article_id: one.article_id for _, one in cited})
    assert {one.id for _, one in ordered} == {one.id for _, one in cited}
    for one in history:
        assert one.words in one.citation.quote
    return ordered[0][1].article_id, [one.words for one in history]


HURT = "How many people were hurt in the mill fire?"
FIRST = ("2022-08-03", "At least seven people were hurt when the mill burned on Wednesday.")
SECOND = ("2022-08-04", "The number of people hurt in the mill fire has risen to 16.", 9.0)
THIRD = ("2022-08-20", "The fire at the mill, which hurt 18 people on August 3, is looked into.", 8.0)


def test_the_newest_of_growing_counts_comes_first_and_the_others_are_its_history() -> None:
    assert told(HURT, FIRST, SECOND, THIRD) == ("2022-08-20", ["16", "At least seven"])


def test_at_least_seven_is_overtaken_by_more_and_not_by_less() -> None:
    assert told(HURT, FIRST, SECOND) == ("2022-08-04", ["At least seven"])
    less = ("2022-08-04", "Five people are hurt from the mill fire and in hospital.", 9.0)
    assert told(HURT, FIRST, less)[0] == "2022-08-03"
    lowered = ("2022-08-04", "The number of people hurt in the mill fire was corrected to five.", 9.0)
    assert told(HURT, FIRST, lowered) == ("2022-08-04", ["At least seven"])


def test_as_of_a_day_the_newest_until_then_comes_first() -> None:
    until = "How many people had been hurt in the mill fire as of 5 August 2022?"
    assert told(until, FIRST, SECOND, THIRD) == ("2022-08-04", ["At least seven"])
    assert told(until.replace(" 5 ", " 30 "), FIRST, SECOND, THIRD)[0] == "2022-08-20"
    assert told(until.replace(" 5 ", " 3 "), FIRST, SECOND, THIRD) == ("2022-08-03", [])


def test_of_reports_that_give_one_figure_the_best_comes_first() -> None:
    recalled = ("2023-08-03", "A year ago 18 people were hurt when the mill burned.", 7.0)
    assert told(HURT, FIRST, THIRD, recalled)[0] == "2022-08-20"


def test_what_is_said_of_another_event_overtakes_nothing() -> None:
    later = ("2023-05-04", "Forty people were hurt when a mill burned on Thursday.", 9.5)
    assert told(HURT, FIRST, later) == ("2022-08-03", [])
    recalling = ("2022-08-09", "In 1999, 40 people were hurt in a mill fire.", 9.5)
    assert told(HURT, FIRST, recalling) == ("2022-08-03", [])


def test_a_figure_of_something_else_overtakes_nothing() -> None:
    other = ("2022-08-04", "The mill fire cost 200 jobs.", 9.5)
    assert told(HURT, FIRST, other) == ("2022-08-03", [])


def test_what_answers_much_worse_does_not_come_first() -> None:
    assert told(
        HURT, FIRST, ("2022-08-04", "The number of people hurt in the mill fire has risen to 16.", 5.0)
    ) == (
        "2022-08-03",
        [],
    )


def test_a_question_for_a_time_or_for_what_was_so_at_first_is_left_alone() -> None:
    assert told("How many people were hurt in the mill fire on 3 August 2022?", FIRST, SECOND)[0] == "2022-08-03"
    assert told("How many people were thought to be hurt at first?", SECOND, FIRST)[0] == "2022-08-03"


def test_a_price_is_told_as_it_is_now() -> None:
    question = "What does a loaf of bread cost?"
    old, new = (
        ("2023-01-10", "A loaf of bread costs 4.10 crowns."),
        ("2024-02-14", "A loaf of bread costs 3.60 crowns."),
    )
    assert told(question, old, new) == ("2024-02-14", ["4.10 crowns"])


def test_the_holder_of_an_office_is_who_holds_it_now() -> None:
    question = "Who is the coach of Sund United?"
    old = ("2021-03-02", "Sund United named Tora Lie its coach.")
    new = ("2024-03-05", "Knut Aas is the new coach of Sund United.", 9.0)
    assert told(question, old, new)[0] == "2024-03-05"
    former = ("2024-06-01", "The former coach of Sund United, Tora Lie, has bought a boat.", 9.0)
    assert told(question, new, former)[0] == "2024-03-05"
    assert told("Who was the first coach of Sund United?", old, new)[0] == "2021-03-02"


def test_a_state_is_that_of_the_newest_report_that_tells_of_it() -> None:
    question = "Is the strike of the dockers over?"
    began = ("2024-04-02", "Dockers went on strike on Tuesday.")
    ended = ("2024-04-12", "The strike of the dockers was called off.", 9.0)
    about = ("2024-04-13", "The dockers in the port wear blue.", 9.0)
    assert told(question, began, ended, about)[0] == "2024-04-12"
    back = ("2024-04-12", "The dockers went back to work.", 7.0)
    assert told(question, began, back, about)[0] == "2024-04-12"


def test_a_day_that_was_moved_is_told_as_it_was_moved_last() -> None:
    question = "When will the tunnel open?"
    old = ("2022-05-01", "The tunnel will open in June 2024.")
    new = ("2023-09-01", "The tunnel will open in May 2025.", 9.5)
    assert told(question, old, new)[0] == "2023-09-01"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the latest toll?", True),
        ("How many houses burned down?", True),
        ("Who is the mayor of Borg?", True),
        ("What happened to the mayor of Borg?", True),
        ("When will the tunnel open?", True),
        ("When did the tunnel open?", False),
        ("Who won the cup?", False),
        ("Who was the first mayor of Borg?", False),
        ("How many houses burned down in August 2023?", False),
        ("How many houses had burned down as of 8 August 2023?", True),
        ("How many houses had burned down before 8 August 2023?", True),
        ("How many houses had burned down before?", False),
        ("How many houses burned down since August 2023?", False),
        ("What did the mayor say?", False),
    ],
)
def test_the_newest_is_wanted_of_what_changes(question: str, wanted: bool) -> None:  # noqa: FBT001
    assert wants_the_newest(asked(question)) is wanted


def test_without_dates_or_reports_nothing_is_ordered() -> None:
    assert newest_first(asked(HURT), [], {}) == ([], ())
    assert wants_the_newest(asked(HURT))


def test_a_looser_figure_overtakes_no_exact_one() -> None:
    exact = ("2022-08-03", "Some 106 people were hurt when the mill burned on Wednesday.")
    assert told(HURT, exact, ("2022-08-04", "More than 100 people were hurt in the mill fire.", 9.0)) == (
        "2022-08-03",
        [],
    )
    assert (
        told(HURT, exact, ("2022-08-04", "More than 110 people were hurt in the mill fire.", 9.0))[0]
        == "2022-08-04"
    )


def test_a_figure_of_the_same_things_elsewhere_overtakes_nothing() -> None:
    question = "How many Danes live in Norway?"
    best = ("2022-11-15", "Some 21,000 Danes live in Norway.")
    assert told(question, best, ("2022-12-12", "Sweden will take in 30,000 Danes.", 8.0)) == ("2022-11-15", [])


def test_a_count_is_of_what_its_number_is_said_to_be_of() -> None:
    question = "How many cases of measles are there in Sund?"
    old = ("2024-04-02", "Doctors in Sund counted 40 cases of measles.")
    new = ("2024-04-12", "The number of measles cases in Sund has climbed to 112.")
    assert told(question, old, new) == ("2024-04-12", ["40"])


def test_a_toll_overtakes_the_killed_of_an_earlier_report() -> None:
    question = "How many divers were killed at Tofte?"
    old = ("2022-08-03", "A boat sank at Tofte on Wednesday; at least 4 divers were killed.")
    new = ("2022-08-05", "The toll of the boat that sank at Tofte rose to 6.", 8.0)
    assert told(question, old, new) == ("2022-08-05", ["at least 4"])


def test_what_was_said_at_first_comes_first_where_it_is_asked_for() -> None:
    question = "How many divers were first reported killed at Tofte?"
    old = ("2022-08-03", "A boat sank at Tofte on Wednesday; at least 4 divers were killed.", 8.0)
    new = ("2022-08-05", "At Tofte 6 divers were killed on Wednesday.")
    assert told(question, new, old)[0] == "2022-08-03"
