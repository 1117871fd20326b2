"""Open the archive and load the model while the server already answers."""

import gc
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from api.http.limits import Turns
from api.http.metrics import Metrics
from api.http.observation import Tracing
from api.http.settings import HttpSettings
from indexer.dossier import readings_fingerprint
from indexer.ingest import end_embargoes
from search.archive import StoredArchive, create_archive, open_archive
from search.archive.addresses import is_there, mark_of
from search.archive.protocol import check_model
from search.asking.engine import Engine
from search.asking.results import identities
from search.errors import ArchiveBusyError, ArchiveMissingError, DatelineError, ModelError
from search.models import Models, load_models
from search.models.close_reading import CloseReaderCard
from search.models.embedding import Embedder, ModelCard, load_embedder
from search.quoting.alignment import CitationStatus
from search.settings import processor_count

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 10.0
_RELEASES_EVERY_SECONDS = 20.0
_SEEN_IN_ANSWERS = {"least_closeness", "wanted_precision", "profile", "search_reads"}
"""The settings that an answer depends on, once it is within limits; models are told by what identifies them."""
ASK_AGAIN = "Ask again in a moment."


class NotReadyError(DatelineError):
    """The server is still loading; the same request will succeed later."""


@dataclass(slots=True, eq=False)
class _Opened:
    """An open archive.

    Attributes:
        archive: The archive.
        mark: What tells it from another in the same place.
        engine: What answers from it, once there is a model.
        borrowers: How many requests use it now.
        replaced: Whether it is only open until they have ended.
    """

    archive: StoredArchive
    mark: object
    engine: Engine | None = None
    borrowers: int = 0
    replaced: bool = False


