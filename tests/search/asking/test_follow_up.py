from datetime import date

import pytest

from search.asking.follow_up import FollowUp, read_with

TODAY = date(2026, 5, 4)


def read(question: str, *earlier: str, answered: str = "") -> FollowUp:
    return read_with(question, earlier, TODAY, answered)


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (
            "What did Torvik say about the ferry?",
            "and what did he say about it?",
            "What did Torvik say about the ferry?",
        ),
        (
            "What did Torvik say about the harbour fees?",
            "when will they be raised?",
            "When will the harbour fees be raised?",
        ),
        (
            "what did torvik say about the ferry",
            "why does he want to sell it",
            "Why does torvik want to sell the ferry?",
        ),
        ("Who designed the bridge of Imra?", "How long is it?", "How long is the bridge of Imra?"),
        (
            "Who designed the bridge of Imra?",
            "when will its lanes be closed?",
            "When will the bridge of Imra's lanes be closed?",
        ),
        ("Why did the mayor of Dal resign?", "Who is her deputy?", "Who is the mayor of Dal's deputy?"),
        ("How many nurses were hurt in the crash?", "were they insured?", "Were the nurses insured?"),
        ("Did Norsk Tare sell the quarry?", "what did it say?", "What did Norsk Tare say?"),
        ("Did Norsk Tare sell the quarry?", "why did Ana Berg buy it?", "Why did Ana Berg buy the quarry?"),
        ("What did Norway and Sweden sign?", "Why did they quarrel?", "Why did Norway and Sweden quarrel?"),
        ("What happened in Larna last week?", "who lives there?", "Who lives in Larna?"),
        (
            "How many people drowned in the flood in Larna?",
            "and what happened there in 2019?",
            "What happened in Larna in 2019?",
        ),
        (
            "What did the council decide in March 2024?",
            "what did Berg say that month?",
            "What did Berg say in March 2024?",
        ),
        (
            "Who signed the fisheries treaty?",
            "When was that treaty broken?",
            "When was the fisheries treaty broken?",
        ),
        (
            "What did Berg say about the mine?",
            "What did Torvik say about it?",
            "What did Torvik say about the mine?",
        ),
    ],
)
def test_a_pronoun_is_read_as_what_it_stands_for_in_the_question_before(
    before: str, question: str, meant: str
) -> None:
    assert read(question, before).text == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What did Torvik say about the ferry?", "and Berg?", "What did Berg say about the ferry?"),
        (
            "What did Torvik say about the ferry?",
            "what about the bridge?",
            "What did Torvik say about the bridge?",
        ),
        ("What did Torvik say about Norway?", "and about Sweden?", "What did Torvik say about Sweden?"),
        ("What did Torvik say about Norway?", "And Sweden?", "What did Torvik say about Sweden?"),
        ("What is the flag of Norway?", "what about Chile?", "What is the flag of Chile?"),
        ("what is the price of wheat?", "and barley?", "What is the price of barley?"),
        ("How many people drowned in Larna?", "and in Dal?", "How many people drowned in Dal?"),
        ("How many people drowned?", "and in Dal?", "How many people drowned in Dal?"),
        ("How many people drowned in May 2024?", "and in June 2024?", "How many people drowned in June 2024?"),
        ("How many people drowned?", "and in June 2024?", "How many people drowned in June 2024?"),
    ],
)
def test_words_that_are_no_question_are_put_in_the_place_of_their_like(
    before: str, question: str, meant: str
) -> None:
    assert read(question, before).text == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Did the dam break?", "why?", "Why did the dam break?"),
        ("Did the dam break?", "And when did it do that?", "When did the dam break?"),
        ("Where was the treaty signed?", "when?", "When was the treaty signed?"),
        ("What did Torvik say about the ferry?", "when?", "When did Torvik say so about the ferry?"),
        ("Who won the regatta?", "when did that happen?", "When was it: who won the regatta?"),
    ],
)
def test_a_bare_when_or_why_asks_for_that_of_the_same(before: str, question: str, meant: str) -> None:
    assert read(question, before).text == meant


def test_whoever_was_the_answer_to_who_may_be_meant() -> None:
    assert (
        read("what did she say?", "Who won the regatta?", answered="Mina Torp").text == "What did Mina Torp say?"
    )
    assert read("when?", "Who won the regatta?", answered="Mina Torp").text == (
        "When was it that Mina Torp won the regatta?"
    )
    assert read("how old is he?", "Who won the regatta?", answered="Anna Torp").text == "how old is he?"


@pytest.mark.parametrize(
    ("before", "question", "possible"),
    [
        (
            "What did Ole Torvik tell Per Berg about the ferry?",
            "when did he sail?",
            ("When did Ole Torvik sail?", "When did Per Berg sail?"),
        ),
        ("Did Torvik meet Berg?", "and Lund?", ("Did Lund meet Berg?", "Did Torvik meet Lund?")),
        (
            "Did Norsk Tare buy the quarry?",
            "how old is it?",
            ("How old is Norsk Tare?", "How old is the quarry?"),
        ),
    ],
)
def test_where_two_things_are_possible_none_is_chosen(
    before: str, question: str, possible: tuple[str, ...]
) -> None:
    found = read(question, before)
    assert (found.text, found.possible) == (question, possible)
    assert found.hangs
    assert found.unclear


@pytest.mark.parametrize(
    "question",
    [
        "When did Torvik say he would resign?",
        "What did Berg say about her visit to Larna?",
        "How many people did the flood kill before it ebbed?",
        "Is it true that the quarry closed?",
        "How long does it take to cross the sound?",
        "Is there a ferry to Larna?",
        "Who won the regatta and when did she train?",
        "Did Torvik say that the quarry closed?",
        "Sweden",
        "harbour fees 2024",
        "What did Anna Lund say about the harbour?",
        "And what did Anna Lund say about the harbour?",
    ],
)
def test_a_question_that_needs_nothing_is_asked_as_it_is(question: str) -> None:
    found = read(question, "What did Ole Torvik say about the ferry in March 2024?")
    assert (found.text, found.rules, found.possible, found.hangs) == (question, (), (), False)


def test_what_nothing_before_it_fits_is_left_and_named() -> None:
    found = read("what did she say?", "How many ferries sank?")
    assert (found.text, found.unclear, found.possible) == ("what did she say?", "she", ())
    assert read("what did she say?", "What did Peter Berg say about the ferry?").unclear == "she"


def test_questions_hang_on_one_another_in_a_row() -> None:
    asked = ("What did Torvik say about the ferry?", "and Berg?", "what did he say about the bridge?")
    assert read("when was it built?", *asked).text == "When was the bridge built?"
    assert read("and in 2019?", *asked[:2]).text == "What did Berg say about the ferry in 2019?"


def test_without_a_question_before_nothing_is_changed() -> None:
    assert read("and  what did he say?") == FollowUp("and what did he say?", "and what did he say?")
    assert read("when?").text == "when?"


def test_any_words_can_be_read_with_any(  # a rule may meet what no question is
) -> None:
    for question in (
        "?",
        "and",
        "and?",
        "of of of",
        "the",
        "in",
        "their",
        "what about",
        "(((",
        "how many of",
        "who who",
    ):
        for before in ("?", "who", "Did", "What did the", "of", "and Berg", "When was it: who won?", "how many"):
            assert isinstance(read(question, before, before), FollowUp)


def test_of_a_day_from_which_no_times_are_reckoned_nothing_is_read() -> None:
    read = read_with("and when?", ["Who won the cup?"], date(46, 1, 1))
    assert (read.text, read.asked) == ("and when?", "and when?")
