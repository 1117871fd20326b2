"""The bundled model as it is used, against what sentence-transformers itself computes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.errors import ModelDamagedError
from search.models.embedding import Embedder, load_embedder
from search.models.embedding.backends import TorchEmbedder, load_sentence_transformer
from search.models.session import supported_precisions
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings
from tests.fakes import NEWS

pytestmark = pytest.mark.model

TEXTS = [
    "",
    " ",
    "Rain.",
    "Who signed the treaty, and when?",
    "東京都知事は辞任した。最終報告は来月公表される。",
    "Der Minister trat am Montag zurück — „überraschend“.",
    "Министр подал в отставку.",
    "\U0001f680\U0001f30d 100% £5.20 #news @home",
    "word " * 2_000,
    "supercalifragilistic" * 50,
    "\x00\u200b\ufeff",
    *(article.body for article in NEWS),
    *(
        f"In {year} the harbour handled {year % 97} thousand containers." * (year % 9)
        for year in range(1990, 2020)
    ),
]
FLOORS = {"f32": 0.9999, "bf16": 0.999}


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    """The vectors of `TEXTS` by sentence-transformers."""
    model = load_sentence_transformer(find_model(BUNDLED_MODEL))
    return model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)


@pytest.mark.parametrize("precision", FLOORS)
def test_vectors_are_those_of_sentence_transformers(
    model_cache: Path, expected: np.ndarray, precision: str
) -> None:
    if precision not in supported_precisions():
        pytest.skip(f"this processor has no {precision}")
    settings = Settings.load(cache=model_cache, precision=precision, backend="openvino", threads=2)
    embedder = load_embedder(settings)
    assert (embedder.card.precision, embedder.card.backend) == (precision, "openvino")
    cosines = (embedder.embed_passages(TEXTS) * expected).sum(axis=1)
    assert cosines.min() > FLOORS[precision], TEXTS[int(cosines.argmin())][:80]
    questions = np.array([embedder.embed_question(text) for text in TEXTS[:8]])
    assert (questions * expected[:8]).sum(axis=1).min() > FLOORS[precision]


def test_vectors_are_of_unit_length_and_say_so(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.card.dimension) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    question = embedder.embed_question("Who?")
    assert (question.shape, question.dtype) == ((384,), np.float32)


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    order = np.random.default_rng(3).permutation(len(TEXTS))
    shuffled = embedder.embed_passages([TEXTS[row] for row in order])
    assert (together[order] * shuffled).sum(axis=1).min() > 0.99
    for row in (0, 2, 4, 8):
        assert float(embedder.embed_passages([TEXTS[row]])[0] @ together[row]) > 0.99


def test_the_same_texts_have_the_same_vectors_to_the_bit(embedder: Embedder) -> None:
    assert np.array_equal(embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS))


def test_nothing_to_embed_is_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_progress_counts_every_text(embedder: Embedder) -> None:
    told: list[int] = []
    embedder.embed_passages(TEXTS, told.append)
    assert sum(told) == len(TEXTS)
    assert min(told) > 0


def test_tokens_are_counted_without_special_ones_and_beyond_the_window(embedder: Embedder) -> None:
    assert embedder.count_tokens(["", "rain", "word " * 2_000]) == [0, 1, 2_000]


def test_what_exceeds_the_window_is_not_read(embedder: Embedder) -> None:
    assert embedder.card.window == 256
    long = "word " * 300
    first, second = embedder.embed_passages([long, long + "and something about tulips"])
    assert np.array_equal(first, second) or float(first @ second) > 0.9999


def test_meaning_decides_closeness(embedder: Embedder) -> None:
    question = embedder.embed_question("When did the central bank lower interest rates?")
    rates, frogs = embedder.embed_passages(
        ["The Federal Reserve cut borrowing costs on Wednesday.", "A tiny frog was found in leaf litter."]
    )
    assert float(question @ rates) > float(question @ frogs) + 0.3


def test_the_card_identifies_the_model(embedder: Embedder) -> None:
    card = embedder.card
    assert card.name == BUNDLED_MODEL
    assert card.fingerprint == find_model(BUNDLED_MODEL).fingerprint()
    assert card.agreement > FLOORS[card.precision]
    assert 0.03 < card.spread < 0.2
    assert card.note == ""


def test_torch_runs_it_when_asked(model_cache: Path, expected: np.ndarray) -> None:
    embedder = load_embedder(Settings.load(cache=model_cache, backend="torch"))
    assert isinstance(embedder, TorchEmbedder)
    assert (embedder.card.backend, embedder.card.precision, embedder.card.agreement) == ("torch", "f32", 1.0)
    assert embedder.card.note == ""
    told: list[int] = []
    assert (embedder.embed_passages(TEXTS, told.append) * expected).sum(axis=1).min() > 0.9999
    assert sum(told) == len(TEXTS)
    assert float(embedder.embed_question("Rain.") @ expected[2]) > 0.9999


def test_both_backends_count_the_same_tokens(model_cache: Path, embedder: Embedder) -> None:
    torch = load_embedder(Settings.load(cache=model_cache, backend="torch"))
    assert torch.count_tokens(TEXTS) == embedder.count_tokens(TEXTS)


def test_preparing_twice_does_nothing(model_cache: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in model_cache.rglob("*")}
    told: list[str] = []
    load_embedder(Settings.load(cache=model_cache), told.append)
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in model_cache.rglob("*")} == files


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 2}', '{"format": 2, "surprise": 1}'])
def test_a_damaged_record_is_refused_with_what_to_do(model_cache: Path, tmp_path: Path, content: str) -> None:
    prepared = model_cache / "models" / find_model(BUNDLED_MODEL).stamp()
    folder = tmp_path / "models" / prepared.name
    folder.mkdir(parents=True)
    content = content.replace(
        '"format": 2', f'"format": {json.loads((prepared / "prepared.json").read_text())["format"]}'
    )
    (folder / "prepared.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelDamagedError, match=r"prepared\.json cannot be read") as caught:
        load_embedder(Settings.load(cache=tmp_path))
    assert caught.value.remedy.startswith(f"Delete {folder}")


INDEX_AND_ASK = """
import sys
from pathlib import Path

from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.asking.engine import Engine
from search.archive import LocalArchive
from search.models.embedding import load_embedder
from search.models import load_models
from search.settings import Settings

settings = Settings.load()
embedder, models = load_embedder(settings), load_models(settings)
with LocalArchive.create(Path(sys.argv[1]), embedder.card) as archive:
    report = index([Path(sys.argv[2])], archive, embedder, ReadOptions())
    assert report.added == 1, report
    engine = Engine(archive, embedder, settings, models=models)
    answer = engine.ask("When will Russia use the missiles?")
    assert answer.found, answer
heavy = {"torch", "transformers", "sentence_transformers", "openvino_telemetry"}
loaded = {name.split(".")[0] for name, module in sys.modules.items() if module is not None}
print(sorted(heavy & loaded))
"""


def test_indexing_and_asking_load_neither_torch_nor_telemetry(model_cache: Path, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(NEWS[0].body, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", INDEX_AND_ASK, str(tmp_path / "archive"), str(story)],
        env={**os.environ, "DATELINE_CACHE": str(model_cache), "DATELINE_THREADS": "2"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
