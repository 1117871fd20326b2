"""Serve the application until it is told to stop."""

from ipaddress import ip_address
from typing import Any

import uvicorn

from api.http.app import create_app
from api.http.settings import HttpSettings
from search.errors import SettingsError

_PATIENCE_SECONDS = 10
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "api": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def serve(settings: HttpSettings) -> None:
    """Serve an archive over HTTP until SIGINT or SIGTERM; open requests are answered before it ends.

    Logs go to standard error, and requests are not among them. A port that cannot be had ends the process with
    status 1.

    Raises:
        SettingsError: If other machines could change the archive without a token.
    """
    if settings.writable and settings.write_token is None and not _is_of_this_machine(settings.http_host):
        raise SettingsError(
            f"The server is to be writable and to listen to others ({settings.http_host}), without a token.",
            "Set DATELINE_WRITE_TOKEN to a secret of at least 16 characters.",
        )
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=_LOGGING,
        access_log=False,  # addresses hold the questions
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
    )


def _is_of_this_machine(host: str) -> bool:
    """Tell whether an address can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
