import importlib
import json
from itertools import islice
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors.torch import save

from search.models.close_reading import fast
from search.models.close_reading.close_reader import TorchSession
from search.models.close_reading.fast import load
from search.models.session import TokenRow
from search.models.source import find_model
from search.settings import BUNDLED_MODEL

pytestmark = pytest.mark.model

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
CONTEXT = (
    "The old bridge was closed in 1998. It was painted green by Rui Costa of Braga. The river floods in March. "
    "In 2004 the bridge opened again, and Ana Lima crossed it first."
)
QUESTIONS = (
    ("Who painted the bridge?", "Rui Costa"),
    ("When did the bridge open again?", "2004"),
    ("When was the bridge closed in Porto?", "1998"),
)


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("close_reader_examples")


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """A file in the format of SQuAD 1.1, of our own, each question asked fifty times."""
    asked = [
        {"question": question, "answers": [{"text": answer, "answer_start": CONTEXT.index(answer)}]}
        for question, answer in QUESTIONS * 50
    ]
    path = tmp_path / "squad.json"
    articles = [{"title": "Old_bridge", "paragraphs": [{"context": CONTEXT, "qas": asked}]}]
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return path


def test_examples_show_answers_and_texts_without_them(examples: ModuleType, squad: Path) -> None:
    _, tokenizer = load()
    made = list(examples.read_examples(squad, tokenizer))
    assert made == list(examples.read_examples(squad, tokenizer))
    answers = {question.lower(): answer.lower() for question, answer in QUESTIONS}
    kinds = set()
    for example in made:
        text = tokenizer.decode(example.ids[example.first : -1])
        kinds.add(example.kind)
        if example.kind == examples.Kind.ANSWERED:
            found = tokenizer.decode(example.ids[example.start : example.end + 1])
            assert found == answers[tokenizer.decode(example.ids[1 : example.second - 1])]
        else:
            assert (example.start, example.end) == (0, 0)
        if example.kind == examples.Kind.WITHOUT_SENTENCE:
            assert answers[tokenizer.decode(example.ids[1 : example.second - 1])] not in text
    assert {examples.Kind.ANSWERED, examples.Kind.WITHOUT_SENTENCE, examples.Kind.EXCHANGED} <= kinds


def test_what_was_trained_is_what_reads(
    examples: ModuleType, squad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = importlib.import_module("train_close_reader")
    source = find_model(BUNDLED_MODEL)
    reader = train.Reader(source.folder)
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in reader.parameters():
            if parameter.requires_grad:
                parameter.add_(0.03 * torch.randn_like(parameter))
    (tmp_path / "weights.safetensors").write_bytes(save(reader.trained()))
    (tmp_path / "provenance.json").write_text(json.dumps({"fingerprint": source.fingerprint()}), encoding="utf-8")
    monkeypatch.setattr(fast, "_FOLDER", tmp_path)
    fast.provenance.cache_clear()
    try:
        module, tokenizer = load()
    finally:
        fast.provenance.cache_clear()
    (example,) = islice(examples.read_examples(squad, tokenizer), 1)
    inputs = train.padded([example])[:4]
    with torch.no_grad():
        expected = reader(*inputs)[0, example.first : len(example.ids) - 1]
    (found,) = TorchSession(module).infer_each([TokenRow(example.ids, example.second)])
    inside = found[example.first : len(example.ids) - 1]
    assert np.corrcoef(inside.ravel(), expected.numpy().ravel())[0, 1] > 0.99  # bf16 against fp32


@pytest.mark.long
def test_the_script_writes_an_adapter_and_says_what_it_was_trained_on(
    examples: ModuleType, squad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examples
    train = importlib.import_module("train_close_reader")
    arguments = ["train_close_reader.py", str(squad), str(squad), "--rounds", "0.2", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", arguments)
    train.main()
    told = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert (told["model"], told["steps"], told["examples"]["answered"]) == (BUNDLED_MODEL, 1, 150)
    assert (tmp_path / "weights.safetensors").stat().st_size > 1e6
