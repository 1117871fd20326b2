"""Why the server itself, not the archive, does not do what it was asked for."""

from search.errors import DatelineError


class NotWritableError(DatelineError):
    """The server was not told that it may change the archive."""


class NotAuthorisedError(DatelineError):
    """A change was asked for without the token that it takes."""


class TooBusyError(DatelineError):
    """As many requests as the server takes at once are being answered."""


class TooSlowError(DatelineError):
    """The request took longer than the server gives it."""
