import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.english.sentences import sentences
from search.errors import ModelDamagedError, ModelError
from search.models.close_reading import CloseReader, careful, fast, load_close_reader
from search.models.close_reading.close_reader import BUILDS, OnDemand
from search.models.close_reading.prepared import MOST_DEVIATION, Build, PreparedCloseReader
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings

pytestmark = pytest.mark.model

HEADLINE = "Bridge in Porto reopens"
BEFORE = "The bridge over the river was closed for two years."
ANSWER = "It was painted green by Rui Costa, a mural artist from Braga."
AFTER = "Thousands crossed it on the first evening."
PASSAGE = f"{BEFORE} {ANSWER} {AFTER}"
QUESTION = "Who painted the bridge?"


def best_sentence(reader: CloseReader, question: str, passage: str) -> tuple[str, float]:
    (reading,) = reader.read(question, [(HEADLINE, passage)])
    answers = [(span.of(passage), reading.answers(span)) for span in sentences(passage)]
    return max(answers, key=lambda pair: pair[1])


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (QUESTION, ANSWER),
        ("How long was the bridge closed?", BEFORE),
        ("How many people walked over the bridge when it opened?", AFTER),
    ],
)
def test_the_sentence_that_answers_is_told(close_reader: CloseReader, question: str, sentence: str) -> None:
    assert best_sentence(close_reader, question, PASSAGE)[0] == sentence


def test_a_passage_without_the_answer_is_told_from_one_with_it(close_reader: CloseReader) -> None:
    answered, silent = (best_sentence(close_reader, QUESTION, text)[1] for text in (PASSAGE, f"{BEFORE} {AFTER}"))
    assert answered > 0 > silent


def test_a_reading_does_not_depend_on_what_is_read_beside_it(close_reader: CloseReader) -> None:
    passages = [(HEADLINE, text) for text in (BEFORE, PASSAGE, AFTER, ANSWER, "")]
    together = close_reader.read(QUESTION, passages)
    assert [len(reading.spans) > 0 for reading in together] == [True, True, True, True, False]
    for passage, reading in zip(passages, together, strict=True):
        (alone,) = close_reader.read(QUESTION, [passage])
        assert np.array_equal(reading.odds, alone.odds)
    assert close_reader.read(QUESTION, []) == []


def test_the_same_is_read_twice(close_reader: CloseReader) -> None:
    first, second = (close_reader.read(QUESTION, [(HEADLINE, PASSAGE)])[0] for _ in range(2))
    assert np.array_equal(first.odds, second.odds)


def test_torch_reads_the_same(close_reader: CloseReader, model_cache: Path) -> None:
    torch = load_close_reader(Settings.load(cache=model_cache, backend="torch"))
    (expected,), (found,) = (reader.read(QUESTION, [(HEADLINE, PASSAGE)]) for reader in (torch, close_reader))
    assert np.array_equal(expected.spans, found.spans)
    deviation = np.sqrt(((expected.odds - found.odds) ** 2).mean()) / expected.odds.std()
    assert deviation < MOST_DEVIATION
    assert torch.card.fingerprint == close_reader.card.fingerprint == careful.fingerprint()
    assert (torch.card.backend, torch.card.precision, torch.card.note) == ("torch", "f32", "")


def test_text_of_any_kind_can_be_read(close_reader: CloseReader) -> None:
    for text in ("最終報告は来月公表される。", "\x00\ufffd", "a" * 5000, "word " * 5000, "[SEP] [CLS] [MASK]"):
        (reading,) = close_reader.read(text, [(text, text)])
        assert np.isfinite(reading.odds).all()
        assert (reading.spans <= len(text)).all()


def test_each_profile_has_a_close_reader_of_its_own(close_reader: CloseReader, model_cache: Path) -> None:
    fast = load_close_reader(Settings.load(cache=model_cache, profile="fast"))
    assert (close_reader.card.profile, fast.card.profile) == ("careful", "fast")
    assert fast.card.fingerprint == BUILDS["fast"].fingerprint() != close_reader.card.fingerprint
    answered, silent = (best_sentence(fast, QUESTION, text)[1] for text in (PASSAGE, f"{BEFORE} {AFTER}"))
    assert answered > 0 > silent


