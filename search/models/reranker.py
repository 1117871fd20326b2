"""Score texts against a question with a cross-encoder, which reads both at once."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

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
    from sentence_transformers import CrossEncoder

RERANKER = ModelKind(
    noun="a cross-encoder",
    setting="DATELINE_RERANKER",
    marker="config.json",
    writer="CrossEncoder.save()",
    fallback="leave it empty to rank without one",
)

_WIDEST_WINDOW = 512
"""Evidence is a sentence or a few; a wider window only costs memory, and some models state one too wide."""

_BATCH = 32
_PROBES = ("", "Rain.", "rain " * 2 * _WIDEST_WINDOW)


class Reranker(Protocol):
    """Says how well each of some texts answers a question, having read the two together."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is."""
        ...

    def score(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Score texts; the same question and texts give the same scores.

        Args:
            question: The question.
            texts: Any number of texts; what exceeds the model's window is not read.

        Returns:
            Shape (len(texts),), float32, finite, in the order of `texts`; higher is better. The scale is the
            model's own: only order and differences within one model mean anything.
        """
        ...


def load_reranker(settings: Settings, report: Callable[[str], None] = lambda _: None) -> Reranker | None:
    """Load the configured cross-encoder; None when none is configured.

    Args:
        settings: Which model, and how many threads.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If the model cannot be found or loaded, or is no cross-encoder with one score for a pair.
    """
    if not settings.reranker:
        return None
    return load_optional(
        settings.reranker,
        RERANKER,
        lambda source: CrossEncoderReranker(source, settings.threads),
        report,
        role="reranker",
        task="rerank",
        wanted="a cross-encoder trained to give one score of relevance",
    )


class CrossEncoderReranker:
    """A `Reranker` that runs a sentence-transformers model with torch. Safe to share between threads."""

    def __init__(self, source: ModelSource, threads: int = 0) -> None:
        """Load and try the model.

        Raises:
            UnsuitableModelError: If it is no cross-encoder with one finite score for a pair.
        """
        self._model = _load(source, threads)
        # Tokenizers cannot be used by two threads at once while their padding is being set.
        self._lock = Lock()
        self._identity = ModelIdentity(source.name, source.fingerprint(), self._model.max_seq_length or 0)
        self.score("Rain?", _PROBES)

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is."""
        return self._identity

    def score(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Score texts; see `Reranker.score`. The scores are the model's logits."""
        from torch.nn import Identity

        if not texts:
            return np.empty(0, dtype=np.float32)
        pairs = [(question, text) for text in texts]
        with self._lock:
            # A sigmoid, which many models have saved, makes equals of all that is very relevant.
            scores = self._model.predict(
                pairs, batch_size=_BATCH, show_progress_bar=False, activation_fn=Identity()
            )
        if not np.isfinite(scores).all():
            raise UnsuitableModelError("its scores are not finite numbers")
        return np.asarray(scores, dtype=np.float32)


def _load(source: ModelSource, threads: int) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder

    from search.models.embedding.backends import quiet_loading

    with quiet_loading(threads):
        model: CrossEncoder = CrossEncoder(str(source.folder), local_files_only=True)
        transformer = model.model
        if transformer is None:
            raise UnsuitableModelError("it has no transformer")
        # CrossEncoder does not tell which weights it found, so they are looked for once more.
        folder = transformer.name_or_path or str(source.folder)
        _, missing = load_with_report(type(transformer), folder, config=transformer.config)
    refuse_random_weights(missing, "a layer that scores pairs")
    if model.num_labels != 1:
        raise UnsuitableModelError(f"it gives {model.num_labels} scores for a pair, not one")
    model.max_seq_length = min(model.max_seq_length or _WIDEST_WINDOW, _WIDEST_WINDOW)
    model.float()
    return model
