"""Open the archive and load the model while the server already answers."""

import logging
import threading
from collections.abc import Mapping

from search.alignment import CitationStatus
from search.answer import Engine
from search.archive import Archive
from search.archive.failures import failing_clearly
from search.embedding import Embedder, ModelCard, load_embedder
from search.errors import ArchiveMissingError, DatelineError, ModelError
from search.models import AnswerReader, Reranker, load_reader, load_reranker
from search.settings import Settings

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 10.0
ASK_AGAIN = "Ask again in a moment."


class NotReadyError(DatelineError):
    """The server is still loading; the same request will succeed later."""


class EngineRoom:
    """Hands out the archive and the engine as soon as each can be had. Safe to share between threads.

    The model is loaded once, in the background. The archive is opened when it is first there: one that is made
    while the server runs is found by the next request.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        """Prepare to open what `settings` name; `embedder` is used in place of the configured model."""
        self._settings = settings
        self._embedder = embedder
        self._guard = threading.Lock()
        self._archive: Archive | None = None
        self._engine: Engine | None = None
        self._reranker: Reranker | None = None
        self._reader: AnswerReader | None = None
        self._failure: DatelineError | None = None
        self._stage = "the model is being loaded"
        self._closed = False
        self._loader = threading.Thread(target=self._load, name="dateline-loading", daemon=True)

    @property
    def settings(self) -> Settings:
        """What it was made with."""
        return self._settings

    def start(self) -> None:
        """Begin to load the model, without waiting for it."""
        self._loader.start()

    def close(self) -> None:
        """Let go of the archive; waits a little for a model that is still loading."""
        with self._guard:
            self._closed = True
            if self._archive is not None:
                self._archive.close()
            self._archive = self._engine = None
        self._loader.join(_PATIENCE_SECONDS)

    def card(self) -> ModelCard | None:
        """What identifies the loaded model; None while there is none."""
        with self._guard:
            return self._embedder.card if self._embedder else None

    def verified(self) -> Mapping[CitationStatus, int]:
        """Citations by the outcome of their verification since the engine was made."""
        with self._guard:
            return dict(self._engine.verified) if self._engine else {}

    def archive(self) -> Archive:
        """Give the archive, which needs no model.

        Raises:
            ArchiveError: If it cannot be opened.
            NotReadyError: If the server is closing.
        """
        with self._guard:
            return self._open()

    def engine(self) -> Engine:
        """Give the engine.

        Raises:
            ArchiveError: If the archive cannot be opened, or was made with another model.
            ModelError: If the model could not be loaded.
            NotReadyError: If it is not loaded yet.
        """
        with self._guard:
            archive = self._open()
            embedder = self._loaded()
            if self._engine is None:
                self._engine = Engine(
                    archive, embedder, self._settings, reranker=self._reranker, reader=self._reader
                )
            engine, card = self._engine, embedder.card
        # Another process may have embedded the archive again, with another model.
        archive.check_model(card)
        return engine

    def writing(self) -> tuple[Archive, Embedder]:
        """Give what it takes to store articles; an archive that is not there yet is made.

        Raises:
            ArchiveError: If the archive cannot be opened or made, or was made with another model.
            ModelError: If the model could not be loaded.
            NotReadyError: If it is not loaded yet.
        """
        with self._guard:
            embedder = self._loaded()
            try:
                archive = self._open()
            except ArchiveMissingError:
                with failing_clearly(self._settings.index):
                    archive = self._archive = Archive.create(self._settings.index, embedder.card)
        archive.check_model(embedder.card)
        return archive, embedder

    def _loaded(self) -> Embedder:
        if self._failure is not None:
            raise self._failure.with_traceback(None)  # or it would grow with every request
        if self._embedder is None:
            raise NotReadyError(f"Dateline is not ready yet: {self._stage}.", ASK_AGAIN)
        return self._embedder

    def _open(self) -> Archive:
        if self._closed:
            raise NotReadyError("Dateline is shutting down.")
        if self._archive is None:
            self._archive = Archive.open(self._settings.index)
        return self._archive

    def _load(self) -> None:
        if self._embedder is not None:
            return
        try:
            reranker = load_reranker(self._settings, self._tell)
            reader = load_reader(self._settings, self._tell)
            embedder = load_embedder(self._settings, self._tell)
        except DatelineError as error:
            _LOG.error("%s", error)
            failure: DatelineError | None = error
        except Exception:  # noqa: BLE001 - of a thread: it would be lost, and the server would never be ready
            _LOG.exception("The model could not be loaded.")
            failure = ModelError("The model could not be loaded.", "The server's log says why.")
        else:
            with self._guard:
                self._embedder, self._reranker, self._reader = embedder, reranker, reader
            return
        with self._guard:
            self._failure = failure

    def _tell(self, stage: str) -> None:
        _LOG.info("%s", stage)
        with self._guard:
            self._stage = stage
