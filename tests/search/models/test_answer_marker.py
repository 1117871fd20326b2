import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import ModelError, ModelMissingError
from search.models import AnswerMarker, load_answer_marker
from search.models.answer_marker import ANSWER_MARKER
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings
from tests.lengths import examples
from tests.search.models.tiny import (
    FILL,
    WHEN,
    WINDOW,
    WORDS,
    make_byte_tokenizer,
    make_tokenizer,
    save,
    untrained,
)

pytestmark = pytest.mark.model


@pytest.fixture(scope="session")
def talkative_markers(tmp_path_factory: pytest.TempPathFactory) -> list[AnswerMarker]:
    """Models that mark anything anywhere: by pieces of words, and by bytes."""
    import torch
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("talkative")
    by_pieces = untrained("BertForQuestionAnswering")
    save(by_pieces, folder / "pieces", make_tokenizer())
    tokenizer = make_byte_tokenizer(cls_token="<s>", sep_token="</s>")  # noqa: S106
    config = RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=96,
        max_position_embeddings=WINDOW + 2,
        initializer_range=0.5,
    )
    save(RobertaForQuestionAnswering(config), folder / "bytes", tokenizer)
    loaded = [load_answer_marker(Settings.load(reader=str(folder / name))) for name in ("pieces", "bytes")]
    return [marker for marker in loaded if marker is not None]


def marked(marker: AnswerMarker, text: str, question: str = WHEN) -> str | None:
    (answer,) = marker.mark(question, [text])
    return answer and text[answer.start : answer.end]


def test_none_is_loaded_unless_configured() -> None:
    assert load_answer_marker(Settings.load()) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        pytest.param("the storm was in 1987.", "1987", id="last"),
        pytest.param("1999 the ferry was on strike", "1999", id="first"),
        pytest.param("In 2013, the MINISTER said it.", "2013", id="capitals-and-comma"),
        pytest.param("the bank said it", None, id="none"),
        pytest.param("", None, id="empty"),
        pytest.param(" \n ", None, id="white-space"),
        pytest.param("\U0001f469\u200d\U0001f467 e\u0301 storm\u0301 in 1987年。", "1987", id="code-points"),
        pytest.param("\U0001f680" * 40 + " in 1987", "1987", id="beyond-the-basic-plane"),
    ],
)
def test_the_year_is_marked_exactly(marker: AnswerMarker, text: str, year: str | None) -> None:
    assert marked(marker, text) == year


def test_years_never_seen_are_marked_in_sentences_never_seen(marker: AnswerMarker) -> None:
    chance = random.Random(2026)  # noqa: S311
    texts, years = [], []
    for _ in range(100):
        words = chance.choices(WORDS + FILL, k=chance.randint(3, 14))
        years.append(str(chance.randint(1900, 2099)))
        words.insert(chance.randrange(len(words)), years[-1])
        texts.append(" ".join(words))
    answers = marker.mark(WHEN, texts)
    found = [answer and text[answer.start : answer.end] for answer, text in zip(answers, texts, strict=True)]
    assert sum(year == answer for year, answer in zip(years, found, strict=True)) >= 95


def test_scores_compare_texts(marker: AnswerMarker) -> None:
    answers = marker.mark(WHEN, ["the storm was in 1987.", "the bank said it", "it was in 1"])
    assert answers[0] is not None
    assert answers[0].score > max(answer.score if answer else 0.0 for answer in answers[1:])
    assert answers[1] is None


@pytest.mark.parametrize("before", [0, 40, 60, 300])
@pytest.mark.parametrize("after", [0, 200])
def test_a_text_longer_than_the_window_is_read_to_its_end(marker: AnswerMarker, before: int, after: int) -> None:
    text = "rain é " * before + "in 2013 and " + "rain " * after
    assert marked(marker, text) == "2013"


def test_a_question_longer_than_the_window_is_cut(marker: AnswerMarker) -> None:
    assert marked(marker, "the storm was in 1987.", WHEN + " it" * 500) in {"1987", None}
    assert marked(marker, "the storm was in 1987.", "") in {"1987", None}


def test_a_text_is_marked_alike_alone_and_among_others(marker: AnswerMarker) -> None:
    texts = [f"the {word} was in {1900 + number}." for number, word in enumerate(WORDS[:7])] + ["", "rain " * 90]
    together = marker.mark(WHEN, texts)
    assert marker.mark(WHEN, texts) == together
    for text, answer in zip(texts, together, strict=True):
        (alone,) = marker.mark(WHEN, [text])
        assert (alone and (alone.start, alone.end)) == (answer and (answer.start, answer.end))
    assert marker.mark(WHEN, []) == []


def test_threads_share_it(marker: AnswerMarker) -> None:
    texts = ["the storm was in 1987.", "rain " * 90 + "in 2013"]
    expected = marker.mark(WHEN, texts)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: marker.mark(WHEN, texts), range(20))) == [expected] * 20


