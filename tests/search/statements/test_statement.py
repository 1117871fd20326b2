import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.statements import Speaker, Standing, Statement, folded, read_statements, speaks

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


@pytest.mark.parametrize(
    "sentence",
    [
        "Blinken's spokesman said the talks had failed.",
        "Antony Blinken's spokesman said the talks had failed.",
        "Ana Souza, Blinken's spokeswoman, said the talks had failed.",
        "Blinken's spokeswoman Ana Souza said the talks had failed.",
        "Ana Souza, a spokeswoman for Blinken, said the talks had failed.",
        "The talks had failed, said Ana Souza, an adviser to Blinken.",
        "Ana Souza, a sister of Blinken, said the talks had failed.",
        "The talks had failed, according to Blinken's spokesman.",
    ],
)
def test_who_speaks_for_somebody_is_not_that_somebody(sentence: str) -> None:
    (one,) = read_statements(sentence)
    assert one.speaker
    assert not speaks(one, ["Blinken"])
    assert not speaks(one, ["Antony Blinken"])
    assert speaks(one, [one.speaker.name])
    assert speaks(one, ["spokesman", "spokeswoman", "adviser", "sister"])


@pytest.mark.parametrize(
    ("name", "role", "said_by"),
    [
        ("Ana Souza", "spokeswoman for the Foreign Ministry", "Foreign Ministry"),
        ("Ana Souza", "spokeswoman for Port Bank", "Port Bank"),
        ("Ana Souza", "mayor of Porto", "Porto"),
        ("China's Foreign Ministry", None, "China"),
        ("China's Foreign Ministry", None, "Foreign Ministry"),
        ("Blinken's spokesman", None, "blinken's spokesman"),
        ("Ana Souza", "mayor of Porto", "the mayor"),
    ],
)
def test_institutions_and_offices_are_found(name: str, role: str | None, said_by: str) -> None:
    assert speaks(statement(name, role), [said_by])


@given(st.text(max_size=20))
def test_everybody_is_found_by_their_own_name(name: str) -> None:
    assert speaks(statement(name), [name]) is bool(name and folded(name).strip())
