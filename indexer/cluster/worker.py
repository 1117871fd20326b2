"""What a worker does with a partition: reads it, prepares and embeds its articles, stages them. Knows no Ray."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.cluster.objects import ObjectPath, fetch
from indexer.cluster.partitions import Partition, Share
from indexer.cluster.staging import FORMAT, Staged, Staging
from indexer.dossier import prepare, readings_fingerprint
from indexer.ingest import TEXTS_A_ROUND
from indexer.preparation import ReadFile, digest_of
from indexer.readers import InputFile, IsolatedReader, Reading, ReadOptions, Skipped
from search.article import Article
from search.models.embedding import Embedder, ModelCard


@dataclass(frozen=True, slots=True)
class Order:
    """How every worker of a run works.

    Attributes:
        load: Loads the embedding model.
        options: How files are read.
        folder: What relative paths are relative to.
        staging: Where to stage.
    """

    load: Callable[[], Embedder]
    options: ReadOptions
    folder: Path
    staging: str


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """What identifies a worker, and what it makes of an article.

    Attributes:
        host: The machine that it runs on.
        process: The number of its process there.
        model: Its embedding model.
        treatment: Identifies what it does to an article, as the keys of shares have it.
    """

    host: str
    process: int
    model: ModelCard
    treatment: str


class Worker:
    """Reads, prepares, embeds and stages partitions, one at a time, with one model."""

    def __init__(self, order: Order) -> None:
        """Load the model.

        Raises:
            ModelError: If it cannot be used.
            SettingsError: If the place of staging cannot be.
        """
        self._order = order
        self._embedder = order.load()
        self._staging = Staging(order.staging)
        self._read = IsolatedReader()
        self._read_fetched = IsolatedReader()  # in a folder of its own, as its paths are relative to that
        self._fetched = TemporaryDirectory(prefix="dateline-objects-")

    def card(self) -> WorkerCard:
        """Tell what it is."""
        model = self._embedder.card
        return WorkerCard(socket.gethostname(), os.getpid(), model, treatment_of(model))

    def stage(self, partition: Partition) -> tuple[str, ...]:
        """Stage a partition; what cannot be read is staged as skipped.

        Returns:
            SHA-256 (hex) of the file of each share; empty where it is not known.

        Raises:
            OSError: If it cannot be written, or an object store does not answer.
        """
        digests: list[str] = []
        self._staging.put(partition, digests, self._staged(partition, digests))
        return tuple(digests)

    def close(self) -> None:
        """End the processes that read."""
        self._read.close()
        self._read_fetched.close()
        self._fetched.cleanup()

    def _staged(self, partition: Partition, digests: list[str]) -> Iterator[tuple[int, Staged]]:
        """Yield the readings of each share; notes the digest of each file."""
        waiting: list[tuple[int, Staged]] = []
        texts = 0
        for number, share in enumerate(partition.shares):
            with self._at_hand(share.due.file) as read:
                # Of the shares of a large file the first alone takes its digest, unless it may be as it was.
                digest = digest_of(share.due.file) if share.due.digest or share.number == 0 else ""
                digests.append(digest)
                if digest and digest == share.due.digest:
                    continue
                for one in self._readings(share, read):
                    waiting.append((number, one))
                    texts += len(one.prepared.texts) if one.prepared else 0
                    if texts >= TEXTS_A_ROUND:
                        yield from self._embedded(waiting)
                        waiting, texts = [], 0
        yield from self._embedded(waiting)

    @contextmanager
    def _at_hand(self, file: InputFile) -> Iterator[IsolatedReader]:
        """Be where a file has its path, fetched if it is an object; yields what reads it."""
        if not isinstance(file.path, ObjectPath):
            with chdir(self._order.folder):
                yield self._read
            return
        place = fetch(file, Path(self._fetched.name))
        try:
            with chdir(self._fetched.name):
                yield self._read_fetched
        finally:
            place.unlink(missing_ok=True)

    def _readings(self, share: Share, read: ReadFile) -> Iterator[Staged]:
        for ordinal, reading in enumerate(read(share.due.file, self._order.options)):
            if share.has(ordinal) or _is_of_the_file(reading, share):
                yield self._prepared(Staged(ordinal, reading), share)

    def _prepared(self, one: Staged, share: Share) -> Staged:
        """Prepare an article, unless it is stored as it is."""
        article = one.reading
        if not isinstance(article, Article) or article.content_hash in share.due.hashes:
            return one
        try:
            return replace(one, prepared=prepare(article, self._embedder))
        except Exception:  # noqa: BLE001 - who puts the articles tries it again, and says what is wrong
            return one

    def _embedded(self, waiting: list[tuple[int, Staged]]) -> Iterator[tuple[int, Staged]]:
        texts = [text for _, one in waiting if one.prepared for text in one.prepared.texts]
        vectors = self._embedder.embed_passages(texts)
        begin = 0
        for number, one in waiting:
            end = begin + (len(one.prepared.texts) if one.prepared else 0)
            yield number, replace(one, vectors=vectors[begin:end]) if one.prepared else one
            begin = end


def treatment_of(model: ModelCard) -> str:
    """Identify what becomes of an article, in the keys of shares: format, release, model and rules."""
    return f"{FORMAT} {version('dateline')} {model.fingerprint} {model.dimension} {readings_fingerprint()}"


def _is_of_the_file(reading: Reading, share: Share) -> bool:
    """Whether something is said of the whole file: every share tells it, for one alone may have met with it."""
    return isinstance(reading, Skipped) and reading.origin == str(share.due.file.path)