class EngineRoom:
    """Lends the archive and the engine as soon as each can be had. Safe to share between threads.

    The model is loaded once, in the background. The archive is opened when it is first there: one that is made
    while the server runs, also in the place of another, is found by the next request. What is lent stays open
    until it is given back.
    """

    def __init__(
        self,
        settings: HttpSettings,
        embedder: Embedder | None = None,
        metrics: Metrics | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        """Prepare to open what `settings` name.

        Args:
            settings: What to open.
            embedder: Used in place of the configured model.
            metrics: Where answers are counted.
            tracing: What makes spans of questions; None for none.
        """
        self.metrics = metrics or Metrics()
        self.turns = Turns(settings.threads or processor_count())
        self.tracing = tracing
        self._settings = settings
        self._embedder = embedder
        self._loaded = embedder is not None
        self._guard = threading.Lock()
        self._current: _Opened | None = None
        self._open: list[_Opened] = []
        self._verified: Counter[CitationStatus] = Counter()
        self._models = Models()
        self._failure: DatelineError | None = None
        self._stage = "the model is being loaded"
        self._closed = False
        self._loader = threading.Thread(target=self._load, name="dateline-loading", daemon=True)
        self._closing = threading.Event()
        self._releaser = threading.Thread(target=self._release, name="dateline-embargoes", daemon=True)

    @property
    def settings(self) -> HttpSettings:
        """What it was made with."""
        return self._settings

    def start(self) -> None:
        """Begin to load the model, without waiting for it, and to end embargoes when they are over."""
        self._loader.start()
        self._releaser.start()

    def wait(self, seconds: float) -> None:
        """Wait until the models are loaded, or cannot be, at most so long."""
        self._loader.join(seconds)

    def close(self) -> None:
        """Let go of the archive, at once or when the last request that uses it ends.

        Waits a little for a model that is still loading.
        """
        with self._guard:
            self._closed = True
            self._let_go()
        self._closing.set()
        self._loader.join(_PATIENCE_SECONDS)
        if self._releaser.is_alive():
            self._releaser.join(_PATIENCE_SECONDS)

    def card(self) -> ModelCard | None:
        """What identifies the loaded model; None while there is none."""
        with self._guard:
            return self._embedder.card if self._embedder else None

    def close_reader_card(self) -> CloseReaderCard | None:
        """What identifies the loaded close reader; None while there is none."""
        with self._guard:
            return self._models.close_reader.card if self._models.close_reader else None

    def verified(self) -> Mapping[CitationStatus, int]:
        """Citations by the outcome of their verification since the server began; each answer's all or none."""
        with self._guard:
            total = self._verified.copy()
            answering = [opened for opened in self._open if opened.engine]
            for opened in answering:
                opened.borrowers += 1
        try:
            for opened in answering:
                total.update(opened.engine.counts_of_verification() if opened.engine else {})
        finally:
            for opened in answering:
                self._give_back(opened)
        return dict(total)

    def state(self) -> str:
        """Name all that an answer depends on beside the request and the day: equal states, equal answers.

        Raises:
            DatelineError: If nothing can be answered now.
        """
        with self._borrowed() as opened:
            card, number = opened.archive.card, opened.archive.number
            verification = opened.archive.verification()
        with self._guard:
            embedder, models = self._model(), self._models
        parts = (
            version("dateline"),
            *(card.archive_id, card.lineage, str(number), readings_fingerprint()),
            str(verification),
            *identities(embedder.card, models, closely=True).values(),
            self._settings.model_dump_json(include=_SEEN_IN_ANSWERS),
        )
        return "\n".join(parts)

    @contextmanager
    def archive(self) -> Iterator[StoredArchive]:
        """Lend the archive, which needs no model.

        Raises:
            ArchiveError: If it cannot be opened.
            NotReadyError: If the server is closing.
        """
        with self._borrowed() as opened:
            yield opened.archive

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Lend the engine.

        Raises:
            ArchiveError: If the archive cannot be opened, or was made with another model.
            ModelError: If the model could not be loaded.
            NotReadyError: If it is not loaded yet, or the server is closing.
        """
        with self._borrowed() as opened:
            with self._guard:
                embedder = self._model()
                is_first = opened.engine is None
                if opened.engine is None:
                    opened.engine = Engine(opened.archive, embedder, self._settings, models=self._models)
                engine, card = opened.engine, embedder.card
            # Another process may have embedded the archive again, with another model.
            check_model(opened.archive.card, card)
            if is_first:
                with opened.archive.snapshot():
                    pass  # what is lent can be asked though another archive takes its place meanwhile
            yield engine

    @contextmanager
    def writing(self) -> Iterator[tuple[StoredArchive, Embedder]]:
        """Lend what it takes to store articles; an archive that is not there yet is made.

        Raises:
            ArchiveError: If the archive cannot be opened or made, or was made with another model.
            ModelError: If the model could not be loaded.
            NotReadyError: If it is not loaded yet, or the server is closing.
        """
        with self._guard:
            embedder = self._model()
            if not self._closed and not is_there(self._settings.index, self._settings.storage_timeout):
                create_archive(self._settings.index, embedder.card, self._settings.storage_timeout).close()
        with self._borrowed() as opened:
            check_model(opened.archive.card, embedder.card)
            yield opened.archive, embedder

    def _model(self) -> Embedder:
        if self._failure is not None:
            raise self._failure.with_traceback(None)  # or it would grow with every request
        if self._embedder is None or not self._loaded:
            raise NotReadyError(f"Dateline is not ready yet: {self._stage}.", ASK_AGAIN)
        return self._embedder

    @contextmanager
    def _borrowed(self) -> Iterator[_Opened]:
        with self._guard:
            opened = self._find()
            opened.borrowers += 1
        try:
            yield opened
        finally:
            self._give_back(opened)

    def _give_back(self, opened: _Opened) -> None:
        with self._guard:
            opened.borrowers -= 1
            self._close_if_done(opened)

    def _find(self) -> _Opened:
        """The archive that is in the folder now, opened if it is not the one that is open."""
        if self._closed:
            raise NotReadyError("Dateline is shutting down.")
        mark = mark_of(self._settings.index)
        if self._current is not None and self._current.mark != mark:
            self._let_go()
        if self._current is None:
            self._current = _Opened(open_archive(self._settings.index, self._settings.storage_timeout), mark)
            self._open.append(self._current)
        return self._current

    def _let_go(self) -> None:
        if self._current is not None:
            self._current.replaced = True
            self._close_if_done(self._current)
            self._current = None

    def _close_if_done(self, opened: _Opened) -> None:
        if opened.replaced and not opened.borrowers:
            self._open.remove(opened)
            self._verified.update(opened.engine.counts_of_verification() if opened.engine else {})
            opened.archive.close()

    def _load(self) -> None:
        if self._loaded:
            return
        try:
            embedder = load_embedder(self._settings, self._tell)
            with self._guard:
                self._embedder = embedder  # it is told of even if one of the others fails
            models = load_models(self._settings, self._tell)
        except DatelineError as error:
            _LOG.error("%s", error)
            failure: DatelineError | None = error
        except Exception:  # noqa: BLE001 - of a thread: it would be lost, and the server would never be ready
            _LOG.exception("The model could not be loaded.")
            failure = ModelError("The model could not be loaded.", "The server's log says why.")
        else:
            # What is loaded stays: the collector need not look at it again with every question.
            gc.collect()
            gc.freeze()
            with self._guard:
                self._models, self._loaded = models, True
            return
        with self._guard:
            self._failure = failure

    def _release(self) -> None:
        """End embargoes as they are over, for as long as the room is open; what cannot be ended stays hidden."""
        told = ""
        while not self._closing.wait(_RELEASES_EVERY_SECONDS):
            try:
                with self.archive() as archive:
                    released = end_embargoes(archive, datetime.now(UTC))
            except (ArchiveMissingError, NotReadyError, ArchiveBusyError):
                continue
            except Exception as error:  # noqa: BLE001 - of a thread: it would be lost, and no embargo would end
                if str(error) != told:
                    _LOG.warning("Embargoes cannot be ended: %s", error)
                told = str(error)
                continue
            if released:
                _LOG.info("The embargo of %d articles has ended.", len(released))

    def _tell(self, stage: str) -> None:
        _LOG.info("%s", stage)
        with self._guard:
            self._stage = stage
