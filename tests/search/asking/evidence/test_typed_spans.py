from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.evidence.typed_spans import typed_spans
from search.asking.question import AnswerType
from search.english.terms import content_terms
from search.times import tag

PUBLISHED = date(2024, 9, 10)


def found(expected: AnswerType, sentence: str, question: str = "") -> list[str]:
    spans = typed_spans(expected, sentence, content_terms(question) if question else (), tag(sentence, PUBLISHED))
    return [span.of(sentence) for span in spans]


@pytest.mark.parametrize(
    ("expected", "sentence", "words"),
    [
        (AnswerType.MONEY, "The ferry was sold for 1.7 billion dollars on Monday.", ["1.7 billion dollars"]),
        (AnswerType.MONEY, "It cost $3.5 million, or 12,000 yen a head.", ["$3.5 million", "12,000 yen"]),
        (AnswerType.MONEY, "Three ferries were sold.", []),
        (AnswerType.PERCENTAGE, "Turnout fell to 41.3 percent.", ["41.3 percent"]),
        (AnswerType.NUMBER, "Some 41,300 crates were landed on 3 March 2024.", ["41,300"]),
        (AnswerType.NUMBER, "Twenty-two boats and three ferries left.", ["Twenty-two", "three"]),
        (AnswerType.PERSON, "On Tuesday the mayor, Ana Souza, opened the tunnel.", ["Ana Souza"]),
        (AnswerType.PLACE, "The painting was found in Porto by the police.", ["Porto"]),
        (AnswerType.REASON, "Schools were closed because of the storm.", ["because of"]),
        (AnswerType.STATEMENT, "The catch had halved, the union said.", ["said"]),
        (AnswerType.TIME, "The bridge reopens next Tuesday.", ["next Tuesday"]),
    ],
)
def test_things_of_the_expected_kind_are_found(expected: AnswerType, sentence: str, words: list[str]) -> None:
    assert found(expected, sentence) == words


def test_what_the_question_names_itself_does_not_answer_it() -> None:
    sentence = "Ana Souza met Rui Costa."
    assert found(AnswerType.PERSON, sentence, "Whom did Ana Souza meet?") == ["Rui Costa"]


@given(st.text(max_size=300), st.sampled_from(AnswerType))
def test_spans_are_slices_of_the_sentence_in_any_text(sentence: str, expected: AnswerType) -> None:
    for span in typed_spans(expected, sentence, ()):
        assert span.of(sentence)


def test_one_of_two_halves_is_no_share() -> None:
    for half in ("second", "other", "latter"):
        assert found(AnswerType.PERCENTAGE, f"The {half} half of the season was wet.") == []
    assert found(AnswerType.PERCENTAGE, "Almost half of the season was wet.") == ["half"]
