"""What holds at the door of the archive, whichever engine is behind it."""

import threading
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from indexer.cluster.objects import ObjectPath
from search.archive import Archive, InputRecord, Outcome, Writer
from search.archive.local import files
from search.archive.protocol import check_model, dossier_of
from search.archive.records import Dossier, Page, Passage
from search.archive.scoring import Scoring
from search.article import Article, Notice, NoticeKind, Part, Precision, Publication, Span
from search.errors import ArchiveBusyError, ArchiveMismatchError, ArticleNotFoundError
from search.filters import Filter
from search.statements import Standing, Statement
from tests.fakes import BRIDGE, MISSILES, NEWS, RATES, UNDATED, HashEmbedder, make_article, put, store
from tests.search.archive.glances import (
    articles_of,
    ask,
    by_words,
    everything,
    facts,
    findable,
    near,
    number,
    rarity,
    read,
    remove,
    stored,
)

# What is stored


def test_an_empty_archive_says_so(door: Archive, hash_embedder: HashEmbedder) -> None:
    found = facts(door)
    assert (found.articles, found.passages, found.families, found.undated, number(door)) == (0, 0, 0, 0, 0)
    assert found.first_published is found.last_published is None
    assert (stored(door), findable(door)) == ([], set())
    assert ask(door, hash_embedder.embed_question("rain"), ["rain"]).passages == ()
    none = rarity(door, "rain")
    assert (none.passages, none.articles, none.passages_with, none.articles_with) == (
        0,
        0,
        {"rain": 0},
        {"rain": 0},
    )


def test_what_is_stored_comes_back(news: Archive) -> None:
    with news.snapshot() as snapshot:
        found = snapshot.read([*(article.id for article in NEWS), "nobody"])
    assert {id_: dossier.article for id_, dossier in found.items()} == {article.id: article for article in NEWS}
    assert stored(news) == sorted(article.id for article in NEWS)


WORDED = (
    *("standfirst", "byline", "dateline", "source", "url", "language", "section"),
    *("supersedes", "label", "rights", "origin"),
)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("zone", [None, UTC], ids=["no-zone", "utc"])
def test_every_part_of_an_article_survives(
    door: Archive, hash_embedder: HashEmbedder, precision: Precision, zone: object
) -> None:
    moment = datetime(2024, 1, 1, 0, 0, tzinfo=zone)  # type: ignore[arg-type]
    article = Article(
        id="https://a.example/?q='; DROP TABLE articles; --",
        headline="Ça «va»",
        body="東京\U0001f680\n\nété \x00 'quoted'",
        published=Publication(moment, precision, "front matter: date"),
        version=3,
        notice=Notice(NoticeKind.CORRECTION, "This version corrects a name."),
        parts=(Part(0, 3), Part(5, 8, Publication(moment, precision, "the post"), 2, "Ça va")),
        embargo=datetime(2024, 1, 2, 12, tzinfo=UTC),
        remarks=("A heading stood in for the headline.",),
        **{name: f"its {name}" for name in WORDED},
    )
    given = {field.name for field in fields(Article) if getattr(article, field.name)}
    of_reading = {"left_out"}  # told by what reads a file, and not stored
    assert given == {field.name for field in fields(Article)} - of_reading, "a part was forgotten here"
    store(door, hash_embedder, article)
    kept = read(door, article.id).article
    assert kept == article
    assert (kept.origin, kept.remarks) == (article.origin, article.remarks)
    assert kept.content_hash == article.content_hash


def test_passages_and_readings_are_read_in_order(news: Archive) -> None:
    dossier = read(news, "missiles")
    assert dossier.passages == tuple(sorted(dossier.passages, key=lambda span: span.start))
    assert (dossier.passages[0].start, dossier.passages[-1].end) == (0, len(MISSILES.body))
    assert dossier.mentions
    assert [one.start for one in dossier.mentions] == sorted(one.start for one in dossier.mentions)
    assert [one.start for one in dossier.statements] == sorted(one.start for one in dossier.statements)
    assert "Antony Blinken" in {one.speaker.name for one in dossier.statements if one.speaker}
    assert dossier.readings
    assert dossier.likeness is dossier.withdrawal is dossier.superseded_by is None


