"""Serve the application until it is told to stop."""

from typing import Any

import uvicorn

from api.http.app import create_app
from api.http.settings import HttpSettings

_PATIENCE_SECONDS = 10
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "api": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "search": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def serve(settings: HttpSettings) -> None:
    """Serve an archive over HTTP until SIGINT or SIGTERM; open requests are answered before it ends.

    Logs go to standard error, and requests are not among them. A port that cannot be had ends the process with
    status 1.
    """
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=_LOGGING,
        access_log=False,  # addresses hold the questions
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
    )
