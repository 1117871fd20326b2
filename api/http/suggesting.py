"""Look for questions that the archive answers, in the background, and keep them for a while."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.http.lending import Lending
from api.schemas import SuggestionsResponse
from search.asking.suggestions import Suggestion, suggest
from search.errors import DatelineError

_LOG = logging.getLogger(__name__)
_LEAST_SECONDS = 600.0  # an archive that grows all the time is not asked anew with every article
_MOST_SCOPES = 16
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was found of a state of the archive, and when it was looked for."""

    state: str
    began: float
    found: tuple[Suggestion, ...]


class Suggesting:
    """Looks for questions, one scope at a time, and keeps those of each. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def of(self, room: Lending) -> SuggestionsResponse:
        """Give what was found as far as a request reaches; where it is not of now, begin to look, without waiting.

        Raises:
            DatelineError: If the archive cannot be asked.
        """
        with room.engine():
            state = room.state()
        with self._guard:
            kept = self._kept.get(room.scope.name)
            is_new = kept is not None and (kept.state == state or self._clock() - kept.began < _LEAST_SECONDS)
            if not is_new and self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._look, args=(room, state), daemon=True)
                self._thread.start()
        found = kept.found if kept else ()
        if kept is not None and kept.state != state:
            found = _still_there(found, room)
        return SuggestionsResponse.of(found, complete=is_new)

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)

    def _look(self, room: Lending, state: str) -> None:
        began = self._clock()
        found: tuple[Suggestion, ...] = ()
        try:
            with room.engine() as engine:
                found = suggest(engine, go_on=lambda: not self._closed.is_set())
        except DatelineError as error:
            _LOG.warning("No questions could be looked for: %s", error)
        except Exception:  # noqa: BLE001 - of a thread: it would be lost, and would be looked for for ever
            _LOG.exception("No questions could be looked for.")
        with self._guard:
            self._kept.pop(room.scope.name, None)
            for oldest in list(self._kept)[: len(self._kept) + 1 - _MOST_SCOPES]:
                del self._kept[oldest]
            self._kept[room.scope.name] = _Kept(state, began, found)
            self._thread = None


def _still_there(found: tuple[Suggestion, ...], room: Lending) -> tuple[Suggestion, ...]:
    """Those whose article can still be found, and still has the words that answer."""
    with room.archive() as archive, archive.stored() as snapshot:
        stored = snapshot.read([one.article_id for one in found])
    return tuple(
        one
        for one in found
        if (dossier := stored.get(one.article_id)) is not None
        and dossier.withdrawal is None
        and dossier.superseded_by is None
        and one.answer in dossier.article.body
    )


def _suggesting(request: Request) -> Suggesting:
    suggesting: Suggesting = request.app.state.suggesting
    return suggesting


Suggested = Annotated[Suggesting, Depends(_suggesting)]
