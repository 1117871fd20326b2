"""Whose words are asked for, and whose they are."""

import pytest

from search.article import Article
from search.asking.evidence.whose_words import are_their_words, as_named, whose_words
from search.statements import read_statements
from tests.fakes import make_article


@pytest.mark.parametrize(
    ("question", "whose"),
    [
        ("What did Norland say about the dam?", "Norland"),
        ("what has the mayor of Tofte promised?", "mayor of Tofte"),
        ("How did Ana Souza describe the flood?", "Ana Souza"),
        ("What does Brask AG deny?", "Brask AG"),
        ("What did the mayor of Tofte pledge?", "mayor of Tofte"),
        ("What did Norland order?", None),
        ("What did Norland do after Souza said no?", None),
        ("What was said to Norland?", None),
        ("What was Souza told by the court?", None),
        ("What did people say about the dam?", None),
        ("What did they call the storm?", None),
        ("When did Souza say it would open?", None),
        ("What happened to Souza?", None),
    ],
)
def test_whose_words_are_asked_for(question: str, whose: str | None) -> None:
    assert whose_words(question) == whose


def theirs(whose: str, article: Article) -> list[str]:
    statements = read_statements(article.body)
    named = as_named(whose, statements)
    return [article.body[one.start : one.end] for one in statements if are_their_words(named, one, article)]


OTHERS = "Prime Minister Ole Brun said Norland had closed the dam."


@pytest.mark.parametrize(
    ("whose", "words"),
    [
        ("Norland", "Norland's energy ministry said the dam was safe."),
        ("Norland", "Norland said the dam was safe."),
        ("Brun", "Brun said it would rain."),
        ("Ole Brun", "Brun said it would rain."),
        ("Brask", "Brask chief executive Ida Lohm said sales would rise."),
        ("mayor of Tofte", "Mayor Ida Lohm said Tofte was dry."),
        ("NSB", "The Norland Savings Board said rates would fall."),
        ("NSB", "Norland Savings Board governor Ida Lohm said rates would fall."),
        ("Fed", "The Federal Savings Board said the Fed was late."),
        ("Norland", "Norland's envoy to the talks, Ida Lohm, said the dam was safe."),
        ("Norland government", "Norland's energy ministry said the dam was safe."),
        ("Norland's energy ministry", "Norland energy ministry spokesman Jan Vos said the dam was safe."),
    ],
)
def test_who_is_asked_for_speaks_by_name_office_or_voice(whose: str, words: str) -> None:
    assert words in theirs(
        whose, make_article("a", f"{words} Kari Vik, an analyst, said otherwise.", "On the dam")
    )


@pytest.mark.parametrize(
    ("whose", "words"),
    [
        ("Norland", OTHERS),
        ("Norland", "Kari Vik, an expert on Norland, said the dam was unsafe."),
        ("Souza", "A spokesman for the court said Souza had left."),
        ("Tofte", "Ida Lohm said Tofte was dry."),
        ("NSB", "The Norland Port Board said the Norland Savings Board was late."),
        ("Ana", "The Anatolian Port Board said rates would fall."),
        ("Fed", "Federico Lohm said rates would fall."),
        ("Norland government", "Governor Ida Lohm of the Bank of Norland said rates would fall."),
        ("Norland's energy ministry", "Norland defence ministry spokesman Jan Vos said the dam was safe."),
    ],
)
def test_what_others_say_of_them_is_not_theirs(whose: str, words: str) -> None:
    assert not theirs(whose, make_article("a", words, "On the dam"))


def test_an_office_without_a_name_speaks_for_whom_the_headline_names_first() -> None:
    body = "The dam is safe, energy ministry spokeswoman Ida Lohm said."
    assert theirs("Norland", make_article("a", body, "Norland answers"))
    assert theirs("Norland's energy ministry", make_article("a", body, "Norland answers"))
    assert not theirs("Norland's defence ministry", make_article("a", body, "Norland answers"))
    assert not theirs("Norland", make_article("a", body, "Sorland answers Norland"))
    assert not theirs("Norland", make_article("a", OTHERS, "Norland closes the dam"))
