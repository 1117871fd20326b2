"""What only an archive of Lance tables has: records, a lease, versions that are undone or cleaned up."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lance
import numpy as np
import pytest

from indexer.renewal import embed_again
from search.archive import MemoryArchive, create_archive, open_archive
from search.archive.addresses import is_there
from search.archive.lance import archive as archives
from search.archive.lance import place as places
from search.archive.lance import upkeep
from search.archive.lance.archive import LanceArchive
from search.archive.lance.layout import CATALOGUE
from search.archive.lance.place import Place
from search.archive.lance.record import Record
from search.archive.lance.tables import Change, Tables
from search.archive.lance.upkeep import Regime, clean_up, indexed
from search.archive.records import Dossier, Outcome
from search.article import Span
from search.errors import (
    ArchiveBusyError,
    ArchiveDiskError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArchiveUnwritableError,
    ArticleNotFoundError,
    QueryError,
    SettingsError,
    TagNotFoundError,
)
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, HashEmbedder, make_article, put, store
from tests.search.archive.glances import everything, facts, near, number, stored


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"lance://{tmp_path / 'archive'}"


@pytest.fixture
def archive(address: str, hash_embedder: HashEmbedder) -> Iterator[LanceArchive]:
    with LanceArchive.create(address, hash_embedder.card, patience=0) as made:
        store(made, hash_embedder, MISSILES)
        yield made


def test_an_address_says_which_engine_keeps_an_archive(address: str, hash_embedder: HashEmbedder) -> None:
    assert not is_there(address)
    with pytest.raises(ArchiveMissingError, match="There is no archive in lance:"):
        open_archive(address)
    assert not Path(address.removeprefix("lance://")).exists()
    with create_archive(address, hash_embedder.card) as made:
        assert isinstance(made, LanceArchive)
    assert is_there(address)
    with pytest.raises(SettingsError, match="no address of an archive"):
        open_archive("ftp://news/archive")
    with pytest.raises(ArchiveMismatchError, match="was made with the model"):
        create_archive(address, HashEmbedder("another").card)


def test_others_see_a_commit_and_nothing_before(
    archive: LanceArchive, address: str, hash_embedder: HashEmbedder
) -> None:
    with LanceArchive.open(address) as other, archive.write() as writer:
        put(writer, BRIDGE, hash_embedder)
        assert stored(other) == stored(archive) == ["missiles"]
        writer.commit()
        assert stored(other) == ["bridge", "missiles"]
        assert everything(other, hash_embedder) == everything(archive, hash_embedder)


def test_one_writes_at_a_time_wherever_it_is(archive: LanceArchive, address: str) -> None:
    with (
        LanceArchive.open(address, patience=0) as other,
        archive.write(),
        pytest.raises(ArchiveBusyError, match="Another process is writing"),
        other.write(),
    ):
        pass
    assert not archive.being_written


def test_the_place_of_a_writer_that_was_killed_is_free_after_a_while(
    archive: LanceArchive, address: str, hash_embedder: HashEmbedder
) -> None:
    lease = Place(address).take_lease(0, seconds=2)  # nobody renews it
    assert archive.being_written
    with LanceArchive.open(address, patience=10) as other:
        store(other, hash_embedder, BRIDGE)
    assert stored(archive) == ["bridge", "missiles"]
    assert not Place(address).is_last_lease(lease.number)


def test_of_two_committers_at_once_one_commits(
    archive: LanceArchive, address: str, hash_embedder: HashEmbedder
) -> None:
    """One whose lease ended while it was held up finds, when it goes on, that another has taken its place."""
    with LanceArchive.open(address) as other, suppress(ArchiveBusyError), archive.write() as writer:
        put(writer, RATES, hash_embedder)
        Place(address).replace(writer.lease.path, writer.lease.told(0))
        store(other, hash_embedder, BRIDGE)
        with pytest.raises(ArchiveBusyError, match="Another writer"):
            writer.commit()
    assert stored(archive) == ["bridge", "missiles"]


def test_a_writer_killed_between_two_tables_leaves_nothing(
    archive: LanceArchive, address: str, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(archive, hash_embedder)
    written = Tables.write_table

    def cut_off(self: Tables, name: str, *arguments: object, **options: object) -> int:
        if name in {"passages", "frequencies"}:
            raise OSError("connection reset")
        return written(self, name, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Tables, "write_table", cut_off)
    with pytest.raises(ArchiveDiskError, match=r"fails: connection reset\."):
        store(archive, hash_embedder, BRIDGE)
    monkeypatch.undo()
    assert everything(archive, hash_embedder) == before
    with LanceArchive.open(address) as other:
        assert everything(other, hash_embedder) == before
    store(archive, hash_embedder, RATES)
    memory = MemoryArchive.create(hash_embedder.card)
    store(memory, hash_embedder, MISSILES)
    store(memory, hash_embedder, RATES)
    assert everything(archive, hash_embedder)[1:] == everything(memory, hash_embedder)[1:]


def test_a_record_that_was_added_though_nothing_was_heard_of_it_counts(
    archive: LanceArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request to S3 that is made again finds what the first one did."""
    made = Place.write_new

    def made_twice(self: Place, path: str, content: bytes) -> None:
        made(self, path, content)
        if path.startswith("records/"):
            made(self, path, content)

    monkeypatch.setattr(Place, "write_new", made_twice)
    store(archive, hash_embedder, BRIDGE)
    assert stored(archive) == ["bridge", "missiles"]


