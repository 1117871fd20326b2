"""Serve the application until it is told to stop, by one process or by several that answer on the same sockets.

Each has the models and the mapped files of the archive, and the kernel hands each connection to one of them.
What is counted for all of them lies in a folder of its own for as long as they run: the places of requests, and
how often who has asked.
"""

import errno
import logging
import logging.config
import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.http.admission import HeadTimed, Places
from api.http.app import create_app
from api.http.metrics import SHARED, forget_the_dead, made_for_workers
from api.http.observation import logging_of
from api.http.rates import Rates
from api.http.settings import HttpSettings
from api.keys import Keys, KeyScope, keys_file
from search.errors import SettingsError
from search.settings import processor_count

_LOG = logging.getLogger(__name__)
_HEALTH_SECONDS = 30
_PATIENCE_SECONDS = 10
_NOT_OF_THIS_MACHINE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


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


def serve(settings: HttpSettings) -> None:
    """Serve an archive over HTTP until SIGINT or SIGTERM; open requests are answered before it ends.

    Logs go to standard error; requests are among them if that is wanted, never what was asked.

    Raises:
        SettingsError: If it cannot listen there, because another process does, say; if other machines could
            read or change the archive without a key; or if requests cannot be counted where they are to be.
        KeysError: If the keys cannot be read.
    """
    settings = check_exposure(settings)
    Rates(settings)  # where nothing can be counted is told here, once, and not by every worker that fails
    listening = listen(settings.http_host, settings.http_port)
    logs = logging_of(settings.http_log_format, access=settings.http_access_log)
    logging.config.dictConfig(logs)
    options: dict[str, Any] = {
        "host": settings.http_host,
        "port": settings.http_port,
        "log_config": logs,
        "access_log": False,  # addresses hold the questions; ours has routes
        "server_header": False,
        "http": HeadTimed,
        "ws": "none",  # a request to speak anything else is answered as if it did not ask
        "timeout_graceful_shutdown": _PATIENCE_SECONDS,
    }
    if settings.http_workers > 1:
        run = partial(serve_by_workers, settings, listening, options)
    else:
        run = partial(uvicorn.Server(uvicorn.Config(create_app(settings), **options)).run, listening)
    for opened in listening:
        _LOG.info("Dateline answers on %s/", address_of(opened))
    with suppress(KeyboardInterrupt):  # raised again once everything is answered
        run()


def address_of(listening: socket.socket) -> str:
    """The address that a socket answers on: `http://127.0.0.1:8000`."""
    address, port = listening.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def listen(host: str, port: int, command: str = "dateline serve") -> list[socket.socket]:
    """Open a socket on every address of this machine that `host` names.

    Args:
        host: A name or an address.
        port: A port; 0 takes a free one, the same for every address.
        command: What was run, to say how to choose another place.

    Raises:
        SettingsError: If that cannot be done.
    """
    listening: list[socket.socket] = []
    faults: list[OSError] = []
    remedy = (
        f"End what listens there, or choose another place: {command} --host HOST --port PORT (port 0 takes a "
        "free one)."
    )
    for family, address in _addresses(host, port, remedy):
        try:
            listening.append(socket.create_server((address, port), family=family))
        except OSError as error:
            faults.append(error)
        else:
            port = listening[0].getsockname()[1]  # a free one is the same for all of them
    grave = [fault for fault in faults if fault.errno not in _NOT_OF_THIS_MACHINE or not listening]
    if grave:
        for opened in listening:
            opened.close()
        reason = os.strerror(grave[0].errno or 0)
        raise SettingsError(f"Dateline cannot listen on {host}, port {port}: {reason}.", remedy) from grave[0]
    return listening


def _addresses(host: str, port: int, remedy: str) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise SettingsError(f"Dateline cannot listen on {host}: {error.strerror}.", remedy) from error
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def check_exposure(settings: HttpSettings) -> HttpSettings:
    """Refuse to listen to other machines without keys, unless told so.

    Returns:
        The settings to serve with. Where there are keys now, they say that keys are required: no process that is
        started later takes their lost file for there being none.

    Raises:
        SettingsError: If they could read the archive, or change it, without a key or a token.
        KeysError: If the keys cannot be read.
    """
    host = settings.http_host
    kept = Keys(keys_file(settings.index, settings.keys_file))
    if settings.http_keys == "auto" and kept.exist():
        settings = settings.model_copy(update={"http_keys": "required"})
    if settings.is_for_this_machine:
        return settings
    keys = kept.all() if settings.http_keys != "off" else ()
    if not keys and settings.http_keys != "off":
        raise SettingsError(
            f"The server is to listen to others ({host}), and there are no keys in {kept.path}.",
            "Make one: dateline keys create NAME. Or, where a proxy that knows its users stands in front: "
            "DATELINE_HTTP_KEYS=off.",
        )
    can_change = settings.write_token is not None or any(key.may(KeyScope.INGEST) for key in keys)
    if settings.writable and not can_change:
        raise SettingsError(
            f"The server is to be writable and to listen to others ({host}), without a token or a key for that.",
            "Make a key with --scope ingest, or set DATELINE_WRITE_TOKEN to a secret of at least 16 characters.",
        )
    return settings
