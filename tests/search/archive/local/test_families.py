import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.pipeline import embed_again
from search.archive import Archive
from search.archive.local.kinship import MOST_VERIFIED
from search.article import Article
from search.family import Copy, Family, Likeness
from tests.fakes import CATHEDRAL, HashEmbedder, make_article, published, put, store

LEAD = (
    "The council voted on Thursday to rebuild the old fish quay, which a storm tore apart in January, and set "
    "aside 46 million crowns for the work."
)
MIDDLE = "Work begins in September and lasts two years, the mayor told reporters after a debate of four hours."
END = "The storm sank eleven boats and damaged 70 houses, and insurers have paid 130 million crowns so far."

STORY = f"{LEAD}\n\n{MIDDLE}\n\n{END}"
WIRE = make_article("wire", STORY, "Quay to rise again", "2024-05-02T10:00", source="Wire")
LATE = make_article("late", f"{LEAD}\n\n{MIDDLE}", "Council votes for quay", "2024-05-03", source="Gazette")
SAME = make_article("same", STORY, "Quay to be rebuilt", "2024-05-02T18:00", url="https://news.example/quay")
UNDATED = make_article("any", f"{STORY}\n\nThe opposition voted against it.", source="Ledger")

FIRST_HALF = " ".join(f"north{number} wind" for number in range(40))
SECOND_HALF = " ".join(f"south{number} rain" for number in range(40))
BRIDGE = make_article("bridge", f"{FIRST_HALF} {SECOND_HALF}", day="2024-05-04")
BANK = make_article("bank", f"{FIRST_HALF} and a river rose", day="2024-05-02")
SHORE = make_article("shore", f"{SECOND_HALF} and a river fell", day="2024-05-03")


def ids(family: Family) -> list[str]:
    return [copy.article_id for copy in (family.origin, *family.copies)]


def families(archive: Archive) -> set[tuple[str, ...]]:
    return {tuple(ids(archive.family_of(article_id))) for article_id in archive.ids()}


def remove(archive: Archive, *article_ids: str) -> None:
    with archive.write() as writer:
        for article_id in article_ids:
            writer.remove(article_id)
        writer.commit()


def rows(archive: Archive, table: str) -> int:
    with closing(sqlite3.connect(archive.folder / "archive.sqlite")) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_copies_are_one_family_the_first_published_its_origin(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, LATE, UNDATED, CATHEDRAL, SAME, WIRE)
    family = archive.family_of("late")
    assert family.origin == Copy("wire", "Quay to rise again", "Wire", published("2024-05-02T10:00"), None)
    assert ids(family) == ["wire", "same", "late", "any"]
    assert families(archive) == {("wire", "same", "late", "any"), ("cathedral",)}
    assert archive.status().families == 1


def test_families_are_given_by_key_and_what_is_gone_is_left_out(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, WIRE, LATE, CATHEDRAL)
    keys = {archive.fetch_articles([key])[key].id: key for key in (1, 2, 3)}
    found = archive.families(iter([*keys.values(), 99]))
    assert {key: ids(family) for key, family in found.items()} == {
        keys["wire"]: ["wire", "late"],
        keys["late"]: ["wire", "late"],
        keys["cathedral"]: ["cathedral"],
    }
    assert found[keys["wire"]] == found[keys["late"]]
    assert archive.families([]) == {}


def test_a_family_that_loses_its_origin_gets_another(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE, SAME)
    remove(archive, "wire")
    assert families(archive) == {("same", "late")}
    remove(archive, "same")
    assert families(archive) == {("late",)}
    assert archive.status().families == 0


def test_a_replaced_article_leaves_its_family_or_stays(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE)
    store(archive, hash_embedder, make_article("wire", f"{WIRE.body}\n\nA vote of the people may follow."))
    assert families(archive) == {("late", "wire")}
    store(archive, hash_embedder, make_article("wire", CATHEDRAL.body))
    assert families(archive) == {("late",), ("wire",)}


def test_a_family_falls_apart_when_what_joined_it_goes(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, BANK, SHORE)
    assert families(archive) == {("bank",), ("shore",)}
    store(archive, hash_embedder, BRIDGE)
    joined = families(archive)
    remove(archive, "bridge")
    assert families(archive) == {("bank",), ("shore",)}
    store(archive, hash_embedder, BRIDGE)
    assert families(archive) == joined == {("bank", "shore", "bridge")}


