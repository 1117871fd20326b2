from pathlib import Path

import pytest

from search.models import AnswerMarker, Reranker, load_answer_marker, load_reranker
from search.settings import Settings
from tests.search.models.tiny import make_cross_encoder, make_reader


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cross-encoder that likes shared words."""
    folder = tmp_path_factory.mktemp("cross-encoder")
    make_cross_encoder(folder)
    return folder / "model"


@pytest.fixture(scope="session")
def reading_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a question-answering model that marks years."""
    folder = tmp_path_factory.mktemp("reading-model")
    make_reader(folder)
    return folder


@pytest.fixture(scope="session")
def reranker(cross_encoder: Path) -> Reranker:
    """The tiny cross-encoder as it is used."""
    loaded = load_reranker(Settings.load(reranker=str(cross_encoder)))
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def marker(reading_model: Path) -> AnswerMarker:
    """The tiny answer marker as it is used."""
    loaded = load_answer_marker(Settings.load(reader=str(reading_model)))
    assert loaded is not None
    return loaded
