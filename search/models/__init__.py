"""Optional models that look at evidence again: one ranks it anew, one marks the short answer in it."""

from search.models.identity import ModelIdentity
from search.models.reader import AnswerReader, MarkedAnswer, load_reader
from search.models.reranker import Reranker, load_reranker

__all__ = ["AnswerReader", "MarkedAnswer", "ModelIdentity", "Reranker", "load_reader", "load_reranker"]
