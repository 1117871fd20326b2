"""Canonical forms."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.canonical import (
    address_of_article,
    canonical_address,
    canonical_body,
    clean_line,
    is_of_a_site,
    language_code,
)

ANY_TEXT = st.text(st.characters(codec=None))
ONE = "https://gazette.example/2024/ferries-return"


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


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/2024/ferries-return/",
        "http://gazette.example/2024/ferries-return",
        "https://www.gazette.example/2024/ferries-return#comments",
        "https://GAZETTE.example:443/2024/ferries-return?utm_source=rss&utm_medium=feed",
        "http://gazette.example:80/2024/ferries-return?fbclid=x1&gclid=2",
        "https://gazette.example/2024/ferries-return?at_medium=social&mc_cid=4",
        "https://gazette.example/2024/ferries-return/amp/",
        "https://gazette.example/2024/ferries-return?amp=1",
        "https://gazette.example/2024/ferries-return?outputType=amp",
        "https://amp.gazette.example/2024/ferries-return",
        "https://gazette-example.cdn.ampproject.org/c/s/gazette.example/2024/ferries-return/amp",
        "https://www.google.com/amp/s/gazette.example/2024/ferries-return",
        "https://gazette.example//2024/ferries%2Dreturn",
        "https://gazette.example/2024/ferries-return?ref=homepage",
    ],
)
def test_one_article_has_one_address(url: str) -> None:
    assert canonical_address(url) == ONE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://g.example/s?id=1", "https://g.example/s?id=2"),
        ("https://g.example/a", "https://g.example/b"),
        ("https://g.example/a", "https://h.example/a"),
        ("https://news.g.example/a", "https://sport.g.example/a"),
        ("https://g.example:8080/a", "https://g.example/a"),
        ("https://g.example/#!/story/1", "https://g.example/#!/story/2"),
        ("https://g.example/a%2Fb", "https://g.example/a/b"),
        ("https://g.example/s?ref=771", "https://g.example/s?ref=772"),
        ("https://g.example/camp", "https://g.example/c"),
        ("https://g.example/Story", "https://g.example/story"),
    ],
)
def test_what_chooses_the_article_keeps_addresses_apart(first: str, second: str) -> None:
    assert canonical_address(first) != canonical_address(second)


def test_the_order_of_parameters_does_not_matter() -> None:
    assert canonical_address("https://g.example/s?b=2&a=1") == canonical_address("https://g.example/s?a=1&b=2")


@given(st.text(max_size=80))
def test_the_form_is_its_own_form(tail: str) -> None:
    form = canonical_address(f"https://g.example/{tail}")
    assert canonical_address(form) == form


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(canonical_address(text), str)
    assert is_of_a_site(text) in {True, False}
    assert address_of_article([text], "https://g.example/a") is None or isinstance(text, str)


@pytest.mark.parametrize(
    "url",
    [
        "https://g.example",
        "https://g.example/",
        "http://www.g.example/index.html",
        "https://g.example/en/",
        "https://g.example/?utm_source=x",
        "https://g.example/de/index.php",
        "https://g.example/sport/",
        "https://g.example/en/news",
    ],
)
def test_a_site_is_no_article(url: str) -> None:
    assert is_of_a_site(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://g.example/2024",
        "https://g.example/news/ferry",
        "https://g.example/ferry",
        "https://g.example/?p=17",
        "https://g.example/about/index.html",
        "https://g.example/#!/1",
    ],
)
def test_a_path_or_a_parameter_may_be_an_article(url: str) -> None:
    assert not is_of_a_site(url)


def test_the_first_that_can_be_an_article_is_chosen() -> None:
    assert (
        address_of_article(["https://g.example/", None, "/a/b", "https://g.example/c"], "https://g.example/")
        == "https://g.example/a/b"
    )
    assert address_of_article(["/a/b", "https://g.example/c"], None) == "https://g.example/c"
    assert address_of_article(["https://g.example/", "javascript:void(0)", "/"], "https://g.example/") is None
    assert address_of_article(["//g.example/a"], "https://x.example/") == "https://g.example/a"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"), ("EN_gb", "en"), ("eng", "en"), ("English", "en"), ("zh-Hans-CN", "zh"),
        ("nb", "nb"), ("fi-FI", "fi"),
        ("x-default", None), ("und", None), ("", None), (None, None), ("tlh", None),
    ],
)  # fmt: skip
def test_a_tag_becomes_a_two_letter_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code
