"""The trip of an article: read, split, tag times, embed, write.

It goes in rounds of a few seconds, each committed, so that an interrupted run loses little, goes on where it
stopped, and readers see what is stored as it comes.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from indexer.dossier import Prepared, prepare, read_article_statements, split_article, tag_article
from indexer.identity import identified
from indexer.ingest import Pace
from indexer.readers import InputFile, Reading, ReadOptions, Skipped, find_files, read_file
from indexer.readers.clearance import UNDER_EMBARGO
from indexer.readers.contract import LIMITS
from indexer.readers.fields import read_sidecar
from indexer.readers.opening import open_file
from indexer.readers.registry import flaw
from search.archive import Archive, InputRecord, Outcome, Writer
from search.article import Article, Withdrawal
from search.errors import DatelineError, InputError
from search.models.embedding import Embedder
from search.models.embedding.embedder import Vectors

ReadFile = Callable[[InputFile, ReadOptions], Iterator[Reading]]
"""Reads the articles of a file, in order."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing run is.

    Attributes:
        files: Files finished reading.
        files_found: Files there are.
        passages: Passages embedded.
        passages_expected: Passages there are, as far as can be told.
        reading: The file being read; None while embedding.
    """

    files: int
    files_found: int
    passages: int
    passages_expected: int
    reading: Path | None


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit of an indexing run made durable: whatever happens from now on, it is stored.

    Attributes:
        snapshot: The archive's snapshot from then on.
        article_ids: Of the articles read since the last commit, those left as they were included.
    """

    snapshot: int
    article_ids: tuple[str, ...]


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did and committed.

    Attributes:
        files: Files found.
        unchanged_files: Those that had not changed since they were last read.
        added: Articles new in the archive.
        replaced: Articles stored in place of one with the same id and other content.
        unchanged: Articles read again that had not changed.
        outdated: Older versions of stored articles, which they did not replace.
        expired: Articles of days that were pruned, which were not taken in.
        withdrawn: Articles, stored or not, of which it became known that they must not be used.
        removed: Articles whose file no longer has them.
        passages: Passages embedded.
        skipped: Files and records that could not be read, and why.
        remarked: What there is to say of articles that were read: what was left out, what stood in for what.
        seconds: How long it took.
        snapshot: The archive's snapshot when it was done.
        stopped: Whether it was asked to stop before it was done; the same run again goes on from here.
    """

    files: int = 0
    unchanged_files: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    outdated: int = 0
    expired: int = 0
    withdrawn: int = 0
    removed: int = 0
    passages: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    remarked: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    snapshot: int = 0
    stopped: bool = False

    @property
    def passages_per_second(self) -> float:
        """Passages embedded per second of the whole run."""
        return self.passages / self.seconds if self.seconds else 0.0


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

    Raises:
        ArchiveError: If the archive cannot be written.
    """
    run = _Run(archive, embedder, options, on_progress, read, on_commit, stopping, pace or Pace())
    return run.index(list(paths))


