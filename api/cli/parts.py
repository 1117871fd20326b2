"""The beginning and end that most commands share: settings, models, and results as JSON."""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from api.cli.terminal import aside, reporter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from api.http import HttpSettings
    from api.schemas import AnswerResponse, SearchResponse, Shape, TimelineResponse
    from api.writing.writer import Writer
    from indexer.settings import ClusterSettings, ReadSettings
    from search.asking.engine import Engine
    from search.errors import ModelError
    from search.models import Models
    from search.models.close_reading import CloseReaderCard
    from search.models.embedding import Embedder, ModelCard
    from search.settings import Settings

    Model = TypeVar("Model")
    Response = TypeVar("Response", AnswerResponse, SearchResponse, TimelineResponse)


_NO_SETTINGS = {"DATELINE_NEWS", "DATELINE_EVAL"}
"""Folders that benchmarks and tests read."""

_OF_THE_SERVER = "DATELINE_HTTP_"


def load_settings(index_folder: str | None) -> "Settings":
    """Read the settings; the folder given on the command line wins.

    Variables that set nothing are told on standard error; those of the server are left for it to tell.

    Raises:
        SettingsError: If one is malformed or out of bounds.
    """
    from search.settings import Settings

    _warn_of_unknown_variables()
    return Settings.load(index=index_folder)


def load_writer() -> "Writer":
    """Make the writer that the settings name.

    Raises:
        SettingsError: If they name none, or a setting is malformed.
    """
    from api.writing.settings import WriterSettings
    from api.writing.writer import Writer

    return Writer(WriterSettings.load())


def load_read_settings(index_folder: str | None = None) -> "ReadSettings":
    """Read the settings, those of reading files among them; as `load_settings`."""
    from indexer.settings import ReadSettings

    _warn_of_unknown_variables()
    return ReadSettings.load(index=index_folder)


def load_cluster_settings(index_folder: str | None, staging: str | None) -> "ClusterSettings":
    """Read the settings, those of reading files and sharing them among machines among them; as `load_settings`."""
    from indexer.settings import ClusterSettings

    _warn_of_unknown_variables()
    return ClusterSettings.load(index=index_folder, ray_staging=staging)


def load_http_settings(
    index_folder: str | None,
    host: str | None,
    port: int | None,
    *,
    writable: bool = False,
    workers: int | None = None,
) -> "HttpSettings":
    """Read the settings of the server; what is given on the command line wins.

    Raises:
        SettingsError: If one is malformed or out of bounds.
    """
    from api.http.settings import HttpSettings
    from search.settings import unknown_variables

    _warn(unknown_variables(os.environ, _every_setting()))
    return HttpSettings.load(
        index=index_folder, http_host=host, http_port=port, writable=writable or None, http_workers=workers
    )


def load_every_setting(index_folder: str | None) -> "Settings":
    """Read all settings of all commands; as `load_settings`."""
    _warn_of_unknown_variables()
    return _every_setting().load(index=index_folder)


def _warn_of_unknown_variables() -> None:
    from search.settings import Settings, unknown_variables

    environment = [name for name in os.environ if not name.upper().startswith(_OF_THE_SERVER)]
    if unknown_variables(environment, Settings).keys() - _NO_SETTINGS:
        _warn(unknown_variables(environment, _every_setting()))  # slow to load, and only needed to tell


def _every_setting() -> "type[Settings]":
    from api.http.settings import HttpSettings
    from indexer.settings import ClusterSettings

    class EverySetting(HttpSettings, ClusterSettings):
        """The settings of every command."""

    return EverySetting


def _warn(unknown: "Mapping[str, str | None]") -> None:
    """Tell which variables set nothing, and which were probably meant."""
    from api.cli.rendering import plain

    for variable, meant in unknown.items():
        if variable not in _NO_SETTINGS:
            advice = f" Did you mean {meant}?" if meant else " docs/settings.md lists what can be set."
            aside().print(
                Text("Warning: ", "bold yellow") + Text(f"{plain(variable)} sets nothing.{advice}", "default")
            )


def load_model(settings: "Settings") -> "Embedder":
    """Load the model, telling on standard error what takes long.

    Raises:
        ModelError: If it cannot be used.
    """
    from search.models.embedding import load_embedder

    return load_embedder(settings, reporter(aside()))


def prepare_close_readers(settings: "Settings") -> None:
    """Prepare the profile's close readers, if that has not been done, so that asking need not.

    Raises:
        ModelError: If it cannot be prepared.
    """
    from search.models.close_reading import ensure_prepared

    if settings.prepared_models is None:
        ensure_prepared(settings, reporter(aside()))


def try_models(settings: "Settings") -> "tuple[ModelCard | None, CloseReaderCard | None, list[ModelError]]":
    """Load every model, to tell which can be used.

    Returns:
        The cards of the embedding model and the close reader, None for what cannot be used, and what is wrong
        with each model that cannot be.
    """
    from search.errors import ModelError
    from search.models import load_answer_marker, load_reranker
    from search.models.close_reading import load_close_reader
    from search.models.embedding import load_embedder

    faults: list[ModelError] = []
    tell = reporter(aside())

    def tried(load: "Callable[[Settings, Callable[[str], None]], Model]") -> "Model | None":
        try:
            return load(settings, tell)
        except ModelError as error:
            faults.append(error)
            return None

    embedder, close_reader = tried(load_embedder), tried(load_close_reader)
    if close_reader is not None and (second := close_reader.second) is not None:
        tried(lambda *_: second.read("Rain?", [("", "Rain.")]))
    tried(load_reranker)
    tried(load_answer_marker)
    return embedder.card if embedder else None, close_reader.card if close_reader else None, faults


@contextmanager
def open_engine(settings: "Settings", *, closely: bool = False) -> "Iterator[Engine]":
    """Open the archive and the models that ask it, the models in a thread of their own where there is an archive.

    Args:
        settings: Which archive and models.
        closely: Whether passages are to be read closely, as for an answer.

    Raises:
        ArchiveError: If the archive cannot be used.
        ModelError: If the model cannot be used.
    """
    from concurrent.futures import ThreadPoolExecutor

    from search.models import load_models

    def load() -> "tuple[Embedder, Models]":
        return load_model(settings), load_models(settings, reporter(aside()), closely=closely)

    with ThreadPoolExecutor(1, "dateline-models") as beside:
        # Where nothing is stored, nobody is to wait for models to be prepared before that is said.
        loading = beside.submit(load) if Path(settings.index).is_dir() else None
        from search.archive import open_archive
        from search.archive.protocol import check_model
        from search.asking.engine import Engine

        with open_archive(settings.index, settings.storage_timeout) as archive:
            embedder, models = loading.result() if loading else load()
            check_model(archive.card, embedder.card)
            yield Engine(archive, embedder, settings, models=models)


def print_shape(shape: "Shape") -> None:
    """Print a result as JSON on standard output."""
    sys.stdout.write(shape.to_json(indent=2) + "\n")


def print_line(value: object) -> None:
    """Print plain values as one line of JSON on standard output, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_json(value: object) -> None:
    """Print plain values as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
