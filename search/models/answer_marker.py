"""Mark the short answer inside a text with an extractive question-answering model (SQuAD)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from search.models.source import (
    ModelIdentity,
    ModelKind,
    ModelSource,
    UnsuitableModelError,
    load_optional,
    load_with_report,
    refuse_random_weights,
)
from search.settings import Settings

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

LONGEST_ANSWER = 30
"""Most tokens of a short answer, as in the reference evaluation of SQuAD models."""


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A run of tokens.

    Attributes:
        first: Index of its first token.
        last: Index of its last token, inclusive.
        score: Sum of the first token's start logit and the last one's end logit.
    """

    first: int
    last: int
    score: float


def best_token_span(
    starts: npt.NDArray[np.float32],
    ends: npt.NDArray[np.float32],
    usable: npt.NDArray[np.bool_],
    longest: int = LONGEST_ANSWER,
) -> TokenSpan:
    """Find the best span of at most `longest` tokens; the earliest, then shortest, of equals.

    Source: Devlin et al. 2019 (BERT), section 4.2.

    Args:
        starts: Logit of an answer beginning at each token, shape (n,).
        ends: Logit of an answer ending at each token, shape (n,).
        usable: Whether an answer may begin or end at each token, shape (n,).
        longest: Most tokens of a span.

    Raises:
        ValueError: If no token is usable.
    """
    if not usable.any():
        raise ValueError("an answer can neither begin nor end at any of these tokens")
    sums = np.where(usable, starts, -np.inf)[:, None] + np.where(usable, ends, -np.inf)[None, :]
    within = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), k=longest)
    sums[~within] = -np.inf
    first, last = divmod(int(sums.argmax()), len(starts))
    return TokenSpan(first, last, float(sums[first, last]))


def whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Widen `text[start:end]` to whole words and strip white space from it.

    Words end where Unicode's default word boundaries are (UAX #29): numbers with their separators stay whole, a
    letter keeps its marks, and scripts without spaces are not widened beyond a character.

    Args:
        text: The text.
        start: Code point offset of the first character.
        end: Code point offset after the last one; more than `start`.

    Returns:
        The offsets, 0-based, end-exclusive, in code points; None when only white space is between them.
    """
    # The ends of a text are boundaries by definition, whatever stands there.
    boundaries = [0, *(match.start() for match in _word_boundary().finditer(text)), len(text)]
    start = boundaries[bisect_right(boundaries, start) - 1]
    end = boundaries[bisect_left(boundaries, end)]
    bare = text[start:end].strip()
    if not bare:
        return None
    start += text[start:end].index(bare)
    return start, start + len(bare)


@cache
def _word_boundary() -> Any:
    import regex

    return regex.compile(r"\b", regex.WORD)


ANSWER_MARKER = ModelKind(
    noun="an extractive question-answering model",
    setting="DATELINE_READER",
    marker="config.json",
    writer="AutoModelForQuestionAnswering.save_pretrained()",
    fallback="leave it empty to mark no short answers",
)

_WIDEST_WINDOW = 384
"""Tokens that SQuAD models were trained to read at once."""

_NARROWEST_WINDOW = 32
_WIDEST_STRIDE = 128
_BATCH = 16
_PROBES = ("", "Rain.", "rain " * 2 * _WIDEST_WINDOW)


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """A short answer inside a text.

    Attributes:
        start: Offset of its first character: 0-based, in code points of the text.
        end: Offset after its last character.
        score: By how much the model prefers it to "no answer here": the sum of the span's two logits less that
            of no answer; above 0, and comparable between the texts of one model.
    """

    start: int
    end: int
    score: float


class AnswerMarker(Protocol):
    """Finds the words in a text that answer a question."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is."""
        ...

    def mark(self, question: str, texts: Sequence[str]) -> list[MarkedAnswer | None]:
        """Mark the short answer in each text; the same question and texts give the same answers.

        Args:
            question: The question; what exceeds half the model's window is not read.
            texts: Any number of texts of any length; one that exceeds the model's window is read in
                overlapping windows.

        Returns:
            One for each text, in order: whole words that neither begin nor end in white space, or None where
            the model prefers no answer.
        """
        ...


