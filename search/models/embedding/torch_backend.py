"""Any sentence-transformers model run by torch: the reference, and the backend for everything else."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from search.models.embedding.embedder import ModelCard, Vectors
from search.models.source import ModelSource

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_TEXTS_A_ROUND = 256


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
        for begin in range(0, len(texts), _TEXTS_A_ROUND):
            part = list(texts[begin : begin + _TEXTS_A_ROUND])
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
