"""The models that read what was found; optional ones rank it anew and mark the short answer in it."""

from search.models.answer_marker import AnswerReader, MarkedAnswer, load_reader
from search.models.identity import ModelIdentity
from search.models.readers import Readers, load_readers
from search.models.reranker import Reranker, load_reranker

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