def test_what_only_says_that_something_is_so_is_not_among_the_statements(door: Archive) -> None:
    body = "Rain fell. Will it ever end?"
    plain, asking = Statement(Standing.ASSERTED, None, 0, 10), Statement(Standing.ASKED, None, 11, 28)
    with door.write() as writer:
        writer.put(Dossier(make_article("rain", body), statements=(asking, plain)), np.empty((0, 256)))
        writer.commit()
    assert read(door, "rain").statements == (asking,)


def test_an_unknown_article_is_not_found(news: Archive) -> None:
    with news.snapshot() as snapshot, pytest.raises(ArticleNotFoundError, match="no article 'nobody'"):
        dossier_of(snapshot, "nobody")
    with news.write() as writer:
        assert writer.content_hash("nobody") is None
        assert writer.content_hash("bridge") == BRIDGE.content_hash


def test_facts_count_what_can_be_found(news: Archive) -> None:
    found = facts(news)
    assert (found.articles, found.superseded, found.withdrawn, found.families, found.undated) == (5, 0, 0, 0, 1)
    assert found.passages == sum(len(read(news, id_).passages) for id_ in stored(news))
    assert (found.first_published, found.last_published) == (date(2024, 3, 26), date(2024, 12, 31))
    assert list(found.sources.items()) == [("Ledger", 2), ("Wire", 2), ("Gazette", 1)]
    assert found.sections == {"World": 2, "Business": 1, "Culture": 1}
    assert found.languages == {"en": 4, "pt": 1}
    assert found.days == {
        ("Ledger", date(2024, 3, 26)): 1,
        ("Ledger", date(2024, 9, 18)): 1,
        ("Wire", date(2024, 9, 10)): 1,
        ("Wire", date(2024, 12, 1)): 1,
    }
    assert list(found.readings.values()) == [5]


def test_facets_count_what_passes_a_filter(news: Archive) -> None:
    with news.snapshot() as snapshot:
        found = snapshot.facets(Filter(languages=("en",), published_to=date(2024, 9, 30)))
    assert (found.articles, found.sources, found.years) == (3, {"Ledger": 2, "Wire": 1}, {2024: 3})
    assert found.speakers == {"antony blinken": 1, "jerome powell": 1, "tehran": 1}


def test_ids_are_listed_a_page_at_a_time(news: Archive) -> None:
    with news.snapshot() as snapshot:
        first = snapshot.find(most=2)
        assert first == Page(("bridge", "cathedral"), more=True)
        assert snapshot.find(after="cathedral", most=3) == Page(("missiles", "rates", "undated"), more=False)
        assert snapshot.find(Filter(sources=("Wire",)), after="cathedral") == Page(("missiles",), more=False)
        assert snapshot.find(after="undated") == Page((), more=False)


# Putting


def test_an_article_with_the_same_id_replaces_the_other(door: Archive, hash_embedder: HashEmbedder) -> None:
    newer = make_article("missiles", "Another story about tulips.")
    with door.write() as writer:
        assert put(writer, MISSILES, hash_embedder) is Outcome.ADDED
        assert put(writer, MISSILES, hash_embedder) is Outcome.UNCHANGED
        assert put(writer, newer, hash_embedder) is Outcome.REPLACED
        writer.commit()
    dossier = read(door, "missiles")
    assert (dossier.article, dossier.passages) == (newer, (Span(0, len(newer.body)),))
    assert facts(door).articles == 1


def test_an_article_can_be_stored_anew_whatever_is_stored(door: Archive, hash_embedder: HashEmbedder) -> None:
    copy = replace(MISSILES, id="copy", source="Gazette")
    store(door, hash_embedder, MISSILES, copy)
    with door.write() as writer:
        dossier = Dossier(MISSILES, (Span(0, 6),))
        assert writer.put(dossier, hash_embedder.embed_passages(["LONDON"]), anew=True) is Outcome.REPLACED
        writer.commit()
    dossier = read(door, "missiles")
    assert dossier.passages == (Span(0, 6),)
    assert [one.id for one in dossier.copies] == ["copy"], "its family stays"


