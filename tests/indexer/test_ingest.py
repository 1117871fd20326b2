"""Articles at hand are stored as those of files are, in one commit, or not at all."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.ingest import end_embargoes, ingest, remove_article, store_articles
from indexer.pipeline import index
from indexer.readers import ReadOptions
from indexer.settings import ReadSettings
from search.archive import Archive, LocalArchive, MemoryArchive, Outcome
from search.archive.protocol import Writer
from search.errors import ArchiveMismatchError, ArticleChangedError, ArticleNotFoundError, InputError
from search.models.embedding.embedder import Vectors
from tests.fakes import BRIDGE, CATHEDRAL, MISSILES, NEWS, RATES, HashEmbedder, make_article
from tests.looking import article_in, dossier_in, ids_in, nearest, number_of


def test_what_is_stored_is_what_a_file_of_it_gives(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    text = "---\nid: missiles\nheadline: Blinken accuses Tehran\ndate: 2024-09-10\n---\n" + MISSILES.body
    (tmp_path / "missiles.md").write_text(text, encoding="utf-8")
    with LocalArchive.create(tmp_path / "of-files", hash_embedder.card) as of_files:
        index([tmp_path / "missiles.md"], of_files, hash_embedder, ReadOptions())
        article = article_in(of_files, "missiles")
        store_articles([article], archive, hash_embedder)
        assert dossier_in(archive, "missiles") == dossier_in(of_files, "missiles")
        assert index([tmp_path / "missiles.md"], archive, hash_embedder, ReadOptions()).unchanged == 1


def test_articles_are_stored_as_one_snapshot(archive: Archive, hash_embedder: HashEmbedder) -> None:
    assert store_articles(NEWS, archive, hash_embedder) == [Outcome.ADDED] * len(NEWS)
    assert number_of(archive) == 1


def test_texts_of_many_articles_are_embedded_in_parts_and_none_is_mixed_up(
    archive: Archive, hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.ingest.TEXTS_A_ROUND", 2)
    words = ("amber", "birch", "cedar", "damson", "elder")
    store_articles([make_article(word, f"{word} " * 5) for word in words], archive, hash_embedder)
    closest = [nearest(archive, hash_embedder.embed_question(word), 1) for word in words]
    assert [passage.article_id for ((passage, _),) in closest] == list(words)


def test_what_is_stored_already_is_neither_embedded_nor_written(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    hash_embedder.embedded.clear()
    assert store_articles(NEWS, news_archive, hash_embedder) == [Outcome.UNCHANGED] * len(NEWS)
    assert hash_embedder.embedded == []
    assert number_of(news_archive) == 1
    assert store_articles([], news_archive, hash_embedder) == []


def test_of_several_with_one_id_the_last_counts(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    other = make_article("missiles", "Nothing was sent.", day="2024-09-11")
    outcomes = store_articles(
        [other, make_article("missiles", other.body, day="2024-09-12")], news_archive, hash_embedder
    )
    assert outcomes == [Outcome.REPLACED] * 2
    assert article_in(news_archive, "missiles").published == make_article("x", "x", day="2024-09-12").published
    outcomes = store_articles([make_article("rates", "Anew."), RATES, RATES], news_archive, hash_embedder)
    assert outcomes == [Outcome.REPLACED, Outcome.REPLACED, Outcome.UNCHANGED]
    assert article_in(news_archive, "rates") == RATES


def test_a_copy_joins_the_family_of_what_it_copies(archive: Archive, hash_embedder: HashEmbedder) -> None:
    body = " ".join(f"The {word} was loaded at the quay of Visby before the storm." for word in "abcdefghij")
    store_articles([make_article("one", body), make_article("two", body, source="Other")], archive, hash_embedder)
    assert len(dossier_in(archive, "one").family.copies) == 1


def test_an_older_version_is_told_and_stored_only_if_that_is_insisted_on(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    older = make_article("bridge", "It stands.", day="2024-03-25")
    assert store_articles([older], news_archive, hash_embedder) == [Outcome.OLDER]
    assert article_in(news_archive, "bridge") == BRIDGE
    assert store_articles([older], news_archive, hash_embedder, insist=True) == [Outcome.REPLACED]
    assert article_in(news_archive, "bridge") == older


@pytest.mark.parametrize("when", ["require", "on_step"])
def test_what_is_refused_leaves_everything_as_it_was(
    news_archive: Archive, hash_embedder: HashEmbedder, when: str
) -> None:
    def refuse(*_: object) -> None:
        raise ArticleChangedError("Not so.")

    changed = [make_article("rates", "Anew."), make_article("new", "New.")]
    hooks = {when: refuse}
    with pytest.raises(ArticleChangedError):
        store_articles(changed, news_archive, hash_embedder, **hooks)
    with pytest.raises(ArticleChangedError):
        store_articles([CATHEDRAL], news_archive, hash_embedder, **hooks)
    assert ids_in(news_archive) == sorted(article.id for article in NEWS)
    assert article_in(news_archive, "rates") == RATES
    assert number_of(news_archive) == 1


def test_the_last_look_before_the_commit_can_still_prevent_it(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    looks: list[None] = []
    store_articles([make_article("a", "A.")], news_archive, hash_embedder, on_step=lambda: looks.append(None))
    left = len(looks)

    def last() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise ArticleChangedError("Too late.")

    with pytest.raises(ArticleChangedError):
        store_articles([make_article("b", "B.")], news_archive, hash_embedder, on_step=last)
    assert "b" not in ids_in(news_archive)


def test_what_was_removed_while_its_equal_was_being_stored_is_stored_anew(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    prepared, go_on = threading.Event(), threading.Event()

    class Patient(HashEmbedder):
        def embed_passages(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
            prepared.set()
            assert go_on.wait(30)
            return super().embed_passages(*arguments, **named)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool:
        storing = pool.submit(store_articles, [RATES, make_article("new", "New.")], news_archive, Patient())
        assert prepared.wait(30)
        remove_article("rates", news_archive)
        go_on.set()
        assert storing.result(30) == [Outcome.ADDED, Outcome.ADDED]
    assert article_in(news_archive, "rates") == RATES


def test_an_article_that_is_not_there_cannot_be_removed(news_archive: Archive) -> None:
    with pytest.raises(ArticleNotFoundError):
        remove_article("none", news_archive)
    remove_article("rates", news_archive)
    assert "rates" not in ids_in(news_archive)


def test_vectors_of_another_model_are_never_mixed_in(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("A note\n\nThe ferry did not leave on Monday.", encoding="utf-8")
    with LocalArchive.open(archive.folder) as other, other.write() as writer:
        writer.set_model(replace(hash_embedder.card, fingerprint="f" * 64))
        writer.commit()
    with pytest.raises(ArchiveMismatchError):
        store_articles([MISSILES], archive, hash_embedder)
    with pytest.raises(ArchiveMismatchError):
        index([tmp_path / "note.txt"], archive, hash_embedder, ReadOptions())
    assert ids_in(archive) == []


def test_the_end_of_an_embargo_is_a_commit_of_its_own(hash_embedder: HashEmbedder) -> None:
    ends = datetime.now(UTC) + timedelta(days=1)
    ahead = replace(make_article("ahead", "The budget rises."), embargo=ends)
    with MemoryArchive.create(hash_embedder.card) as archive:
        store_articles([ahead], archive, hash_embedder)
        assert end_embargoes(archive, ends - timedelta(seconds=1)) == []
        with archive.snapshot() as snapshot:
            before = snapshot.number
            assert snapshot.find().ids == ()
        assert end_embargoes(archive, ends + timedelta(seconds=1)) == ["ahead"]
        with archive.snapshot() as snapshot:
            assert snapshot.find().ids == ("ahead",)
            assert snapshot.number == before + 1
        assert end_embargoes(archive, ends + timedelta(days=1)) == []


def test_a_file_sent_ahead_is_stored_hidden_but_not_in_the_place_of_what_is_stored(
    tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    item = {
        "uri": "urn:news:1",
        "type": "text",
        "headline": "The budget",
        "versioncreated": "2026-01-01T10:00:00Z",
    }
    path, options = tmp_path / "item.json", ReadSettings().read_options()
    with MemoryArchive.create(hash_embedder.card) as archive:
        path.write_text(json.dumps({**item, "body_text": "It rises.", "embargoeduntil": later}), encoding="utf-8")
        assert index([path], archive, hash_embedder, options).added == 1
        assert ids_in(archive) == []
        path.write_text(json.dumps({**item, "body_text": "It rises by two percent."}), encoding="utf-8")
        assert index([path], archive, hash_embedder, options).replaced == 1
        assert ids_in(archive) == ["urn:news:1"]
        path.write_text(json.dumps({**item, "body_text": "It falls.", "embargoeduntil": later}), encoding="utf-8")
        (skipped,) = index([path], archive, hash_embedder, options).skipped
        assert "the version that is stored stays" in skipped.reason
        assert article_in(archive, "urn:news:1").body == "It rises by two percent."
        ended = {"body_text": "It rises by three percent.", "embargoeduntil": "2026-01-02T10:00:00Z"}
        path.write_text(json.dumps({**item, **ended}), encoding="utf-8")
        assert index([path], archive, hash_embedder, options).replaced == 1
        path.write_text(json.dumps({**item, "body_text": "It falls.", "embargoeduntil": later}), encoding="utf-8")
        (skipped,) = index([path], archive, hash_embedder, options).skipped
        assert "the version that is stored stays" in skipped.reason
        assert article_in(archive, "urn:news:1").body == "It rises by three percent."


# In rounds, embedded beside


class Told:
    """A piece of one text that notes that it was put."""

    def __init__(self, number: int, put: list[int]) -> None:
        self.number = number
        self.texts = [f"text {number}"]
        self._put = put

    def put(self, writer: Writer, vectors: Vectors) -> None:  # noqa: ARG002 - a Piece
        assert vectors.shape[0] == 1
        self._put.append(self.number)


def test_the_next_round_is_read_while_one_is_embedded(archive: Archive) -> None:
    read_on = threading.Event()

    class Waiting(HashEmbedder):
        def embed_passages(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
            assert read_on.wait(30)
            return super().embed_passages(*arguments, **named)  # type: ignore[arg-type]

    put: list[int] = []

    def pieces() -> Iterator[Told]:
        for number in range(4):
            if number == 3:
                read_on.set()
            yield Told(number, put)

    with archive.write() as writer:
        rounds = list(ingest(pieces(), writer, Waiting(), is_full=lambda texts: texts >= 2))
    assert [[piece.number for piece in round_] for round_ in rounds] == [[0, 1], [2, 3]]
    assert put == [0, 1, 2, 3]


def test_no_more_than_two_rounds_are_in_memory_however_slow_the_model_is(archive: Archive) -> None:
    class Slow(HashEmbedder):
        def embed_passages(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
            time.sleep(0.01)
            return super().embed_passages(*arguments, **named)  # type: ignore[arg-type]

    put: list[int] = []
    held: list[int] = []
    told: list[int] = []

    def pieces() -> Iterator[Told]:
        for number in range(20):
            held.append(number + 1 - len(put))
            yield Told(number, put)

    with archive.write() as writer:
        for _ in ingest(pieces(), writer, Slow(), is_full=lambda texts: texts >= 2, on_embedded=told.append):
            assert sum(told) >= len(put)
    assert put == list(range(20))
    assert sum(told) == 20
    assert max(held) <= 4


def test_a_failure_ends_what_is_embedded_beside(archive: Archive, hash_embedder: HashEmbedder) -> None:
    def pieces() -> Iterator[Told]:
        yield from (Told(number, []) for number in range(3))
        raise InputError("No more.")

    with pytest.raises(InputError, match="No more"), archive.write() as writer:
        list(ingest(pieces(), writer, hash_embedder, is_full=lambda _: True))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("dateline-embedding")]