def test_the_careful_profile_has_the_fast_one_for_its_second_reader(
    close_reader: CloseReader, model_cache: Path
) -> None:
    fast = load_close_reader(Settings.load(cache=model_cache, profile="fast", threads=2))
    assert (fast.second, fast.card.second) == (None, None)
    assert close_reader.second is not None
    assert close_reader.second.card == close_reader.card.second == fast.card
    again, alone = (reader.read(QUESTION, [(HEADLINE, ANSWER)])[0] for reader in (close_reader.second, fast))
    assert np.array_equal(again.odds, alone.odds)


def test_a_second_reader_is_not_opened_before_it_reads(model_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(model_cache / "models", tmp_path / "models")
    (folder,) = (path for path in tmp_path.glob("models/close-reader-fast-*") if path.is_dir())
    (folder / "model.bin").unlink()
    reader = load_close_reader(Settings.load(cache=tmp_path))
    assert reader.read(QUESTION, [(HEADLINE, PASSAGE)])
    assert reader.second is not None
    assert reader.second.read(QUESTION, []) == []
    with pytest.raises(ModelDamagedError, match="cannot be read") as caught:
        reader.second.read(QUESTION, [(HEADLINE, PASSAGE)])
    assert str(folder) in str(caught.value)


def test_a_second_reader_is_opened_once_however_many_ask(close_reader: CloseReader) -> None:
    opened = []

    def opening() -> CloseReader:
        opened.append(1)
        return close_reader

    second = OnDemand(close_reader.card, opening)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: second.read(QUESTION, [(HEADLINE, ANSWER)])[0].odds, range(8)))
    assert len(opened) == 1
    assert all(np.array_equal(odds, found[0]) for odds in found)


def test_the_careful_one_tells_what_it_was_made_of() -> None:
    told = careful.provenance()
    assert told["config"]["num_hidden_layers"] == 6
    assert "SQuAD" in told["data"]["squad"]["what"]
    assert told["examples"] > 0


