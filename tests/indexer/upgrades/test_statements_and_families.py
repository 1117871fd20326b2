"""`schema_3.sql` is the dump of an archive that Dateline made when its schema was 3."""

from pathlib import Path

import pytest

from indexer.renewal import read_again
from indexer.upgrades import upgrade
from search.archive import LocalArchive, Outcome
from search.archive.care.doctor import examine
from search.archive.protocol import dossier_of
from search.asking.engine import Engine
from search.settings import Settings
from search.statements import Standing, Statement
from tests.fakes import CATHEDRAL, MISSILES, RATES, UNDATED, HashEmbedder, make_article, put
from tests.indexer.upgrades.databases import DATABASE, archive_of, content, layout, without

COPY = make_article(
    "missiles-copy",
    MISSILES.body + "\n\nThe embassy had no comment.",
    "Tehran arms Moscow, Blinken says",
    "2024-09-11",
    source="Gazette",
    language="en",
)
STORED = (MISSILES, RATES, CATHEDRAL, UNDATED, COPY)
READINGS = 30
"""Place of the column `readings` of articles."""


@pytest.fixture
def embedder() -> HashEmbedder:
    """What the dumped archive was made with."""
    return HashEmbedder(dimension=16)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of an archive of schema 3."""
    return archive_of("schema_3.sql", tmp_path / "old")


@pytest.fixture
def fresh(tmp_path: Path, embedder: HashEmbedder) -> Path:
    """The folder of an archive that the present Dateline made of the same articles in the same steps."""
    folder = tmp_path / "fresh"
    with LocalArchive.create(folder, embedder.card) as archive, archive.write() as writer:
        for article in STORED[:-1]:
            put(writer, article, embedder, Path("/news/wire.jsonl"))
        writer.commit()
        put(writer, COPY, embedder)
        put(writer, make_article("gone", "This report was removed again."), embedder)
        writer.commit()
        writer.remove("gone")
        writer.commit()
    return folder


def test_an_upgraded_archive_is_as_one_made_now(old: Path, fresh: Path) -> None:
    assert upgrade(old).before == 3
    assert layout(old / DATABASE) == layout(fresh / DATABASE)
    assert examine(old).findings == ()
    upgraded, made = content(old / DATABASE), content(fresh / DATABASE)
    assert without(upgraded["articles"], READINGS) == without(made["articles"], READINGS)
    for table in ("passages", "vectors", "texts", "buckets", "relations", "holdings"):
        assert upgraded[table] == made[table], table
    assert without(upgraded["changes"], 2) == without(made["changes"], 2)
    with LocalArchive.open(old) as archive:
        read_again(archive)
    upgraded = content(old / DATABASE)
    for table in ("articles", "mentions", "statements"):
        assert upgraded[table] == made[table], table


def test_an_upgraded_archive_answers_as_one_made_now(old: Path, fresh: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with LocalArchive.open(old) as upgraded, LocalArchive.open(fresh) as made:
        read_again(upgraded)
        engines = [Engine(archive, embedder, Settings.load(wanted_precision=0)) for archive in (upgraded, made)]
        answers = [engine.ask("Who has sent missiles to Russia?") for engine in engines]
        assert answers[0].citations
        assert answers[0].citations == answers[1].citations
        with upgraded.snapshot() as one, made.snapshot() as other:
            assert dossier_of(one, "missiles").family == dossier_of(other, "missiles").family
            assert dossier_of(one, "missiles").copies


def test_of_several_statements_of_one_sentence_the_old_format_holds_the_first(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_of_the_first(_: object) -> list[Statement]:
        return [Statement(Standing.PREDICTED, None, 0, 10), Statement(Standing.DENIED, None, 0, 10)]

    monkeypatch.setattr("indexer.upgrades.steps.read_article_statements", two_of_the_first)
    upgrade(old)
    assert [row[4] for row in content(old / DATABASE)["statements"]] == ["predicted"] * len(STORED)


def test_what_is_indexed_again_is_not_embedded_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with LocalArchive.open(old) as archive, archive.write() as writer:
        assert writer.input(Path("/news/wire.jsonl")) is None
        assert {put(writer, article, embedder) for article in STORED} == {Outcome.UNCHANGED}


def test_keys_of_articles_that_are_gone_are_not_used_again(old: Path, embedder: HashEmbedder) -> None:
    upgrade(old)
    with LocalArchive.open(old) as archive, archive.write() as writer:
        put(writer, make_article("new", "A new report."), embedder)
        writer.commit()
    assert max(int(str(row[0])) for row in content(old / DATABASE)["articles"]) == 7
