"""The models that read what was found, together."""

from collections.abc import Callable
from dataclasses import dataclass

from search.models.answer_marker import AnswerReader, load_reader
from search.models.close_reading import CloseReader, load_close_reader
from search.models.reranker import Reranker, load_reranker
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Readers:
    """Models that read what was found; an engine can do without each of them.

    Attributes:
        close_reader: Reads the most promising passages together with the question; without it, the choice of
            evidence is poorer.
        reranker: Orders the most promising sentences anew.
        reader: Marks the short answer in them.
    """

    close_reader: CloseReader | None = None
    reranker: Reranker | None = None
    reader: AnswerReader | None = None


def load_readers(
    settings: Settings, report: Callable[[str], None] = lambda _: None, *, closely: bool = True
) -> Readers:
    """Load the close reader, and the reranker and the reader of the settings if they name any.

    Args:
        settings: Which models, backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.
        closely: Whether passages are to be read closely, as for an answer.

    Raises:
        ModelError: If one of them cannot be used.
    """
    return Readers(
        load_close_reader(settings, report) if closely else None,
        load_reranker(settings, report),
        load_reader(settings, report),
    )