def test_a_state_that_has_a_name_can_be_returned_to(archive: LanceArchive, hash_embedder: HashEmbedder) -> None:
    before = everything(archive, hash_embedder)
    archive.tag("first")
    with pytest.raises(QueryError, match="has a tag 'first' already"):
        archive.tag("first")
    with pytest.raises(QueryError, match="cannot name a tag"):
        archive.tag("../first")
    store(archive, hash_embedder, BRIDGE)
    lineage = archive.card.lineage
    found, kept = archive.roll_back("first")
    assert (found, number(archive)) == (3, 3)
    assert everything(archive, hash_embedder)[1:] == before[1:]
    assert archive.card.lineage != lineage
    archive.roll_back(kept)
    assert stored(archive) == ["bridge", "missiles"]
    archive.untag("first")
    with pytest.raises(TagNotFoundError, match="has no tag 'first'"):
        archive.roll_back("first")


def test_upkeep_deletes_what_nothing_names_and_changes_no_answer(
    archive: LanceArchive, hash_embedder: HashEmbedder
) -> None:
    archive.tag("first")
    for article in (BRIDGE, RATES, replace(BRIDGE, body="The bridge is open again.")):
        store(archive, hash_embedder, article)
    before = everything(archive, hash_embedder)
    archive.keep_up()
    assert everything(archive, hash_embedder) == before
    place, tables = archive.place, archive.current().tables
    assert clean_up(place, tables, timedelta(0)) > 0
    assert len(place.records()) == 1
    assert {one["version"] for one in lance.dataset(place.table("catalogue")).versions()} >= {
        archive.tags()["first"].versions["catalogue"],
        tables.versions["catalogue"],
    }
    assert everything(archive, hash_embedder) == before
    archive.roll_back("first")
    assert stored(archive) == ["missiles"]


def test_passages_in_inverted_lists_are_found(address: str) -> None:
    """By lists and by words, beside those that came later; and with a filter that few pass."""
    card = HashEmbedder("lists", 32).card
    choose = np.random.default_rng(3)
    points = choose.normal(size=(400, 32)).astype(np.float32)
    vectors = points / np.linalg.norm(points, axis=1, keepdims=True)
    regime = Regime(exact_limit=20, indexed_from=50, lists_from=256, rows_of_a_list=40)
    with LanceArchive.create(address, card, regime) as archive:
        for begin, end in ((0, 300), (300, 400)):
            with archive.write() as writer:
                for place in range(begin, end):
                    article = make_article(f"a{place:03}", "Rain fell.", day="2024-01-01", source=f"s{place % 5}")
                    dossier = Dossier(article, (Span(0, len(article.body)),))
                    assert writer.put(dossier, vectors[place : place + 1]) is Outcome.ADDED
                writer.commit()
            if begin == 0:
                archive.keep_up()
        assert archive.card.recall > 0.9
        for place in (7, 150, 399):
            first = near(archive, vectors[place], 10)[0]
            assert (first.passage.article_id, round(first.cosine, 2)) == (f"a{place:03}", 1.0)
        assert facts(archive).passages == 400


