"""Reading a question and a passage together: where in the passage it is answered, and whether it is."""

from search.models.close_reading.close_reader import (
    CloseReader,
    CloseReaderCard,
    ensure_prepared,
    load_close_reader,
)
from search.models.close_reading.pairs import Reading, heading

__all__ = ["CloseReader", "CloseReaderCard", "Reading", "ensure_prepared", "heading", "load_close_reader"]