def test_a_removed_article_is_gone_everywhere(news: Archive, hash_embedder: HashEmbedder) -> None:
    before = facts(news), number(news)
    assert "bridge" in articles_of(by_words(news, ["baltimor"]))
    remove(news, "bridge")
    assert "bridge" not in stored(news)
    assert (facts(news).articles, number(news)) == (before[0].articles - 1, before[1] + 1)
    assert articles_of(near(news, hash_embedder.embed_question("Baltimore bridge"))) == findable(news)
    assert by_words(news, ["baltimor"]) == []
    assert rarity(news, "baltimor").passages_with == {"baltimor": 0}


def test_changing_what_is_not_there_is_an_error(door: Archive) -> None:
    with door.write() as writer:
        for change in (
            lambda: writer.remove("missiles"),
            lambda: writer.keep(MISSILES),
            lambda: writer.put_readings("missiles", (), (), ""),
        ):
            with pytest.raises(ArticleNotFoundError, match="no article 'missiles'"):
                change()


def test_offsets_past_the_end_and_too_few_vectors_are_refused(door: Archive, hash_embedder: HashEmbedder) -> None:
    one = hash_embedder.embed_passages(["one"])
    past = Statement(Standing.ASKED, None, 0, 10_000)
    with door.write() as writer:
        for dossier, problem in (
            (Dossier(MISSILES, (Span(0, 10_000),)), "reaches past"),
            (Dossier(MISSILES, (Span(0, 5),), statements=(past,)), "reaches past"),
            (Dossier(MISSILES, (Span(0, 5), Span(6, 9))), "1 vectors for 2 passages of 'missiles'"),
        ):
            with pytest.raises(ValueError, match=problem):
                writer.put(dossier, one)
        put(writer, RATES, hash_embedder)
        with pytest.raises(ValueError, match="reaches past"):
            writer.put_readings("rates", (), (past,), "other rules")
        writer.commit()
    assert stored(door) == ["rates"]
    assert list(facts(door).readings) != ["other rules"]


def test_readings_are_replaced_without_embedding(news: Archive, hash_embedder: HashEmbedder) -> None:
    before, embedded = read(news, "missiles"), len(hash_embedder.embedded)
    denied = Statement(Standing.DENIED, None, 0, 20)
    with news.write() as writer:
        writer.put_readings("missiles", before.mentions[:1], [denied], "later rules")
        assert writer.commit() == 2
    after = read(news, "missiles")
    assert (after.mentions, after.statements, after.readings) == (before.mentions[:1], (denied,), "later rules")
    assert after.passages == before.passages
    assert len(hash_embedder.embedded) == embedded
    assert facts(news).readings["later rules"] == 1
    assert findable(news, Filter(said_by=("Blinken",))) == set()
    with news.snapshot() as snapshot:
        assert snapshot.changes(1) == ["missiles"]


# Commits and snapshots


def test_nothing_is_seen_of_what_was_not_committed(news: Archive, hash_embedder: HashEmbedder) -> None:
    before = everything(news, hash_embedder)
    with news.write() as writer:
        put(writer, make_article("tulips", "Tulips bloom in Baltimore."), hash_embedder)
        writer.remove("rates")
        assert everything(news, hash_embedder) == before
    assert everything(news, hash_embedder) == before