def embed_again(
    archive: Archive, embedder: Embedder, on_progress: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Split and embed every stored article with another model, all or nothing; returns the passages.

    Args:
        archive: The archive, made with any model.
        embedder: The model it shall have from now on.
        on_progress: Told how many articles of how many are done.

    Raises:
        ArchiveBusyError: If another process is writing.
    """
    passages = 0
    with archive.write() as writer:
        ids = archive.ids()
        for number, article_id in enumerate(ids, start=1):
            article = archive.article(article_id)
            spans, texts = split_article(article, embedder)
            vectors = embedder.embed_passages(texts)
            writer.put_again(article, spans, vectors, tag_article(article), read_article_statements(article))
            passages += len(spans)
            on_progress(number, len(ids))
        writer.set_model(embedder.card)
        writer.commit()
    return passages


@dataclass(frozen=True, slots=True)
class _New:
    prepared: Prepared
    path: Path

    @property
    def article(self) -> Article:
        return self.prepared.article


@dataclass(frozen=True, slots=True)
class _Same:
    article: Article
    path: Path


@dataclass(frozen=True, slots=True)
class _FileRead:
    record: InputRecord
    ids: frozenset[str]
    withdrawn: frozenset[str]
    path: Path


_Piece = _New | _Same | Withdrawal | _FileRead


class _Run:
    """One indexing run."""

    def __init__(
        self,
        archive: Archive,
        embedder: Embedder,
        options: ReadOptions,
        on_progress: Callable[[Progress], None],
        read: ReadFile,
        on_commit: Callable[[Committed], None],
        stopping: Callable[[], bool],
        pace: Pace,
    ) -> None:
        self._archive = archive
        self._embedder = embedder
        self._options = options
        self._on_progress = on_progress
        self._read_file = read
        self._on_commit = on_commit
        self._stopping = stopping
        self._pace = pace
        self._report = IndexReport()
        self._files_read = 0
        self._bytes_read = 0
        self._bytes_found = 0
        self._passages_read = 0
        self._pending: dict[str, Article] = {}
        self._letting_go: list[tuple[_FileRead, set[str]]] = []

    def index(self, paths: list[Path]) -> IndexReport:
        began = time.perf_counter()
        files = self._find(paths)
        with self._archive.write() as writer:
            self._archive.check_model(self._embedder.card)
            self._pace.begin(self._archive.counts()[1])
            for round_ in self._rounds(files):
                self._write(writer, round_)
            if not self._report.stopped:
                # Last, because what one file let go another may hold by now.
                for read, gone in self._letting_go:
                    self._report.removed += writer.finish_input(read.record, read.ids, gone)
            self._tell(None)
            self._report.snapshot = writer.commit()
        self._report.seconds = time.perf_counter() - began
        return self._report

    def _find(self, paths: list[Path]) -> list[InputFile]:
        files = []
        for found in find_files(paths):
            if isinstance(found, Skipped):
                self._report.skipped.append(found)
            else:
                files.append(found)
        self._report.files = len(files)
        self._bytes_found = sum(file.size for file in files)
        return files

    def _rounds(self, files: list[InputFile]) -> Iterator[list[_Piece]]:
        work: list[_Piece] = []
        passages = 0
        for file in files:
            self._tell(file.path)
            for piece in self._read(file):
                if self._must_stop():
                    return
                work.append(piece)
                passages += len(piece.prepared.spans) if isinstance(piece, _New) else 0
                if self._pace.is_full(passages):
                    yield work
                    work, passages = [], 0
            self._files_read += 1
            self._bytes_read += file.size
            if self._must_stop():
                return
        if work:
            yield work

    def _must_stop(self) -> bool:
        self._report.stopped = self._stopping()
        return self._report.stopped

    def _read(self, file: InputFile) -> Iterator[_Piece]:
        known = self._archive.input(file.path)
        recipe = _recipe(file.path, self._options)
        same_recipe = known is not None and known.digest.endswith(recipe)
        if known and same_recipe and (known.size, known.modified_ns) == (file.size, file.modified_ns):
            self._leave(known)
            return
        try:
            with open_file(file.path) as stream:
                digest = file_digest(stream, "sha256").hexdigest() + recipe
        except (InputError, OSError):
            digest = ""  # the reader will say what is wrong with it
        if known and known.digest == digest:
            self._leave(known)
            return
        ids, withdrawn, skipped = set(), set[str](), []
        for read in self._read_file(file, self._options):
            if isinstance(read, Skipped):
                skipped.append((read.origin, read.reason))
                self._report.skipped.append(read)
                continue
            if isinstance(read, Withdrawal):
                withdrawn.update(read.article_ids)
                yield read
                continue
            prepared = self._prepare(read, file.path)
            if isinstance(prepared, Skipped):
                skipped.append((prepared.origin, prepared.reason))
                self._report.skipped.append(prepared)
                continue
            ids.add(prepared.article.id)
            self._report.remarked += [Skipped(read.origin, remark) for remark in prepared.article.remarks]
            yield prepared
        if ids or withdrawn:
            path = str(file.path.absolute())
            # What is under embargo is looked for again in the next run, though the file has not changed.
            awaits = any(reason.startswith(UNDER_EMBARGO) for _, reason in skipped)
            record = InputRecord(
                path, file.size, file.modified_ns, "" if awaits else digest, len(ids), tuple(skipped)
            )
            yield _FileRead(record, frozenset(ids), frozenset(withdrawn), file.path)

    def _leave(self, known: InputRecord) -> None:
        self._report.unchanged_files += 1
        self._report.unchanged += known.articles
        self._report.skipped += [Skipped(origin, reason) for origin, reason in known.skipped]

    def _known(self, article_id: str) -> Article | None:
        if article_id in self._pending:
            return self._pending[article_id]
        return self._archive.article(article_id) if self._archive.content_hash(article_id) else None

    def _prepare(self, read: Article, path: Path) -> _New | _Same | Skipped:
        article = identified(read, self._known)
        stored = self._archive.content_hash(article.id)
        if article.id not in self._pending and stored == article.content_hash:
            return _Same(article, path)
        try:
            prepared = prepare(article, self._embedder)
        except DatelineError:
            raise
        except Exception as error:  # noqa: BLE001 - a flaw that one text brings to light must not end the run
            return Skipped(article.origin, f"{flaw(error)}; it is left out.")
        self._pending[article.id] = article
        self._passages_read += len(prepared.spans)
        return _New(prepared, path)

    def _write(self, writer: Writer, work: list[_Piece]) -> None:
        texts = [text for piece in work if isinstance(piece, _New) for text in piece.prepared.texts]
        vectors = self._embedder.embed_passages(texts, self._count)
        self._pace.embedded(len(texts))
        begin = 0
        for piece in work:
            match piece:
                case _New(prepared, path):
                    end = begin + len(prepared.spans)
                    self._put(writer, prepared, vectors[begin:end], path)
                    begin = end
                case Withdrawal():
                    self._report.withdrawn += len(writer.withdraw(piece))
                case _Same(article, path):
                    writer.keep(article, path)
                    self._report.unchanged += 1
                case _FileRead(record, ids, withdrawn, path):
                    # What stands in the part that could not be read is not gone, nor is what was withdrawn.
                    gone = set() if record.skipped else writer.gone(path, ids | withdrawn)
                    if gone:
                        self._letting_go.append((piece, gone))
                    else:
                        writer.finish_input(record, ids)
        snapshot = writer.commit()
        self._pace.committed()
        stored = tuple(piece.article.id for piece in work if isinstance(piece, _New | _Same))
        self._on_commit(Committed(snapshot, stored))

    def _put(self, writer: Writer, prepared: Prepared, vectors: Vectors, path: Path) -> None:
        outcome = prepared.put(writer, vectors, path)
        self._pending.pop(prepared.article.id, None)
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
        self._on_progress(Progress(self._files_read, self._report.files, self._report.passages, expected, reading))


def _recipe(path: Path, options: ReadOptions) -> str:
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
