"""What runs an embedding model: torch, the reference, for any; OpenVINO, without torch, for a prepared one."""

import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from search.models.embedding.embedder import ModelCard, Vectors
from search.models.preparation import read_record
from search.models.session import Session, TokenRow
from search.models.source import ModelSource

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_TEXTS_A_TORCH_ROUND = 256
GRAPH = "model.xml"
TOKENIZER = "tokenizer.json"
_RECORD = "prepared.json"

FORMAT = 2
"""Changes whenever prepared folders of an older Dateline can no longer be used."""

ENOUGH_AGREEMENT = 0.999
"""Smallest cosine with torch in fp32 at which the exported model stands for the original."""


@contextmanager
def quiet_loading(threads: int = 0) -> Iterator[None]:
    """Keep transformers from talking while it loads a model; 0 threads leaves the number to torch."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # raised inside transformers by its own code
        yield


def load_sentence_transformer(source: ModelSource, threads: int = 0) -> "SentenceTransformer":
    """Load the original model, quietly and without the network; 0 threads leaves the number to torch."""
    from sentence_transformers import SentenceTransformer

    with quiet_loading(threads):
        return SentenceTransformer(str(source.folder), local_files_only=True)


class TorchEmbedder:
    """An `Embedder` that runs the model as sentence-transformers does. Safe to share between threads."""

    def __init__(self, model: "SentenceTransformer", card: ModelCard) -> None:
        self._model = model
        self._card = card
        # Tokenizers cannot be used by two threads at once while their truncation is being set.
        self._embedding, self._counting = Lock(), Lock()
        self._counter = deepcopy(model.tokenizer)

    @property
    def card(self) -> ModelCard:
        """What identifies the model."""
        return self._card

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens and without truncation."""
        with self._counting:
            encoded = self._counter(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed texts that will be searched; see `Embedder.embed_passages`."""
        vectors = np.empty((len(texts), self._card.dimension), dtype=np.float32)
        for begin in range(0, len(texts), _TEXTS_A_TORCH_ROUND):
            part = list(texts[begin : begin + _TEXTS_A_TORCH_ROUND])
            with self._embedding:
                vectors[begin : begin + len(part)] = self._model.encode_document(
                    part, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
                )
            if on_progress:
                on_progress(len(part))
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        with self._embedding:
            vector: npt.NDArray[np.float32] = self._model.encode_query(
                text, normalize_embeddings=True, show_progress_bar=False
            )
        return vector


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was learnt and checked when a model was prepared.

    Attributes:
        format: Layout of the folder.
        fingerprint: See `ModelCard.fingerprint`.
        dimension: Length of a vector.
        window: Most tokens of one text, special tokens included.
        inputs: Names of the graph's inputs, in order.
        pad_id: Token id that fills a batch's shorter rows.
        question_prompt: What the model wants written before a question.
        passage_prompt: What the model wants written before a passage.
        spread: See `ModelCard.spread`.
        agreement: Smallest cosine with torch in fp32 over the probe texts, by precision (`bf16`, `f32`);
            empty when the model could not be exported.
        failure: Why the model could not be exported; empty when it was.
    """

    format: int
    fingerprint: str
    dimension: int
    window: int
    inputs: tuple[str, ...]
    pad_id: int
    question_prompt: str
    passage_prompt: str
    spread: float
    agreement: dict[str, float]
    failure: str = ""

    def save(self, folder: Path) -> None:
        """Write the record into a prepared folder."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / _RECORD).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read the record of a prepared folder; None when there is none or it is of another format.

        Raises:
            ModelDamagedError: If the record is there but cannot be read.
        """
        return read_record(
            folder / _RECORD,
            FORMAT,
            lambda fields: cls(**{**fields, "inputs": tuple(fields["inputs"])}),
            "the model",
        )


_TEXTS_A_ROUND = 8_192


class OpenVinoEmbedder:
    """An `Embedder` over an exported graph."""

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
        self._session = Session(
            folder / GRAPH,
            prepared.inputs,
            precision=card.precision,
            threads=threads,
            pad_id=prepared.pad_id,
            window=card.window,
        )

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
            part = [self._prepared.passage_prompt + text for text in texts[begin : begin + _TEXTS_A_ROUND]]
            for places, found in self._session.infer_all(self._tokenize(part)):
                vectors[begin + np.array(places)] = unit_rows(found)
                if on_progress:
                    on_progress(len(places))
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        rows = self._tokenize([self._prepared.question_prompt + text])
        vector: npt.NDArray[np.float32] = unit_rows(self._session.infer(rows))[0]
        return vector

    def _tokenize(self, texts: list[str]) -> list[TokenRow]:
        """Token ids of each text, special tokens included, cut to the model's window."""
        return [TokenRow(encoding.ids) for encoding in self._cutting.encode_batch_fast(texts)]


def unit_rows(rows: npt.NDArray[Any]) -> Vectors:
    """Scale rows to length 1 in float32; a row of zeros stays zero."""
    rows = rows.astype(np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    norms[norms == 0] = 1
    scaled: Vectors = rows / norms
    return scaled