def test_lists_that_find_too_little_are_not_used(address: str) -> None:
    choose = np.random.default_rng(3)
    points = choose.normal(size=(300, 32)).astype(np.float32)
    vectors = points / np.linalg.norm(points, axis=1, keepdims=True)
    regime = Regime(exact_limit=20, indexed_from=50, lists_from=256, rows_of_a_list=40, recall_needed=1.1)
    with LanceArchive.create(address, HashEmbedder("lists", 32).card, regime) as archive:
        with archive.write() as writer:
            for place, vector in enumerate(vectors):
                article = make_article(f"a{place:03}", "Rain fell.")
                writer.put(Dossier(article, (Span(0, len(article.body)),)), vector[np.newaxis])
            writer.commit()
        for _ in range(2):  # and they are not tried again before there are twice as many
            archive.keep_up()
            state = archive.current()
            assert (archive.card.recall, state.record.refused) == (1.0, 300)
            assert "vector" not in indexed(state.tables.dataset("passages"))
        exact = np.argsort(-(vectors @ vectors[7]))[:10]
        found = near(archive, vectors[7], 10)
        assert {one.passage.article_id for one in found} == {f"a{place:03}" for place in exact}
        assert archive.check() == []


def test_erasing_leaves_nothing_of_an_article_and_no_tag_that_may_have_it(
    archive: LanceArchive, hash_embedder: HashEmbedder
) -> None:
    tables = ("articles", "readings", "passages", "catalogue")
    archive.tag("before")
    store(archive, hash_embedder, *NEWS)
    archive.tag("with")
    with pytest.raises(QueryError, match="The tags with may have what is to be erased"):
        archive.erase(["bridge"])
    archive.untag("with")
    had = {path for name in tables for path in Path(archive.place.table(name)).glob("data/*")}
    named = archive.tags()["before"].versions
    of_the_tag = {
        Path(file.path).name
        for name in tables
        for fragment in archive.place.dataset(name, named[name]).get_fragments()
        for file in fragment.data_files()
    }

    assert archive.erase(["bridge"]) == number(archive)
    assert "bridge" not in stored(archive)
    assert archive.check() == []
    assert {path.name for path in had if path.exists()} == of_the_tag
    assert len(archive.place.records()) == 1
    archive.erase(["bridge"])  # what was broken off is gone on with
    with pytest.raises(ArticleNotFoundError, match="never had an article 'nobody'"):
        archive.erase(["nobody"])
    archive.roll_back("before")
    assert stored(archive) == ["missiles"]


def test_a_tag_made_after_an_article_was_removed_may_have_it_yet(
    archive: LanceArchive, hash_embedder: HashEmbedder
) -> None:
    """Its rows are only marked as deleted then; also after an erasure that was broken off."""
    archive.tag("before")
    store(archive, hash_embedder, BRIDGE)
    with archive.write() as writer:
        writer.remove("bridge")
        writer.commit()
    archive.tag("after")
    for _ in range(2):
        with pytest.raises(QueryError, match="The tags after may have"):
            archive.erase(["bridge"])
        store(archive, hash_embedder, BRIDGE)  # under another key
    archive.untag("after")
    archive.erase(["bridge"])
    assert list(archive.tags()) == ["before"]


