import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.statements.quotations import first_sentence, is_quotation, quotations, unquoted


def test_only_what_is_quoted_is_blanked() -> None:
    assert unquoted('He said "go" and “stay”, "now') == 'He said "~~" and “~~~~”, "~~~'


@given(st.text(alphabet='ab "“”.'))
def test_blanking_moves_nothing(text: str) -> None:
    blank = unquoted(text)
    assert len(blank) == len(text)
    assert all(old in {new, "“", "”"} or new == "~" for old, new in zip(text, blank, strict=True))
    for start, end in quotations(text):
        assert 0 < start <= end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('"It is late."', True), ('"It is late.', True), ('"It," he said.', False), ("It.", False)],
)
def test_a_sentence_may_be_a_quotation_as_a_whole(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_quotation(text) is expected


def test_the_first_of_several_quoted_sentences_is_told() -> None:
    assert first_sentence("Why? Because it rained.") == "Why?"
    assert first_sentence("It rained") == "It rained"
