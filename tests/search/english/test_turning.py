"""Statements are turned into the questions that they answer, or left alone."""

import pytest

from search.article import Span
from search.english.turning import base_of, how_many, is_person, topic_of, when, who

WORDS = {"collapse", "close", "open", "hop", "hope", "visit"}


def is_word(word: str) -> bool:
    return word in WORDS


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("At least 12 sailors were rescued off Porto.", "How many sailors were rescued off Porto?"),
        ("Some 300 homes were flooded in Aveiro, the mayor said.", "How many homes were flooded in Aveiro?"),
        ("Two ships will sail to Madeira when the storm is over.", "How many ships will sail to Madeira?"),
        ("About 12 percent were for it in Porto.", None),
        ("At least 12 were rescued.", None),
        ("Twelve of them were rescued off Porto.", None),
        ("The 12 sailors were rescued off Porto.", None),
        ("More than 40 people were hurt, 12 of them in Porto.", None),
    ],
)
def test_a_figure_that_begins_a_sentence_is_asked_for(sentence: str, question: str | None) -> None:
    assert how_many(sentence) == question


@pytest.mark.parametrize(
    ("sentence", "time", "question"),
    [
        (
            "The Arrabida Bridge was closed to traffic on Monday.",
            "Monday",
            "When was the Arrabida Bridge closed to traffic?",
        ),
        (
            "The Arrabida Bridge in Porto collapsed early on Monday after a ship had struck it.",
            "Monday",
            "When did the Arrabida Bridge in Porto collapse?",
        ),
        (
            "Portugal and Spain formally opened the Olympic Games on Monday.",
            "Monday",
            "When did Portugal and Spain formally open the Olympic Games?",
        ),
        ("It was closed to traffic in Porto on Monday.", "Monday", None),
        ("The bridge was closed on Monday.", "Monday", None),
        ("Worshippers visited Notre-Dame on Monday.", "Monday", None),
        ("The Arrabida Bridge Company planned on Monday a new one.", "Monday", None),
        ("Ana Souza said on Monday that it was over.", "Monday", None),
        ("The Arrabida Bridge, which is old, was closed on Monday.", "Monday", None),
        ("Ana Souza visited his ships in Porto on Monday.", "Monday", None),
    ],
)
def test_a_time_in_a_sentence_is_asked_for(sentence: str, time: str, question: str | None) -> None:
    start = sentence.index(time)
    assert when(sentence, Span(start, start + len(time)), is_word) == question


@pytest.mark.parametrize(
    ("past", "verb"),
    [("collapsed", "collapse"), ("opened", "open"), ("hopped", "hop"), ("won", "win"), ("hoped", None)],
)
def test_a_past_form_tells_its_verb_where_only_one_is_known(past: str, verb: str | None) -> None:
    assert base_of(past, is_word) == verb


def test_a_person_who_begins_a_sentence_is_asked_for() -> None:
    assert who("Anthony Novak will lead the talks in Porto.") == "Who will lead the talks in Porto?"
    assert who("Anthony Novak won the election in Madeira, officials said.") == "Who won the election in Madeira?"
    assert who("Oyelaran Novak will lead the talks in Porto.") is None
    assert (
        who("Oyelaran Novak will lead the talks in Porto.", {"Oyelaran Novak"})
        == "Who will lead the talks in Porto?"
    )
    assert who("Anthony Novak won his match in Madeira.") is None
    assert who("The Novak Company will lead the talks in Porto.") is None


def test_persons_are_told_by_a_given_name_or_a_role() -> None:
    assert is_person("Anthony Novak")
    assert not is_person("Justice Department")
    assert is_person("Oyelaran Novak", has_role=True)
    assert not is_person("Novak", has_role=True)


def test_what_somebody_speaks_of_is_a_name_behind_a_preposition() -> None:
    assert topic_of("The talks with Spain, he said, were over.", "Ana Souza") == "Spain"
    assert topic_of("The president of Spain's party, Ana Souza said, was ill.", "Ana Souza") is None
    assert topic_of("It is for Spanish ships, he said.", "Ana Souza") is None
    assert topic_of("He spoke to Ana Souza.", "Ana Souza") is None
    assert topic_of("The meeting was on Monday.", "Ana Souza") is None
