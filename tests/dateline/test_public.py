"""The public face: one module, light to import."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import dateline
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search import errors
from search.archive import LocalArchive
from search.models.embedding import Embedder
from tests.fakes import MISSILES, HashEmbedder

REPOSITORY = Path(__file__).resolve().parents[2]


def test_all_is_sorted_and_names_what_is_exported() -> None:
    assert dateline.__all__ == sorted(dateline.__all__)
    assert dir(dateline) == dateline.__all__
    assert all(getattr(dateline, name).__name__ == name for name in dateline.__all__)


def test_every_error_is_public() -> None:
    raised = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert raised <= set(dateline.__all__)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Engine'"):
        _ = dateline.Engine


def test_importing_it_imports_nothing_of_the_rest() -> None:
    program = "import sys, dateline; print(sorted(m for m in sys.modules if m.partition('.')[0] in {HEAVY}))"
    heavy = {"search", "indexer", "api", "torch", "transformers", "openvino", "faiss", "numpy", "tantivy"}
    ran = subprocess.run(
        [sys.executable, "-c", program.replace("HEAVY", ", ".join(map(repr, heavy)))],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        timeout=60,
    )
    assert ran.stdout.strip() == "[]"


def test_articles_are_shown_and_quotes_verified_without_a_model(news_archive: LocalArchive) -> None:
    with dateline.open_archive(news_archive.folder) as opened:
        paragraph = opened.show(MISSILES.id).body.split("\n\n")[-1]
        report = opened.verify(f"> {paragraph}")
        with pytest.raises(dateline.ArticleNotFoundError):
            opened.show("nobody wrote this")
    assert [checked.verification.verified for checked in report.checked] == [True]


def test_a_missing_archive_and_an_unknown_setting_are_said(tmp_path: Path) -> None:
    with pytest.raises(dateline.ArchiveMissingError):
        dateline.open_archive(tmp_path / "nothing")
    with pytest.raises(dateline.SettingsError, match="colour"):
        dateline.open_archive(tmp_path, colour="red")


def test_a_search_takes_a_filter(
    news_archive: LocalArchive, monkeypatch: pytest.MonkeyPatch, hash_embedder: HashEmbedder
) -> None:
    monkeypatch.setattr("search.models.embedding.load_embedder", lambda *_: hash_embedder)
    with dateline.open_archive(news_archive.folder) as opened:
        assert opened.search("harbour", 2).passages
        assert opened.search("harbour", 2, dateline.Filter(published_to=date(1900, 1, 1))).passages == ()


@pytest.mark.model
def test_one_question_can_be_asked_in_one_line(
    embedder: Embedder, model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(model_cache))
    folder = tmp_path / "archive"
    with LocalArchive.create(folder, embedder.card) as archive:
        index([REPOSITORY / "corpus"], archive, embedder, ReadOptions())
    answer = dateline.ask("when will missiles be used?", index=folder)
    assert "within weeks" in answer.citations[0].quote
    assert dateline.search("missiles", 2, index=folder).passages
    assert dateline.timeline("Artemis", 5, index=folder).groups
    assert dateline.verify(answer.citations[0].quote, index=folder).verified
