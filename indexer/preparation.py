"""Where the articles of a run are read and prepared: in this process, or by workers elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from indexer.dossier import Prepared, prepare
from indexer.readers import InputFile, Reading, ReadOptions, Skipped, find_files
from indexer.readers.content import open_file
from search.article import Article
from search.errors import InputError
from search.models.embedding import Embedder

ReadFile = Callable[[InputFile, ReadOptions], Iterator[Reading]]
"""Reads the articles of a file, in order."""


@dataclass(frozen=True, slots=True)
class Due:
    """A file that is new, or may have changed since it was last read.

    Attributes:
        file: The file.
        recipe: Identifies how it is read.
        digest: Of its content when it was last read in this way; empty when it was not.
        hashes: Content hashes of the articles that are stored from it.
    """

    file: InputFile
    recipe: str
    digest: str = ""
    hashes: frozenset[str] = frozenset()


class Preparation(Protocol):
    """Reads and prepares what a run puts; used by one thread, file by file, in order."""

    def find(self, paths: Iterable[Path]) -> Iterator[InputFile | Skipped]:
        """List the files at and below paths; see `indexer.readers.find_files`."""
        ...

    def begin(self, due: Iterable[Due]) -> None:
        """Take note of the files that will be asked for, in their order."""
        ...

    def digest(self, file: InputFile) -> str:
        """SHA-256 (hex) of a file's content; empty when it cannot be read."""
        ...

    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Reading]:
        """Read the articles of a file, in order; see `indexer.readers.read_file`."""
        ...

    def prepare(self, article: Article) -> Prepared:
        """Prepare the article that was read last, whose id may be another by now."""
        ...


class LocalPreparation:
    """A `Preparation` in this process."""

    def __init__(self, read: ReadFile, embedder: Embedder) -> None:
        """Read with `read`, and count tokens as an embedder does."""
        self.read = read
        self._embedder = embedder

    def find(self, paths: Iterable[Path]) -> Iterator[InputFile | Skipped]:
        """List the files at and below paths."""
        return find_files(paths)

    def begin(self, due: Iterable[Due]) -> None:
        """Leave everything until it is asked for."""

    def digest(self, file: InputFile) -> str:
        """SHA-256 (hex) of a file's content; empty when it cannot be read."""
        return digest_of(file)

    def prepare(self, article: Article) -> Prepared:
        """Prepare an article."""
        return prepare(article, self._embedder)


def digest_of(file: InputFile) -> str:
    """SHA-256 (hex) of a file's content; empty when it cannot be read: its reader will say why."""
    try:
        with open_file(file.path) as stream:
            return file_digest(stream, "sha256").hexdigest()
    except (InputError, OSError):
        return ""
