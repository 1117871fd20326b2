import gzip
import importlib
import json
import random
from argparse import Namespace
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import MPNetConfig, MPNetModel

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
    return importlib.import_module("teacher_examples")


@pytest.fixture
def training(examples: ModuleType) -> ModuleType:
    return importlib.import_module("train_teacher")


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
    """A tiny model of the teacher's kind, with random weights."""
    torch.manual_seed(3)
    settings = MPNetConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=8,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=300,
    )
    folder = tmp_path / "model"
    MPNetModel(settings, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


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
    assert first.article == second.article == examples._key("Old_Bridge")
    assert examples.without_repetitions([first, second]) == [first]
    shares = [examples.is_held_out(asked(examples, article=str(number))) for number in range(500)]
    assert 25 <= sum(shares) <= 80


def test_a_line_that_lacks_a_field_is_named(examples: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"src": "nq"}\n'))
    with pytest.raises(ValueError, match=r"some\.jsonl\.gz, line 1: KeyError\('title'\)"):
        examples.read_marked(path)


def test_a_sentence_scores_by_its_tokens_and_their_number(training: ModuleType, model: Path) -> None:
    marker = training.Marker(model, 4, 6)
    example = importlib.import_module("teacher_examples").Example("nq", tuple(range(12)), ((3, 5), (5, 11)), (1,))
    ids, mask, owner, gold = training.padded([example], 1)
    states = marker.model(input_ids=ids, attention_mask=mask).last_hidden_state
    tokens = marker.head(states)[0, :, 0]
    expected = [
        tokens[0],
        tokens[3:5].logsumexp(0) - torch.tensor(2.0).log() / 2,
        tokens[5:11].logsumexp(0) - torch.tensor(6.0).log() / 2,
    ]
    scores = marker(ids, mask, owner)
    assert torch.allclose(scores[0], torch.stack(expected), atol=1e-5)
    assert torch.allclose(training.loss_of(scores, gold), -scores.log_softmax(-1)[:, 2], atol=1e-5)
    assert not [name for name in marker.trained() if ".layer.5." in name]
    assert [name for name in marker.trained() if ".layer.6." in name]


@pytest.fixture
def data(tmp_path: Path, training: ModuleType) -> tuple[Path, Path]:
    """Small files in the form of those that the teacher is trained on, in words of our own."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in training.MARKED:
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
    (folder / f"{training.PAIRS}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, pairs)).encode()))
    answer = {"text": "Rui Costa", "answer_start": context.index("Rui Costa")}
    paragraphs = [{"context": context, "qas": [{"question": "Who painted the bridge?", "answers": [answer]}]}]
    squad = tmp_path / "squad.json"
    articles = [{"title": f"Bridge_{place}", "paragraphs": paragraphs} for place in range(30)]
    squad.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return folder, squad


def test_scores_are_stored_and_come_back_with_their_pairs(
    training: ModuleType,
    model: Path,
    data: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scoring = importlib.import_module("teacher_scores")
    adapter, out = tmp_path / "adapter.safetensors", tmp_path / "scores.safetensors"
    marker = training.Marker(model, training.RANK, training.FROZEN_LAYERS)
    adapter.write_bytes(save(marker.weights(torch.float16)))
    options = ["--model", model, "--adapter", adapter, "--data", data[0], "--squad", data[1], "--out", out]
    for draws in (10, 25):
        monkeypatch.setattr("sys.argv", ["teacher_scores.py", *map(str, options), "--draws", str(draws)])
        scoring.main()
    tokenizer = training.load_tokenizer(model)
    pools, _ = importlib.import_module("teacher_data").read_pools(*data)
    pairs = list(scoring.read_scores(out, pools, tokenizer))
    assert len(pairs) >= 25
    marker.take({name: value.float() for name, value in load_file(adapter).items()})
    expected = training.score_all(marker, [example for example, _ in pairs], 1)
    for (_, row), wanted in zip(pairs, expected, strict=True):
        assert row == pytest.approx(wanted, abs=2e-3)
    with pytest.raises(ValueError, match="another teacher"):
        scoring.stored(out, "other")
    scoring.write(out, [[0.0, 1.0, 2.0], [0.5, 0.25]], 3, "x")
    assert scoring.stored(out) == ([[0.0, 1.0, 2.0], [0.5, 0.25]], 3)


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


@pytest.mark.parametrize("half", [3, 20])
def test_a_sitting_goes_on_as_if_it_had_not_been_broken(
    half: int, training: ModuleType, model: Path, data: tuple[Path, Path], tmp_path: Path
) -> None:
    tokenizer = training.load_tokenizer(model)
    pools, held_out = importlib.import_module("teacher_data").read_pools(*data)
    assert held_out
    assert not {item[0].article for items in pools.values() for item in items} & {one.article for one in held_out}

    def began() -> tuple[Any, Any]:
        torch.manual_seed(0)
        marker = training.Marker(model, 4, 6)
        return marker, torch.optim.AdamW(list(marker.trained().values()), lr=1e-2)

    def learnt(marker: Any, optimiser: Any, position: tuple[int, int], steps: int) -> tuple[int, int]:
        for reached, batch in islice(training.batches(pools, tokenizer, 1, position), steps):
            training.learn(marker, optimiser, batch, 1)
            position = reached
        return position

    whole, optimiser = began()
    learnt(whole, optimiser, (0, 0), half + 3)
    first, optimiser = began()
    position = learnt(first, optimiser, (0, 0), half)
    training.keep(tmp_path / "state", first, optimiser, training.State(step=half, position=position))
    second, optimiser = began()
    state = training.restored(tmp_path / "state", None, second, optimiser)
    assert state.step == half
    learnt(second, optimiser, state.position, 3)
    for name, value in whole.weights().items():
        assert torch.equal(value, second.weights()[name]), name


def test_a_sitting_writes_what_the_next_begins_with(
    training: ModuleType,
    model: Path,
    data: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exported = tmp_path / "teacher" / "adapter.safetensors"

    def sitting(state: str, *more: str) -> dict[str, Any]:
        options = {"--model": model, "--data": data[0], "--squad": data[1], "--state": tmp_path / state}
        options |= {"--export": exported, "--threads": 1}
        given = [str(one) for pair in options.items() for one in pair]
        monkeypatch.setattr("sys.argv", ["train_teacher.py", *given, *more])
        training.main()
        told: dict[str, Any] = json.loads(exported.with_suffix(".json").read_text(encoding="utf-8"))
        return told

    first = sitting("one", "--minutes", "0.02")
    assert first["step"] > 0
    assert sum(first["by_source"].values()) == first["examples"]
    assert first["curve"][-1]["development"]["all"]["questions"] > 0
    assert first["data"]["squad"]["sha256"] == training.digest(data[1])
    weights = load_file(exported)
    assert {value.dtype for value in weights.values()} == {torch.float16}
    marker = training.Marker(model, training.RANK, training.FROZEN_LAYERS)
    state = training.restored(tmp_path / "two", exported, marker, Namespace())
    assert state.step == first["step"]
    assert all(torch.equal(value, weights[name].float()) for name, value in marker.weights().items())
    measured = sitting("two", "--measure")
    assert (measured["step"], len(measured["curve"])) == (first["step"], len(first["curve"]) + 1)
    second = sitting("two", "--minutes", "0.02")
    assert second["step"] > first["step"]
    assert [one["from_step"] for one in second["sittings"]] == [0, first["step"]]
    with pytest.raises(ValueError, match="another rank"):
        training.Marker(model, 2, training.FROZEN_LAYERS).take(marker.weights())
