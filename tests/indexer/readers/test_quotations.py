import pytest

from indexer.readers.quotations import is_attribution, is_quotation, join_quotations


def test_an_attribution_after_a_pull_quote_goes_before_it() -> None:
    assert join_quotations(
        ["Talks failed.", '"We tried everything."', "Mayor Ada Lind said:", "Others disagreed."]
    ) == [
        "Talks failed.",
        'Mayor Ada Lind said: "We tried everything."',
        "Others disagreed.",
    ]


def test_an_attribution_before_a_quotation_announces_it() -> None:
    assert join_quotations(["Ada Lind said:", "“We tried.”", "The end."]) == [
        "Ada Lind said: “We tried.”",
        "The end.",
    ]


def test_a_run_is_read_in_the_direction_in_which_it_begins() -> None:
    announced = ["Ada said:", '"One."', "Bo said:", '"Two."']
    pulled = ['"One."', "Ada said:", '"Two."', "Bo said:"]
    assert join_quotations(announced) == ['Ada said: "One."', 'Bo said: "Two."'] == join_quotations(pulled)


def test_between_two_quotations_the_colon_announces() -> None:
    assert join_quotations(['"One."', "Bo said:", '"Two."']) == ['"One."', 'Bo said: "Two."']


def test_a_line_that_names_no_saying_does_not_claim_a_quotation_before_it() -> None:
    lines = ['"We tried everything."', "What happens next:", "The council meets on Monday."]
    assert join_quotations(lines) == lines


def test_a_signature_stays_with_its_quotation() -> None:
    assert join_quotations(["“We tried.”", "— Ada Lind, mayor", "The end."]) == [
        "“We tried.” — Ada Lind, mayor",
        "The end.",
    ]


@pytest.mark.parametrize("text", ['"One."', "“One.”", "„One.“", "«One.»", "「One」", "``One.''"])
def test_a_paragraph_in_quotation_marks_is_a_quotation(text: str) -> None:
    assert is_quotation(text)


@pytest.mark.parametrize("text", ['"One," she said. "Two."', "One.", '"', '""', '"One," she said.'])
def test_a_paragraph_that_is_not_wholly_quoted_is_none(text: str) -> None:
    assert not is_quotation(text)


def test_a_sentence_before_the_colon_makes_it_no_attribution() -> None:
    assert is_attribution("Mr. J. Lind, the mayor, said:")
    assert not is_attribution("The vote failed. The mayor said:")
    assert not is_attribution('He called it "sad" and said:')
