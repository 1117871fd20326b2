import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.quoting.folding import fold


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    for place, character in enumerate(folded.text):
        origin = folded.origin(place, place + 1).of(text)
        assert character in fold(origin).text or (character == " " and origin.isspace()) or character in "'\""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_unicode_form_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(unicodedata.normalize("NFC", text)).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the ferry \n\n sailed", "the\u00a0ferry sailed"),
        ("“It’s ‘late’,” she said", '"It\'s "late"," she said'),
        ("«late»", "„late“"),
        ("``late''", '"late"'),
        ("noon — or so", "noon--or so"),
        ("noon – or so", "noon - or so"),
        ("well‑known", "well-known"),
        ("and … then", "and...then"),
        ("and . . . then", "and… then"),
        ("caf\u00e9", "cafe\u0301"),
        ("ﬁnance ½", "finance 1⁄2"),
        ("mis\u00adsiles\u200b", "missiles"),
        ("각", "\u1100\u1161\u11a8"),
    ],
)
def test_what_changes_no_word_makes_no_difference(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ferry", "ferry"),
        ("resume", "résumé"),
        ("fell to -3", "fell to 3"),
        ("it sailed.", "it sailed"),
        ("5.3", "53"),
        ('a 6" gap', "a 6' gap"),
        ("a b", "ab"),
    ],
)
def test_what_may_change_the_meaning_makes_a_difference(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@pytest.mark.parametrize(
    "text",
    [" " * 200_000, "a " * 100_000, ". " * 100_000, "-\u0301" * 50_000, "e" + "\u0301" * 100_000, "'\"" * 100_000],
    ids=["spaces", "words", "dots", "dashes", "accents", "marks"],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    fold(text)
    assert time.process_time() - began < 10