def test_a_failed_block_leaves_what_was_committed_in_it(door: Archive, hash_embedder: HashEmbedder) -> None:
    def fail() -> None:
        with door.write() as writer:
            put(writer, MISSILES, hash_embedder)
            writer.commit()
            put(writer, RATES, hash_embedder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert stored(door) == ["missiles"]
    assert by_words(door, ["inflat"]) == []
    store(door, hash_embedder, RATES)
    assert stored(door) == ["missiles", "rates"]
    assert by_words(door, ["inflat"]) != []


def test_an_error_of_another_file_passes_through_as_it_is(news: Archive, tmp_path: Path) -> None:
    for take in (news.write, news.snapshot):
        with pytest.raises(FileNotFoundError), take():
            (tmp_path / "no such file").read_text(encoding="utf-8")


def test_a_commit_without_changes_makes_no_snapshot(news: Archive, tmp_path: Path) -> None:
    record = InputRecord(str(tmp_path / "a"), 1, 1, "", 0)
    with news.write() as writer:
        assert writer.commit() == 1
        writer.finish_input(record, [])
        assert writer.commit() == 1
    assert number(news) == 1
    with news.write() as writer:
        assert writer.input(tmp_path / "a") == record


def test_a_snapshot_stays_as_it_was_while_others_commit(news: Archive, hash_embedder: HashEmbedder) -> None:
    tulips = make_article("tulips", "Tulips bloom.")
    with news.snapshot() as held:
        before = held.facts, held.find(), held.read(stored(news)), held.rarity(["tulip"]), held.changes(0)
        store(news, hash_embedder, tulips)
        remove(news, "bridge")
        after = held.facts, held.find(), held.read(before[1].ids), held.rarity(["tulip"]), held.changes(0)
        assert after == before
        with news.snapshot() as later:
            assert later.number == held.number + 2
            assert "tulips" in later.find().ids
    assert "bridge" not in stored(news)


def test_changes_are_told_since_a_snapshot(door: Archive, hash_embedder: HashEmbedder) -> None:
    with door.write() as writer:
        put(writer, MISSILES, hash_embedder)
        assert writer.commit() == 1
        put(writer, RATES, hash_embedder)
        writer.remove("missiles")
        assert writer.commit() == 2
        put(writer, replace(MISSILES, id="later", supersedes="rates", source=None, published=None), hash_embedder)
        assert writer.commit() == 3
    with door.snapshot() as snapshot:
        told = [snapshot.changes(since) for since in range(4)]
    assert told == [["later", "missiles", "rates"], ["later", "missiles", "rates"], ["later", "rates"], []]


def test_a_second_writer_is_refused_and_readers_are_not(
    news: Archive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.2)
    caught = list[ArchiveBusyError]()

    def write() -> None:
        try:
            with news.write():
                pass
        except ArchiveBusyError as error:
            caught.append(error)

    with news.write() as writer:
        put(writer, make_article("tulips", "Tulips bloom."), hash_embedder)
        in_a_thread(write)
        in_a_thread(lambda: everything(news, hash_embedder))
        assert "is writing to the archive in" in caught[0].problem
        assert "Wait" in caught[0].remedy
        writer.commit()
    in_a_thread(write)
    assert len(caught) == 1


def test_writers_wait_for_one_another_for_a_while(door: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 30)
    monkeypatch.setattr(door, "_patience", 30, raising=False)
    articles = [make_article(f"{number}", "Rain.") for number in range(6)]
    threads = [threading.Thread(target=store, args=(door, HashEmbedder(), article)) for article in articles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert stored(door) == ["0", "1", "2", "3", "4", "5"]
    assert number(door) == 6


def test_several_threads_may_ask_while_one_writes(news: Archive, hash_embedder: HashEmbedder) -> None:
    seen = list[tuple[int, int, int]]()
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            with news.snapshot() as snapshot:
                seen.append((snapshot.number, snapshot.facts.articles, len(snapshot.find().ids)))

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for place in range(5):
        store(news, hash_embedder, make_article(f"tulips {place}", "Tulips bloom."))
    stop.set()
    for thread in threads:
        thread.join(30)
    assert all(articles == ids == 4 + number for number, articles, ids in seen)


def in_a_thread(do: Callable[[], object]) -> None:
    thread = threading.Thread(target=do)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


# Asking


def test_vectors_are_kept_as_halves(door: Archive, hash_embedder: HashEmbedder) -> None:
    store(door, hash_embedder, make_article("rain", "Rain fell."))
    kept = hash_embedder.embed_question("Rain fell.").astype(np.float16).astype(np.float32)
    with door.snapshot() as snapshot:
        assert np.array_equal(snapshot.sample, kept[np.newaxis])
    (found,) = near(door, hash_embedder.embed_question("Rain fell."))
    assert found.cosine == pytest.approx(float(kept @ hash_embedder.embed_question("Rain fell.")), abs=1e-5)


def test_a_candidate_tells_what_it_is_scored_by(door: Archive, hash_embedder: HashEmbedder) -> None:
    body = "Tulips bloom.\n\nRoses and tulips and roses bloom."
    article = make_article("garden", body, "A garden", "2024-05")
    with door.write() as writer:
        vectors = hash_embedder.embed_passages(["tulips", "roses"])
        writer.put(Dossier(article, (Span(0, 13), Span(15, len(body)))), vectors)
        writer.commit()
    found = ask(door, hash_embedder.embed_question("roses"), ["rose", "tulip", "oak"], k=1)
    assert found.passing == 2
    (roses,) = found.passages
    assert roses.passage == Passage("garden", 15, len(body))
    assert (roses.near, roses.has_words) == (True, True)
    assert (roses.counts, roses.article_counts) == ((2, 1, 0), (2, 2, 0))
    assert (roses.length, roses.article_length) == (8, 10)
    assert roses.published == (date(2024, 5, 1), date(2024, 5, 31))
    assert roses.cosine == pytest.approx(1, abs=1e-3)


def test_near_and_by_words_can_be_asked_for_alone(news: Archive, hash_embedder: HashEmbedder) -> None:
    vector = hash_embedder.embed_question("Baltimore bridge")
    closest = near(news, vector, 1)
    assert [(one.passage.article_id, one.has_words) for one in closest] == [("bridge", False)]
    worded = by_words(news, ["rate", "bridg"], 1)
    assert [(one.near, one.has_words, one.cosine) for one in worded] == [(False, True, 0.0)]
    both = ask(news, vector, ["inflat"], 1)
    assert {(one.passage.article_id, one.near, one.has_words) for one in both.passages} == {
        ("bridge", True, False),
        ("rates", False, True),
    }
    assert all(one.cosine for one in both.passages), "cosines are given in any case"
    assert ask(news).passages == ()


def test_rarity_counts_passages_and_articles(door: Archive, hash_embedder: HashEmbedder) -> None:
    with door.write() as writer:
        article = make_article("garden", "Tulips bloom.\n\nTulips wither.")
        writer.put(Dossier(article, (Span(0, 13), Span(15, 29))), hash_embedder.embed_passages(["a", "b"]))
        put(writer, make_article("wood", "Oaks wither."), hash_embedder)
        writer.commit()
    found = rarity(door, "tulip", "wither", "bloom", "rose")
    assert (found.passages, found.articles, found.passage_terms, found.article_terms) == (3, 2, 6, 6)
    assert found.passages_with == {"tulip": 2, "wither": 2, "bloom": 1, "rose": 0}
    assert found.articles_with == {"tulip": 1, "wither": 2, "bloom": 1, "rose": 0}


def test_scores_are_those_of_bm25_with_presence_and_article(door: Archive, hash_embedder: HashEmbedder) -> None:
    bodies = {"one": "tulip tulip rose", "two": "tulip lily", "three": "oak"}
    store(door, hash_embedder, *(make_article(id_, body) for id_, body in bodies.items()))
    scoring = Scoring(["tulip", "nothing"], rarity(door, "tulip", "nothing"))
    found = ask(door, hash_embedder.embed_question("tulip"), ["tulip", "nothing"]).passages
    scores = {one.passage.article_id: scoring.of(one) for one in found}
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    for id_, count, length in (("one", 2, 3), ("two", 1, 2)):
        bm25 = idf * count * 2.2 / (count + 1.2 * (1 - 0.75 + 0.75 * length / 2))
        assert scores[id_] == pytest.approx(bm25 + 0.3 * idf + 0.6 * bm25, rel=1e-6)
    assert scores["three"] == 0


def test_words_of_a_query_language_are_only_words(news: Archive) -> None:
    for term in ('bridge AND "treaty', "text:bridge", "bridge~2", "[* TO *]", "(", "key:1", "-bridge", "*"):
        assert by_words(news, [term]) == []
    assert by_words(news, []) == []


# Files


def record_of(path: Path, articles: int = 1) -> InputRecord:
    return InputRecord(str(path), 5, 7, "ab" * 32, articles, ((f"{path}#3", "é is not JSON."),))


def looked_up(archive: Archive, look: Callable[[Writer], object]) -> object:
    with archive.write() as writer:
        return look(writer)


def test_a_file_is_remembered_with_what_could_not_be_read(door: Archive, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with door.write() as writer:
        writer.finish_input(record_of(path), [])
        assert writer.input(path) == record_of(path)
        writer.commit()
    assert looked_up(door, lambda writer: writer.input(path)) == record_of(path)
    assert looked_up(door, lambda writer: writer.input(tmp_path / "b.jsonl")) is None


def test_articles_that_a_file_no_longer_has_are_removed(
    door: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    with door.write() as writer:
        for article in (MISSILES, RATES):
            put(writer, article, hash_embedder, path)
        put(writer, BRIDGE, hash_embedder, tmp_path / "b.jsonl")
        gone = writer.gone(path, ["rates"])
        assert gone == {"missiles"}
        assert writer.finish_input(record_of(path), ["rates"], gone) == 1
        writer.commit()
    assert stored(door) == ["bridge", "rates"]


def test_what_another_file_that_is_there_holds_is_not_removed(
    door: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    other.touch()
    with door.write() as writer:
        for path in (one, other):
            put(writer, MISSILES, hash_embedder, path)
        assert writer.finish_input(record_of(one), [], {"missiles"}) == 0
        assert writer.finish_input(record_of(other), [], {"missiles"}) == 1
        writer.commit()
    assert stored(door) == []


def test_what_an_object_in_a_store_holds_is_not_removed(
    door: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.txt", ObjectPath("s3:/desk/other.txt")
    with door.write() as writer:
        for path in (one, other):
            put(writer, MISSILES, hash_embedder, path)
        assert writer.finish_input(record_of(one), [], {"missiles"}) == 0
        assert writer.finish_input(record_of(other), [], {"missiles"}) == 1
        writer.commit()


def test_removing_an_article_forgets_its_files(door: Archive, hash_embedder: HashEmbedder, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with door.write() as writer:
        put(writer, MISSILES, hash_embedder, path)
        writer.finish_input(record_of(path), ["missiles"])
        writer.remove("missiles")
        assert writer.input(path) is None
        assert writer.gone(path, []) == set()


def test_ids_are_listed_by_file_and_by_folder(door: Archive, hash_embedder: HashEmbedder, tmp_path: Path) -> None:
    places = {"a/one.txt": MISSILES, "a/b/two.txt": RATES, "ab/three.txt": BRIDGE, "a%/four.txt": UNDATED}
    with door.write() as writer:
        for place, article in places.items():
            put(writer, article, hash_embedder, tmp_path / place)
        assert writer.held_under(tmp_path / "a") == ["missiles", "rates"]
        assert writer.held_under(tmp_path / "a/b/two.txt") == ["rates"]
        assert writer.held_under(tmp_path / "a%") == ["undated"]
        assert writer.held_under(tmp_path / "none") == []
        assert len(writer.held_under(tmp_path)) == 4


def test_an_article_that_moved_is_held_by_its_new_file(
    door: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    with door.write() as writer:
        put(writer, MISSILES, hash_embedder, tmp_path / "old.txt")
        writer.keep(replace(MISSILES, origin="new.txt"), tmp_path / "new.txt")
        assert writer.held_under(tmp_path / "new.txt") == ["missiles"]
        writer.commit()
    assert read(door, "missiles").article.origin == "new.txt"


# Models


@pytest.mark.parametrize(
    "other", [HashEmbedder("another"), HashEmbedder("hash", 64)], ids=["fingerprint", "dimension"]
)
def test_another_model_is_refused(door: Archive, hash_embedder: HashEmbedder, other: HashEmbedder) -> None:
    check_model(door.card, hash_embedder.card)
    with pytest.raises(ArchiveMismatchError, match="was made with the model hash-embedder") as caught:
        check_model(door.card, other.card)
    assert "DATELINE_MODEL=hash-embedder" in caught.value.remedy
    assert "dateline rebuild --embed" in caught.value.remedy


def test_a_model_is_noted_with_the_commit(news: Archive) -> None:
    other = HashEmbedder("another").card
    with news.write() as writer:
        writer.set_model(other)
        assert news.card.model == "hash-embedder"
        writer.commit()
    assert (news.card.model, news.card.fingerprint) == (other.name, other.fingerprint)
    with news.snapshot() as snapshot:
        assert snapshot.card == news.card
