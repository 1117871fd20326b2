import pytest

from search.asking.question import AnswerType, expected_answer


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
        ("How much did the ferry cost?", AnswerType.MONEY),
        ("How much rain fell on Porto?", AnswerType.NUMBER),
        ("What percentage of voters stayed at home?", AnswerType.PERCENTAGE),
        ("Why did the minister resign?", AnswerType.REASON),
        ("What caused the fire?", AnswerType.REASON),
        ("What did the mayor say about the harbour?", AnswerType.STATEMENT),
        ("How did the union react to the offer?", AnswerType.STATEMENT),
        ("What fish is landed in Lisbon?", AnswerType.OTHER),
        ("missiles for Russia", AnswerType.OTHER),
    ],
)
def test_the_words_of_a_question_tell_what_kind_of_answer_it_expects(question: str, expected: AnswerType) -> None:
    assert expected_answer(question) is expected


def test_letter_case_does_not_matter() -> None:
    assert (
        expected_answer("WHO OPENED THE TUNNEL") is expected_answer("who opened the tunnel") is AnswerType.PERSON
    )
