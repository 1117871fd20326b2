"""A run whose files workers of a Ray cluster read and prepare, put here by the archive's one writer.

The run is the pipeline's own: it asks for file after file, in order, and is given what workers staged of each. So
an archive that a cluster filled is what one machine would have made of the same files. Workers run ahead of the
writer. Whoever is ended, worker or writer, loses nothing: what is committed the archive knows, what is staged the
staging, and the same run again does the rest.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from heapq import merge
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexer import pipeline
from indexer.cluster.objects import find_objects, is_object
from indexer.cluster.partitions import Partition, Share, partitions, shares_of
from indexer.cluster.pool import Pool, cluster
from indexer.cluster.staging import Place, Staged, Staging, staged_in
from indexer.cluster.worker import Order, treatment_of
from indexer.dossier import Prepared, prepare
from indexer.families import likeness
from indexer.ingest import ROUNDS_AHEAD
from indexer.preparation import digest_of
from indexer.progress import Committed, IndexReport, Progress
from indexer.readers import InputFile, Reading, ReadOptions, Skipped, find_files, read_file
from indexer.settings import ClusterSettings
from search.archive import Archive
from search.article import Article
from search.errors import ArchiveBusyError, ClusterError, DatelineError, SettingsError
from search.models.embedding import Embedder, load_embedder
from search.models.embedding.embedder import ModelCard, Vectors
from search.settings import Settings

if TYPE_CHECKING:
    from pyarrow import Table

    from indexer.preparation import Due

_LOOK_SECONDS = 0.5


def index(  # noqa: PLR0913 - what a run may be given, by name
    paths: Iterable[Path],
    archive: Archive,
    embedder: Embedder,
    options: ReadOptions,
    on_progress: Callable[[Progress], None] = lambda _: None,
    *,
    address: str,
    settings: ClusterSettings,
    load: Callable[[], Embedder],
    stopping: Callable[[], bool] = lambda: False,
) -> IndexReport:
    """Bring what is in files and folders into an archive, read and embedded by a Ray cluster.

    As `indexer.pipeline.index`, which see, with the same outcome. Every machine sees the files under the same
    paths.

    Args:
        paths: Files, folders, and objects and prefixes of a store (`s3://bucket/prefix`).
        archive: Where to.
        embedder: The archive's model.
        options: How files are read, and within which limits.
        on_progress: Told how far the run is, and who is at work.
        address: Of the cluster, as Ray has it; `local` starts one on this machine.
        settings: How many workers, where they stage, how long to wait.
        load: Loads the archive's model for a worker; `loader_of` makes it of settings.
        stopping: Asked between articles, and while waiting for workers, whether to stop.

    Raises:
        ArchiveError: If the archive cannot be written.
        ClusterError: If the cluster cannot do its share.
        SettingsError: If Ray is not installed, or the place of staging cannot be used.
    """
    place = staging_of(settings, archive.card.archive_id)
    order = Order(load, options, Path.cwd(), place)
    with cluster(address):
        staged = StagedPreparation(Staging(place), order, settings, embedder, on_progress, stopping)
        try:
            report = pipeline.index(
                paths,
                archive,
                staged.embedder,
                options,
                staged.tell,
                on_commit=staged.committed,
                stopping=stopping,
                preparation=staged,
            )
        finally:
            staged.close()
        if not report.stopped:
            with suppress(ArchiveBusyError), archive.write():  # another run may be staging there by now
                staged.clear()
    return report


def loader_of(settings: ClusterSettings) -> Callable[[], Embedder]:
    """Make what loads the model of a run for its workers.

    Folders that were not set are those of the worker's own machine; GPUs are torch's.
    """
    names = ("model", "backend", "precision", "cache", "prepared_models")
    chosen = {name: getattr(settings, name) for name in names if name in settings.model_fields_set}
    if settings.ray_gpus:
        chosen = {"backend": "torch"} | chosen
    return partial(_load, chosen | {"threads": settings.threads or max(1, round(settings.ray_cpus))})


def _load(chosen: dict[str, object]) -> Embedder:
    return load_embedder(Settings.load(**chosen))


def staging_of(settings: ClusterSettings, archive_id: str) -> str:
    """Where the partitions of an archive are staged: a part of its own of the place that is set.

    Raises:
        SettingsError: If no place is set, and the archive is not in a folder.
    """
    if settings.ray_staging:
        place = settings.ray_staging
    elif isinstance(settings.index, str):
        raise SettingsError(
            f"{settings.index} is no folder, so that there is no place to stage partitions.",
            "Name one that every machine sees: --staging s3://bucket/prefix or --staging FOLDER",
        )
    else:
        place = str(settings.index / "staging")
    if "://" not in place:
        return str(Path(place).absolute() / archive_id)
    head, mark, query = place.partition("?")
    return f"{head.rstrip('/')}/{archive_id}{mark}{query}"


def forget_staged(settings: ClusterSettings, archive_id: str) -> str:
    """Remove what a run that was broken off left staged of an archive; whoever calls writes to the archive.

    Returns:
        Where it was; empty if there was nothing.

    Raises:
        SettingsError: If the place of staging cannot be used.
    """
    if isinstance(settings.index, str) and not settings.ray_staging:
        return ""
    place = staging_of(settings, archive_id)
    if "://" not in place and not Path(place).exists():
        return ""
    staging = Staging(place)
    held = staging.holds_anything
    staging.clear()
    return place.partition("?")[0] if held else ""


class StagedVectors:
    """An `Embedder` that gives the vectors that workers staged, and makes those that they did not."""

    def __init__(self, embedder: Embedder) -> None:
        """Make with an embedder what was not staged."""
        self._embedder = embedder
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self._expected = Counter[str]()
        self._guard = threading.Lock()

    @property
    def card(self) -> ModelCard:
        """What identifies the model."""
        return self._embedder.card

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Take staged vectors, shape (len(texts), dimension), until each is asked for; while others are, maybe."""
        with self._guard:
            self._vectors.update(zip(texts, vectors, strict=True))
            self._expected.update(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text; see `Embedder.count_tokens`."""
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Give the vectors of a round of texts; see `Embedder.embed_passages`."""
        vectors = np.empty((len(texts), self.card.dimension), dtype=np.float32)
        missing = []
        for row, text in enumerate(texts):
            vector = self._taken(text)
            if vector is None:
                missing.append(row)
            else:
                vectors[row] = vector
        if on_progress and len(missing) < len(texts):
            on_progress(len(texts) - len(missing))
        if missing:
            vectors[missing] = self._embedder.embed_passages([texts[row] for row in missing], on_progress)
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question: a unit vector of shape (dimension,), float32."""
        return self._embedder.embed_question(text)

    def _taken(self, text: str) -> npt.NDArray[np.float32] | None:
        """The vector of a text; it is let go when it has been taken as often as it was given."""
        with self._guard:
            vector = self._vectors.get(text)
            self._expected[text] -= 1
            if self._expected[text] <= 0:
                del self._expected[text]
                self._vectors.pop(text, None)
            return vector


class StagedPreparation:
    """A `Preparation` by the workers of a cluster; see `indexer.preparation.Preparation`.

    Attributes:
        embedder: Gives the vectors of what was prepared.
    """

    def __init__(
        self,
        staging: Staging,
        order: Order,
        settings: ClusterSettings,
        embedder: Embedder,
        on_progress: Callable[[Progress], None],
        stopping: Callable[[], bool],
    ) -> None:
        """Have files read and prepared as ordered, and staged."""
        self.embedder = StagedVectors(embedder)
        self._own = embedder
        self._staging = staging
        self._treatment = treatment_of(embedder.card)
        self._on_progress = on_progress
        self._stopping = stopping
        self._progress = Progress(0, 0, 0, 0, None)
        self._shares: dict[Path, tuple[Share, ...]] = {}
        self._news = threading.Condition()
        self._ledger: dict[str, Place] = {}
        self._lost: dict[str, str] = {}
        self._end: DatelineError | None = None
        self._pool = Pool(order, settings, self._treatment, self._note, self._give_up, self._stop)
        self._table: tuple[str, Table] | None = None
        self._last: Staged | None = None
        self._open: set[str] = set()
        self._read_through: set[str] = set()
        self._passed: deque[set[str]] = deque()
        self._removed: set[str] = set()

    def find(self, paths: Iterable[Path]) -> Iterator[InputFile | Skipped]:
        """List the files, and the objects of a store, at and below paths."""
        for path in paths:
            yield from find_objects(path) if is_object(path) else find_files([path])

    def begin(self, due: Iterable["Due"]) -> None:
        """Have the workers begin on the files that are due and not staged yet."""
        for one in due:
            self._shares[one.file.path] = shares_of(one, self._treatment)
        self._ledger = self._staging.ledger()
        shares = chain.from_iterable(self._shares.values())
        unstaged = [share for share in shares if share.key not in self._ledger]
        self._pool.start(partitions(unstaged, self._pool.settings.ray_partition_bytes))

    def digest(self, file: InputFile) -> str:
        """SHA-256 (hex) of a file's content; waits until its workers have taken it.

        Empty where a part was given up, so that the file is read again in the next run.
        """
        if file.path not in self._shares:  # what declares its fields changed a moment ago
            return digest_of(file)
        places = [self._place(share) for share in self._shares[file.path]]
        staged = [place for place in places if isinstance(place, Place)]
        return staged[0].digest if len(staged) == len(places) else ""

    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Reading]:
        """Give what was staged of a file, in order; waits until it is."""
        self._last = None
        found = [(share, self._place(share)) for share in self._shares.get(file.path, ())]
        if any(place is None for _, place in found):
            return
        staged = [(share, place) for share, place in found if isinstance(place, Place)]
        yield from sorted({Skipped(str(file.path), lost) for _, lost in found if isinstance(lost, str)}, key=str)
        now = {place.partition for _, place in staged}
        if not found or now & self._removed:  # it was given twice, say, and is not known yet for what it let go
            yield from read_file(file, options)
            return
        self._pass_on(now)
        told: set[Skipped] = set()
        for one in merge(*starmap(self._rows, staged), key=lambda one: one.ordinal):
            self._last = one
            if len(staged) > 1 and isinstance(one.reading, Skipped):
                if one.reading in told:  # what is said of the whole file, every share says
                    continue
                told.add(one.reading)
            yield one.reading

    def prepare(self, article: Article) -> Prepared:
        """Give what was staged of the article that was read last; prepare it here if nothing was."""
        one = self._last
        if one is None or one.prepared is None or one.vectors is None:
            return prepare(article, self._own)
        dossier = replace(one.prepared.dossier, article=article)
        if article.id != one.prepared.article.id:
            dossier = replace(dossier, likeness=likeness(article))
        self.embedder.add(one.prepared.texts, one.vectors)
        return replace(one.prepared, dossier=dossier)

    def tell(self, progress: Progress) -> None:
        """Tell how far the run is, and who is at work."""
        self._progress = progress
        crew = self._pool.crew
        self._on_progress(replace(progress, workers=crew.workers, nodes=crew.nodes))

    def committed(self, _: Committed) -> None:
        """Remove what is staged of files that are committed: those read through before the rounds under way."""
        self._passed.append(self._read_through)
        self._read_through = set()
        if len(self._passed) > ROUNDS_AHEAD:
            done = self._passed.popleft()
            self._staging.remove(done)
            self._removed |= done

    def clear(self) -> None:
        """Remove all that is staged: the run is done."""
        self._staging.clear()

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def _place(self, share: Share) -> Place | str | None:
        """Wait for a share: where it is staged, why it is given up, or None when the run is to stop.

        Raises:
            DatelineError: If it will never come.
        """
        with self._news:
            while True:
                if place := self._ledger.get(share.key):
                    return place
                if lost := self._lost.get(share.key):
                    return lost
                if self._end:
                    raise self._end
                if self._stopping():
                    return None
                if not self._pool.is_working:
                    raise ClusterError(f"Nothing came of {share.due.file.path}.", "Run the same command again.")
                self._news.wait(_LOOK_SECONDS)
                self.tell(self._progress)

    def _pass_on(self, now: set[str]) -> None:
        """Note that the partitions that were read before are read to their ends."""
        self._read_through |= self._open - now
        self._open = now

    def _rows(self, share: Share, place: Place) -> Iterator[Staged]:
        if share.of > 1:
            return self._staging.rows(place.partition)
        if self._table is None or self._table[0] != place.partition:
            self._table = place.partition, self._staging.table(place.partition)
        return staged_in(self._table[1], place.number)

    def _note(self, partition: Partition, digests: Sequence[str]) -> None:
        places = (Place(partition.name, number, digest) for number, digest in enumerate(digests))
        with self._news:
            self._ledger.update(zip((share.key for share in partition.shares), places, strict=True))
            self._news.notify_all()

    def _give_up(self, partition: Partition, reason: str) -> None:
        with self._news:
            self._lost.update((share.key, reason) for share in partition.shares)
            self._news.notify_all()

    def _stop(self, error: DatelineError) -> None:
        with self._news:
            self._end = error
            self._news.notify_all()
