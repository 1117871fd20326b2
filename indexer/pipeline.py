"""An indexing run over files and folders: which are read, which are left alone, and what became of them.

It goes in rounds of a few seconds, each committed, so that an interrupted run loses little, goes on where it
stopped, and readers see what is stored as it comes.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from indexer.dossier import Prepared
from indexer.identity import identified
from indexer.ingest import ingest
from indexer.preparation import Due, LocalPreparation, Preparation, ReadFile
from indexer.progress import Committed, IndexReport, Pace, Progress
from indexer.readers import InputFile, ReadOptions, Skipped, read_file
from indexer.readers.clearance import UNDER_EMBARGO, kept_out
from indexer.readers.contract import LIMITS
from indexer.readers.fields import read_sidecar
from indexer.readers.registry import flaw
from search.archive.protocol import Archive, Writer, check_model
from search.archive.records import InputRecord, Outcome
from search.article import Article, Withdrawal
from search.errors import DatelineError, InputError
from search.models.embedding import Embedder
from search.models.embedding.embedder import Vectors


def index(  # noqa: PLR0913 - what a run may be given, by name
    paths: Iterable[Path],
    archive: Archive,
    embedder: Embedder,
    options: ReadOptions,
    on_progress: Callable[[Progress], None] = lambda _: None,
    *,
    read: ReadFile = read_file,
    on_commit: Callable[[Committed], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
    pace: Pace | None = None,
    preparation: Preparation | None = None,
) -> IndexReport:
    """Bring what is in files and folders into an archive; unchanged files are not read again.

    Bad files and records are reported, never raised; the rest goes on. What is committed stays, however the run
    ends, and a run over the same paths goes on from there.

    Args:
        paths: Files and folders.
        archive: Where to.
        embedder: The archive's model.
        options: How files are read, and within which limits.
        on_progress: Told how far the run is.
        read: What reads a file: `read_file`, or an `IsolatedReader`, which also bounds time and memory.
        on_commit: Told what is stored for good.
        stopping: Asked between articles whether to stop; what is being embedded then is still committed.
        pace: How much is done between commits.
        preparation: Where files are read and articles prepared; None for here, with `read`.

    Raises:
        ArchiveError: If the archive cannot be written.
    """
    preparation = preparation or LocalPreparation(read, embedder)
    run = _Run(archive, embedder, options, on_progress, preparation, on_commit, stopping, pace or Pace())
    return run.index(list(paths))


@dataclass(frozen=True, slots=True)
class _New:
    """An article that is new or was changed."""

    prepared: Prepared
    path: Path
    put_and_tell: Callable[["_New", Writer, Vectors], None]

    @property
    def article(self) -> Article:
        return self.prepared.article

    @property
    def texts(self) -> Sequence[str]:
        return self.prepared.texts

    def put(self, writer: Writer, vectors: Vectors) -> None:
        self.put_and_tell(self, writer, vectors)


@dataclass(frozen=True, slots=True)
class _Same:
    """An article that is stored with equal content."""

    article: Article
    path: Path
    report: IndexReport
    texts: Sequence[str] = ()

    def put(self, writer: Writer, _vectors: Vectors) -> None:
        writer.keep(self.article, self.path)
        self.report.unchanged += 1


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    """A notice that articles must not be used any more."""

    withdrawal: Withdrawal
    report: IndexReport
    texts: Sequence[str] = ()

    def put(self, writer: Writer, _vectors: Vectors) -> None:
        self.report.withdrawn += len(writer.withdraw(self.withdrawal))


@dataclass(frozen=True, slots=True)
class _FileRead:
    """A file whose articles have all been put."""

    record: InputRecord
    ids: frozenset[str]
    withdrawn: frozenset[str]
    path: Path
    letting_go: "list[tuple[_FileRead, set[str]]]"
    texts: Sequence[str] = ()

    def put(self, writer: Writer, _vectors: Vectors) -> None:
        # What stands in the part that could not be read is not gone, nor is what was withdrawn.
        gone = set() if self.record.skipped else writer.gone(self.path, self.ids | self.withdrawn)
        if gone:
            self.letting_go.append((self, gone))
        else:
            writer.finish_input(self.record, self.ids)


_Piece = _New | _Same | _Withdrawn | _FileRead


class _Run:
    """One indexing run."""

    def __init__(
        self,
        archive: Archive,
        embedder: Embedder,
        options: ReadOptions,
        on_progress: Callable[[Progress], None],
        preparation: Preparation,
        on_commit: Callable[[Committed], None],
        stopping: Callable[[], bool],
        pace: Pace,
    ) -> None:
        self._archive = archive
        self._embedder = embedder
        self._options = options
        self._on_progress = on_progress
        self._preparation = preparation
        self._on_commit = on_commit
        self._stopping = stopping
        self._pace = pace
        self._report = IndexReport()
        self._files_read = 0
        self._bytes_read = 0
        self._bytes_found = 0
        self._passages_read = 0
        self._articles_read = 0
        self._pending: dict[str, Article] = {}
        self._letting_go: list[tuple[_FileRead, set[str]]] = []

    def index(self, paths: list[Path]) -> IndexReport:
        began = time.perf_counter()
        files = self._find(paths)
        with self._archive.write() as writer:
            check_model(self._archive.card, self._embedder.card)
            with self._archive.snapshot() as snapshot:
                self._pace.begin(snapshot.facts.passages)
            self._preparation.begin(self._due(files, writer))
            for round_ in ingest(
                self._pieces(files, writer),
                writer,
                self._embedder,
                is_full=self._pace.is_full,
                stopped=lambda: self._report.stopped,
                on_embedded=self._count,
            ):
                self._pace.embedded(sum(len(piece.texts) for piece in round_))
                self._commit(writer, round_)
            if not self._report.stopped:
                # Last, because what one file let go another may hold by now.
                for read, gone in self._letting_go:
                    self._report.removed += writer.finish_input(read.record, read.ids, gone)
            self._tell(None)
            writer.release(datetime.now(UTC))
            self._report.snapshot = writer.commit()
        self._report.seconds = time.perf_counter() - began
        return self._report

    def _find(self, paths: list[Path]) -> list[InputFile]:
        files = []
        for found in self._preparation.find(paths):
            if isinstance(found, Skipped):
                self._report.skipped.append(found)
            else:
                files.append(found)
        self._report.files = len(files)
        self._bytes_found = sum(file.size for file in files)
        return files

    def _pieces(self, files: list[InputFile], writer: Writer) -> Iterator[_Piece]:
        for file in files:
            self._tell(file.path)
            for piece in self._read(file, writer):
                if self._must_stop():
                    return
                yield piece
            self._files_read += 1
            self._bytes_read += file.size
            if self._must_stop():
                return

    def _must_stop(self) -> bool:
        self._report.stopped = self._stopping()
        return self._report.stopped

    def _due(self, files: list[InputFile], writer: Writer) -> Iterator[Due]:
        """Yield the files that are not certainly as they were when they were last read."""
        for file in files:
            known, recipe = writer.input(file.path), recipe_of(file.path, self._options)
            if known is None:
                yield Due(file, recipe)
            elif not _is_as_it_was(file, known, recipe):
                held = map(writer.content_hash, writer.gone(file.path, ()))
                digest = known.digest.removesuffix(recipe) if known.digest.endswith(recipe) else ""
                yield Due(file, recipe, digest, frozenset(filter(None, held)))

    def _read(self, file: InputFile, writer: Writer) -> Iterator[_Piece]:
        known, recipe = writer.input(file.path), recipe_of(file.path, self._options)
        if known and _is_as_it_was(file, known, recipe):
            self._leave(known)
            return
        digest = self._preparation.digest(file)
        digest = digest and digest + recipe
        if known and digest and known.digest == digest:  # without one nothing is known of its content
            self._leave(known)
            return
        ids, withdrawn, skipped = set(), set[str](), []
        for read in self._preparation.read(file, self._options):
            if isinstance(read, Skipped):
                skipped.append((read.origin, read.reason))
                self._report.skipped.append(read)
                continue
            if isinstance(read, Withdrawal):
                withdrawn.update(read.article_ids)
                yield _Withdrawn(read, self._report)
                continue
            piece = self._prepare(read, file.path, writer)
            if isinstance(piece, Skipped):
                skipped.append((piece.origin, piece.reason))
                self._report.skipped.append(piece)
                continue
            ids.add(piece.article.id)
            self._articles_read += 1
            self._report.remarked += [Skipped(read.origin, remark) for remark in piece.article.remarks]
            yield piece
        if ids or withdrawn:
            path = str(file.path.absolute())
            # What is under embargo is looked for again in the next run, though the file has not changed.
            awaits = any(reason.startswith(UNDER_EMBARGO) for _, reason in skipped)
            record = InputRecord(
                path, file.size, file.modified_ns, "" if awaits else digest, len(ids), tuple(skipped)
            )
            yield _FileRead(record, frozenset(ids), frozenset(withdrawn), file.path, self._letting_go)

    def _leave(self, known: InputRecord) -> None:
        self._report.unchanged_files += 1
        self._report.unchanged += known.articles
        self._articles_read += known.articles
        self._report.skipped += [Skipped(origin, reason) for origin, reason in known.skipped]

    def _prepare(self, read: Article, path: Path, writer: Writer) -> _New | _Same | Skipped:
        article = identified(read, lambda id_: self._pending.get(id_) or writer.article(id_))
        if article.id not in self._pending and writer.content_hash(article.id) == article.content_hash:
            return _Same(article, path, self._report)
        known = self._pending.get(article.id) or (writer.article(article.id) if article.embargo else None)
        if reason := kept_out(article, known, self._options.now):
            return Skipped(article.origin, reason)
        try:
            prepared = self._preparation.prepare(article)
        except DatelineError:
            raise
        except Exception as error:  # noqa: BLE001 - a flaw that one text brings to light must not end the run
            return Skipped(article.origin, f"{flaw(error)}; it is left out.")
        self._pending[article.id] = article
        self._passages_read += len(prepared.texts)
        return _New(prepared, path, self._put)

    def _commit(self, writer: Writer, pieces: Sequence[_Piece]) -> None:
        writer.release(datetime.now(UTC))
        snapshot = writer.commit()
        self._pace.committed()
        stored = tuple(piece.article.id for piece in pieces if isinstance(piece, _New | _Same))
        self._on_commit(Committed(snapshot, stored))

    def _put(self, piece: _New, writer: Writer, vectors: Vectors) -> None:
        outcome = writer.put(piece.prepared.dossier, vectors, piece.path)
        if self._pending.get(piece.article.id) is piece.article:  # else a later version is on its way
            del self._pending[piece.article.id]
        match outcome:
            case Outcome.ADDED:
                self._report.added += 1
            case Outcome.REPLACED:
                self._report.replaced += 1
            case Outcome.UNCHANGED:
                self._report.unchanged += 1
            case Outcome.OLDER:
                self._report.outdated += 1
            case Outcome.EXPIRED:
                self._report.expired += 1

    def _count(self, passages: int) -> None:
        self._report.passages += passages
        self._tell(None)

    def _tell(self, reading: Path | None) -> None:
        unread = self._bytes_found - self._bytes_read
        rate = self._passages_read / self._bytes_read if self._bytes_read else 0.0
        expected = self._passages_read + round(unread * rate)
        articles = self._articles_read / self._bytes_read if self._bytes_read else 0.0
        report = self._report
        done = report.added + report.replaced + report.unchanged + report.outdated + report.expired
        self._on_progress(
            Progress(
                self._files_read,
                report.files,
                report.passages,
                expected,
                reading,
                done,
                self._articles_read + round(unread * articles),
            )
        )


def _is_as_it_was(file: InputFile, known: InputRecord, recipe: str) -> bool:
    """Tell, without opening it, that a file has not changed since it was read in this way."""
    same = (known.size, known.modified_ns) == (file.size, file.modified_ns)
    return same and known.digest.endswith(recipe)


def recipe_of(path: Path, options: ReadOptions) -> str:
    """Identify how a file is read: 16 hex digits that change with the options and its declared fields."""
    try:
        declared = read_sidecar(path) or b""
    except InputError as error:
        declared = str(error).encode()  # the reader will say so, too
    stated: tuple[object, ...] = (sorted(options.fields.items()), options.date_order, options.encoding, declared)
    limits = tuple(getattr(options, name) for name in LIMITS)
    if limits != tuple(getattr(ReadOptions(), name) for name in LIMITS):
        stated = (*stated, limits)
    return "-" + sha256(repr(stated).encode()).hexdigest()[:16]
