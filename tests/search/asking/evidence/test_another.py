from datetime import date

import pytest

from search.asking.evidence.another import another
from search.asking.question import read_question


def told(question: str, sentence: str) -> str | None:
    """The rule by which a sentence tells of something else than what is asked about."""
    found = another(read_question(question, as_of=date(2024, 6, 1), longest=200), sentence)
    return found.rule if found else None


@pytest.mark.parametrize(
    ("question", "other", "same"),
    [
        ("How many lynxes live there?", "Wardens saw 12 wolves.", "Wardens saw 12 lynxes and three wolves."),
        ("How many wolves live there?", "Wardens saw 12 foxes.", "Wardens saw 12 wolves."),
        ("How many buses ran?", "Some 30 trams ran.", "Some 30 coaches ran."),
        ("How many cars were hit?", "The mast hit nine lorries.", "The mast hit nine vehicles."),
        ("How many women drowned?", "Three men drowned.", "Three women and four men drowned."),
        ("How many schools were shut?", "The town shut four churches.", "The town shut four schools, it said."),
        ("How much does a pear cost?", "An apple costs 30 cents.", "A pear costs 30 cents."),
        ("How much does a pear cost?", "An apple costs 30 cents.", "They cost 30 cents."),
        ("How many people saw wolves?", "", "Some 30 people saw bears."),
        ("When did the bus crash?", "", "The truck crashed on Monday."),
    ],
)
def test_one_thing_of_a_kind_is_told_from_another(question: str, other: str, same: str) -> None:
    assert not other or told(question, other) == "another of the kind"
    assert told(question, same) is None


@pytest.mark.parametrize(
    ("question", "other", "same"),
    [
        (
            "Who is the mayor of Tofte?",
            "Ida Holm, the mayor of Vik, spoke.",
            "Ida Holm, the mayor of Tofte, spoke.",
        ),
        ("who is the mayor of tofte", "Vik's mayor, Ida Holm, spoke.", "Tofte's mayor, Ida Holm, spoke."),
        ("Who was the bishop of Tofte?", "The bishop of Vik is ill.", "The bishop of Vik met that of Tofte."),
        ("Who is the head of the UNHCR?", "", "The head of the High Commissioner's office, Ida Holm, spoke."),
        ("Who is the president of France?", "", "The president of the French Republic spoke."),
        ("Who is the mayor of New Tofte?", "", "Ida Holm, mayor of New Tofte City, spoke."),
        ("Who is the mayor of Tofte?", "", "Mayor Ida Holm spoke."),
        ("Who is the president of the club?", "", "Ida Holm, president of Vik United, spoke."),
        ("Who is the leader of Labour?", "", "Ida Holm, leader of the Opposition, spoke."),
        ("Who met the mayor of Tofte?", "", "The mayor of Vik met her."),
    ],
)
def test_the_holder_of_a_place_is_not_that_of_another(question: str, other: str, same: str) -> None:
    assert not other or told(question, other) == "another holder"
    assert told(question, same) is None


@pytest.mark.parametrize(
    ("question", "other", "same"),
    [
        ("Who came fourth in the regatta?", "Holm came second and Lie third.", "Lie was 4th."),
        ("Who finished third?", "Holm finished second.", "Holm took bronze."),
        ("Who came second?", "Holm won the regatta.", "Holm won ahead of Lie."),
        ("Who was in last place?", "Holm won the regatta.", "Lie was last."),
        ("Who was second in command?", "", "Holm led them."),
        ("Who won the second race?", "", "Holm won it."),
    ],
)
def test_a_place_in_an_order_must_be_told(question: str, other: str, same: str) -> None:
    assert not other or told(question, other) == "another place"
    assert told(question, same) is None


@pytest.mark.parametrize(
    ("question", "other", "same"),
    [
        (
            "When do experts expect the dam to burst?",
            "Both experts are scheduled to visit Vik on Monday.",
            "The dam is expected to give way on Monday.",
        ),
        (
            "When will the ferries sail?",
            "The ministers are due to meet in Vik on Monday.",
            "They are due to leave Vik on Monday.",
        ),
        ("When will the ferries sail?", "", "The ministers will see them off on Monday."),
        ("When should the lamps burn again?", "", "The region is expected to have its power back on Monday."),
        ("When will Ida Holm's deputies vote?", "", "The ministers are due to meet on Monday."),
        ("When did the ferries sail?", "", "The ministers are due to meet on Monday."),
    ],
)
def test_when_somebody_is_to_do_something_else_is_no_answer(question: str, other: str, same: str) -> None:
    assert not other or told(question, other) == "another plan"
    assert told(question, same) is None
