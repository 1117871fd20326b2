"""What other rules have read is told and read anew from the command line, without a model."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.cli import app
from api.cli.articles import render_status
from api.schemas import ArchiveOut, StatusResponse
from indexer.dossier import readings_fingerprint
from search.archive import LocalArchive
from tests.fakes import NEWS


@pytest.fixture
def folder(news_archive: LocalArchive) -> Path:
    """An archive in which other rules have read one article."""
    with news_archive.write() as writer:
        writer.put_readings("rates", (), (), "0123456789abcdef")
        writer.commit()
    news_archive.close()
    return news_archive.folder


def test_readings_are_made_anew_without_a_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("no model is needed")

    monkeypatch.setattr("api.cli.ingestion.load_model", refuse)
    told = CliRunner().invoke(app, ["rebuild", "--readings", "--index", str(folder)])
    assert (told.exit_code, told.stdout) == (0, "read anew: 1 articles\n")
    again = json.loads(CliRunner().invoke(app, ["rebuild", "--readings", "--json", "--index", str(folder)]).stdout)
    assert (again["read"], again["articles"]) == (0, len(NEWS))


def test_doctor_and_status_say_that_readings_are_older(folder: Path) -> None:
    examined = CliRunner().invoke(app, ["doctor", "--index", str(folder)])
    assert examined.exit_code == 0
    assert "Sound." in examined.stdout
    assert "1 articles were read by other rules" in examined.stdout
    assert "dateline rebuild --readings" in examined.stdout
    told = CliRunner().invoke(app, ["doctor", "--json", "--index", str(folder)])
    assert json.loads(told.stdout)["outdated_readings"] == 1
    assert "readings" in status(folder)
    CliRunner().invoke(app, ["rebuild", "--readings", "--index", str(folder)])
    examined = CliRunner().invoke(app, ["doctor", "--index", str(folder)])
    assert "other rules" not in examined.stdout
    assert "readings" not in status(folder)


def status(folder: Path) -> str:
    console = Console(width=200)
    with LocalArchive.open(folder) as archive, archive.stored() as snapshot, console.capture() as capture:
        held = ArchiveOut.of(snapshot, archive.bytes_on_disk, readings_fingerprint())
        render_status(console, StatusResponse.of(held, None, None))
    return capture.get()
