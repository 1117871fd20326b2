"""How the server logs: lines for people, or JSON for machines; requests only if wanted, and by their route."""

import logging
import re
from typing import Any, Literal

from pythonjsonlogger.core import RESERVED_ATTRS

from api.http.observation import ACCESS

_PLAIN = {"class": "api.http.logs.Lines", "format": "%(levelname)s: %(message)s"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_JSON = {
    "()": "pythonjsonlogger.json.JsonFormatter",
    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(correlation_id)s",
    "rename_fields": {
        "asctime": "time",
        "levelname": "level",
        "name": "logger",
        "correlation_id": "request_id",
    },
    "datefmt": "%Y-%m-%dT%H:%M:%S%z",
    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],  # uvicorn says it all twice
}


class Lines(logging.Formatter):
    """Writes a message on one line: what others chose begins no line of its own, and moves no cursor."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of what it extends
        """Write the line of a record, without what caused it."""
        return _visible(super().formatMessage(record).strip("\n")).replace("\n", "\\n")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name of what it extends
        """Write what caused it, on lines of its own."""
        return _visible(super().formatException(ei))


def _visible(text: str) -> str:
    """Show control characters, but for line breaks and tabs, as escapes."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def logging_of(form: Literal["plain", "json"] = "plain", *, access: bool = False) -> dict[str, Any]:
    """Make the configuration for `logging.config.dictConfig`.

    Args:
        form: How each record is written to standard error.
        access: Whether a record is written for every request.
    """

    def told(level: str) -> dict[str, Any]:
        return {"handlers": ["stderr"], "level": level, "propagate": False}

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": _JSON if form == "json" else _PLAIN},
        "filters": {"request": {"()": "asgi_correlation_id.CorrelationIdFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "chosen",
                "filters": ["request"],
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {
            "uvicorn": told("INFO"),
            "api": told("INFO"),
            "search": told("WARNING"),
            ACCESS: told("INFO" if access else "WARNING"),
        },
    }
