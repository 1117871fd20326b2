"""The embedder, whatever runs it, and what it is given of a passage: the headline and the text, not the date.

Measured (docs/measurements.md): the headline tells what "he" and "the ministry" are about and improves
retrieval. The publication date helps little if at all, and would make equal passages of different days unlike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one a row: shape (n, dimension), dtype float32."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What identifies an embedding model, and how it is being run.

    Attributes:
        name: The setting it was chosen by: the bundled model's name, a hub name or a path.
        fingerprint: SHA-256 (hex) over its weights, tokenizer and module configuration. Vectors of different
            fingerprints must never be compared.
        dimension: Length of a vector.
        window: Most tokens that it reads of one text, special tokens included.
        backend: `"openvino"` or `"torch"`.
        precision: `"bf16"` or `"f32"`.
        agreement: Smallest cosine between this backend's vectors and those of torch in fp32 over the probe
            texts; 1.0 for torch itself.
        spread: Standard deviation of the cosine between texts that have nothing to do with one another: the scale
            of this model's cosines.
        note: Why this backend runs it, when it is not the preferred one; empty otherwise.
    """

    name: str
    fingerprint: str
    dimension: int
    window: int
    backend: str
    precision: str
    agreement: float
    spread: float
    note: str = ""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their semantic closeness (cosine)."""

    @property
    def card(self) -> ModelCard:
        """What identifies the model."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens and without truncation."""
        ...

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed texts that will be searched.

        Args:
            texts: Any number of texts; what exceeds the model's window is not read.
            on_progress: Called with the number of texts finished since the last call.

        Returns:
            Unit vectors, shape (len(texts), dimension), float32, in the order of `texts`.
        """
        ...

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        ...


HEADLINE_CHARACTERS = 200
"""Longest part of a headline that is embedded with a passage."""


def in_context(headline: str, text: str) -> str:
    """Put the headline before a text, as a sentence of its own."""
    context = headline[:HEADLINE_CHARACTERS].strip()
    if not context:
        return text
    return f"{context} {text}" if context[-1] in ".!?:" else f"{context}. {text}"
