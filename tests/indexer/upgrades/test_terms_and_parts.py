"""`schema_4.sql` is the dump of an archive that Dateline made when its schema was 4."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.renewal import read_again
from indexer.upgrades import upgrade
from search.archive import InputRecord, LocalArchive, Outcome, Snapshot
from search.archive.care.doctor import examine
from search.archive.records import Candidates, Query
from search.article import Notice, NoticeKind, Withdrawal
from search.asking.engine import Engine
from search.english.terms import content_terms
from search.filters import Filter
from search.settings import Settings
from tests.fakes import CATHEDRAL, MISSILES, RATES, UNDATED, HashEmbedder, make_article, published, put
from tests.indexer.upgrades.databases import DATABASE, archive_of, content, layout, without

FIRST = replace(
    make_article(
        "strike-1",
        "GENOA, March 4 - Dockers of Genoa stopped work on Monday over unpaid night shifts, the union Filt said. "
        "Eleven ferries to Sardinia and Corsica were held back, and some three thousand travellers had to look "
        "for rooms in the town or sleep on the quays, where the Red Cross handed out blankets and tea until the "
        "morning.\n\n"
        '"We shall not load a single lorry before the shifts are paid," its secretary Anna Rossi told reporters '
        "at the gate. The port authority denied that it owed anything, and said it would ask a judge on Thursday "
        "to end the strike.\n\n"
        "A strike of nine days in 2019 cost the port 40 million euros, according to the chamber of commerce. "
        "Mayor Paolo Bruno may call both sides to the town hall on Wednesday.",
        "Dockers of Genoa stop work",
        "2024-03-04",
        source="Wire",
        section="Business",
        language="en",
        standfirst="Ferries held back over unpaid shifts",
        dateline="GENOA, March 4",
    ),
    version=1,
)
SECOND = replace(
    FIRST,
    id="strike-2",
    body=FIRST.body.replace("Eleven ferries", "Twelve ferries"),
    published=published("2024-03-05"),
    version=2,
    supersedes="strike-1",
    notice=Notice(NoticeKind.CORRECTION, "Corrects the number of ferries."),
)
COPY = make_article(
    "missiles-copy",
    MISSILES.body + "\n\nThe embassy had no comment.",
    "Tehran arms Moscow, Blinken says",
    "2024-09-11",
    source="Gazette",
    language="en",
)
GONE = make_article("gone", "This report was removed again.")
WIRE = Path("/news/wire.jsonl")
FROM_WIRE = (MISSILES, RATES, CATHEDRAL, UNDATED, FIRST)
STORED = (*FROM_WIRE, COPY, SECOND)
RECORD = InputRecord(str(WIRE), 4_096, 1_709_550_000_000_000_000, "0" * 64, 5, ((f"{WIRE}#6", "no body"),))
WITHDRAWAL = Withdrawal(("cathedral",), "The date was wrong.", published("2024-12-02"), source="Wire")
QUESTIONS = ("Who has sent missiles to Russia?", "How many ferries were held back in Genoa?")
READINGS = 30
"""Place of the column `readings` of articles."""


@pytest.fixture
def embedder() -> HashEmbedder:
    """What the dumped archive was made with."""
    return HashEmbedder(dimension=16)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of an archive of schema 4, with a family, a superseded, a withdrawn and a removed article."""
    return archive_of("schema_4.sql", tmp_path / "old")


@pytest.fixture
def fresh(tmp_path: Path, embedder: HashEmbedder) -> Path:
    """The folder of an archive that the present Dateline made of the same articles in the same steps."""
    folder = tmp_path / "fresh"
    with LocalArchive.create(folder, embedder.card) as archive, archive.write() as writer:
        for article in FROM_WIRE:
            put(writer, article, embedder, WIRE)
        writer.finish_input(RECORD, [article.id for article in FROM_WIRE])
        writer.commit()
        for article in (COPY, SECOND, GONE):
            put(writer, article, embedder)
        writer.commit()
        writer.remove("gone")
        writer.withdraw(WITHDRAWAL)
        writer.commit()
    return folder


def test_an_upgraded_archive_has_the_tables_of_a_new_one(old: Path, fresh: Path) -> None:
    upgrade(old)
    assert layout(old / DATABASE) == layout(fresh / DATABASE)


def test_an_upgraded_archive_is_as_one_made_now(old: Path, fresh: Path) -> None:
    upgrade(old)
    upgraded, made = content(old / DATABASE), content(fresh / DATABASE)
    same = ("passages", "vectors", "texts", "buckets", "relations", "holdings", "withdrawals", "parts")
    for table in (*same, "sqlite_sequence"):
        assert upgraded[table] == made[table], table
    assert without(upgraded["articles"], READINGS) == without(made["articles"], READINGS)
    assert {row[READINGS] for row in upgraded["articles"]} == {""}
    assert upgraded["frequencies"] == [row for row in made["frequencies"] if any(row[1:])]
    counted = [dict(found["manifest"]) for found in (upgraded, made)]
    own = {"archive_id": "", "views": ""}
    assert counted[0] | own == counted[1] | own


