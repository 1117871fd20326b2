import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexer import dossier, preparation
from indexer.dossier import PASSAGE_TOKENS, split_article
from indexer.pipeline import index
from indexer.preparation import Due, LocalPreparation
from indexer.progress import Committed, IndexReport, Pace, Progress
from indexer.readers import IsolatedReader, ReadOptions, read_file
from indexer.renewal import embed_again
from search.archive import Archive, LocalArchive
from search.article import Article
from search.asking.engine import Engine
from search.errors import ArchiveMismatchError
from search.models import Models
from search.models.close_reading import CloseReader
from search.models.embedding import Embedder
from search.settings import Settings
from search.times import TimeMention
from tests.fakes import NEWS, HashEmbedder, make_article, put
from tests.looking import (
    article_in,
    counts_of,
    dossier_in,
    facts_of,
    ids_in,
    ids_under,
    nearest,
    number_of,
    with_words,
)

OPTIONS = ReadOptions(now=datetime(2025, 6, 1, tzinfo=UTC))
CORPUS = Path(__file__).parents[2] / "corpus"

Run = Callable[..., IndexReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three text files and a file of three records."""
    made = tmp_path / "news"
    made.mkdir()
    for name in ("one", "two", "three"):
        write(
            made / f"{name}.txt", f"Story {name}\n\nThe harbour of {name} is open again, the mayor said on Monday."
        )
    write_records(made / "wire.jsonl", "a", "b", "c")
    return made


@pytest.fixture
def run(folder: Path, archive: Archive, hash_embedder: HashEmbedder) -> Run:
    """Index the folder."""

    def index_folder(*paths: Path, embedder: HashEmbedder = hash_embedder, **named: object) -> IndexReport:
        return index(paths or [folder], archive, embedder, OPTIONS, **named)  # type: ignore[arg-type]

    return index_folder


def rounds_of(passages: int) -> Pace:
    """A pace at which a round is full by its passages alone."""
    return Pace(lambda: 0.0, first=passages)


def write(path: Path, text: str) -> None:
    """Write a file so that it is always newer than what stood there."""
    later = path.stat().st_mtime_ns + 1_000_000_000 if path.exists() else None
    path.write_text(text, encoding="utf-8")
    if later:
        os.utime(path, ns=(later, later))


def write_records(path: Path, *ids: str, text: str = "Minister {} signed the treaty.") -> None:
    records = ({"id": id_, "title": f"About {id_}", "text": text.format(id_)} for id_ in ids)
    write(path, "".join(json.dumps(record) + "\n" for record in records))


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    """Added, replaced, unchanged, removed."""
    return report.added, report.replaced, report.unchanged, report.removed


def check_passages(archive: Archive, embedder: Embedder) -> None:
    """Every passage is the slice that was embedded, in order, without overlap."""
    for id_ in ids_in(archive):
        article = article_in(archive, id_)
        place = 0
        for span in list(dossier_in(archive, id_).passages):
            passage = article.body[span.start : span.end]
            assert article.body[place : span.start].strip() == ""
            assert passage == passage.strip() != ""
            assert embedder.count_tokens([passage])[0] <= PASSAGE_TOKENS
            place = span.end
        assert article.body[place:].strip() == ""
        spans, texts = split_article(article, embedder)
        assert spans == list(dossier_in(archive, id_).passages)
        assert all(span.of(article.body) in text for span, text in zip(spans, texts, strict=True))


def test_a_first_run_stores_what_is_in_the_files(run: Run, archive: Archive, hash_embedder: HashEmbedder) -> None:
    report = run()
    assert counts(report) == (6, 0, 0, 0)
    assert (report.files, report.unchanged_files, report.skipped) == (4, 0, [])
    assert report.passages == facts_of(archive).passages == 6
    assert report.snapshot == number_of(archive) == 1
    assert report.seconds > 0
    assert report.passages_per_second > 0
    assert article_in(archive, "a").headline == "About a"
    check_passages(archive, hash_embedder)
    answer = Engine(archive, hash_embedder, Settings.load()).ask("Which treaty did minister b sign?")
    assert answer.citations[0].article_id == "b"


def test_a_second_run_does_nothing(run: Run, archive: Archive, hash_embedder: HashEmbedder) -> None:
    run()
    embedded = len(hash_embedder.embedded)
    report = run()
    assert counts(report) == (0, 0, 6, 0)
    assert (report.unchanged_files, report.passages) == (4, 0)
    assert len(hash_embedder.embedded) == embedded
    assert number_of(archive) == 1


def test_a_file_that_was_only_touched_is_not_read_again(
    run: Run, folder: Path, hash_embedder: HashEmbedder
) -> None:
    run()
    os.utime(folder / "wire.jsonl", ns=(10**18, 10**18))
    embedded = len(hash_embedder.embedded)
    report = run()
    assert (counts(report), report.unchanged_files) == ((0, 0, 6, 0), 4)
    assert len(hash_embedder.embedded) == embedded


def test_a_changed_file_replaces_what_changed(run: Run, folder: Path, archive: Archive) -> None:
    run()
    write(folder / "one.txt", "Story one\n\nThe harbour is closed for good.")
    report = run()
    assert counts(report) == (0, 1, 5, 0)
    assert report.passages == 1
    (id_,) = ids_under(archive, folder / "one.txt")
    assert article_in(archive, id_).body.endswith("The harbour is closed for good.")
    assert facts_of(archive).articles == 6


def test_an_article_that_vanished_from_its_file_is_removed(run: Run, folder: Path, archive: Archive) -> None:
    run()
    write_records(folder / "wire.jsonl", "a", "c", "d")
    report = run()
    assert counts(report) == (1, 0, 5, 1)
    assert ids_under(archive, folder / "wire.jsonl") == ["a", "c", "d"]


def test_a_file_that_can_no_longer_be_read_keeps_its_articles(run: Run, folder: Path, archive: Archive) -> None:
    run()
    write(folder / "wire.jsonl", "")
    report = run()
    assert report.removed == 0
    assert [skipped.reason for skipped in report.skipped] == ["is empty."]
    assert ids_under(archive, folder / "wire.jsonl") == ["a", "b", "c"]


def test_the_same_id_in_two_files_is_one_article(run: Run, folder: Path, archive: Archive) -> None:
    write_records(folder / "xtra.jsonl", "c", text="Minister {} did not sign.")
    report = run()
    assert counts(report) == (6, 1, 0, 0)
    assert facts_of(archive).articles == 6
    assert article_in(archive, "c").body == "Minister c did not sign."
    assert ids_under(archive, folder / "xtra.jsonl") == ["c"]
    assert counts(run()) == (0, 0, 7, 0)
    write_records(folder / "wire.jsonl", "a", "b")
    assert counts(run())[3] == 0, "it is the other file's now"
    assert ids_under(archive, folder / "xtra.jsonl") == ["c"]


def test_the_same_id_and_content_twice_in_one_file_is_one_article(
    run: Run, folder: Path, archive: Archive
) -> None:
    write_records(folder / "twice.jsonl", "t", "t")
    run(folder / "twice.jsonl")
    assert ids_in(archive) == ["t"]
    assert facts_of(archive).passages == 1


def test_an_article_that_moved_is_not_embedded_again(
    run: Run, folder: Path, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    run()
    (folder / "wire.jsonl").rename(folder / "moved.jsonl")
    embedded = len(hash_embedder.embedded)
    report = run()
    assert counts(report) == (0, 0, 6, 0)
    assert len(hash_embedder.embedded) == embedded
    assert ids_under(archive, folder / "moved.jsonl") == ["a", "b", "c"]
    write_records(folder / "moved.jsonl", "a")
    assert counts(run())[3] == 2


def test_a_record_may_move_from_one_file_to_another(run: Run, folder: Path, archive: Archive) -> None:
    write_records(folder / "a.jsonl", "x", "y")
    run()
    write_records(folder / "a.jsonl", "y")
    write_records(folder / "z.jsonl", "x")
    assert counts(run())[3] == 0
    assert {"x", "y"} <= set(ids_in(archive))


def test_an_article_that_two_files_hold_goes_with_the_last(run: Run, folder: Path, archive: Archive) -> None:
    write_records(folder / "one.jsonl", "x", "y")
    write_records(folder / "two.jsonl", "x", "z")
    run()
    write_records(folder / "two.jsonl", "z")
    run()
    assert "x" in ids_in(archive)
    write_records(folder / "one.jsonl", "y")
    run()
    assert "x" not in ids_in(archive)


def test_a_file_cut_short_takes_nothing_away(run: Run, folder: Path, archive: Archive) -> None:
    whole = folder / "cut.jsonl"
    write_records(whole, "x", "y")
    run()
    whole.write_text(whole.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    report = run()
    assert report.removed == 0
    assert report.skipped
    assert {"x", "y"} <= set(ids_in(archive))


def test_what_cannot_be_read_is_reported_and_the_rest_goes_on(run: Run, folder: Path, archive: Archive) -> None:
    (folder / "empty.txt").touch()
    write(folder / "mixed.jsonl", '{"id": "m", "title": "M", "text": "Fine."}\n{"id": \n')
    report = run(folder, folder / "nowhere.txt")
    assert report.added == 7
    assert {Path(skipped.origin.partition("#")[0]).name for skipped in report.skipped} == {
        "empty.txt",
        "mixed.jsonl",
        "nowhere.txt",
    }
    assert all(skipped.reason for skipped in report.skipped)
    assert "m" in ids_in(archive)


def test_what_could_not_be_read_is_reported_again_without_reading(run: Run, folder: Path) -> None:
    write(folder / "mixed.jsonl", '{"id": "m", "title": "M", "text": "Fine."}\n{"id": \n')
    first = run()
    assert len(first.skipped) == 1
    second = run()
    assert second.skipped == first.skipped
    assert second.unchanged_files == 5


def test_a_file_that_may_not_be_read_is_reported(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = folder / "one.txt"
    original = os.open

    def open_or_refuse(path: Path, *arguments: int, **named: int | None) -> int:
        if path == refused:
            raise PermissionError(13, "Permission denied")
        return original(path, *arguments, **named)

    monkeypatch.setattr(os, "open", open_or_refuse)
    report = run()
    assert report.added == 5
    assert [skipped.origin for skipped in report.skipped] == [str(refused)]


def test_a_text_that_brings_a_flaw_to_light_does_not_end_the_run(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tag(article: Article) -> list[TimeMention]:
        if "two" in article.body:
            raise ZeroDivisionError("by chance")
        return []

    monkeypatch.setattr(dossier, "tag_article", tag)
    report = run()
    assert report.added == 5
    (skipped,) = report.skipped
    assert skipped.origin == str(folder / "two.txt")
    assert "ZeroDivisionError" in skipped.reason


def test_nothing_to_read_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    report = run(tmp_path / "void")
    assert counts(report) == (0, 0, 0, 0)
    assert report.passages_per_second == 0


def test_a_removed_article_comes_back_when_its_file_is_indexed(run: Run, archive: Archive) -> None:
    run()
    with archive.write() as writer:
        writer.remove("b")
        writer.commit()
    assert ids_in(archive) != sorted({*ids_in(archive), "b"})
    report = run()
    assert counts(report) == (1, 0, 5, 0)
    assert "b" in ids_in(archive)


class Interrupted(HashEmbedder):
    """Fails in the second round."""

    def embed_passages(self, texts, on_progress=None):  # noqa: ANN001, ANN201
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed_passages(texts, on_progress)


def test_an_interrupted_run_keeps_its_rounds_and_the_next_completes_it(run: Run, archive: Archive) -> None:
    stopped, next_one = Interrupted(), HashEmbedder()
    with pytest.raises(KeyboardInterrupt):
        run(embedder=stopped, pace=rounds_of(2))
    kept = ids_in(archive)
    assert len(kept) == len(stopped.embedded) == 2
    assert with_words(archive, "harbour") != []
    report = run(embedder=next_one)
    assert counts(report) == (4, 0, 2, 0)
    assert len(next_one.embedded) == 4
    assert not set(stopped.embedded) & set(next_one.embedded)
    assert len(ids_in(archive)) == 6
    assert counts(run()) == (0, 0, 6, 0)


def test_rounds_change_nothing_but_the_number_of_commits(
    run: Run, archive: Archive, tmp_path: Path, hash_embedder: HashEmbedder
) -> None:
    run()
    with LocalArchive.create(tmp_path / "other", hash_embedder.card) as other:
        report = index([tmp_path / "news"], other, hash_embedder, OPTIONS, pace=rounds_of(1))
        assert counts(report) == (6, 0, 0, 0)
        assert number_of(other) > number_of(archive)
        question = hash_embedder.embed_question("treaty")
        assert nearest(other, question, 9) == nearest(archive, question, 9)
        assert [article_in(other, id_) for id_ in ids_in(other)] == [
            article_in(archive, id_) for id_ in ids_in(archive)
        ]


def test_the_same_id_twice_within_a_round_is_stored_once(run: Run, folder: Path, archive: Archive) -> None:
    write_records(folder / "wire.jsonl", "a", "a", "a")
    write_records(folder / "xire.jsonl", "a", text="Minister {} resigned.")
    run(folder / "wire.jsonl", folder / "xire.jsonl")
    assert article_in(archive, "a").body == "Minister a resigned."
    assert facts_of(archive).passages == 1


@pytest.mark.parametrize("passages", [2, 20_000])
def test_progress_only_ever_grows_and_ends_complete(run: Run, folder: Path, passages: int) -> None:
    (folder / "empty.txt").touch()
    told: list[Progress] = []
    report = run(on_progress=told.append, pace=rounds_of(passages))
    for before, after in pairwise(told):
        assert after.files >= before.files
        assert after.passages >= before.passages
        assert after.articles >= before.articles
    assert {step.files_found for step in told} == {5}
    assert all(step.passages <= step.passages_expected for step in told)
    assert told[-1] == Progress(5, 5, report.passages, report.passages, None, report.added, report.added)
    assert told[-1].share == 1
    assert {step.reading for step in told} >= {folder / "one.txt", None}


# Stopping


def test_a_run_that_is_asked_to_stop_keeps_what_it_reported_and_the_next_goes_on(
    run: Run, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    commits: list[Committed] = []
    report = run(pace=rounds_of(2), on_commit=commits.append, stopping=lambda: bool(commits))
    assert report.stopped
    # A round that was being embedded by then is kept, one that waited is not.
    assert counts(report) in {(2, 0, 0, 0), (4, 0, 0, 0)}
    assert sorted(id_ for commit in commits for id_ in commit.article_ids) == ids_in(archive)
    assert [commit.snapshot for commit in commits] == list(range(1, len(commits) + 1))
    assert (report.snapshot, report.passages) == (len(commits), report.added)
    assert len(hash_embedder.embedded) == report.added
    following = run(pace=rounds_of(2))
    assert not following.stopped
    assert following.added == 6 - report.added
    assert len(hash_embedder.embedded) == len(ids_in(archive)) == 6


def test_a_run_that_is_stopped_removes_nothing(run: Run, folder: Path, archive: Archive) -> None:
    run()
    write_records(folder / "wire.jsonl", "a")
    report = run(stopping=lambda: True)
    assert report.stopped
    assert report.removed == 0
    assert len(ids_in(archive)) == 6
    assert run().removed == 2


def test_what_is_told_to_be_committed_can_be_found_by_then(run: Run, archive: Archive) -> None:
    with LocalArchive.open(archive.folder) as reader:

        def check(commit: Committed) -> None:
            assert number_of(reader) == commit.snapshot
            assert set(commit.article_ids) <= set(ids_in(reader))
            assert ids_in(reader)[0] in {passage.article_id for passage in with_words(reader, "monday", "treati")}

        report = run(pace=rounds_of(1), on_commit=check)
    assert report.added == 6


# Versions


def record(**fields: object) -> str:
    return json.dumps({"id": "v", "title": "The harbour", "text": "The harbour is open.", **fields})


def test_an_older_version_is_counted_and_does_not_replace_the_later(
    run: Run, folder: Path, archive: Archive
) -> None:
    write(folder / "b.jsonl", record(version=2, text="The harbour is closed."))
    write(folder / "c.jsonl", record(version=1))
    report = run(folder / "b.jsonl", folder / "c.jsonl")
    assert (report.added, report.replaced, report.outdated) == (1, 0, 1)
    assert article_in(archive, "v").body == "The harbour is closed."
    again = run(folder / "b.jsonl", folder / "c.jsonl")
    assert (again.unchanged, again.unchanged_files, again.passages) == (2, 2, 0)
    (folder / "b.jsonl").unlink()
    write(folder / "c.jsonl", record(version=3, text="The harbour is open again."))
    assert counts(run(folder / "c.jsonl")) == (0, 1, 0, 0)


@pytest.mark.parametrize("same_file", [True, False])
def test_a_kill_withdraws_a_stored_article_for_good(
    run: Run,
    folder: Path,
    archive: Archive,
    same_file: bool,  # noqa: FBT001
) -> None:
    old, kill = folder / "old.jsonl", folder / ("old.jsonl" if same_file else "kill.jsonl")
    write(old, record(date="2024-05-02"))
    run(old)
    assert with_words(archive, "harbour")
    write(kill, record(status="killed", date="2024-05-03"))
    report = run(kill)
    assert (report.withdrawn, report.removed, report.skipped) == (1, 0, [])
    assert with_words(archive, "harbour") == []
    assert article_in(archive, "v").body == "The harbour is open."
    notice = dossier_in(archive, "v").withdrawal
    assert notice
    assert notice.reason == "cancelled by its publisher (status 'killed')."
    assert notice.origin.startswith(str(kill))
    write(old, record(date="2024-05-02", title="Harbour"))
    assert run(old).withdrawn == 0
    assert with_words(archive, "harbour") == []
    write(old, record(date="2024-05-04"))
    run(old)
    assert with_words(archive, "harbour")


def test_a_kill_that_comes_before_its_article_is_honoured(run: Run, folder: Path, archive: Archive) -> None:
    write(folder / "kill.jsonl", record(status="canceled"))
    write(folder / "late.jsonl", record())
    assert (run(folder / "kill.jsonl").withdrawn, ids_in(archive)) == (1, [])
    assert run(folder / "kill.jsonl").unchanged_files == 1
    report = run(folder / "late.jsonl")
    assert (report.added, ids_in(archive)) == (1, ["v"])
    assert counts_of(archive) == (0, 0)


def test_a_correction_of_another_article_takes_its_place(
    run: Run, folder: Path, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    write(folder / "old.jsonl", record(date="2024-05-02"))
    write(
        folder / "new.jsonl",
        record(
            id="w",
            replaces="v",
            date="2024-05-03",
            text="The harbour is shut.\n\nThis story corrects an earlier one.",
        ),
    )
    run(folder / "old.jsonl", folder / "new.jsonl")
    assert dossier_in(archive, "v").superseded_by == "w"
    correction = article_in(archive, "w").notice
    assert correction
    assert correction.text == "This story corrects an earlier one."
    answer = Engine(archive, hash_embedder, Settings.load()).ask("Is the harbour shut?")
    assert {citation.article_id for citation in answer.citations} == {"w"}
    write(folder / "new.jsonl", record(id="x", text="Another story."))
    run(folder / "new.jsonl")
    assert dossier_in(archive, "v").superseded_by is None
    assert counts_of(archive)[0] == 2


def test_copies_found_while_indexing_are_one_family(run: Run, folder: Path, archive: Archive) -> None:
    lead = "The council voted on Thursday to rebuild the old fish quay, which a storm tore apart in January."
    write(folder / "copy.jsonl", record(id="copy", text=lead, date="2024-05-03"))
    write(
        folder / "wire.txt",
        f"Quay to rise\n\n2 May 2024\n\n{lead}\n\nThe work will last two years and begin soon.",
    )
    run(folder / "copy.jsonl", folder / "wire.txt")
    family = dossier_in(archive, "copy").family
    assert family.origin.headline == "Quay to rise"
    assert [copy.article_id for copy in family.copies] == ["copy"]


# Another model


def test_embedding_again_gives_an_archive_of_the_other_model(
    run: Run, archive: Archive, folder: Path, hash_embedder: HashEmbedder
) -> None:
    run()
    other = HashEmbedder("other", 64)
    told: list[tuple[int, int]] = []
    assert embed_again(archive, other, lambda done, total: told.append((done, total)), together=1) == 6
    assert told == [(number, 6) for number in range(1, 7)]
    archive.check_model(other.card)
    with pytest.raises(ArchiveMismatchError):
        archive.check_model(hash_embedder.card)
    assert archive.card.dimension == 64
    found = Engine(archive, other, Settings.load()).search("Minister b signed the treaty")
    assert (found.passages[0].article_id, len(found.passages)) == ("b", 6)
    assert ids_under(archive, folder / "wire.jsonl") == ["a", "b", "c"]
    assert counts(run(embedder=other)) == (0, 0, 6, 0)
    with LocalArchive.open(archive.folder) as reopened:
        assert len(nearest(reopened, other.embed_question("treaty"), 10)) == 6


def test_embedding_again_is_all_or_nothing(run: Run, archive: Archive, hash_embedder: HashEmbedder) -> None:
    run()
    question = hash_embedder.embed_question("treaty")
    before = nearest(archive, question, 9)
    with pytest.raises(KeyboardInterrupt):
        embed_again(archive, Interrupted("other", 64), together=1)
    archive.check_model(hash_embedder.card)
    assert nearest(archive, question, 9) == before


# What is embedded


def test_a_passage_is_embedded_under_its_headline(archive: Archive, hash_embedder: HashEmbedder) -> None:
    article = make_article("one", "Rain fell.\n\n" + "It was cold. " * 60, "Weather")
    spans, texts = split_article(article, hash_embedder)
    assert len(spans) > 1
    assert texts == [f"Weather. {span.of(article.body)}" for span in spans]
    with archive.write() as writer:
        put(writer, article, hash_embedder)
        writer.commit()
    (passage, cosine), *_ = nearest(archive, hash_embedder.embed_question(texts[0]), 1)
    assert passage.span == spans[0]
    assert cosine == pytest.approx(1, abs=1e-3)


def test_passages_fit_into_a_small_window() -> None:
    class Narrow(HashEmbedder):
        @property
        def card(self):  # noqa: ANN202
            from dataclasses import replace

            return replace(super().card, window=64)

    spans, _ = split_article(make_article("one", "word " * 100), Narrow())
    assert [span.end - span.start for span in spans[:-1]] == [14 * 5 - 1] * (len(spans) - 1)


def test_the_sample_corpus_is_indexed_whole(archive: Archive, hash_embedder: HashEmbedder) -> None:
    report = index([CORPUS], archive, hash_embedder, OPTIONS)
    assert report.skipped == []
    assert report.added > 20
    check_passages(archive, hash_embedder)
    assert counts(index([CORPUS], archive, hash_embedder, OPTIONS)) == (0, 0, report.added + report.replaced, 0)


@pytest.mark.model
def test_the_real_model_indexes_what_it_then_finds(
    tmp_path: Path, embedder: Embedder, close_reader: CloseReader
) -> None:
    for article in NEWS:
        (tmp_path / f"{article.id}.txt").write_text(article.body, encoding="utf-8")
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        report = index(sorted(tmp_path.glob("*.txt")), archive, embedder, OPTIONS)
        assert report.added == 5
        check_passages(archive, embedder)
        question = "What happened to the bridge in Maryland?"
        answer = Engine(archive, embedder, Settings.load(), models=Models(close_reader=close_reader)).ask(question)
        assert "Francis Scott Key Bridge" in answer.citations[0].quote
        assert np.isfinite([cosine for _, cosine in nearest(archive, embedder.embed_question(question), 2)]).all()


@pytest.mark.model
@pytest.mark.news
def test_real_newswire_is_indexed_and_found(tmp_path: Path, embedder: Embedder, real_news: Path) -> None:
    import gzip

    with gzip.open(real_news / "wire.jsonl.gz", "rt", encoding="utf-8") as lines:
        some = [line for _, line in zip(range(60), lines, strict=False)]
    (tmp_path / "wire.jsonl").write_text("".join(some), encoding="utf-8")
    with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
        report = index([tmp_path / "wire.jsonl"], archive, embedder, OPTIONS)
        assert (report.added, report.skipped) == (60, [])
        check_passages(archive, embedder)
        engine = Engine(archive, embedder, Settings.load())
        for id_ in ids_in(archive)[:20]:
            headline = article_in(archive, id_).headline
            assert id_ in [passage.article_id for passage in engine.search(headline, 3).passages]


def test_what_a_limit_left_out_is_read_when_it_is_raised(
    folder: Path, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    write_records(folder / "wire.jsonl", "a", text="Minister {} signed." + " It was done." * 50)
    low = index([folder], archive, hash_embedder, replace(OPTIONS, max_article_chars=200))
    assert low.added == 3
    assert "max_article_chars" in low.skipped[0].reason
    raised = index([folder], archive, hash_embedder, OPTIONS)
    assert (raised.added, raised.unchanged, raised.skipped) == (1, 3, [])


def test_an_isolated_reader_reads_for_the_pipeline(
    folder: Path, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    with IsolatedReader() as read:
        assert index([folder], archive, hash_embedder, OPTIONS, read=read).added == 6


def test_what_cannot_be_digested_counts_as_changed(
    run: Run, folder: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "digest_of", lambda _: "")
    run()
    write_records(folder / "wire.jsonl", "a", "b", "c", "d")
    assert run().added == 1
    assert "d" in ids_in(archive)


def test_workers_are_told_what_a_changed_file_held(run: Run, folder: Path, archive: Archive) -> None:
    run()
    write_records(folder / "wire.jsonl", "a", "b", "new")
    told: list[Due] = []

    class Told(LocalPreparation):
        def begin(self, due: Iterable[Due]) -> None:
            told.extend(due)

    run(preparation=Told(read_file, HashEmbedder()))
    (one,) = told
    assert one.file.path.name == "wire.jsonl"
    assert len(one.hashes) == 3
