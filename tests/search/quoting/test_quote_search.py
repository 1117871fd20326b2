import pytest

from search.archive import Archive
from search.quoting import verification as quote_search
from search.quoting.verification import articles_with
from tests.fakes import HashEmbedder, make_article, store

BODIES = {f"a{number}": f"the sea, the ship{' and the captain' * (number < 3)}" for number in range(10)}


@pytest.fixture
def ships(archive: Archive, hash_embedder: HashEmbedder) -> Archive:
    store(archive, hash_embedder, *(make_article(id_, body) for id_, body in BODIES.items()))
    return archive


@pytest.mark.parametrize(
    ("most", "quote", "number"),
    [(100, "the captain", 3), (100, "the of the", 10), (9, "the of the", 0), (9, "the captain of the sea", 3)],
)
def test_words_that_stand_everywhere_are_not_looked_for_at_any_price(
    ships: Archive, monkeypatch: pytest.MonkeyPatch, most: int, quote: str, number: int
) -> None:
    monkeypatch.setattr(quote_search, "_MOST_HOLDERS", most)
    with ships.snapshot() as snapshot:
        assert len(articles_with(snapshot, quote)) == number


@pytest.mark.parametrize("quote", ["", "?!", "zeppelins", "\x00"])
def test_a_quote_without_known_words_finds_nothing(ships: Archive, quote: str) -> None:
    with ships.snapshot() as snapshot:
        assert articles_with(snapshot, quote) == []
