import pytest

from search.english.chains import shares_step, steps_in


def told(text: str, chain: str) -> list[str]:
    return [step.name for step in steps_in(text, [chain]) if not step.negated and not step.wanted]


@pytest.mark.parametrize(
    ("text", "chain", "steps"),
    [
        ("Norra applied for the pact in May and joined it in June.", "membership", ["apply", "join"]),
        ("Norra became the ninth member of the pact.", "membership", ["join"]),
        ("Norra was admitted in April last year.", "membership", ["join"]),
        ("Her application is two years old.", "membership", ["apply"]),
        ("A jury found the surgeon guilty and sent her to prison.", "trial", ["convict", "sentence"]),
        ("The surgeon was indicted.", "trial", ["charge"]),
        ("He announced on Monday that he would resign.", "office", ["announce"]),
        ("Sund agreed on Monday to buy the mill.", "purchase", ["agree"]),
        ("Work on the long Harn bridge began in May.", "building", ["begin"]),
        ("The storm left 12 people dead.", "voyage", []),
        ("The ferry left Lund and went down off Harn.", "voyage", ["leave", "sink"]),
        ("Talks began at the end of the week.", "course", ["begin"]),
        ("The law was passed in May and took effect in June.", "law", ["pass", "begin"]),
    ],
)
def test_a_text_tells_of_the_steps_that_its_words_are_for(text: str, chain: str, steps: list[str]) -> None:
    assert told(text, chain) == steps


def test_offsets_are_those_of_the_words() -> None:
    text = "Norra became the ninth member."
    (step,) = steps_in(text, ["membership"])
    assert text[step.start : step.end] == "became the ninth member"


@pytest.mark.parametrize(
    "text", ["Norra has not joined the pact.", "Norra never joined.", "Norra refused to join.", "It didn't join."]
)
def test_a_step_may_be_denied(text: str) -> None:
    (step,) = (step for step in steps_in(text, ["membership"]) if step.name == "join")
    assert step.negated


def test_not_until_is_no_denial() -> None:
    (step,) = steps_in("Norra did not join until March.", ["membership"])
    assert not step.negated


def test_what_is_only_wanted_is_told_apart() -> None:
    (step,) = steps_in("Norra hopes to join the pact.", ["membership"])
    assert step.wanted


def test_what_is_needed_is_only_wanted_and_what_was_done_then_is_not() -> None:
    assert told("The pact still needs approval.", "law") == []
    assert told("The pact needed approval and took effect on Monday.", "law") == ["begin"]
    assert told("The cook needed surgery and died on Monday.", "life") == ["die"]


def test_a_question_shares_its_step_with_what_answers_it() -> None:
    assert shares_step("When did Norra join the pact?", "Norra was admitted on Monday.")
    assert shares_step("When did Norra join the pact?", "Norra applied on Monday.") is False
    assert shares_step("Who is the mayor of Borg?", "Norra applied on Monday.") is None