def test_a_careful_one_that_is_missing_or_broken_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(careful, "_FOLDER", tmp_path)
    careful.fingerprint.cache_clear()
    careful.provenance.cache_clear()
    try:
        with pytest.raises(ModelDamagedError, match="careful close reader cannot be read"):
            load_close_reader(Settings.load(cache=tmp_path / "cache"))
        (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
        (tmp_path / "provenance.json").write_text('{"config": {}}', encoding="utf-8")
        (tmp_path / "weights.safetensors").write_bytes(b"no such thing")
        with pytest.raises(ModelDamagedError, match="careful close reader cannot be read"):
            load_close_reader(Settings.load(cache=tmp_path / "cache"))
    finally:
        careful.fingerprint.cache_clear()
        careful.provenance.cache_clear()


def test_the_fast_one_adapts_the_very_model_that_it_was_trained_on() -> None:
    told = fast.provenance()
    assert told["model"] == BUNDLED_MODEL
    assert told["fingerprint"] == find_model(BUNDLED_MODEL).fingerprint()
    assert "SQuAD" in told["data"]["squad"]["what"]
    assert "SQuAD" in told["before"]["data"]


def test_it_is_prepared_once_and_its_weights_are_not_read_again(
    close_reader: CloseReader, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> str:
        raise AssertionError

    fingerprint = BUILDS["careful"].fingerprint()
    monkeypatch.setitem(BUILDS, "careful", replace(BUILDS["careful"], fingerprint=refused))
    told: list[str] = []
    again = load_close_reader(Settings.load(cache=model_cache), told.append)
    assert told == []
    assert again.card.fingerprint == close_reader.card.fingerprint == fingerprint


def test_the_careful_one_is_known_by_all_that_it_is_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def known() -> tuple[str, str]:
        careful.fingerprint.cache_clear()
        careful.provenance.cache_clear()
        return BUILDS["careful"].fingerprint(), BUILDS["careful"].stamp()

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    parts = {"weights.safetensors": "1", "tokenizer.json": "{}", "provenance.json": '{"config": {"layers": 6}}'}
    monkeypatch.setattr(careful, "_FOLDER", tmp_path)
    try:
        for name, text in parts.items():
            write(name, text)
        fingerprint, stamp = known()
        assert known() == (fingerprint, stamp)
        os.utime(tmp_path / "weights.safetensors", (0, 0))
        assert known()[0] == fingerprint
        assert known()[1] != stamp
        write("provenance.json", '{"config": {"layers": 6}, "on": "another day"}')
        assert known()[0] == fingerprint
        for name, text in parts.items():
            write(name, text.replace("6", "5").replace("1", "2").replace("{}", "[]"))
            assert known()[0] != fingerprint
            write(name, text)
    finally:
        careful.fingerprint.cache_clear()
        careful.provenance.cache_clear()


def test_a_damaged_record_is_named_and_one_of_another_format_made_anew(
    close_reader: CloseReader, model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(build: Build, folder: Path, report: Callable[[str], None]) -> PreparedCloseReader | None:
        report(f"preparing the {build.profile} one")
        (folder / record.name).write_text(whole, encoding="utf-8")
        return PreparedCloseReader.load(folder)

    assert close_reader
    monkeypatch.setattr("search.models.close_reading.close_reader.prepare_close_reader", prepare)
    shutil.copytree(model_cache / "models", tmp_path / "models")
    (record,) = tmp_path.glob("models/close-reader-careful-*/close_reader.json")
    whole = record.read_text(encoding="utf-8")
    record.write_text("{", encoding="utf-8")
    with pytest.raises(ModelDamagedError, match=r"close_reader\.json") as caught:
        load_close_reader(Settings.load(cache=tmp_path))
    assert "Delete" in str(caught.value)
    record.write_text(json.dumps({"format": 0}), encoding="utf-8")
    told: list[str] = []
    load_close_reader(Settings.load(cache=tmp_path), told.append)
    assert told == ["preparing the careful one"]


def test_a_damaged_graph_is_named(close_reader: CloseReader, model_cache: Path, tmp_path: Path) -> None:
    assert close_reader
    shutil.copytree(model_cache / "models", tmp_path / "models")
    (folder,) = (path for path in tmp_path.glob("models/close-reader-careful-*") if path.is_dir())
    (folder / "model.bin").unlink()
    with pytest.raises(ModelDamagedError, match="cannot be read") as caught:
        load_close_reader(Settings.load(cache=tmp_path))
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("record", [{"deviation": {"bf16": 0.9, "f32": 0.9}}, {"failure": "it broke"}])
def test_what_openvino_does_not_run_well_torch_runs_and_says_why(
    record: dict[str, object], model_cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(model_cache / "models", tmp_path / "models")
    (path,) = tmp_path.glob("models/close-reader-careful-*/close_reader.json")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | record), encoding="utf-8")
    card = load_close_reader(Settings.load(cache=tmp_path)).card
    assert (card.backend, card.precision) == ("torch", "f32")
    assert card.note
    with pytest.raises(ModelError, match="OpenVINO cannot run the close reader"):
        load_close_reader(Settings.load(cache=tmp_path, backend="openvino"))


def test_an_adapter_that_is_missing_or_broken_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fast, "_FOLDER", tmp_path)
    fast.fingerprint.cache_clear()
    fast.provenance.cache_clear()
    try:
        with pytest.raises(ModelDamagedError, match="adapter cannot be read"):
            load_close_reader(Settings.load(cache=tmp_path / "cache", profile="fast"))
        told = {"fingerprint": find_model(BUNDLED_MODEL).fingerprint()}
        (tmp_path / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
        (tmp_path / "weights.safetensors").write_bytes(b"no such thing")
        with pytest.raises(ModelDamagedError, match="adapter cannot be read"):
            load_close_reader(Settings.load(cache=tmp_path / "cache", profile="fast"))
    finally:
        fast.fingerprint.cache_clear()
        fast.provenance.cache_clear()


LOAD = """
import sys
from search.models.close_reading import load_close_reader
from search.settings import Settings

load_close_reader(Settings.load()).read("Who?", [("News", "Rui Costa.")])
heavy = {"torch", "transformers", "sentence_transformers", "openvino_telemetry"}
print(sorted(heavy & {name.split(".")[0] for name, module in sys.modules.items() if module is not None}))
"""


def test_torch_is_not_loaded_once_it_is_prepared(close_reader: CloseReader, model_cache: Path) -> None:
    assert close_reader
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        env={**os.environ, "DATELINE_CACHE": str(model_cache)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
