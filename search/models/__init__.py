"""The models: the embedder, the close reader, the optional reranker and answer marker, and their preparation."""

from collections.abc import Callable
from dataclasses import dataclass

from search.models.answer_marker import AnswerMarker, MarkedAnswer, load_answer_marker
from search.models.close_reading import CloseReader, load_close_reader
from search.models.reranker import Reranker, load_reranker
from search.models.source import ModelIdentity
from search.settings import Settings

__all__ = [
    "AnswerMarker",
    "MarkedAnswer",
    "ModelIdentity",
    "Models",
    "Reranker",
    "load_answer_marker",
    "load_models",
    "load_reranker",
]


@dataclass(frozen=True, slots=True)
class Models:
    """Models that read what was found; an engine can do without each of them.

    Attributes:
        close_reader: Reads the most promising passages together with the question; without it, the choice of
            evidence is poorer.
        reranker: Orders the most promising sentences anew.
        answer_marker: Marks the short answer in them.
    """

    close_reader: CloseReader | None = None
    reranker: Reranker | None = None
    answer_marker: AnswerMarker | None = None


def load_models(
    settings: Settings, report: Callable[[str], None] = lambda _: None, *, closely: bool = True
) -> Models:
    """Load the close reader, and the reranker and the answer marker of the settings if they name any.

    Args:
        settings: Which models, backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.
        closely: Whether passages are to be read closely, as for an answer.

    Raises:
        ModelError: If one of them cannot be used.
    """
    return Models(
        load_close_reader(settings, report) if closely else None,
        load_reranker(settings, report),
        load_answer_marker(settings, report),
    )
