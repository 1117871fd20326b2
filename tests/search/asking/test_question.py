import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.question import AnswerType, Question, expected_answer
from search.asking.question import read_question as read_question_on
from search.errors import QueryError


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When will the bridge reopen?", AnswerType.TIME),
        ("By what date must the ferry be sold?", AnswerType.TIME),
        ("Who opened the tunnel?", AnswerType.PERSON),
        ("Which Portuguese minister opened the tunnel?", AnswerType.PERSON),
        ("To whom was the painting sold?", AnswerType.PERSON),
        ("Where was the painting found?", AnswerType.PLACE),
        ("In which city was the painting found?", AnswerType.PLACE),
        ("How many crates of sardines were landed?", AnswerType.NUMBER),
        ("How tall is the lighthouse?", AnswerType.NUMBER),
        ("What was the final score?", AnswerType.NUMBER),
        ("What was the first reported death toll?", AnswerType.NUMBER),
        ("What was the cause of the toll?", AnswerType.OTHER),
        ("How much did the ferry cost?", AnswerType.MONEY),
        ("How much rain fell on Porto?", AnswerType.NUMBER),
        ("What percentage of voters stayed at home?", AnswerType.PERCENTAGE),
        ("Why did the minister resign?", AnswerType.REASON),
        ("What caused the fire?", AnswerType.REASON),
        ("What did the mayor say about the harbour?", AnswerType.STATEMENT),
        ("How did the union react to the offer?", AnswerType.STATEMENT),
        ("What fish is landed in Lisbon?", AnswerType.OTHER),
        ("missiles for Russia", AnswerType.OTHER),
        ("Which ambassador left Lisbon?", AnswerType.PERSON),
        ("What was the name of the harbour pilot?", AnswerType.PERSON),
        ("What is the captain's name?", AnswerType.PERSON),
        ("What will President Costa do about the ferry?", AnswerType.OTHER),
        ("What did the singer eat?", AnswerType.OTHER),
        ("What role does the president play?", AnswerType.OTHER),
        ("What is the captain's role?", AnswerType.OTHER),
        ("What is the name of the ferry?", AnswerType.OTHER),
        ("What is the oldest port in Portugal?", AnswerType.PLACE),
        ("What does the country export?", AnswerType.OTHER),
        ("What was the importance of the river?", AnswerType.OTHER),
        ("How long is the bridge over the Tagus?", AnswerType.NUMBER),
        ("how long was the queue", AnswerType.NUMBER),
        ("How long is the bridge closed?", AnswerType.TIME),
        ("How long is the strike?", AnswerType.TIME),
        ("For how long was the bridge shut?", AnswerType.TIME),
    ],
)
def test_the_words_of_a_question_tell_what_kind_of_answer_it_expects(question: str, expected: AnswerType) -> None:
    assert expected_answer(question) is expected


def test_letter_case_does_not_matter() -> None:
    assert (
        expected_answer("WHO OPENED THE TUNNEL") is expected_answer("who opened the tunnel") is AnswerType.PERSON
    )


def read_question(text: str, *, longest: int) -> Question:
    return read_question_on(text, as_of=date(2024, 9, 12), longest=longest)


def test_a_question_is_normalised() -> None:
    read = read_question("  Who\u200b  is\tBeyonce\u0301?\n", longest=100)
    assert read.text == "Who is Beyonc\xe9?"
    assert read.terms == ("beyonc",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("  \n\t ", id="white-space"),
        pytest.param("\x00\x07\x1b", id="control-characters"),
        pytest.param("?!... --", id="punctuation"),
        pytest.param("\U0001f680\U0001f680", id="emoji"),
        pytest.param("\ud800", id="lone-surrogate"),
    ],
)
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="empty") as caught:
        read_question(text, longest=100)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "something"),
    [("what?", False), ("When will it be?", False), ("Who is The Who?", True), ("US?", True), ("rain", True)],
)
def test_a_question_says_what_it_is_about_or_not(text: str, something: bool) -> None:  # noqa: FBT001
    assert read_question(text, longest=100).says_something is something


def test_a_question_that_is_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(QueryError, match=r"101 characters.* 100 "):
        read_question("x" * 101, longest=100)
    assert read_question("x" * 100, longest=100).text == "x" * 100


@pytest.mark.parametrize("day", [date(1, 1, 1), date(999, 12, 31), date(9000, 1, 1), date.max], ids=str)
def test_a_question_as_of_a_day_that_nothing_is_reckoned_from_is_refused(day: date) -> None:
    with pytest.raises(QueryError, match="1000 to 8999"):
        read_question_on("What came last year?", as_of=day, longest=100)
    assert read_question_on("What came last year?", as_of=date(1000, 1, 1), longest=100).terms


def test_white_space_does_not_count_towards_the_length() -> None:
    assert read_question(" " * 500 + "rain", longest=4).text == "rain"


@given(st.text(max_size=200))
def test_whatever_is_asked_is_read_or_refused(text: str) -> None:
    try:
        read = read_question(text, longest=150)
    except QueryError:
        return
    assert read.text.isprintable()
    assert unicodedata.is_normalized("NFC", read.text)
    assert len(read.text) <= 150
    assert len(set(read.terms)) == len(read.terms)
    assert read_question(read.text, longest=150) == read


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [
        ("And what did she say about that?", "she"),
        ("When did he die?", "he"),
        ("Who won it?", "it"),
        ("How many of them drowned?", "them"),
        ("When is his trial?", "his"),
        ("When will the boats be used, and who sells them?", ""),
        ("What did Ana Souza say about her boat?", ""),
        ("Did the mayor say he would resign?", ""),
        ("Is it raining in Porto?", ""),
    ],
)
def test_a_pronoun_that_stands_for_nothing_leaves_a_question_not_understood(question: str, pronoun: str) -> None:
    read = read_question_on(question, as_of=date(2024, 9, 12), longest=200)
    assert read.pronoun == pronoun
    assert read.can_be_understood is not bool(pronoun)


def test_a_question_that_asks_for_a_state_is_known() -> None:
    questions = {
        "Which country took in the sailors?": True,
        "To which nations was it sold?": True,
        "Which county took in the sailors?": False,
        "What did the country sell?": False,
    }
    assert {one: read_question(one, longest=100).asks_for_a_country for one in questions} == questions


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("and who said so?", False),
        ("What happened?", False),
        ("Who said so about the ferry?", True),
        ("Who resigned?", True),
        ("ferry report", True),
        ("What did Costa say?", True),
    ],
)
def test_a_question_of_framing_words_says_nothing(question: str, says: bool) -> None:  # noqa: FBT001
    assert read_question(question, longest=100).says_something is says
