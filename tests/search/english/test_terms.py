import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.article import Span
from search.english.terms import STOP_WORDS, content_terms, terms, terms_of_slices


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("the U.S. Senate", "the US Senate", id="acronyms-lose-their-stops"),
        pytest.param("1,189.42 points", "1189.42 points", id="thousands-separators"),
        pytest.param("12,345,678", "12345678", id="several-thousands-separators"),
        pytest.param("Macron's plan", "Macron plan", id="possessive"),
        pytest.param("Macron’s plan", "Macron plan", id="typographic-possessive"),
        pytest.param("cafés of São Paulo", "cafes of Sao Paulo", id="accents"),
        pytest.param("MISSILES", "missile", id="case-and-stem"),
        pytest.param("\ufb01re", "fire", id="ligature"),
        pytest.param("Straße", "STRASSE", id="sharp-s"),
        pytest.param("COVID-19", "covid 19", id="hyphen"),
        pytest.param("e\u0301te\u0301", "\xe9t\xe9", id="decomposed-accents"),
    ],
)
def test_two_spellings_of_one_thing_are_the_same_terms(first: str, second: str) -> None:
    assert terms(first) == terms(second) != []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("1,5", "15", id="a-decimal-comma-is-no-thousands-separator"),
        pytest.param("2019", "2020", id="years"),
        pytest.param("3.14", "314", id="a-decimal-point"),
    ],
)
def test_different_things_are_different_terms(first: str, second: str) -> None:
    assert terms(first) != terms(second)


def test_scripts_without_spaces_become_pairs() -> None:
    assert terms("東京都知事 said") == ["東京", "京都", "都知", "知事", "said"]
    assert terms("東") == ["東"]


def test_telling_terms_leave_out_stop_words_and_repetitions() -> None:
    assert content_terms("When will the missiles, and which missiles, be used in Ukraine?") == [
        "missil",
        "use",
        "ukrain",
    ]


def test_a_country_is_not_a_pronoun() -> None:
    assert content_terms("Did the US tell us?") == ["us", "tell"]
    assert content_terms("Did he tell us?") == ["tell"]


def test_nothing_but_stop_words_is_better_than_nothing() -> None:
    assert content_terms("The Who") == ["the", "who"]


def test_terms_keep_order_and_repetitions() -> None:
    assert terms("war and war") == ["war", "and", "war"]


def test_stop_words_are_written_as_they_are_compared() -> None:
    assert all(word == word.casefold() for word in STOP_WORDS)


@given(st.text(max_size=200))
@example("a ligature of several words: \ufdfa")
@example("a sound mark on its own: \uff9e")
def test_terms_are_what_an_index_by_white_space_keeps_apart(text: str) -> None:
    found = terms(text)
    assert " ".join(found).split() == found
    assert set(content_terms(text)) <= set(found)


@given(st.text(max_size=100), st.text(max_size=100))
def test_terms_of_parted_texts_are_the_terms_of_both(first: str, second: str) -> None:
    assert terms(f"{first}\n{second}") == terms(first) + terms(second)


@given(
    text=st.lists(
        st.sampled_from(["U.S. ", "the ", "1,189.42", " ", "don’t", "日本語", "e\u0301", "é", "x-y", "\n"])
    )
    .map("".join)
    .filter(bool),
    cuts=st.lists(st.tuples(st.integers(0, 99), st.integers(1, 99)), max_size=4),
)
def test_slices_are_analysed_together_as_they_are_alone(text: str, cuts: list[tuple[int, int]]) -> None:
    spans = [Span(min(start, len(text) - 1), min(start, len(text) - 1) + 1) for start, _ in cuts]
    spans += [Span(start % len(text), min(start % len(text) + length, len(text))) for start, length in cuts]
    assert terms_of_slices(text, spans) == [terms(span.of(text)) for span in spans]
