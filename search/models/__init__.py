"""The models that read what was found; optional ones rank it anew and mark the short answer in it."""

from search.models.answer_marker import AnswerReader, MarkedAnswer, load_reader
from search.models.readers import Readers, load_readers
from search.models.reranker import Reranker, load_reranker
from search.models.source import ModelIdentity

__all__ = [
    "AnswerReader",
    "MarkedAnswer",
    "ModelIdentity",
    "Readers",
    "Reranker",
    "load_reader",
    "load_readers",
    "load_reranker",
]
