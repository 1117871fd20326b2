import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.addresses import address_of_article, canonical_address, is_of_a_site

ONE = "https://gazette.example/2024/ferries-return"


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
