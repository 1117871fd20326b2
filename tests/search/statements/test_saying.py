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


@pytest.mark.parametrize(
    ("name", "role", "said_by", "expected"),
    [
        ("Blinken's spokesman", None, "Blinken", False),
        ("Matthew Miller", "Blinken's spokesman", "Blinken", False),
        ("Matthew Miller", "Blinken's spokesman", "spokesman", True),
        ("Matthew Miller", "spokesman of the secretary of state", "secretary of state", False),
        ("spokeswoman for Blinken", None, "Blinken", False),
        ("Blinken aide", None, "Blinken", False),
        ("aide to Putin", None, "Putin", False),
        ("Joachim Sauer", "husband of Angela Merkel", "Merkel", False),
        ("ministry spokesman", None, "ministry", True),
        ("spokesman for the ministry", None, "ministry", True),
        ("Lloyd's of London", None, "Lloyd's", True),
        ("Ana Souza", "Porto's harbour master", "harbour master", True),
    ],
)
def test_who_speaks_for_somebody_is_not_that_person(
    name: str,
    role: str | None,
    said_by: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert speaks(statement(name, role), [said_by]) is expected


def test_any_of_several_is_enough_and_none_lets_nothing_through() -> None:
    assert speaks(statement("Zoë Müller"), ["Blinken", "zoe muller"])
    assert not speaks(statement("Zoë Müller"), [])
    assert not speaks(statement(None), ["Blinken"])


@given(st.text(st.characters(exclude_characters="'’"), max_size=20))
def test_everybody_is_found_by_their_own_name(name: str) -> None:
    assert speaks(statement(name), [name]) is bool(name and folded(name).strip())
