"""Reading a question and a passage together: where in the passage it is answered, and whether it is."""

from search.close_reading.pairs import Reading
from search.close_reading.reader import CloseReader, CloseReaderCard, ensure_prepared, load_close_reader

__all__ = ["CloseReader", "CloseReaderCard", "Reading", "ensure_prepared", "load_close_reader"]
