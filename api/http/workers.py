"""Several processes that answer on the same sockets, each with the models and the mapped files of the archive.

The kernel hands each connection to one of them. What is counted for all of them lies in a folder of its own for as
long as they run: the places of requests, and how often who has asked.
"""

import logging
import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.http.app import create_app
from api.http.metrics import SHARED, forget_the_dead, made_for_workers
from api.http.places import Places
from api.http.settings import HttpSettings
from search.errors import SettingsError
from search.processors import processor_count

_LOG = logging.getLogger(__name__)
_HEALTH_SECONDS = 30


class Workers(Multiprocess):
    """Starts the workers, and another in the place of each that dies."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], replacement: uvicorn.Config) -> None:
        """Prepare to run `config`, and `replacement` in the place of a worker that died."""
        super().__init__(config, sockets)
        self._replacement = replacement

    def init_processes(self) -> None:
        """Start the workers that are there from the beginning."""
        super().init_processes()
        self.config = self._replacement


def serve_by_workers(settings: HttpSettings, sockets: Sequence[socket.socket], options: Mapping[str, Any]) -> None:
    """Serve until SIGINT or SIGTERM; open requests are answered before it ends.

    Args:
        settings: What to serve, and by how many workers.
        sockets: Where.
        options: Of uvicorn.

    Raises:
        SettingsError: If this system cannot do it.
    """
    if os.name != "posix":
        raise SettingsError("Several workers share files in a way that this system has not.", "Use one worker.")
    with tempfile.TemporaryDirectory(prefix="dateline-workers-") as folder:
        shared = Places.made(Path(folder) / "places")
        os.environ[SHARED] = str(made_for_workers(Path(folder)))  # read by what counts, when a worker imports it
        each = settings_of_a_worker(settings, Path(folder))
        first, later = (
            uvicorn.Config(
                partial(worker_app, each, shared, ready_first=ready_first),
                factory=True,
                workers=settings.http_workers,
                timeout_worker_healthcheck=_HEALTH_SECONDS,
                **options,
            )
            for ready_first in (False, True)
        )
        _LOG.info("%d workers answer.", settings.http_workers)
        Workers(first, list(sockets), later).run()


def settings_of_a_worker(settings: HttpSettings, folder: Path) -> HttpSettings:
    """Share the cores out among workers, and have them count in `folder` who asks, unless told otherwise."""
    threads = settings.threads or max(1, processor_count() // settings.http_workers)
    store = settings.http_rates_store or f"sqlite://{quote(str(folder / 'rates'))}"
    return settings.model_copy(update={"threads": threads, "http_rates_store": store})


def worker_app(settings: HttpSettings, shared: Path, *, ready_first: bool) -> FastAPI:
    """Make the application of one worker.

    Args:
        settings: Of a worker.
        shared: The file of their places.
        ready_first: Let it answer only once the models are loaded: others answer meanwhile.
    """
    forget_the_dead()
    places = Places(settings.http_max_requests, settings.http_max_writes, shared)
    return create_app(settings, places=places, ready_first=ready_first)
