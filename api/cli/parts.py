"""What most commands begin and end with."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.streams import aside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.schemas import Shape
    from search.answer import Engine
    from search.embedding import Embedder
    from search.settings import Settings


def load_settings(index_folder: Path | None) -> "Settings":
    """Read the settings; the folder given on the command line wins.

    Raises:
        SettingsError: If one is malformed or out of bounds.
    """
    from search.settings import Settings

    return Settings.load(index=index_folder)


def load_model(settings: "Settings") -> "Embedder":
    """Load the model, telling on standard error what takes long.

    Raises:
        ModelError: If it cannot be used.
    """
    from api.cli.progress import reporter
    from search.embedding import load_embedder

    return load_embedder(settings, reporter(aside()))


@contextmanager
def open_engine(settings: "Settings") -> "Iterator[Engine]":
    """Open the archive and the models that ask it.

    Raises:
        ArchiveError: If the archive cannot be used.
        ModelError: If the model cannot be used.
    """
    from api.cli.progress import reporter
    from search.answer import Engine
    from search.archive import Archive
    from search.models import load_reader, load_reranker

    with Archive.open(settings.index) as archive:
        tell = reporter(aside())
        reranker, reader = load_reranker(settings, tell), load_reader(settings, tell)
        yield Engine(archive, load_model(settings), settings, reranker=reranker, reader=reader)


def print_shape(shape: "Shape") -> None:
    """Print a result as JSON on standard output."""
    sys.stdout.write(shape.to_json(indent=2) + "\n")


def print_json(value: object) -> None:
    """Print plain values as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