def test_what_was_read_stays_and_has_a_place(old: Path) -> None:
    before = content(old / DATABASE)
    upgrade(old)
    after = content(old / DATABASE)
    assert after["mentions"] == before["mentions"]
    assert [(*row[:3], *row[4:10]) for row in after["statements"]] == before["statements"]
    assert {row[10:] for row in after["statements"]} == {(None,) * 5}
    of_first = [row for row in after["statements"] if row[0] == 1]
    assert [row[3] for row in sorted(of_first, key=lambda row: int(str(row[1])))] == list(range(len(of_first)))
    assert len(of_first) > 1


def test_the_journal_names_the_articles_that_are_still_there(old: Path) -> None:
    before = content(old / DATABASE)["changes"]
    upgrade(old)
    changes = content(old / DATABASE)["changes"]
    assert without(changes, 2) == before
    assert {row[2] for row in changes if row[1] == 8} == {""}
    with LocalArchive.open(old) as archive, archive.snapshot() as snapshot:
        assert snapshot.changes(0) == sorted(article.id for article in STORED)
        assert snapshot.changes(2) == ["cathedral"]


def test_an_upgraded_archive_is_sound(old: Path) -> None:
    upgrade(old)
    assert examine(old).findings == ()


def test_an_upgraded_archive_holds_and_answers_what_one_made_now_does(
    old: Path, fresh: Path, embedder: HashEmbedder
) -> None:
    upgrade(old)
    ids = [article.id for article in STORED]
    with LocalArchive.open(old) as upgraded, LocalArchive.open(fresh) as made:
        with upgraded.snapshot() as one, made.snapshot() as other:
            assert one.number == other.number
            assert one.facts.readings == {"": len(STORED)}
            assert replace(one.facts, readings={}) == replace(other.facts, readings={})
            assert [dossier.article for dossier in one.read(ids).values()] == list(STORED)
            assert {id_: dossier.copies for id_, dossier in one.read(ids).items()} == {
                id_: dossier.copies for id_, dossier in other.read(ids).items()
            }
            assert one.read(["missiles"])["missiles"].copies
            for question in QUESTIONS:
                assert one.rarity(content_terms(question)) == other.rarity(content_terms(question))
                for condition in (
                    Filter(),
                    Filter(sources=("Wire",)),
                    Filter(as_of=published("2024-03-04").first_day),
                ):
                    found = candidates(one, embedder, question, condition)
                    assert found == candidates(other, embedder, question, condition)
                    assert found.passages
        settings = Settings.load(wanted_precision=0)
        read_again(upgraded)
        for question in QUESTIONS:
            answers = [Engine(archive, embedder, settings).ask(question) for archive in (upgraded, made)]
            assert answers[0].citations
            assert answers[0].citations == answers[1].citations


def candidates(snapshot: Snapshot, embedder: HashEmbedder, question: str, condition: Filter) -> Candidates:
    query = Query(embedder.embed_question(question), tuple(content_terms(question)))
    found = snapshot.candidates(query, 5, condition)
    return replace(found, passages=tuple(sorted(found.passages, key=lambda one: one.passage)))


def test_after_reading_anew_dossiers_are_those_of_one_made_now(
    old: Path, fresh: Path, embedder: HashEmbedder
) -> None:
    upgrade(old)
    ids = [article.id for article in STORED]
    with LocalArchive.open(old) as upgraded, LocalArchive.open(fresh) as made:
        assert read_again(upgraded) == len(STORED)
        with upgraded.snapshot() as one, made.snapshot() as other:
            assert one.read(ids) == other.read(ids)
            assert one.facts == other.facts
    assert content(old / DATABASE)["statements"] == content(fresh / DATABASE)["statements"]
    assert content(old / DATABASE)["mentions"] == content(fresh / DATABASE)["mentions"]


def test_what_is_indexed_again_is_not_embedded_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with LocalArchive.open(old) as archive, archive.write() as writer:
        assert writer.input(WIRE) is None
        assert writer.held_under(WIRE) == sorted(article.id for article in FROM_WIRE)
        assert {put(writer, article, embedder) for article in STORED} == {Outcome.UNCHANGED}


def test_keys_of_articles_that_are_gone_are_not_used_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with LocalArchive.open(old) as archive, archive.write() as writer:
        put(writer, make_article("new", "A new report."), embedder)
        writer.commit()
    rows = content(old / DATABASE)
    assert max(int(str(row[0])) for row in rows["articles"]) == 9
    assert max(int(str(row[0])) for row in rows["passages"]) == 11
    assert max(int(str(row[0])) for row in rows["texts"]) == 9
    assert examine(old).sound


def test_more_articles_than_are_settled_together_are_counted_alike(
    old: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.archive.local.terms._SETTLED_TOGETHER", 2)
    upgrade(old)
    made = content(fresh / DATABASE)["frequencies"]
    assert content(old / DATABASE)["frequencies"] == [row for row in made if any(row[1:])]