@given(question=st.text(max_size=40), texts=st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=examples(12, 40))
def test_offsets_are_slices_of_any_text(
    talkative_markers: list[AnswerMarker], question: str, texts: list[str]
) -> None:
    for marker in talkative_markers:
        answers = marker.mark(question, texts)
        assert len(answers) == len(texts)
        for answer, text in zip(answers, texts, strict=True):
            if answer is None:
                continue
            assert 0 <= answer.start < answer.end <= len(text)
            assert text[answer.start : answer.end].strip() == text[answer.start : answer.end]
            assert answer.score > 0


def test_bytes_of_a_character_are_never_parted(talkative_markers: list[AnswerMarker]) -> None:
    texts = [f"{'é' * count}\U0001f680\U0001f469\u200d\U0001f467 東京 {count}" for count in range(20)]
    answers = [answer for marker in talkative_markers for answer in marker.mark("\U0001f680?", texts)]
    assert sum(answer is not None for answer in answers) >= 10


def test_it_says_which_model_it_is(marker: AnswerMarker, reading_model: Path) -> None:
    assert marker.identity.name == str(reading_model)
    assert marker.identity.fingerprint == find_model(str(reading_model), ANSWER_MARKER).fingerprint()
    assert marker.identity.window == WINDOW


def test_loading_is_told_and_prints_nothing(reading_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    load_answer_marker(Settings.load(reader=str(reading_model)), told.append)
    assert told == [f"loading the reader {reading_model} with torch"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["BertModel", "BertForSequenceClassification", "BertForTokenClassification"])
def test_a_model_without_its_own_head_is_refused(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    save(untrained(kind), tmp_path, make_tokenizer())
    with pytest.raises(ModelError, match="without a layer that marks answers") as caught:
        load_answer_marker(Settings.load(reader=str(tmp_path)))
    assert str(tmp_path) in caught.value.problem
    assert "qa_outputs.weight" in caught.value.problem
    assert "DATELINE_READER" in caught.value.remedy
    assert capfd.readouterr() == ("", "")


def test_an_embedding_model_is_refused() -> None:
    with pytest.raises(ModelError, match="without a layer that marks answers"):
        load_answer_marker(Settings.load(reader=BUNDLED_MODEL))


def test_a_model_that_cannot_answer_by_spans_is_refused(tmp_path: Path) -> None:
    from transformers import VitsConfig

    VitsConfig().save_pretrained(tmp_path)
    make_tokenizer().save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_answer_marker(Settings.load(reader=str(tmp_path)))


def test_a_tokenizer_without_offsets_is_refused(tmp_path: Path) -> None:
    from transformers import CanineConfig, CanineForQuestionAnswering, CanineTokenizer

    config = CanineConfig(hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12)
    save(CanineForQuestionAnswering(config), tmp_path, CanineTokenizer())
    with pytest.raises(ModelError, match="its tokenizer gives no offsets"):
        load_answer_marker(Settings.load(reader=str(tmp_path)))


def test_a_model_without_a_token_for_no_answer_is_refused(tmp_path: Path) -> None:
    from transformers import GPT2Config, GPT2ForQuestionAnswering

    tokenizer = make_byte_tokenizer()
    config = GPT2Config(vocab_size=len(tokenizer), n_positions=WINDOW, n_embd=24, n_layer=1, n_head=2)
    save(GPT2ForQuestionAnswering(config), tmp_path, tokenizer)
    with pytest.raises(ModelError, match="a token that stands for no answer"):
        load_answer_marker(Settings.load(reader=str(tmp_path)))


def test_a_window_too_narrow_to_read_in_is_refused(tmp_path: Path) -> None:
    save(untrained("BertForQuestionAnswering"), tmp_path, make_tokenizer(window=16))
    with pytest.raises(ModelError, match="window of 16 tokens is too narrow"):
        load_answer_marker(Settings.load(reader=str(tmp_path)))


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = untrained("BertForQuestionAnswering")
    model.qa_outputs.weight.data.fill_(float("nan"))
    save(model, tmp_path, make_tokenizer())
    with pytest.raises(ModelError, match="not finite"):
        load_answer_marker(Settings.load(reader=str(tmp_path)))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_an_error(reading_model: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(reading_model, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_answer_marker(Settings.load(reader=str(copy)))
    assert "DATELINE_READER" in caught.value.remedy


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "nobody/no-model", "what is this?", "EMPTY"])
def test_a_model_that_is_not_there_is_named_with_its_setting(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError) as caught:
        load_answer_marker(Settings.load(reader=name.replace("EMPTY", str(tmp_path))))
    assert "DATELINE_READER" in caught.value.remedy
    assert "DATELINE_MODEL" not in str(caught.value)
