"""A snapshot within a scope is that of an archive which holds nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from search.archive import EVERYTHING, Archive, Scope, Snapshot
from search.archive.protocol import ScopedArchive
from search.archive.records import Query
from search.archive.scoring import cosines
from search.english.terms import content_terms
from search.errors import ArchiveUnwritableError
from search.filters import Filter
from tests.fakes import NEWS, HashEmbedder, make_article, store

WIRE = Scope.of("WIRE")
LATER = datetime.now(UTC) + timedelta(days=400)
TEXT = " ".join(f"word{number} of the long report" for number in range(40))


def glance(snapshot: Snapshot, embedder: HashEmbedder, words: str = "missiles spire bridge harbour") -> object:
    """All that a snapshot tells, but for its number."""
    terms = tuple(content_terms(words))
    found = snapshot.candidates(Query(embedder.embed_question(words), terms), 2, Filter())
    dossiers = snapshot.read(["missiles", "rates", "cathedral", "bridge", "undated", "a", "b", "c", "ahead"])
    return (
        snapshot.facts,
        snapshot.find(),
        snapshot.find(Filter(), most=1),
        snapshot.facets(Filter()),
        snapshot.rarity([*terms, "report"]),
        np.sort(cosines(snapshot.sample, embedder.embed_question(words))).tolist(),
        found.passing,
        {replace(one, family="") for one in found.passages},
        len({one.family for one in found.passages}),
        {id_: (replace(one, copies=()), [copy.id for copy in one.copies]) for id_, one in dossiers.items()},
        snapshot.changes(0),
    )


def test_a_scope_of_a_source_sees_what_an_archive_of_that_source_alone_would_show(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    with news.snapshot(WIRE) as snapshot:
        found = glance(snapshot, hash_embedder)
        assert snapshot.find().ids == ("cathedral", "missiles")
    with news.write() as writer:
        for article in NEWS:
            if article.source != "Wire":
                writer.remove(article.id)
        writer.commit()
    with news.snapshot() as snapshot:
        alone = glance(snapshot, hash_embedder)
    assert found[:-1] == alone[:-1]  # type: ignore[index]


def test_a_scope_of_unknown_sources_sees_nothing_and_one_of_all_everything(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    with news.snapshot(Scope.of("Nobody")) as snapshot:
        assert snapshot.find().ids == ()
        assert snapshot.facts.articles == snapshot.facts.passages == 0
        query = Query(hash_embedder.embed_question("bridge"), ("bridg",))
        assert snapshot.candidates(query, 9, Filter()).passages == ()
        assert snapshot.rarity(["bridg"]).passages == 0
        assert len(snapshot.sample) == 0
    with news.snapshot(EVERYTHING) as everything, news.snapshot() as published:
        assert glance(everything, hash_embedder) == glance(published, hash_embedder)


def test_a_text_outside_holds_no_family_together(door: Archive, hash_embedder: HashEmbedder) -> None:
    words = TEXT.split()
    one, other = " ".join(words[:150]), " ".join(words[10:])
    articles = [
        make_article("a", one, source="Wire"),
        make_article("c", other, source="Wire"),
        make_article("b", " ".join(words), source="Ledger"),
    ]
    store(door, hash_embedder, *articles)
    with door.snapshot() as snapshot:
        together = {id_: len(dossier.copies) for id_, dossier in snapshot.read(["a", "b", "c"]).items()}
    with door.snapshot(WIRE) as snapshot:
        inside = {id_: [copy.id for copy in dossier.copies] for id_, dossier in snapshot.read(["a", "c"]).items()}
        families = snapshot.facts.families
    with door.write() as writer:
        writer.remove("b")
        writer.commit()
    with door.snapshot() as snapshot:
        alone = {id_: [copy.id for copy in dossier.copies] for id_, dossier in snapshot.read(["a", "c"]).items()}
        assert snapshot.facts.families == families
    assert together["b"] > 0
    assert inside == alone


def test_an_article_under_embargo_is_seen_from_the_commit_that_ends_it(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    ahead = replace(
        make_article("ahead", "Missiles will be banned, the senate said.", "A ban", "2024-09-11", source="Wire"),
        embargo=LATER,
        supersedes="missiles",
    )
    with news.snapshot() as snapshot:
        before = glance(snapshot, hash_embedder)
    store(news, hash_embedder, ahead)
    with news.snapshot() as snapshot:
        assert glance(snapshot, hash_embedder) == before
        number = snapshot.number
    with news.snapshot(Scope.of("Wire", embargoed=True)) as snapshot:
        assert snapshot.find(Filter()).ids == ("ahead", "cathedral", "missiles")
        assert (snapshot.facts.embargoed, snapshot.facts.next_release) == (
            1,
            LATER.replace(microsecond=0) + timedelta(seconds=1),
        )
    with news.write() as writer:
        assert writer.release(LATER - timedelta(seconds=1)) == []
        assert writer.commit() == number
        assert writer.release(LATER) == ["ahead"]
        assert writer.commit() == number + 1
    with news.snapshot() as snapshot:
        assert snapshot.find(Filter()).ids == ("ahead", "bridge", "cathedral", "rates", "undated")
        assert snapshot.read(["missiles"])["missiles"].superseded_by == "ahead"
        assert {"ahead", "missiles"} <= set(snapshot.changes(number))
        assert (snapshot.facts.embargoed, snapshot.facts.next_release) == (0, None)


def test_an_archive_within_a_scope_shows_no_other_and_is_not_written(news: Archive) -> None:
    scoped = ScopedArchive(news, WIRE)
    with scoped.snapshot() as snapshot:
        assert snapshot.find().ids == ("cathedral", "missiles")
    with pytest.raises(ValueError, match="scope"):
        scoped.snapshot(EVERYTHING)
    with pytest.raises(ArchiveUnwritableError):
        scoped.write()
