import subprocess
import sys
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from search.archive import Archive, MemoryArchive
from search.archive.records import Dossier
from search.article import Article
from search.family import Copy, Family
from tests.fakes import CATHEDRAL, HashEmbedder, make_article, published, put, store
from tests.search.archive.glances import ask, facts, read, remove

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
    with archive.snapshot() as snapshot:
        dossiers = snapshot.read(snapshot.find().ids)
    return {tuple(ids(dossier.family)) for dossier in dossiers.values()}


def test_copies_are_one_family_the_first_published_its_origin(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, LATE, UNDATED, CATHEDRAL, SAME, WIRE)
    family = read(door, "late").family
    assert family.origin == Copy("wire", "Quay to rise again", "Wire", published("2024-05-02T10:00"), None)
    assert ids(family) == ["wire", "same", "late", "any"]
    assert families(door) == {("wire", "same", "late", "any"), ("cathedral",)}
    assert facts(door).families == 1


def test_candidates_name_the_family_of_their_article(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, WIRE, LATE, CATHEDRAL)
    names = {
        one.passage.article_id: one.family for one in ask(door, hash_embedder.embed_question("quay")).passages
    }
    assert names["wire"] == names["late"] != names["cathedral"]


def test_a_family_that_loses_its_origin_gets_another(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, WIRE, LATE, SAME)
    remove(door, "wire")
    assert families(door) == {("same", "late")}
    remove(door, "same")
    assert families(door) == {("late",)}
    assert facts(door).families == 0


def test_a_replaced_article_leaves_its_family_or_stays(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, WIRE, LATE)
    store(door, hash_embedder, make_article("wire", f"{WIRE.body}\n\nA vote of the people may follow."))
    assert families(door) == {("late", "wire")}
    store(door, hash_embedder, make_article("wire", CATHEDRAL.body))
    assert families(door) == {("late",), ("wire",)}


def test_a_family_falls_apart_when_what_joined_it_goes(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, BANK, SHORE)
    assert families(door) == {("bank",), ("shore",)}
    store(door, hash_embedder, BRIDGE)
    joined = families(door)
    remove(door, "bridge")
    assert families(door) == {("bank",), ("shore",)}
    store(door, hash_embedder, BRIDGE)
    assert families(door) == joined == {("bank", "shore", "bridge")}


def test_an_article_that_was_not_compared_is_alone(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, LATE)
    with door.write() as writer:
        writer.put(Dossier(WIRE), hash_embedder.embed_passages([]))
        writer.commit()
    assert families(door) == {("late",), ("wire",)}


def test_nothing_is_seen_of_a_family_before_it_is_committed(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, LATE)
    with door.write() as writer:
        put(writer, WIRE, hash_embedder)
        assert families(door) == {("late",)}
    assert families(door) == {("late",)}


def test_equal_texts_that_are_too_short_to_tell_are_no_family(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, make_article("one", "Read more."), make_article("two", "Read more."))
    assert families(door) == {("one",), ("two",)}


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
    archive, directly = MemoryArchive.create(embedder.card), MemoryArchive.create(embedder.card)
    for _ in range(2):
        with archive.write() as writer:
            for article in picked(order):
                put(writer, article, embedder)
            writer.commit()
            for article in picked(order[kept:]):
                writer.remove(article.id)
            writer.commit()
        store(directly, embedder, *picked(number for number in other_order if number in remaining))
        assert families(archive) == families(directly)


def test_asking_does_not_import_what_compares_texts() -> None:
    program = "import search.asking.engine, search.archive, sys; assert 'indexer' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
