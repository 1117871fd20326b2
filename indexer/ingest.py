"""The one loop of ingestion: prepare, embed, put, commit; whatever articles come from.

Files, HTTP, feeds, evaluation and embedding anew give pieces; a round of them is embedded together and put by a
writer. A long run commits every few seconds' worth of work, so that little can be lost. What takes long, reading
and embedding, needs no lock: questions go on meanwhile. A round is embedded in a thread beside, while the one
before it is put and committed and the next is read.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Event
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

import numpy as np

from indexer.dossier import (
    Prepared,
    prepare,
)
from search.archive.protocol import Archive, Snapshot, Writer, check_model
from search.archive.records import Outcome
from search.archive.scope import EVERYTHING
from search.article import Article
from search.errors import ArticleNotFoundError
from search.models.embedding import Embedder
from search.models.embedding.embedder import Vectors

TEXTS_A_ROUND = 256

ROUNDS_AHEAD = 2
"""Rounds that are embedded, or wait for it, before the first of them is put: no more are in memory."""

Requirement = Callable[[str | None], None]
"""Is given the content hash that is stored under an id, None for none; raises if that is not as it must be."""

Permit = Callable[[Article], None]
"""Is given each article that a change concerns, the one that comes and those it replaces; raises if it may not."""


class Piece(Protocol):
    """What a round is made of."""

    @property
    def texts(self) -> Sequence[str]:
        """What is to be embedded before it is put; empty when nothing is."""
        ...

    def put(self, writer: Writer, vectors: Vectors) -> None:
        """Put it; `vectors` are of its texts, shape (len(texts), dimension). Does not commit."""
        ...


OnePiece = TypeVar("OnePiece", bound=Piece)


def ingest(
    pieces: Iterable[OnePiece],
    writer: Writer,
    embedder: Embedder,
    *,
    is_full: Callable[[int], bool],
    stopped: Callable[[], bool] = lambda: False,
    on_embedded: Callable[[int], None] = lambda _: None,
) -> Iterator[list[OnePiece]]:
    """Embed and put pieces, a round after the other; after each the caller commits, or not.

    Pieces are read and put in the thread of the caller, who is told there, too, of what is embedded beside.

    Args:
        pieces: In order. When one is asked for, up to two rounds of those before it may not have been put yet.
        writer: Puts them.
        embedder: The archive's model.
        is_full: Tells whether a round of so many texts is to be embedded now.
        stopped: Tells, when the pieces end, whether that was before their time; what is not being embedded by then
            is dropped.
        on_embedded: Told of texts as they are embedded.

    Yields:
        The pieces of each round, when they are put.
    """
    round_: list[OnePiece] = []
    texts = 0
    told = SimpleQueue[int]()
    with _Beside(embedder, told.put) as beside:
        ahead = _Rounds[OnePiece](beside, told, on_embedded)
        for piece in pieces:
            round_.append(piece)
            texts += len(piece.texts)
            if is_full(texts):
                ahead.embed(round_)
                round_, texts = [], 0
            while ahead.is_ready():
                yield ahead.put(writer)
        if stopped():
            ahead.drop_waiting()
        elif round_:
            ahead.embed(round_)
        while ahead:
            yield ahead.put(writer)


class _Beside:
    """Embeds in a thread of its own, one call after the other; what has begun when it is left ends early."""

    def __init__(self, embedder: Embedder, on_embedded: Callable[[int], None] = lambda _: None) -> None:
        """`on_embedded` is told of texts as they are embedded, in that thread."""
        self._embedder = embedder
        self._on_embedded = on_embedded
        self._thread = ThreadPoolExecutor(1, "dateline-embedding")
        self._left = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.shutdown(cancel_futures=True)

    def embed(self, texts: Sequence[str]) -> Future[Vectors]:
        """Have texts embedded after those that are waiting."""
        return self._thread.submit(self._embedder.embed_passages, texts, self._tell)

    def _tell(self, texts: int) -> None:
        if self._left.is_set():
            raise CancelledError
        self._on_embedded(texts)


class _Rounds(Generic[OnePiece]):
    """The rounds that are embedded beside or wait for it, at most `ROUNDS_AHEAD`."""

    def __init__(self, beside: _Beside, told: SimpleQueue[int], on_embedded: Callable[[int], None]) -> None:
        """Pass on to `on_embedded` what is `told` from the thread beside."""
        self._beside = beside
        self._told = told
        self._on_embedded = on_embedded
        self._rounds: deque[tuple[list[OnePiece], Future[Vectors]]] = deque()

    def __len__(self) -> int:
        return len(self._rounds)

    def embed(self, round_: list[OnePiece]) -> None:
        """Have a round embedded after those that are there."""
        embedding = self._beside.embed([text for piece in round_ for text in piece.texts])
        embedding.add_done_callback(lambda _: self._told.put(0))  # wakes who waits for it
        self._rounds.append((round_, embedding))

    def is_ready(self) -> bool:
        """Tell whether the first round is to be put before another piece is read."""
        self._pass_on()
        return len(self._rounds) >= ROUNDS_AHEAD or (bool(self._rounds) and self._rounds[0][1].done())

    def put(self, writer: Writer) -> list[OnePiece]:
        """Put the first round as soon as it is embedded."""
        round_, embedding = self._rounds.popleft()
        while not embedding.done():
            self._pass_on(self._told.get())
        self._pass_on()
        put_round(round_, writer, embedding.result())
        return round_

    def drop_waiting(self) -> None:
        """Drop the rounds whose embedding has not begun."""
        while self._rounds and self._rounds[-1][1].cancel():
            self._rounds.pop()

    def _pass_on(self, texts: int = 0) -> None:
        while not self._told.empty():
            texts += self._told.get()
        if texts:
            self._on_embedded(texts)


def put_round(pieces: Sequence[Piece], writer: Writer, vectors: Vectors) -> None:
    """Put pieces whose texts are embedded, in order."""
    begin = 0
    for piece in pieces:
        end = begin + len(piece.texts)
        piece.put(writer, vectors[begin:end])
        begin = end


# Articles at hand, in one commit


@dataclass(slots=True)
class _Sent:
    """An article that was sent, prepared unless it was stored already."""

    article: Article
    prepared: Prepared | None
    require: Requirement
    embedder: Embedder
    insist: bool
    permit: Permit
    outcome: Outcome = Outcome.UNCHANGED

    @property
    def texts(self) -> Sequence[str]:
        return self.prepared.texts if self.prepared else ()

    def put(self, writer: Writer, vectors: Vectors) -> None:
        for concerned in (self.article.id, self.article.supersedes):
            if concerned and (known := writer.article(concerned)):
                self.permit(known)  # before anything is said of what is stored
        stored = writer.content_hash(self.article.id)
        self.require(stored)
        if stored == self.article.content_hash:
            return
        if self.prepared is None:  # it was stored a moment ago, and is no more
            self.prepared = prepare(self.article, self.embedder)
            vectors = self.embedder.embed_passages(self.texts)
        dossier = self.prepared.dossier
        self.outcome = writer.put(dossier, vectors)
        if self.outcome is Outcome.OLDER and self.insist:
            writer.remove(self.article.id)
            writer.put(dossier, vectors)
            self.outcome = Outcome.REPLACED


def store_articles(
    articles: Sequence[Article],
    archive: Archive,
    embedder: Embedder,
    *,
    require: Requirement = lambda _: None,
    insist: bool = False,
    permit: Permit = lambda _: None,
    on_step: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Store articles in the order given, as one snapshot; what is stored with equal content is left as it is.

    They are prepared and embedded, some while the next are prepared, before the archive is locked.

    Args:
        articles: What to store; of several with one id the last counts, unless it is an older version.
        archive: Where to.
        embedder: The model that the archive was made with.
        require: Looks at what is stored, once nobody else can change it; if it raises, nothing is stored.
        insist: Have an older version replace a later one, too.
        permit: Looks at each article that is stored or replaced; if it raises, nothing is stored.
        on_step: Called now and then, last before the commit; if it raises, nothing is stored.

    Returns:
        What became of each.

    Raises:
        ArchiveError: If the archive cannot be written.
    """
    with archive.snapshot(EVERYTHING) as snapshot:
        stored = content_hashes(snapshot, (article.id for article in articles))
    sent, changing = list[_Sent](), set[str]()
    parts, waiting = list[Future[Vectors]](), list[str]()
    with _Beside(embedder) as beside:
        for article in articles:
            on_step()
            permit(article)
            is_stored = article.id not in changing and stored.get(article.id) == article.content_hash
            if not is_stored:
                changing.add(article.id)
            prepared = None if is_stored else prepare(article, embedder)
            sent.append(_Sent(article, prepared, require, embedder, insist, permit))
            waiting += sent[-1].texts
            while len(waiting) >= TEXTS_A_ROUND:
                parts.append(beside.embed(waiting[:TEXTS_A_ROUND]))
                waiting = waiting[TEXTS_A_ROUND:]
        if not changing:
            for article in articles:
                require(article.content_hash)
            return [Outcome.UNCHANGED] * len(articles)
        parts.append(beside.embed(waiting))
        vectors = np.concatenate([_when_embedded(part, on_step) for part in parts])
    with archive.write() as writer:
        check_model(archive.card, embedder.card)
        put_round(sent, writer, vectors)
        on_step()
        writer.release(datetime.now(UTC))
        writer.commit()
    return [one.outcome for one in sent]