def test_nothing_is_left_of_what_was_removed(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE, SAME, BRIDGE)
    assert rows(archive, "texts") == 3, "two articles are word for word the same"
    remove(archive, *archive.ids())
    assert [rows(archive, table) for table in ("articles", "texts", "buckets", "relations")] == [0, 0, 0, 0]


def test_an_article_that_was_not_compared_is_alone(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, LATE)
    with archive.write() as writer:
        writer.put(WIRE, [], hash_embedder.embed_passages([]))
        writer.commit()
    assert families(archive) == {("late",), ("wire",)}


def test_embedding_again_keeps_families(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, WIRE, LATE, CATHEDRAL)
    before = families(archive)
    embed_again(archive, HashEmbedder("other"))
    assert families(archive) == before
    assert rows(archive, "texts") == 3


def test_nothing_is_seen_of_a_family_before_it_is_committed(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, LATE)
    with Archive.open(archive.folder) as reader, archive.write() as writer:
        put(writer, WIRE, hash_embedder)
        assert families(reader) == {("late",)}
    assert families(archive) == {("late",)}


def test_equal_texts_that_are_too_short_to_tell_are_no_family(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, make_article("one", "Read more."), make_article("two", "Read more."))
    assert families(archive) == {("one",), ("two",)}


def test_a_text_is_compared_with_a_bounded_number_of_those_that_share_a_bucket(archive: Archive) -> None:
    compared = list[str]()
    vectors = np.empty((0, archive.status().dimension), dtype=np.float32)

    def form(number: int, buckets: tuple[int, ...], like: str = "") -> Likeness:
        def same(body: str) -> bool:
            compared.append(body)
            return body == like

        return Likeness(str(number).encode(), buckets, same)

    with archive.write() as writer:
        for number in range(3 * MOST_VERIFIED):
            own = (7, 8, 9) if number == 3 else (7,)
            writer.put(make_article(f"a{number}", f"form {number}"), [], vectors, likeness=form(number, own))
        assert len(compared) <= 3 * MOST_VERIFIED * MOST_VERIFIED
        compared.clear()
        copy = make_article("copy", "form 3 again")
        writer.put(copy, [], vectors, likeness=form(-1, (7, 8, 9), like="form 3"))
        writer.commit()
    assert len(compared) == MOST_VERIFIED
    assert {one.article_id for one in archive.family_of("copy").copies} == {"copy"}
    assert archive.family_of("copy").origin.article_id == "a3", "what shares the most is compared first"


POOL = (WIRE, LATE, SAME, UNDATED, CATHEDRAL, BANK, SHORE, BRIDGE)
NUMBERS = st.permutations(range(len(POOL)))


def picked(numbers: Iterable[int]) -> list[Article]:
    return [POOL[number] for number in numbers]


@settings(max_examples=15)
@given(NUMBERS, st.integers(0, len(POOL)), NUMBERS)
def test_neither_order_nor_what_came_and_went_makes_a_difference(
    order: list[int], kept: int, other_order: list[int]
) -> None:
    embedder = HashEmbedder()
    remaining = set(order[:kept])
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "a", embedder.card) as archive:
        with archive.write() as writer:
            for article in picked(order):
                put(writer, article, embedder)
            for article in picked(order[kept:]):
                writer.remove(article.id)
            writer.commit()
        found = families(archive)
        tables = [rows(archive, table) for table in ("texts", "buckets", "relations")]
        with Archive.create(Path(folder) / "b", embedder.card) as directly:
            store(directly, embedder, *picked(number for number in other_order if number in remaining))
            assert families(directly) == found
            assert [rows(directly, table) for table in ("texts", "buckets", "relations")] == tables
        with archive.write() as writer:
            for article in picked(order[kept:]):
                put(writer, article, embedder)
            for article in picked(order[kept:]):
                writer.remove(article.id)
            writer.commit()
        assert families(archive) == found


def test_asking_does_not_import_what_compares_texts() -> None:
    program = "import search.asking.engine, search.archive, sys; assert 'datasketch' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