def load_answer_marker(settings: Settings, report: Callable[[str], None] = lambda _: None) -> AnswerMarker | None:
    """Load the configured question-answering model; None when none is configured.

    Args:
        settings: Which model, and how many threads.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If the model cannot be found or loaded, or is no extractive question-answering model.
    """
    if not settings.reader:
        return None
    return load_optional(
        settings.reader,
        ANSWER_MARKER,
        lambda source: ExtractiveMarker(source, settings.threads),
        report,
        role="reader",
        task="mark answers",
        wanted="an extractive question-answering model (trained on SQuAD 2.0 or the like)",
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one text as the model reads it, after the question.

    Attributes:
        text: Index of the text.
        inputs: What the model is given: lists of one integer a token, by name.
        spans: Code point offsets into the text of each token, shape (n, 2).
        usable: Whether an answer may begin or end at each token, shape (n,).
    """

    text: int
    inputs: dict[str, list[int]]
    spans: npt.NDArray[np.int64]
    usable: npt.NDArray[np.bool_]


class ExtractiveMarker:
    """An `AnswerMarker` that runs a model of transformers with torch. Safe to share between threads.

    No answer is what the model says at its first token, as models trained on SQuAD 2.0 do (Devlin et al. 2019).
    """

    def __init__(self, source: ModelSource, threads: int = 0) -> None:
        """Load and try the model.

        Raises:
            UnsuitableModelError: If it does not mark answers, or its tokenizer gives no offsets.
        """
        self._model, self._tokenizer = _load(source, threads)
        window = _window(self._model, self._tokenizer)
        # Tokenizers cannot be used by two threads at once while their truncation is being set.
        self._lock = Lock()
        self._identity = ModelIdentity(source.name, source.fingerprint(), window)
        self.mark("Rain?", _PROBES)

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is."""
        return self._identity

    def mark(self, question: str, texts: Sequence[str]) -> list[MarkedAnswer | None]:
        """Mark the short answer in each text; see `AnswerMarker.mark`."""
        best: list[tuple[float, int, int] | None] = [None] * len(texts)
        with self._lock:
            windows = self._windows(question, texts)
            by_length = sorted(windows, key=lambda window: len(window.usable))
            for begin in range(0, len(by_length), _BATCH):
                batch = by_length[begin : begin + _BATCH]
                for window, (found, score) in zip(batch, self._read(batch), strict=True):
                    held = best[window.text]
                    if held is None or score > held[0]:
                        start, end = int(window.spans[found.first, 0]), int(window.spans[found.last, 1])
                        best[window.text] = (score, start, end)
        return [_marked(text, *held) if held else None for text, held in zip(texts, best, strict=True)]

    def _windows(self, question: str, texts: Sequence[str]) -> list[_Window]:
        """Cut texts into windows; those in which no answer can be are left out."""
        if not texts:
            return []
        width = self._identity.window
        question = self._cut(question, width // 2)
        taken = len(self._tokenizer(question, add_special_tokens=False)["input_ids"])
        room = width - taken - self._tokenizer.num_special_tokens_to_add(pair=True)
        encoded = self._tokenizer(
            [question] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=width,
            stride=min(_WIDEST_STRIDE, room // 2),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        names = [name for name in self._tokenizer.model_input_names if name in encoded]
        windows = []
        for number, text in enumerate(encoded["overflow_to_sample_mapping"]):
            spans = np.array(encoded["offset_mapping"][number], dtype=np.int64)
            usable = np.array(
                [
                    part == 1 and bool(texts[text][start:end].strip())
                    for part, (start, end) in zip(encoded.sequence_ids(number), spans.tolist(), strict=True)
                ]
            )
            if usable.any():
                windows.append(_Window(text, {name: encoded[name][number] for name in names}, spans, usable))
        return windows

    def _cut(self, question: str, most: int) -> str:
        """Cut a question to its first `most` tokens."""
        encoded = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)
        spans = encoded["offset_mapping"]
        return question if len(spans) <= most else question[: spans[most - 1][1]]

    def _read(self, batch: Sequence[_Window]) -> list[tuple[TokenSpan, float]]:
        """Find the best span of each window and by how much it is better than no answer."""
        import torch

        padded = self._tokenizer.pad(
            {name: [window.inputs[name] for window in batch] for name in batch[0].inputs}, return_tensors="pt"
        )
        with torch.inference_mode():
            given = {name: values.to(self._model.device) for name, values in padded.items()}
            output = self._model(**given)
        all_starts, all_ends = _numbers(output, "start_logits"), _numbers(output, "end_logits")
        found = []
        for window, starts, ends in zip(batch, all_starts, all_ends, strict=True):
            tokens = len(window.usable)
            span = best_token_span(starts[:tokens], ends[:tokens], window.usable)
            found.append((span, span.score - float(starts[0] + ends[0])))
        return found


def _marked(text: str, score: float, start: int, end: int) -> MarkedAnswer | None:
    words = whole_words(text, start, end)
    if score <= 0 or words is None:
        return None
    start, end = words
    if not 0 <= start < end <= len(text) or text[start:end] != text[start:end].strip():
        raise AssertionError(f"[{start}, {end}) marks no words in a text of {len(text)} characters")
    return MarkedAnswer(start, end, score)


def _numbers(output: Any, name: str) -> npt.NDArray[np.float32]:
    values: Tensor | None = getattr(output, name, None)
    if values is None:
        raise UnsuitableModelError(f"its output has no {name}")
    numbers: npt.NDArray[np.float32] = values.float().cpu().numpy()
    if not np.isfinite(numbers).all():
        raise UnsuitableModelError(f"its {name} are not finite numbers")
    return numbers


def _load(source: ModelSource, threads: int) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from search.models.embedding.backends import quiet_loading

    folder = str(source.folder)
    with quiet_loading(threads):
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        if not tokenizer.is_fast:
            raise UnsuitableModelError("its tokenizer gives no offsets (it is none of the tokenizers library)")
        model, missing = load_with_report(AutoModelForQuestionAnswering, folder)
    refuse_random_weights(missing, "a layer that marks answers")
    tokenizer.padding_side = tokenizer.truncation_side = "right"
    first = tokenizer("Rain?", "Rain.")["input_ids"][0]
    if tokenizer.cls_token_id is None or first != tokenizer.cls_token_id:
        raise UnsuitableModelError("its texts do not begin with a token that stands for no answer")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device=device, dtype=torch.float32)  # type: ignore[call-arg]
    return model, tokenizer


def _window(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> int:
    stated = getattr(model.config, "max_position_embeddings", None) or _WIDEST_WINDOW
    window = min(_WIDEST_WINDOW, tokenizer.model_max_length, stated)
    if window < _NARROWEST_WINDOW:
        raise UnsuitableModelError(f"its window of {window} tokens is too narrow")
    return int(window)
