import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from search.errors import ModelError, ModelMissingError
from search.models import Reranker, load_reranker
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings
from tests.search.models.tiny import make_tokenizer, save, untrained

pytestmark = pytest.mark.model

QUESTION = "ferry strike"
ABOUT_IT = ["the ferry was on by rain", "a strike by police in court", "strike ferry", "it said the ferry"]
ABOUT_SOMETHING_ELSE = ["frog novel of the bank", "rain in the harbour", "the doctor said it", "", " ", "東京"]


def test_none_is_loaded_unless_configured() -> None:
    assert load_reranker(Settings.load()) is None


def test_what_answers_scores_above_what_does_not(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, ABOUT_SOMETHING_ELSE + ABOUT_IT)
    assert scores[len(ABOUT_SOMETHING_ELSE) :].min() > scores[: len(ABOUT_SOMETHING_ELSE)].max()
    rain, novel = reranker.score("novel court", ["rain on the bridge", "the novel was on a bridge"])
    assert novel > rain


def test_scores_are_finite_numbers_one_a_text(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, ABOUT_IT)
    assert (scores.shape, scores.dtype) == ((len(ABOUT_IT),), np.float32)
    assert np.isfinite(scores).all()
    nothing = reranker.score(QUESTION, [])
    assert (nothing.shape, nothing.dtype) == ((0,), np.float32)


def test_scores_are_those_of_sentence_transformers_before_the_sigmoid(
    reranker: Reranker, cross_encoder: Path
) -> None:
    from sentence_transformers import CrossEncoder

    texts = ABOUT_IT + ABOUT_SOMETHING_ELSE
    original = CrossEncoder(str(cross_encoder), device="cpu")
    expected = original.predict([(QUESTION, text) for text in texts], show_progress_bar=False)
    assert 1 / (1 + np.exp(-reranker.score(QUESTION, texts))) == pytest.approx(expected, abs=1e-5)


def test_the_same_texts_have_the_same_scores_to_the_bit(reranker: Reranker) -> None:
    texts = (ABOUT_IT + ABOUT_SOMETHING_ELSE) * 7
    assert np.array_equal(reranker.score(QUESTION, texts), reranker.score(QUESTION, texts))


def test_a_text_has_its_score_wherever_it_stands(reranker: Reranker) -> None:
    texts = ABOUT_IT + ABOUT_SOMETHING_ELSE
    together = reranker.score(QUESTION, texts)
    assert reranker.score(QUESTION, texts[::-1])[::-1] == pytest.approx(together, abs=1e-4)
    alone = [float(reranker.score(QUESTION, [text])[0]) for text in texts]
    assert alone == pytest.approx(together, abs=1e-4)


def test_threads_share_it(reranker: Reranker) -> None:
    expected = reranker.score(QUESTION, ABOUT_IT)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reranker.score(QUESTION, ABOUT_IT), range(20)))
    assert all(np.array_equal(scores, expected) for scores in found)


def test_what_exceeds_the_window_is_not_read(reranker: Reranker) -> None:
    assert reranker.identity.window == 64
    long = "rain " * 100
    first, second = reranker.score(QUESTION, [long, long + "ferry strike"])
    assert first == pytest.approx(second, abs=1e-4)


def test_it_says_which_model_it_is(reranker: Reranker, cross_encoder: Path) -> None:
    assert reranker.identity.name == str(cross_encoder)
    assert reranker.identity.fingerprint == find_model(str(cross_encoder)).fingerprint()


def test_a_folder_that_transformers_wrote_will_do(reranker: Reranker, cross_encoder: Path) -> None:
    bare = load_reranker(Settings.load(reranker=str(cross_encoder.parent / "bare")))
    assert bare is not None
    assert np.array_equal(bare.score(QUESTION, ABOUT_IT), reranker.score(QUESTION, ABOUT_IT))
    assert bare.identity.fingerprint != reranker.identity.fingerprint


def test_loading_is_told_and_prints_nothing(cross_encoder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    load_reranker(Settings.load(reranker=str(cross_encoder)), told.append)
    assert told == [f"loading the reranker {cross_encoder} with torch"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("kind", "labels", "problem"),
    [
        pytest.param("BertModel", 1, "without a layer that scores pairs", id="no-head"),
        pytest.param("BertForQuestionAnswering", 2, "without a layer that scores pairs", id="another-head"),
        pytest.param("BertForSequenceClassification", 3, "gives 3 scores for a pair, not one", id="a-classifier"),
    ],
)
def test_another_sort_of_model_is_refused(tmp_path: Path, kind: str, labels: int, problem: str) -> None:
    save(untrained(kind, num_labels=labels), tmp_path, make_tokenizer())
    with pytest.raises(ModelError, match=problem) as caught:
        load_reranker(Settings.load(reranker=str(tmp_path)))
    assert str(tmp_path) in caught.value.problem
    assert "DATELINE_RERANKER" in caught.value.remedy


def test_an_embedding_model_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match="without a layer that scores pairs"):
        load_reranker(Settings.load(reranker=BUNDLED_MODEL))
    assert capfd.readouterr() == ("", "")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = untrained("BertForSequenceClassification", num_labels=1)
    model.classifier.weight.data.fill_(float("nan"))
    save(model, tmp_path, make_tokenizer())
    with pytest.raises(ModelError, match="not finite"):
        load_reranker(Settings.load(reranker=str(tmp_path)))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_an_error(cross_encoder: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(cross_encoder, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_reranker(Settings.load(reranker=str(copy)))
    assert "DATELINE_RERANKER" in caught.value.remedy


def test_code_that_comes_with_a_model_is_not_run(cross_encoder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(cross_encoder, copy)
    (copy / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    modules = json.loads((copy / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "evil.Evil"
    (copy / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reranker(Settings.load(reranker=str(copy)))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "nobody/no-model", "what is this?", "EMPTY"])
def test_a_model_that_is_not_there_is_named_with_its_setting(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError) as caught:
        load_reranker(Settings.load(reranker=name.replace("EMPTY", str(tmp_path))))
    assert "DATELINE_RERANKER" in caught.value.remedy
    assert "DATELINE_MODEL" not in str(caught.value)
