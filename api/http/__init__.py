"""HTTP: the application that answers questions as JSON and serves the page to ask them on."""

from api.http.app import create_app
from api.http.settings import HttpSettings

__all__ = ["HttpSettings", "create_app"]
