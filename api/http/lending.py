"""What is lent to one request: the archive and the engine, as far as its scope reaches, and never further."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.http.door import NotAllowedError, entry_of
from api.http.engine_room import EngineRoom
from api.http.limits import still_wanted
from api.http.settings import HttpSettings
from api.writing.writer import Written
from search.archive import EVERYTHING, Scope, StoredArchive
from search.archive.protocol import ScopedArchive, Snapshot
from search.article import Article
from search.asking.engine import Engine
from search.asking.results import Answer
from search.errors import DatelineError
from search.models.close_reading import CloseReaderCard
from search.models.embedding import Embedder, ModelCard
from search.quoting.alignment import CitationStatus

_SHARE_TO_WAIT = 0.5


class LentArchive(ScopedArchive):
    """The archive that is served, as far as a scope reaches."""

    def __init__(self, archive: StoredArchive, scope: Scope) -> None:
        super().__init__(archive, scope)
        self._local = archive

    @property
    def number(self) -> int:
        """Number of its last committed change."""
        return self._local.number

    @property
    def bytes_on_disk(self) -> int | None:
        """Size of its folder; None where not all of its sources are seen."""
        return self._local.bytes_on_disk if self._scope.sources is None else None

    @property
    def written(self) -> datetime | None:
        """When its database was last written to, in UTC; None where not all of its sources are seen."""
        return self._local.written if self._scope.sources is None else None

    @property
    def being_written(self) -> bool:
        """Whether articles are being stored in it now; never where not all of its sources are seen."""
        return self._local.being_written and self._scope.sources is None

    def stored(self) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state without its indexes."""
        return self._local.stored(self._scope)


class Lending:
    """An engine room, for one request."""

    def __init__(self, room: EngineRoom, scope: Scope) -> None:
        """Lend from `room` what `scope` holds."""
        self._room = room
        self.scope = scope

    @property
    def settings(self) -> HttpSettings:
        """What the room was made with."""
        return self._room.settings

    def state(self) -> str:
        """Name all that an answer depends on beside the request and the day; see `EngineRoom.state`."""
        return f"{self._room.state()}\n{self.scope.name}"

    def being_written(self) -> bool:
        """Tell whether articles are being stored now; not where there is no archive to be read."""
        try:
            with self.archive() as archive:
                return archive.being_written
        except DatelineError:
            return False

    def wait(self, seconds: float) -> None:
        """Wait until the models are loaded; see `EngineRoom.wait`."""
        self._room.wait(seconds)

    def card(self) -> ModelCard | None:
        """What identifies the loaded model; None while there is none."""
        return self._room.card()

    def close_reader_card(self) -> CloseReaderCard | None:
        """What identifies the loaded close reader; None while there is none."""
        return self._room.close_reader_card()

    def verified(self) -> Mapping[CitationStatus, int]:
        """Citations by the outcome of their verification; none where not all sources are seen: they are of all."""
        return self._room.verified() if self.scope.sources is None else {}

    @contextmanager
    def archive(self) -> Iterator[LentArchive]:
        """Lend the archive to be read; see `EngineRoom.archive`."""
        with self._room.archive() as archive:
            yield LentArchive(archive, self.scope)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Lend the engine; see `EngineRoom.engine`."""
        with self._room.engine() as engine:
            yield engine.within(self.scope)

    @contextmanager
    def asking(self, kind: str, k: int, *, patiently: bool = False) -> Iterator[Engine]:
        """Lend the engine for one question, which is traced where that is wanted; see `EngineRoom.engine`.

        Args:
            kind: `ask`, `search` or `timeline`.
            k: How many results are wanted at most.
            patiently: Whether its turn is waited for however long that takes.

        Raises:
            TooBusyError: If it could not begin in half of the time that it has.
        """
        patience = None if patiently else _SHARE_TO_WAIT * self.settings.http_max_seconds
        with ExitStack() as stack:
            engine = stack.enter_context(self.engine())
            stack.enter_context(self._room.turns.turn(patience, still_wanted))
            if tracing := self._room.tracing:
                card = engine.archive.card
                stack.enter_context(tracing.retrieval(card.archive_id, card.model, k, kind))
            yield engine

    def count(self, answer: Answer) -> None:
        """Count an answer by its tier, or by why there is none."""
        self._room.metrics.count_answer(answer)

    def count_written(self, written: Written, seconds: float) -> None:
        """Count what came of a wish for a written answer."""
        self._room.metrics.count_written(written, seconds)

    def reaches(self, article: Article | None) -> bool:
        """Tell whether an article is of a source that the request may change; None is what is of no article."""
        return self.scope.holds(article.source if article else None)

    def permit(self, article: Article) -> None:
        """Refuse to change an article of a source that the request does not reach.

        Raises:
            NotAllowedError: Naming it.
        """
        if not self.reaches(article):
            raise NotAllowedError(
                f"The key reaches some sources only, and the article {article.id!r} is of none of them.",
                "Give the article one of the sources of the key, and an id of its own.",
            )

    def refused(self, archive: StoredArchive, articles: Sequence[Article]) -> dict[str, NotAllowedError]:
        """Tell which articles, by id, `permit` would refuse as the archive is now: them, or what they replace."""
        if self.scope.sources is None:
            return {}
        ids = {id_ for article in articles for id_ in (article.id, article.supersedes) if id_}
        with archive.stored(EVERYTHING) as snapshot:
            stored = {id_: dossier.article for id_, dossier in snapshot.read(ids).items()}
        refused = {}
        for article in articles:
            try:
                for concerned in (article, stored.get(article.id), stored.get(article.supersedes or "")):
                    if concerned is not None:
                        self.permit(concerned)
            except NotAllowedError as error:
                refused[article.id] = error
        return refused

    @contextmanager
    def writing(self) -> Iterator[tuple[StoredArchive, Embedder]]:
        """Lend what it takes to store articles, which is the whole archive; see `EngineRoom.writing`."""
        with self._room.writing() as lent:
            yield lent

    @contextmanager
    def removing(self) -> Iterator[StoredArchive]:
        """Lend what it takes to remove articles, which is the whole archive; see `EngineRoom.archive`."""
        with self._room.archive() as archive:
            yield archive


def lending(request: Request) -> Lending:
    """Lend to a request what its key reaches.

    Raises:
        RuntimeError: If it did not pass the door.
    """
    return Lending(request.app.state.room, entry_of(request.scope).sees)


Room = Annotated[Lending, Depends(lending)]
