import io
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.evaluation import measure_answers, measure_retrieval
from api.evaluation.judged import evenly
from api.evaluation.trial import archive_folder
from search.archive import Archive, LocalArchive
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.errors import InputError, SettingsError
from tests.api.evaluation.conftest import ARTICLES, QUERIES, QUESTIONS
from tests.fakes import HashEmbedder

TrialOf = Callable[..., Any]
Beir = Callable[..., Path]


def test_a_temporary_folder_does_not_stay(tmp_path: Path, archive_in: Callable[[Path], None]) -> None:
    with archive_folder(None) as folder:
        archive_in(folder)
    assert not folder.exists()
    with archive_folder(tmp_path / "kept") as folder:
        archive_in(folder)
    assert (tmp_path / "kept").exists()


@pytest.fixture
def archive_in(hash_embedder: HashEmbedder) -> Callable[[Path], None]:
    return lambda folder: LocalArchive.create(folder, hash_embedder.card).close()


def test_retrieval_is_measured_by_every_method(beir: Beir, trial_of: TrialOf) -> None:
    with trial_of(beir()) as trial:
        report = measure_retrieval(trial)
    assert (report.asked.articles, report.asked.empty_articles) == (4, 1)
    assert (report.asked.questions, report.asked.unanswerable, report.questions) == (3, 1, 2)
    assert set(report.methods) == set(Method)
    assert {found.value for figures in report.methods.values() for found in figures.values()} == {1.0}
    assert {found.value for figures in report.differences.values() for found in figures.values()} == {0.0}


def test_answers_are_measured(question_file: Path, trial_of: TrialOf, write_lines: Callable[..., Path]) -> None:
    articles = write_lines("articles.jsonl", ARTICLES[:3])
    with trial_of(question_file, articles=articles) as trial:
        report = measure_answers(trial)
    measured = {name: found.value for name, found in report.overall.figures.items()}
    assert {name: value for name, value in measured.items() if not math.isnan(value)} == {
        "article@1": 1,
        "article@5": 1,
        "evidence@1": 1,
        "evidence@3": 1,
        "evidence@5": 1,
        "answer@1": 1,
        "answer@3": 1,
        "best evidence": 1,
        "refusal precision": 1,
        "refusal recall": 1,
        "AUROC": 1,
        "inside filter": 1,
        "exact quotes": 1,
    }
    assert {kind: (found.questions, found.unanswerable) for kind, found in report.kinds.items()} == {
        "how_many": (1, 0),
        "who": (1, 1),
    }


def test_a_beir_set_with_answers_can_be_asked(beir: Beir, trial_of: TrialOf) -> None:
    folder = beir()
    with trial_of(folder) as by_folder:
        from_folder = measure_answers(by_folder).as_dict()
    with trial_of(folder / "queries.jsonl") as by_file:
        assert measure_answers(by_file).as_dict() == from_folder
    assert from_folder["answers"]["measures"]["evidence@1"]["value"] == 1


def test_an_existing_archive_can_be_asked(
    question_file: Path, trial_of: TrialOf, tmp_path: Path, beir: Beir
) -> None:
    kept = tmp_path / "kept"
    with trial_of(beir(), cache=kept) as trial:
        first = measure_retrieval(trial).as_dict()
    with trial_of(beir(), cache=kept) as trial:
        assert measure_retrieval(trial).as_dict() == first
    with trial_of(question_file, index_folder=kept) as trial:
        assert measure_answers(trial).overall.figures["evidence@1"].value == 1


def test_reports_are_json_and_tables(beir: Beir, trial_of: TrialOf) -> None:
    console = Console(width=200, file=io.StringIO(), record=True)
    with trial_of(beir()) as trial:
        for report in (measure_retrieval(trial), measure_answers(trial)):
            json.dumps(report.as_dict(), allow_nan=False)
            report.render(console)
    printed = console.export_text()
    for piece in (
        "small: 2 questions, 4 articles",
        "fused - lexical",
        "nDCG@10",
        "1.000 [1.000, 1.000]",
        "how_much",
    ):
        assert piece in printed


def test_the_same_measurement_gives_the_same_report(beir: Beir, trial_of: TrialOf) -> None:
    reports = []
    for _ in range(2):
        with trial_of(beir()) as trial:
            reports.append([measure_retrieval(trial).as_dict(), measure_answers(trial).as_dict()])
    assert reports[0] == reports[1]


def test_progress_is_told(beir: Beir, trial_of: TrialOf) -> None:
    told: list[tuple[str, int, int]] = []
    with trial_of(beir(), on_progress=lambda *step: told.append(step)) as trial:
        measure_retrieval(trial, lambda *step: told.append(step))
        measure_answers(trial, lambda *step: told.append(step))
    assert [step for step in told if step[1] == step[2]] == [
        ("indexing articles", 4, 4),
        ("ranking, dense", 2, 2),
        ("ranking, lexical", 2, 2),
        ("ranking, fused", 2, 2),
        ("asking", 3, 3),
    ]


def test_an_empty_archive_answers_nothing(
    question_file: Path, trial_of: TrialOf, archive: Archive, write_lines: Callable[..., Path]
) -> None:
    archive.close()
    unanswerable = write_lines("q.jsonl", QUESTIONS[1:])
    with trial_of(unanswerable, index_folder=archive.folder) as trial:
        with pytest.raises(InputError, match="does not say what the answers"):
            measure_answers(trial)
        with pytest.raises(InputError, match="has no answerable question"):
            measure_retrieval(trial)
    with pytest.raises(InputError, match="'ferry'"), trial_of(question_file, index_folder=archive.folder):
        pytest.fail("gold that is missing must be told before anything is asked")


def test_where_the_articles_are_must_be_said_once(question_file: Path, trial_of: TrialOf, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--index FOLDER"), trial_of(question_file):
        pass
    with (
        pytest.raises(SettingsError, match="Give one"),
        trial_of(question_file, articles=tmp_path, index_folder=tmp_path),
    ):
        pass


def test_fewer_questions_can_be_asked(beir: Beir, trial_of: TrialOf) -> None:
    with trial_of(beir(), limit=1) as trial:
        assert [question.id for question in trial.questions] == ["q1"]
        assert isinstance(trial.engine, Engine)


def test_a_limit_takes_questions_evenly() -> None:
    assert evenly(tuple(range(10)), 4) == (0, 2, 5, 7)  # type: ignore[arg-type, comparison-overlap]
    assert evenly(tuple(range(3)), None) == evenly(tuple(range(3)), 9) == (0, 1, 2)  # type: ignore[arg-type, comparison-overlap]


def test_long_questions_are_asked(beir: Beir, trial_of: TrialOf) -> None:
    wordy = [{**QUERIES[0], "text": QUERIES[0]["text"] + " Tell me." * 1000}, *QUERIES[1:]]
    with trial_of(beir({"queries.jsonl": wordy})) as trial:
        assert measure_retrieval(trial).questions == 2


def test_a_missing_library_is_told_before_anything_is_indexed(
    beir: Beir, trial_of: TrialOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pytrec_eval", None)
    with pytest.raises(SettingsError, match="pytrec-eval-terrier"), trial_of(beir(), cache=tmp_path / "kept"):
        pass
    assert not (tmp_path / "kept").exists()
