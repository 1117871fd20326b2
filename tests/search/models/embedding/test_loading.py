"""Preparing a model of another kind: other vocabulary, pooling, prompts, and no normalisation."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.errors import ModelError
from search.models.embedding import backends, load_embedder
from search.models.embedding import loading as preparing
from search.models.embedding.backends import OpenVinoEmbedder, TorchEmbedder, load_sentence_transformer
from search.models.session import supported_precisions
from search.models.source import find_model
from search.settings import Settings

pytestmark = pytest.mark.model

TEXTS = ["rain fell", "ministers met in lisbon: a treaty was signed", "", "it rained " * 80, "東京 rain"]


def test_any_model_is_prepared_and_then_run_without_torch(tiny_settings: Settings, tiny_model: Path) -> None:
    told: list[str] = []
    embedder = load_embedder(tiny_settings, told.append)
    assert len(told) == 3
    assert isinstance(embedder, OpenVinoEmbedder)
    assert (embedder.card.dimension, embedder.card.window) == (48, 64)
    assert embedder.card.name == str(tiny_model)
    original = load_sentence_transformer(find_model(str(tiny_model)))
    passages = original.encode_document(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    floor = {"f32": 0.9999, "bf16": 0.999}[embedder.card.precision]
    assert (embedder.embed_passages(TEXTS) * passages).sum(axis=1).min() > floor
    for text in TEXTS:
        question = original.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        assert float(embedder.embed_question(text) @ question) > floor


def test_prompts_are_written_before_questions_and_passages(prepared_settings: Settings) -> None:
    embedder = load_embedder(prepared_settings)
    (passage,) = embedder.embed_passages(["rain fell on lisbon"])
    assert float(embedder.embed_question("rain fell on lisbon") @ passage) < 0.9999
    assert embedder.count_tokens(["rain fell"]) == [2]


def test_models_of_unlike_content_have_unlike_fingerprints(prepared_settings: Settings, tmp_path: Path) -> None:
    first = load_embedder(prepared_settings).card
    copy = tmp_path / "copy"
    shutil.copytree(prepared_settings.model, copy)
    prompts = copy / "config_sentence_transformers.json"
    prompts.write_text(prompts.read_text(encoding="utf-8").replace("passage: ", "text: "), encoding="utf-8")
    second = load_embedder(Settings.load(model=str(copy), cache=tmp_path / "cache")).card
    assert first.fingerprint != second.fingerprint
    assert len(list((tmp_path / "cache/models").glob("[!.]*"))) == 2


def test_a_model_that_cannot_be_exported_is_run_by_torch(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise NotImplementedError("no such operation")

    monkeypatch.setattr(preparing, "_convert", fail)
    embedder = load_embedder(tiny_settings)
    assert isinstance(embedder, TorchEmbedder)
    assert embedder.card.backend == "torch"
    assert embedder.card.note == "it could not be exported (NotImplementedError: no such operation)"
    assert embedder.card.spread > 0
    assert np.linalg.norm(embedder.embed_passages(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)
    with pytest.raises(ModelError, match="no such operation") as caught:
        load_embedder(Settings.load(**{**dict(tiny_settings), "backend": "openvino"}))
    assert "DATELINE_BACKEND=torch" in caught.value.remedy


def test_an_export_that_disagrees_is_not_used(tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = backends.unit_rows
    monkeypatch.setattr(backends, "unit_rows", lambda rows: exported(rows + 0.5))
    embedder = load_embedder(tiny_settings)
    assert isinstance(embedder, TorchEmbedder)
    assert "does not agree with the original (agreement " in embedder.card.note
    assert embedder.card.agreement == 1.0


def test_an_interrupted_preparation_leaves_nothing(
    tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_convert", interrupt)
        with pytest.raises(KeyboardInterrupt):
            load_embedder(tiny_settings)
    assert [path for path in (tiny_settings.cache / "models").iterdir() if path.suffix != ".lock"] == []
    assert load_embedder(tiny_settings).card.backend == "openvino"


def test_a_model_prepared_by_an_older_dateline_is_prepared_again(prepared_settings: Settings) -> None:
    card = load_embedder(prepared_settings).card
    (record,) = prepared_settings.cache.rglob("prepared.json")
    fields = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**fields, "format": 0}), encoding="utf-8")
    told: list[str] = []
    assert load_embedder(prepared_settings, told.append).card == card
    assert told


def test_a_model_whose_files_change_is_prepared_again(prepared_settings: Settings, tmp_path: Path) -> None:
    before = load_embedder(prepared_settings).card
    copy = tmp_path / "copy"
    shutil.copytree(prepared_settings.model, copy)
    os.utime(copy / "model.safetensors", ns=(1, 1))
    told: list[str] = []
    settings = Settings.load(model=str(copy), cache=prepared_settings.cache)
    assert load_embedder(settings, told.append).card == replace(before, name=str(copy))
    assert told


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_a_precision_can_be_asked_for(prepared_settings: Settings, precision: str) -> None:
    settings = Settings.load(**{**dict(prepared_settings), "precision": precision})
    if precision in supported_precisions():
        assert load_embedder(settings).card.precision == precision
    else:
        assert load_embedder(settings).card.backend == "torch"
