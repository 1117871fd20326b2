"""The command line: `dateline`."""

from api.cli.app import app, main

__all__ = ["app", "main"]
