import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.statements import Speaker, Standing, Statement, folded, speaks

WORDS = "Antony Blinken said"


def statement(name: str | None, role: str | None = None) -> Statement:
    speaker = Speaker(name, role, WORDS, 0, len(WORDS)) if name else None
    return Statement(Standing.ASSERTED, speaker, 0, len(WORDS))


@pytest.mark.parametrize(
    ("said_by", "expected"),
    [
        ("blinken", True),
        ("ANTONY BLINKEN", True),
        ("Ántony", True),
        ("secretary of state", True),
        ("US", True),
        ("blink", False),
        ("state secretary", False),
        ("blinken us", False),
        ("%", False),
        ("", False),
    ],
)
def test_whole_words_of_name_or_role_are_compared(said_by: str, expected: bool) -> None:  # noqa: FBT001
    assert speaks(statement("Antony Blinken", "US Secretary of State"), [said_by]) is expected


def test_any_of_several_is_enough_and_none_lets_nothing_through() -> None:
    assert speaks(statement("Zoë Müller"), ["Blinken", "zoe muller"])
    assert not speaks(statement("Zoë Müller"), [])
    assert not speaks(statement(None), ["Blinken"])


@given(st.text(max_size=20))
def test_everybody_is_found_by_their_own_name(name: str) -> None:
    assert speaks(statement(name), [name]) is bool(name and folded(name).strip())
