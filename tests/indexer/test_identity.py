from dataclasses import replace

import pytest

from indexer.identity import identified, is_akin
from indexer.readers.draft import derived_id
from search.article import Article

FERRY = (
    "The ferry between Torn and Lesk sails again on Monday, the harbour master said. It had lain at the quay "
    "for three weeks after a fire "
    "in the engine room, in which nobody was hurt. The council has paid for the repairs."
)
LATER = (
    FERRY.replace("three weeks", "four weeks").replace("Monday", "Tuesday")
    + " A second ferry will follow in autumn, the owner told our reporter."
)
BREAD = (
    "Bakers in Skern ask for more time to change their ovens. A law that was passed in spring wants them to "
    "burn no wood after the end of the "
    "year. The guild says that only one in five has an electric oven so far."
)
URL = "https://gazette.example/2024/ferry"


def article(body: str, url: str = URL, **fields: str) -> Article:
    return Article(
        id=derived_id(url, "a.html"),
        headline=fields.pop("headline", "Ferry"),
        body=body,
        url=url,
        origin="a.html",
        **fields,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "akin"),
    [
        (FERRY, LATER, True),
        (FERRY, FERRY[:90], True),
        (FERRY, BREAD, False),
        ("A bomb killed 12.", "A bomb killed 15 there.", True),
        ("A bomb killed 12.", "Bread is dear in Skern.", False),
        ("渡轮周一恢复航行，港务局长说。", "渡轮周二恢复航行，港务局长说。", True),
    ],
)
def test_versions_share_runs_of_words(first: str, second: str, *, akin: bool) -> None:
    assert is_akin(first, second) is akin
    assert is_akin(second, first) is akin


def test_a_text_akin_to_the_stored_one_is_its_later_version() -> None:
    stored = {article(FERRY).id: article(FERRY)}
    assert identified(article(LATER), stored.get) == article(LATER)


def test_an_unlike_text_at_the_same_address_is_another_article_and_says_so() -> None:
    stored = {article(FERRY).id: article(FERRY)}
    other = identified(article(BREAD, headline="Bread"), stored.get)
    assert other.id not in stored
    assert article(FERRY).id in other.remarks[0]
    stored[other.id] = other
    # It is found again, whatever version it is read in, and a third one beside it.
    assert identified(article(BREAD + " It wants to talk.", headline="Bread"), stored.get).id == other.id
    third = identified(
        article("Nothing else is known of the moon over Larna, " + "which was seen twice. " * 3, headline="Bread"),
        stored.get,
    )
    assert third.id not in stored


def test_an_id_that_was_given_means_what_it_says() -> None:
    given = replace(article(BREAD), id="g-1")
    assert identified(given, {"g-1": article(FERRY)}.get) == given


def test_an_article_without_an_address_keeps_its_id() -> None:
    own = Article(id=derived_id(None, "a.txt"), headline="", body=BREAD, origin="a.txt")
    assert identified(own, {own.id: article(FERRY)}.get) == own
