from datetime import date

import pytest

from search.article import Span
from search.asking.evidence.plans import as_planned, is_told_as_coming, verb_asked
from search.english.terms import terms
from search.times import tag

MOVED = "The fair, which was to end on Friday, has been extended until Sunday."


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("When did the pool open?", "open"),
        ("When was Ida Maria Lie sworn in?", "sworn"),
        ("When does the fair in Gol end?", "end"),
        ("when does the fair in gol end", "end"),
        ("When was the Gol election first scheduled for?", "scheduled"),
        ("When did work on the quay of Vik begin?", "begin"),
    ],
)
def test_the_verb_of_a_question_stands_behind_the_whole_of_its_subject(question: str, verb: str) -> None:
    assert set(terms(verb)) <= verb_asked(question)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("When does the fair end?", ["Sunday"]),
        ("When was the fair originally to end?", ["Friday"]),
        ("When was the fair first scheduled to end?", ["Friday"]),
        ("When was the fair due to end?", ["Friday", "Sunday"]),
    ],
)
def test_of_two_times_the_one_before_or_behind_the_move_is_asked_for(question: str, kept: list[str]) -> None:
    mentions = tag(MOVED, date(2024, 5, 14))
    found = as_planned(question, MOVED, Span(0, len(MOVED)), mentions, verb_asked(question))
    assert [one.words for one in found] == kept


def test_what_is_done_on_a_coming_day_is_told_in_the_present() -> None:
    verb = verb_asked("When was Ida Lie sworn in?")
    assert is_told_as_coming("Ida Lie is sworn in on Monday.", verb)
    assert not is_told_as_coming("Ida Lie was sworn in and travels on Monday.", verb)
    assert not is_told_as_coming("Ida Lie travels on Monday.", verb)