def remove_article(
    article_id: str,
    archive: Archive,
    *,
    require: Requirement = lambda _: None,
    reaches: Callable[[Article | None], bool] = lambda _: True,
) -> None:
    """Remove an article everywhere.

    Args:
        article_id: Its id.
        archive: Where from.
        require: Looks at what is stored; if it raises, nothing is removed.
        reaches: Tells whether what is stored, None for no article, may be removed; else it is as if nothing were.

    Raises:
        ArticleNotFoundError: If there is neither an article nor a withdrawal of this id.
        ArchiveError: If the archive cannot be written.
    """
    with archive.write() as writer:
        stored = writer.article(article_id)
        if not reaches(stored):
            require(None)
            raise ArticleNotFoundError(f"There is no article {article_id!r} to remove.")
        require(stored.content_hash if stored else None)
        writer.remove(article_id)
        writer.commit()


def end_embargoes(archive: Archive, now: datetime) -> list[str]:
    """End the embargoes that are over, in a commit of its own; nothing is written when there are none.

    Returns:
        The ids of the articles that are seen from now on.

    Raises:
        ArchiveError: If the archive cannot be written; they stay hidden.
    """
    with archive.snapshot(EVERYTHING) as snapshot:
        due = snapshot.facts.next_release
    if due is None or due > now:
        return []
    with archive.write() as writer:
        released = writer.release(now)
        writer.commit()
    return released


def content_hashes(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Content hashes of stored articles by id; ids that are not stored are left out."""
    return {id_: dossier.article.content_hash for id_, dossier in snapshot.read(list(ids)).items()}


def _when_embedded(part: Future[Vectors], on_step: Callable[[], None]) -> Vectors:
    on_step()
    return part.result()
