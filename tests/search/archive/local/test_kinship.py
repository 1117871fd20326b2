"""How families are kept on disk."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.archive import LocalArchive
from search.archive.local.relations import MOST_VERIFIED
from search.archive.records import Dossier
from search.article import Article
from search.family import Likeness
from tests.fakes import CATHEDRAL, HashEmbedder, make_article, put, store
from tests.search.archive.glances import read, remove, stored
from tests.search.archive.test_families import BANK, BRIDGE, LATE, SAME, SHORE, UNDATED, WIRE, families

TABLES = ("texts", "buckets", "relations")
POOL = (WIRE, LATE, SAME, UNDATED, CATHEDRAL, BANK, SHORE, BRIDGE)
NUMBERS = st.permutations(range(len(POOL)))


def rows(archive: LocalArchive, *tables: str) -> list[int]:
    """How many rows tables have."""
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        return [int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables]


def picked(numbers: Iterable[int]) -> list[Article]:
    return [POOL[number] for number in numbers]


def test_nothing_is_left_of_what_was_removed(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE, SAME, BRIDGE)
    assert rows(archive, "texts") == [3], "two articles are word for word the same"
    remove(archive, *stored(archive))
    assert rows(archive, "articles", *TABLES) == [0, 0, 0, 0]


def test_storing_anew_keeps_the_text(archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE, CATHEDRAL)
    before = families(archive)
    with archive.write() as writer:
        for article in (WIRE, LATE, CATHEDRAL):
            put(writer, article, hash_embedder, anew=True)
        writer.commit()
    assert families(archive) == before
    assert rows(archive, "texts") == [3]


def test_a_text_is_compared_with_a_bounded_number_of_those_that_share_a_bucket(archive: LocalArchive) -> None:
    compared = list[str]()
    vectors = np.empty((0, archive.card.dimension), dtype=np.float32)

    def form(number: int, buckets: tuple[int, ...], like: str = "") -> Likeness:
        def same(body: str) -> bool:
            compared.append(body)
            return body == like

        return Likeness(str(number).encode(), buckets, same)

    with archive.write() as writer:
        for number in range(3 * MOST_VERIFIED):
            own = (7, 8, 9) if number == 3 else (7,)
            article = make_article(f"a{number}", f"form {number}")
            writer.put(Dossier(article, likeness=form(number, own)), vectors)
        assert len(compared) <= 3 * MOST_VERIFIED * MOST_VERIFIED
        compared.clear()
        copy = make_article("copy", "form 3 again")
        writer.put(Dossier(copy, likeness=form(-1, (7, 8, 9), like="form 3")), vectors)
        writer.commit()
    assert len(compared) == MOST_VERIFIED
    assert [one.id for one in read(archive, "copy").copies] == ["a3"], "what shares the most is compared first"


@settings(max_examples=8)
@given(NUMBERS, st.integers(0, len(POOL)), NUMBERS)
def test_neither_order_nor_what_came_and_went_makes_a_difference(
    order: list[int], kept: int, other_order: list[int]
) -> None:
    embedder, remaining = HashEmbedder(), set(order[:kept])
    with (
        TemporaryDirectory() as folder,
        LocalArchive.create(Path(folder) / "a", embedder.card) as archive,
        LocalArchive.create(Path(folder) / "b", embedder.card) as directly,
    ):
        with archive.write() as writer:
            for article in picked(order):
                put(writer, article, embedder)
            for article in picked(order[kept:]):
                writer.remove(article.id)
            writer.commit()
        store(directly, embedder, *picked(number for number in other_order if number in remaining))
        assert families(directly) == families(archive)
        assert rows(directly, *TABLES) == rows(archive, *TABLES)
