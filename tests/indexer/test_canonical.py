import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.canonical import canonical_body, clean_line

ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT)
def test_canonical_form_is_idempotent_and_never_fails(text: str) -> None:
    once = canonical_body(text)
    assert canonical_body(once) == once


@given(ANY_TEXT)
def test_a_body_is_nfc_with_paragraphs_parted_by_one_blank_line(text: str) -> None:
    body = canonical_body(text)
    assert unicodedata.is_normalized("NFC", body)
    for paragraph in body.split("\n\n") if body else []:
        assert paragraph
        assert paragraph == paragraph.strip()
        assert not set(paragraph) & set("\n\r\t\xa0\u200b\ufeff\xad\x00\u202e")
        assert "  " not in paragraph
    body.encode()


@given(st.lists(ANY_TEXT))
def test_paragraphs_and_their_joined_text_have_one_canonical_form(paragraphs: list[str]) -> None:
    assert canonical_body(paragraphs) == canonical_body("\n\n".join(paragraphs))


def test_white_space_within_a_paragraph_is_one_space() -> None:
    assert (
        canonical_body("The\u00a0vote \t was\nclose.\r\n\r\n \r\nIt\u2003passed.")
        == "The vote was close.\n\nIt passed."
    )


def test_what_cannot_be_seen_is_removed() -> None:
    assert canonical_body("\ufeffpar\u00adlia\u200bment\u202e \x07vo\ue000tes\x00") == "parliament votes"


def test_joiners_stay_where_a_script_needs_them() -> None:
    persian = "می\u200cخواهم"
    assert canonical_body(persian) == persian
    assert canonical_body("family \U0001f468\u200d\U0001f469") == "family \U0001f468\u200d\U0001f469"
    assert canonical_body("vo\u200cte") == "vote"


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert canonical_body("a\ud800b") == "a\ufffdb"


def test_letters_are_composed() -> None:
    assert canonical_body("Cafe\u0301") == "Café"


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u200b", "\x00"])
def test_a_text_without_anything_visible_is_empty(text: str) -> None:
    assert canonical_body(text) == ""


def test_a_line_stays_one_line() -> None:
    assert clean_line(" Two\n\nlines ") == "Two lines"
