"""Settings of reading, how large, slow and greedy an input may be, and of sharing it among machines."""

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


class ClusterSettings(ReadSettings):
    """The settings of reading, and those of the workers of `dateline index --ray`."""

    ray_staging: Annotated[
        str,
        Field(
            description="Where the workers of `dateline index --ray` stage what they made: a folder that every "
            "machine sees, or a prefix of an object store (`s3://bucket/prefix`); empty for a folder in that of "
            "the archive."
        ),
    ] = ""
    ray_workers: Annotated[
        int, Field(ge=0, le=100_000, description="Most workers; 0 for as many as the cluster has room for.")
    ] = 0
    ray_cpus: Annotated[float, Field(gt=0, le=1_024, description="Processors of a worker.")] = 1.0
    ray_gpus: Annotated[float, Field(ge=0, le=64, description="GPUs of a worker; a part of one is allowed.")] = 0.0
    ray_spare_cpus: Annotated[
        float,
        Field(
            ge=0,
            le=100_000,
            description="Processors of the cluster that no worker is given: for what commits, and for those that "
            "take the place of lost ones.",
        ),
    ] = 1.0
    ray_partition_bytes: Annotated[
        int,
        Field(
            ge=1,
            le=1_024 * MEBIBYTE,
            description="Bytes of files that a worker takes at a time: what is done again where one is lost.",
        ),
    ] = MEBIBYTE
    ray_timeout: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="Longest time that a worker may take for a partition (of a large file, for 8 MiB of it), "
            "and that there may be no worker at all, in seconds.",
        ),
    ] = 3_600
