"""A prepared model run by OpenVINO, importing neither torch nor transformers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.models.embedding.embedder import ModelCard, Vectors
from search.models.embedding.prepared import GRAPH, TOKENIZER, Prepared
from search.models.session import Session, TokenRow

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
                vectors[begin + np.array(places)] = _unit(found)
                if on_progress:
                    on_progress(len(places))
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        rows = self._tokenize([self._prepared.question_prompt + text])
        vector: npt.NDArray[np.float32] = _unit(self._session.infer(rows))[0]
        return vector

    def _tokenize(self, texts: list[str]) -> list[TokenRow]:
        """Token ids of each text, special tokens included, cut to the model's window."""
        return [TokenRow(encoding.ids) for encoding in self._cutting.encode_batch_fast(texts)]


def _unit(rows: npt.NDArray[Any]) -> Vectors:
    """Scale rows to length 1 in float32; a row of zeros stays zero."""
    rows = rows.astype(np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    norms[norms == 0] = 1
    scaled: Vectors = rows / norms
    return scaled
