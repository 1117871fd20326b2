import shutil
from pathlib import Path

import pytest

from search.models.embedding import load_embedder
from search.settings import Settings
from tests.search.models.embedding.tiny import make_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model of our own."""
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    return folder / "model"


@pytest.fixture
def tiny_settings(tiny_model: Path, tmp_path: Path) -> Settings:
    """Settings for the tiny model, with nothing prepared."""
    return Settings.load(model=str(tiny_model), cache=tmp_path / "cache", threads=2)


@pytest.fixture(scope="session")
def tiny_cache(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the tiny model is prepared."""
    cache = tmp_path_factory.mktemp("tiny-cache")
    load_embedder(Settings.load(model=str(tiny_model), cache=cache))
    return cache


@pytest.fixture
def prepared_settings(tiny_settings: Settings, tiny_cache: Path) -> Settings:
    """Settings for the tiny model, prepared, in a cache of the test's own."""
    shutil.copytree(tiny_cache, tiny_settings.cache)
    return tiny_settings
