"""Settings of reading: how large, how slow and how greedy an input may be."""

from typing import Annotated, Any

from pydantic import Field

from indexer.readers.contract import LIMITS, MEBIBYTE, ReadOptions
from search.settings import Settings

_DEFAULT = ReadOptions()


class ReadSettings(Settings):
    """The settings of the search side, and the limits of what is read."""

    max_file_bytes: Annotated[
        int,
        Field(
            ge=1_024,
            le=4_096 * MEBIBYTE,
            description="Largest file, unpacked, of a format that is read as a whole, in bytes. Those read record "
            "by record (JSON Lines, CSV, Parquet, WARC) may be larger.",
        ),
    ] = _DEFAULT.max_file_bytes
    max_record_bytes: Annotated[
        int,
        Field(
            ge=1_024,
            le=1_024 * MEBIBYTE,
            description="Largest record of a format that is read record by record, and largest page, in bytes.",
        ),
    ] = _DEFAULT.max_record_bytes
    max_article_chars: Annotated[
        int, Field(ge=100, le=100_000_000, description="Longest body of an article, in characters.")
    ] = _DEFAULT.max_article_chars
    max_file_articles: Annotated[int, Field(ge=1, le=1_000_000_000, description="Most articles of one file.")] = (
        _DEFAULT.max_file_articles
    )
    max_unpacking: Annotated[
        int,
        Field(
            ge=1,
            le=100_000,
            description="How many times its size a compressed file may unpack to, once that is more than 16 MiB.",
        ),
    ] = _DEFAULT.max_unpacking
    max_read_seconds: Annotated[
        int,
        Field(ge=1, le=86_400, description="Longest time that the reading of one article may take, in seconds."),
    ] = _DEFAULT.max_read_seconds
    max_read_memory_bytes: Annotated[
        int,
        Field(
            ge=256 * MEBIBYTE,
            le=1_024 * 1_024 * MEBIBYTE,
            description="Most memory that the process that reads files may take, in bytes (Linux).",
        ),
    ] = _DEFAULT.max_read_memory_bytes

    def read_options(self, **given: Any) -> ReadOptions:
        """How files are read within these limits; `given` are the other attributes of `ReadOptions`.

        What is under embargo is read: the archive hides it until then.
        """
        limits = {name: getattr(self, name) for name in LIMITS}
        return ReadOptions(**{"keep_embargoed": True, **limits, **given})
