import pytest

from search.english.recency import is_of_the_past, says_corrected, says_former, wants_the_latest, wants_the_oldest


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the latest on the ferry?", True),
        ("Who is still missing?", True),
        ("What is the most recent estimate?", True),
        ("Who came last?", False),
        ("What does it distill?", False),
        ("Who was the first to arrive?", False),
    ],
)
def test_the_latest_is_wanted_only_where_it_is_said(question: str, wanted: bool) -> None:  # noqa: FBT001
    assert wants_the_latest(question) is wanted


@pytest.mark.parametrize(
    "question",
    [
        "How many are missing so far?",
        "What is the current price of bread?",
        "Who is the mayor of Borg now?",
        "What was the final toll of the Borg flood?",
        "How many votes have been counted to date?",
        "What is the up-to-date count?",
    ],
)
def test_words_that_want_the_latest_are_known(question: str) -> None:
    assert wants_the_latest(question)


@pytest.mark.parametrize("question", ["Who won the hockey final?", "When was it known?"])
def test_words_that_only_look_like_them_are_not(question: str) -> None:
    assert not wants_the_latest(question)


def test_what_was_so_at_first_or_before_is_told_apart() -> None:
    assert wants_the_oldest("How many were thought to be hurt at first?")
    assert is_of_the_past("Who was the first mayor of Borg?")
    assert not is_of_the_past("Who is the mayor of Borg?")
    assert says_former("The former mayor of Borg was there.")
    assert not says_former("The mayor of Borg was there.")
    assert says_corrected("The count was revised to 30.")
    assert not says_corrected("The count rose to 30.")
