"""Texts to unit vectors: the configured sentence-transformers model, run by openvino or by torch."""

from search.models.embedding.embedder import Embedder, ModelCard
from search.models.embedding.loading import load_embedder

__all__ = ["Embedder", "ModelCard", "load_embedder"]