def test_a_tag_that_is_made_while_an_article_is_erased_is_told(
    archive: LanceArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(archive, hash_embedder, BRIDGE)
    record, keep_up = archive.current().record, upkeep.keep_up

    def tagged_meanwhile(*given: Any, **named: Any) -> Record:
        archive.place.tag("meanwhile", record)
        return keep_up(*given, **named)

    monkeypatch.setattr(archives, "keep_up", tagged_meanwhile)
    with pytest.raises(QueryError, match="The tags meanwhile may have"):
        archive.erase(["bridge"])
    with pytest.raises(QueryError, match="The tags meanwhile may have"):
        archive.erase(["bridge"])
    archive.untag("meanwhile")
    monkeypatch.undo()
    archive.erase(["bridge"])
    assert "bridge" not in stored(archive)


def test_what_is_noted_beside_tables_is_read_from_elsewhere(archive: LanceArchive, address: str) -> None:
    assert archive.note("feeds.json") is None
    archive.keep_note("feeds.json", b"{}")
    archive.keep_note("feeds.json", b"[]")
    with LanceArchive.open(address) as other:
        assert other.note("feeds.json") == b"[]"


@pytest.mark.parametrize("kind", ["records/", "leases/", "tags/"])
def test_a_request_of_which_nothing_was_heard_is_made_again(
    archive: LanceArchive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    put, lost = places.obstore.put, [1]

    def unheard(store: object, path: str, content: bytes, **options: object) -> object:
        done = put(store, path, content, **options)  # type: ignore[call-overload]
        if path.startswith(kind) and lost:
            lost.pop()
            raise places.exceptions.GenericError("connection closed before message completed")
        return done

    monkeypatch.setattr(places.obstore, "put", unheard)
    store(archive, hash_embedder, BRIDGE)
    archive.tag("first")
    assert not lost
    assert stored(archive) == ["bridge", "missiles"]
    assert list(archive.tags()) == ["first"]


def test_what_is_not_as_it_should_be_is_found(archive: LanceArchive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, *NEWS)
    assert archive.check() == []
    state = archive.current()
    row = state.tables.having("catalogue", "id", ["bridge"], CATALOGUE).to_pylist()[0]
    changed = {
        "catalogue": Change({state.key("bridge")}, [row | {"content_hash": "0"}]),
        "frequencies": Change(rows=[{"snapshot": 1, "term": 7, "passages": 1, "articles": 0}]),
    }
    versions = state.tables.write(changed, hash_embedder.card.dimension)
    archive.place.add(replace(state.record, versions=versions).after(state.record))
    with LanceArchive.open(archive.card.place) as other:
        flaws = other.check()
    assert flaws[0] == "The article 'bridge' is not what was stored."
    assert "In how many passages and articles terms stand is not as it is counted." in flaws


def test_storage_that_fails_is_told_of(archive: LanceArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> object:
        raise places.exceptions.PermissionDeniedError("403 Forbidden")

    monkeypatch.setattr(places.obstore, "list", refused)
    with pytest.raises(ArchiveUnwritableError, match="may not be used"):
        number(archive)


def test_what_is_removed_after_others_embedded_with_another_dimension_takes_nothing_else(
    archive: LanceArchive, address: str, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, BRIDGE)
    other = HashEmbedder("wider", hash_embedder.card.dimension * 2)
    with LanceArchive.open(address) as elsewhere:
        embed_again(elsewhere, other)
    with archive.write() as writer:
        writer.remove("missiles")
        writer.commit()
    with LanceArchive.open(address) as reader:
        assert stored(reader) == ["bridge"]
        assert facts(reader).passages > 0
        assert reader.check() == []
        found = near(reader, other.embed_question("The bridge is closed."), 10)
        assert {one.passage.article_id for one in found} == {"bridge"}


def test_versions_stay_for_a_while_after_others_took_their_place(
    archive: LanceArchive, hash_embedder: HashEmbedder
) -> None:
    """However old the state is that a reader holds: what counts is since when it is not the last."""
    place = archive.place
    for article in (BRIDGE, RATES):
        store(archive, hash_embedder, article)
    *old, last = place.records()
    for record in old:
        made = (datetime.now(UTC) - timedelta(hours=9 - record.sequence)).isoformat()
        place.replace(places.numbered("records", record.sequence), replace(record, made=made).packed())
    clean_up(place, archive.current().tables)
    assert [one.sequence for one in place.records()] == [old[-1].sequence, last.sequence]


def test_a_lease_that_is_replaced_while_it_is_looked_at_is_no_damage(
    archive: LanceArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.write():
        place, read, races = Place(archive.card.place), Place.read, [1]

        def replaced(self: Place, path: str) -> bytes:
            if races:
                races.pop()
                raise places.exceptions.NotFoundError(path)
            return read(self, path)

        monkeypatch.setattr(Place, "read", replaced)
        assert place.holder() is not None
        assert not races
