import gzip
import importlib
import json
import random
from itertools import count, islice
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import MPNetConfig, MPNetModel

from search.models.close_reading import careful

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
BRIDGE = (
    "The old bridge was closed in 1998.",
    "It was painted green by Rui Costa of Braga.",
    "The river floods in March.",
    "In 2004 the bridge did open again, and Ana Lima crossed it first.",
)
WORDS = ["<s>", "<pad>", "</s>", "<unk>", "?", ".", ",", ":"]


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("reading_examples")


@pytest.fixture
def training(examples: ModuleType) -> ModuleType:
    return importlib.import_module("train_careful_reader")


@pytest.fixture
def tokenizer() -> Tokenizer:
    text = " ".join((*BRIDGE, "who of Porto red when did open")).lower()
    words = dict.fromkeys((*WORDS, *text.replace(".", "").replace(",", "").split()))
    made = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<unk>"))  # noqa: S106
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


@pytest.fixture
def model(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    """A tiny model of the kind that the careful reader is made of, with random weights."""
    torch.manual_seed(3)
    settings = MPNetConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=8,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=300,
    )
    folder = tmp_path / "model"
    MPNetModel(settings, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def reading_data() -> ModuleType:
    return importlib.import_module("reading_data")


def asked(examples: ModuleType, text: str = "Who painted the bridge?", **changes: Any) -> Any:
    given = {"source": "nq", "article": "old bridge", "title": "Old bridge", "sentences": BRIDGE, "gold": (1,)}
    return examples.Question(text=text, **(given | {"answers": ("Rui Costa",)} | changes))


def drawing(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def read(tokenizer: Tokenizer, example: Any, place: int) -> str:
    start, end = example.bounds[place]
    return tokenizer.decode(example.ids[start:end])


def test_gold_points_to_the_sentence_that_answers(examples: ModuleType, tokenizer: Tokenizer) -> None:
    for seed in range(30):
        example = examples.make(asked(examples), tokenizer, drawing(seed), taken=False)
        (gold,) = example.gold
        assert read(tokenizer, example, gold) == "it was painted green by rui costa of braga ."
        assert (
            tokenizer.decode(example.ids[: example.bounds[0][0]])
            == "<s> who painted the bridge ? </s> </s> old bridge"
        )
        assert [end for _, end in example.bounds[:-1]] == [start for start, _ in example.bounds[1:]]
        assert example.bounds[-1][1] == len(example.ids) - 1


def test_a_long_text_is_cut_around_the_sentence_that_answers(examples: ModuleType, tokenizer: Tokenizer) -> None:
    long = asked(examples, sentences=("The river floods in March.",) * 60 + BRIDGE, gold=(61,))
    for seed in range(30):
        example = examples.make(long, tokenizer, drawing(seed), taken=False)
        assert "rui costa" in read(tokenizer, example, example.gold[0])
        assert sum(end - start for start, end in example.bounds) <= max(examples.ROOMS)


def test_what_answers_is_taken_away_with_every_sentence_that_has_the_answer(
    examples: ModuleType, tokenizer: Tokenizer
) -> None:
    twice = asked(examples, sentences=(*BRIDGE, "The bridge of Rui Costa."))
    example = examples.make(twice, tokenizer, drawing(0), taken=True)
    assert example.gold == ()
    assert [read(tokenizer, example, place) for place in range(3)] == [
        "the old bridge was closed in 1998 .",
        "the river floods in march .",
        "in 2004 the bridge did open again , and ana lima crossed it first .",
    ]
    alone = asked(examples, sentences=BRIDGE[1:2], gold=(0,))
    assert examples.make(alone, tokenizer, drawing(0), taken=True) is None


def test_an_unanswerable_question_has_no_gold_but_the_text_that_seems_to_answer(
    examples: ModuleType, tokenizer: Tokenizer
) -> None:
    example = examples.make(asked(examples, answerable=False), tokenizer, drawing(0), taken=False)
    assert example.gold == ()
    assert "rui costa" in " ".join(read(tokenizer, example, place) for place in range(len(example.bounds)))


def test_only_words_of_the_answering_sentence_are_left_out(examples: ModuleType, tokenizer: Tokenizer) -> None:
    item = (asked(examples, "when did the bridge of Porto open", title="", gold=(3,), answers=("2004",)),)
    seen = set()
    taken = 0
    for number in range(200):
        (example,) = examples.make_drawn(item, tokenizer, 1, number)
        taken += not example.gold
        question = tokenizer.decode(example.ids[1 : example.bounds[0][0]])
        seen.update({"when", "did", "the", "bridge", "of", "porto", "open"} - set(question.split()))
    assert seen == {"bridge", "open"}
    assert 20 <= taken <= 60
    assert examples.make_drawn(item, tokenizer, 1, 7) == examples.make_drawn(item, tokenizer, 1, 7)


def test_twins_are_drawn_together_and_keep_their_text(examples: ModuleType, tokenizer: Tokenizer) -> None:
    item = (asked(examples), asked(examples, "Who painted the bridge red?", answerable=False))
    for number in range(40):
        answered, twin = examples.make_drawn(item, tokenizer, 1, number)
        assert answered.gold
        assert not twin.gold


def test_the_stream_goes_on_where_it_was_left(examples: ModuleType) -> None:
    pools = {"a": [(number,) for number in range(7)], "b": [(-1,)], "empty": []}
    shares = {"a": 0.8, "b": 0.2, "empty": 0.5}
    whole = list(islice(examples.stream(pools, shares, 4), 60))
    assert list(islice(examples.stream(pools, shares, 4, start=25), 35)) == whole[25:]
    of_a = [item for _, item in whole if item != (-1,)]
    assert sorted(of_a[:7]) == sorted(of_a[7:14]) == [(number,) for number in range(7)]
    assert of_a[:7] != of_a[7:14]
    assert 4 <= sum(item == (-1,) for _, item in whole) <= 20


def test_articles_are_held_out_whichever_set_they_stand_in(examples: ModuleType, tmp_path: Path) -> None:
    line = {
        "src": "nq",
        "id": "1",
        "question": "q",
        "title": "Old Bridge",
        "sentences": [],
        "gold": [],
        "answer": None,
    }
    path = tmp_path / "some.jsonl.gz"
    path.write_bytes(
        gzip.compress("".join(json.dumps(one) + "\n" for one in (line, line | {"src": "qed"})).encode())
    )
    first, second = examples.read_marked(path)
    assert first.article == second.article == examples.article_key("Old_Bridge")
    assert examples.without_repetitions([first, second]) == [first]
    shares = [examples.is_held_out(asked(examples, article=str(number))) for number in range(500)]
    assert 25 <= sum(shares) <= 80


def test_a_line_that_lacks_a_field_is_named(examples: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"src": "nq"}\n'))
    with pytest.raises(ValueError, match=r"some\.jsonl\.gz, line 1: KeyError\('title'\)"):
        examples.read_marked(path)


@pytest.fixture
def data(tmp_path: Path, examples: ModuleType) -> tuple[Path, Path]:
    """Small files in the form of those that close readers are trained on, in words of our own."""
    assert examples
    folder = tmp_path / "data"
    folder.mkdir()
    for name in reading_data().MARKED:
        lines = [
            {
                "src": name.partition("-")[0],
                "id": f"{place}:0:0",
                "question": f"who painted the bridge {place}",
                "title": "" if name == "qamr-dev-test" else f"Bridge {place}",
                "sentences": BRIDGE,
                "gold": [1],
                "answer": ["Rui Costa"],
                "answerable": True,
            }
            | ({"news": place % 2 == 0} if name == "qamr-dev-test" else {})
            for place in range(60)
        ]
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    context = " ".join(BRIDGE)
    pairs = [
        {
            "title": f"Bridge_{place}",
            "context": context,
            "question": "who painted the bridge red ?",
            "answerable_twin": "Who painted the bridge?",
            "answer": "Rui Costa",
            "answer_start": context.index("Rui Costa"),
        }
        for place in range(60)
    ]
    (folder / f"{reading_data().PAIRS}.jsonl.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, pairs)).encode())
    )
    answer = {"text": "Rui Costa", "answer_start": context.index("Rui Costa")}
    paragraphs = [{"context": context, "qas": [{"question": "Who painted the bridge?", "answers": [answer]}]}]
    squad = tmp_path / "squad.json"
    articles = [{"title": f"Bridge_{place}", "paragraphs": paragraphs} for place in range(30)]
    squad.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return folder, squad


def test_another_model_reads_the_same_pairs(examples: ModuleType, tokenizer: Tokenizer) -> None:
    words = {{"<s>": "[CLS]", "</s>": "[SEP]"}.get(word, word): at for word, at in tokenizer.get_vocab().items()}
    other = Tokenizer(models.WordLevel(words, unk_token="<unk>"))  # noqa: S106
    other.normalizer, other.pre_tokenizer = tokenizer.normalizer, tokenizer.pre_tokenizer
    for number in range(20):
        (one,) = examples.make_drawn((asked(examples),), tokenizer, 1, number)
        (same,) = examples.make_drawn((asked(examples),), other, 1, number)
        assert same.gold == one.gold
        assert same.bounds == tuple((start - 1, end - 1) for start, end in one.bounds)
    with pytest.raises(ValueError, match="neither"):
        examples.marks_of(Tokenizer(models.WordLevel({"a": 0, "<unk>": 1}, unk_token="<unk>")))  # noqa: S106


def options(model: Path, data: tuple[Path, Path], state: Path, *more: str) -> list[str]:
    given = {"--model": model, "--data": data[0], "--squad": data[1], "--state": state}
    return [*(str(part) for pair in given.items() for part in pair), *more]


def test_a_broken_run_goes_on_where_it_was(
    training: ModuleType, model: Path, data: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state() -> Any:
        return torch.load(tmp_path / "state" / "state.pt", weights_only=True)

    seconds = count()
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    monkeypatch.setattr("sys.argv", ["train", *options(model, data, tmp_path / "state", "--minutes", "0.05")])
    training.main()
    first = state()
    assert first["state"]["step"] == 2
    training.main()  # its minutes are spent: nothing more is learnt
    again = state()
    assert again["state"]["step"] == first["state"]["step"]
    for name, value in first["weights"].items():
        assert torch.equal(value, again["weights"][name]), name
    monkeypatch.setattr("sys.argv", ["train", *options(model, data, tmp_path / "state", "--minutes", "0.1")])
    training.main()
    assert state()["state"]["step"] > first["state"]["step"]


def test_what_was_trained_is_what_is_packed_and_read(
    training: ModuleType, model: Path, data: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing = importlib.import_module("pack_careful_reader")
    reader = training.CarefulReader(model)
    with torch.no_grad():
        for value in reader.trained().values():
            value.add_(0.05 * torch.randn_like(value))
    (tmp_path / "state").mkdir()
    optimiser = torch.optim.AdamW(reader.parameters())
    training.keep(tmp_path / "state" / "state.pt", reader, optimiser, {"step": 1, "curve": []})
    folder = tmp_path / "careful"
    monkeypatch.setattr(
        "sys.argv", ["pack", *options(model, data, tmp_path / "state", "--folder", str(folder), "--unmeasured")]
    )
    packing.main()
    monkeypatch.setattr(careful, "_FOLDER", folder)
    careful.provenance.cache_clear()
    try:
        module, _ = careful.load()
    finally:
        careful.provenance.cache_clear()
    ids = torch.tensor([[0, 8, 9, 10, 2, 2, 11, 12, 13, 14, 2]])
    mask = torch.ones_like(ids)
    with torch.no_grad():
        expected = reader.head(reader.model(ids, mask, mask).last_hidden_state)
        found = module(ids, mask)
    assert np.corrcoef(found.numpy().ravel(), expected.numpy().ravel())[0, 1] > 0.98  # 4 and 8 bits against fp32
    packing.take(reader, careful.unpacked(packing.packed(packing.merged(reader))))
    with torch.no_grad():
        same = reader.head(reader.model(ids, mask, mask).last_hidden_state)
    assert torch.allclose(same, found, atol=1e-2)
