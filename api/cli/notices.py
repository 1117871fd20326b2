"""What Dateline remarks on while it works, such as an index that it had to mend: on standard error."""

import logging

from rich.console import Console
from rich.text import Text


def show_notices() -> None:
    """Show the warnings of `search` and `indexer` to whoever sits at the terminal."""
    for name in ("search", "indexer"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _Notices) for handler in logger.handlers):
            logger.addHandler(_Notices(logging.WARNING))
            logger.propagate = False


class _Notices(logging.Handler):
    """Prints messages; names of files in them are untrusted."""

    def emit(self, record: logging.LogRecord) -> None:
        from api.cli.rendering import plain

        console = Console(stderr=True, highlight=False)
        console.print(Text("Notice: ", "yellow") + Text(plain(record.getMessage()), "default"))
