"""A prepared model run by OpenVINO, importing neither torch nor transformers."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedding.embedder import ModelCard, Vectors
from search.embedding.prepared import GRAPH, TOKENIZER, Prepared
from search.embedding.signal_stack import keeping_the_signal_stack

TOKENS_A_BATCH = 1_024
"""Padded tokens that go through the model at once; measured best on two cores (see docs/measurements.md)."""

_TEXTS_A_ROUND = 8_192


def import_openvino() -> Any:
    """Import OpenVINO with its telemetry replaced by its own stub, so that nothing is ever sent."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def supported_precisions() -> tuple[str, ...]:
    """List the precisions that this processor computes natively, the preferred one first."""
    with keeping_the_signal_stack():
        capabilities = import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("bf16", "f32") if "BF16" in capabilities else ("f32",)


class OpenVinoEmbedder:
    """An `Embedder` over an exported graph: texts sorted by length, batched by tokens, several streams."""

    def __init__(self, folder: Path, prepared: Prepared, card: ModelCard, threads: int) -> None:
        from tokenizers import Tokenizer

        self._card = card
        self._prepared = prepared
        self._counting = Tokenizer.from_file(str(folder / TOKENIZER))
        self._counting.no_padding()
        self._counting.no_truncation()
        self._cutting = Tokenizer.from_file(str(folder / TOKENIZER))
        self._cutting.no_padding()
        self._cutting.enable_truncation(card.window)
        openvino = import_openvino()
        core = openvino.Core()
        graph = core.read_model(folder / GRAPH)
        streams = threads or os.cpu_count() or 1
        # Results must not depend on who else is running: one thread a stream, streams in parallel.
        settings = {
            "INFERENCE_PRECISION_HINT": card.precision,
            "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": streams,
        }
        self._requests: Queue[Any] = Queue(streams)
        with keeping_the_signal_stack():
            compiled = core.compile_model(graph, "CPU", settings)
            for _ in range(streams):
                self._requests.put(compiled.create_infer_request())
            # OpenVINO's binding looks NumPy up at its first use, and deadlocks when two threads do so at once.
            self._infer([[prepared.pad_id]])

    @property
    def card(self) -> ModelCard:
        """What identifies the model."""
        return self._card

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens and without truncation."""
        encodings = self._counting.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed texts that will be searched; see `Embedder.embed_passages`."""
        vectors = np.empty((len(texts), self._card.dimension), dtype=np.float32)
        for begin in range(0, len(texts), _TEXTS_A_ROUND):
            part = texts[begin : begin + _TEXTS_A_ROUND]
            prompted = [self._prepared.passage_prompt + text for text in part]
            self._embed_into(vectors[begin : begin + len(part)], prompted, on_progress)
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        vector: npt.NDArray[np.float32] = self._infer(self._tokenize([self._prepared.question_prompt + text]))[0]
        return vector

    def _embed_into(self, vectors: Vectors, texts: list[str], on_progress: Callable[[int], None] | None) -> None:
        tokens = self._tokenize(texts)

        def run(rows: list[int]) -> list[int]:
            vectors[rows] = self._infer([tokens[row] for row in rows])
            return rows

        # Threads of our own: OpenVINO's AsyncInferQueue now and then aborts the process at exit.
        with ThreadPoolExecutor(self._requests.maxsize) as pool:
            lengths = [len(ids) for ids in tokens]
            # Few texts are shared out among the streams, or one would work and the others wait.
            budget = min(TOKENS_A_BATCH, -(-sum(lengths) // self._requests.maxsize))
            for rows in pool.map(run, _batches(lengths, budget)):
                if on_progress:
                    on_progress(len(rows))

    def _infer(self, tokens: list[list[int]]) -> Vectors:
        """Run one batch: unit vectors of shape (len(tokens), dimension)."""
        request = self._requests.get()
        try:
            return _unit(request.infer(self._inputs(tokens))[0])
        finally:
            self._requests.put(request)

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text, special tokens included, cut to the model's window."""
        return [encoding.ids for encoding in self._cutting.encode_batch_fast(texts)]

    def _inputs(self, tokens: list[list[int]]) -> dict[str, npt.NDArray[np.int64]]:
        """Pad a batch to its longest row: arrays of shape (rows, longest), int64."""
        shape = (len(tokens), max(len(ids) for ids in tokens))
        arrays = {name: np.zeros(shape, dtype=np.int64) for name in self._prepared.inputs}
        arrays["input_ids"].fill(self._prepared.pad_id)
        for row, ids in enumerate(tokens):
            arrays["input_ids"][row, : len(ids)] = ids
            arrays["attention_mask"][row, : len(ids)] = 1
        return arrays


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Group rows of like length, longest first, so that rows x longest stays within the budget of tokens."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _unit(rows: npt.NDArray[Any]) -> Vectors:
    """Scale rows to length 1 in float32; a row of zeros stays zero."""
    rows = rows.astype(np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    norms[norms == 0] = 1
    scaled: Vectors = rows / norms
    return scaled
