"""An archive of Lance tables: its snapshots, and the one writer at a time that changes it."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import uuid4

from search.archive.engines import OpenArchive, writing_alone
from search.archive.lance.check import OnProgress, check
from search.archive.lance.failing import failing_clearly
from search.archive.lance.place import TIMEOUT_SECONDS, Lease, Place
from search.archive.lance.record import Record
from search.archive.lance.snapshot import LanceSnapshot
from search.archive.lance.state import TOTALS, State
from search.archive.lance.tables import Tables
from search.archive.lance.upkeep import (
    DEFAULT_REGIME,
    KEPT_FOR,
    Regime,
    check_lists,
    clean_up,
    is_due,
    keep_up,
)
from search.archive.lance.writer import LanceWriter
from search.archive.protocol import check_model
from search.archive.records import ArchiveCard
from search.archive.scope import PUBLISHED, Scope
from search.errors import (
    ArchiveBusyError,
    ArchiveError,
    ArchiveMissingError,
    ArticleNotFoundError,
    QueryError,
)
from search.models.embedding.embedder import ModelCard

_LOG = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long after a commit from elsewhere an archive on object storage may still show what was before it."""

_PATIENCE_SECONDS = 2.0


class LanceArchive(OpenArchive):
    """An archive of Lance tables, open; see `search.archive.protocol.Archive`. Safe to share between threads."""

    def __init__(
        self, place: Place, record: Record, regime: Regime = DEFAULT_REGIME, patience: float = _PATIENCE_SECONDS
    ) -> None:
        """Use `LanceArchive.open` or `LanceArchive.create`."""
        self.place = place
        self._regime = regime
        self._patience = patience
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        with failing_clearly(place):
            self._state = State.of(record, Tables(place, record.versions, record.dimension))
        self._looked = time.monotonic()

    @classmethod
    def open(
        cls,
        address: str,
        regime: Regime = DEFAULT_REGIME,
        patience: float = _PATIENCE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
    ) -> Self:
        """Open an existing archive.

        Args:
            address: `lance://FOLDER` or `s3://BUCKET/PREFIX`.
            regime: From which sizes on passages are found by indexes, and tables are kept up.
            patience: How many seconds a writer waits for another.
            timeout: How many seconds a request to object storage may take; see `Place`.

        Raises:
            ArchiveMissingError: If there is none.
            ArchiveMismatchError: If it was made with another schema.
            ArchiveDiskError: If its storage does not answer.
        """
        place = Place(address, timeout)
        record = _last(place)
        if record is None:
            raise ArchiveMissingError(
                f"There is no archive in {address}.", f"Make one: dateline index PATH... --index {address}"
            )
        return cls(place, record, regime, patience)

    @classmethod
    def create(
        cls,
        address: str,
        card: ModelCard,
        regime: Regime = DEFAULT_REGIME,
        patience: float = _PATIENCE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
    ) -> Self:
        """Open the archive at an address, making an empty one for this model if there is none.

        Raises:
            ArchiveMismatchError: If there is one, of another schema or model.
        """
        place = Place(address, timeout)
        with failing_clearly(place):
            place.make()
            record = place.latest() or _made(place, card)
        archive = cls(place, record, regime, patience)
        check_model(archive.card, card)
        return archive

    @staticmethod
    def is_there(address: str, timeout: float = TIMEOUT_SECONDS) -> bool:
        """Tell whether there is an archive at an address."""
        return _last(Place(address, timeout)) is not None

    @property
    def card(self) -> ArchiveCard:
        """What it is, as of the last commit."""
        return self.current().card

    @property
    def number(self) -> int:
        """Number of the last committed change."""
        return self.current().record.number

    @property
    def bytes_on_disk(self) -> int:
        """Size of all that is stored, earlier versions included."""
        with failing_clearly(self.place):
            return self.place.size

    @property
    def being_written(self) -> bool:
        """Whether somebody is storing articles in it now."""
        with failing_clearly(self.place):
            return self.place.holder() is not None

    @property
    def written(self) -> datetime:
        """When it was last committed to, in UTC."""
        return datetime.fromisoformat(self.current().record.made)

    def verification(self) -> tuple[bool, bool]:
        """Tell whether indexes are as they were saved; Lance's are named by the version that they are of."""
        return True, True

    @contextmanager
    def snapshot(self, scope: Scope | None = None) -> Iterator[LanceSnapshot]:
        """Hold the last committed state; see `Archive.snapshot`."""
        yield LanceSnapshot(self.current(), scope or PUBLISHED, self._regime.exact_limit)

    def stored(self, scope: Scope = PUBLISHED) -> AbstractContextManager[LanceSnapshot]:
        """Hold the last committed state; see `StoredArchive.stored`."""
        return self.snapshot(scope)

    @contextmanager
    def write(self) -> Iterator[LanceWriter]:
        """Become the archive's one writer; see `Archive.write`."""
        with self._lease() as lease:
            with failing_clearly(self.place):
                writer = LanceWriter(self.current(anew=True), lease, self._become)
            yield writer
            try:
                with failing_clearly(self.place):
                    due = is_due(self.current(), self._regime)
                if due:
                    self._keep_up(lease)
            except ArchiveError as error:  # what was stored is committed all the same
                _LOG.warning("%s Its tables are kept up later.", error.problem)

    # Care

    def keep_up(self, *, anew: bool = False) -> int:
        """Join fragments, bring indexes up to date, and delete versions that nothing names any more.

        Args:
            anew: Make every index from nothing.

        Returns:
            How many versions of tables were deleted.

        Raises:
            ArchiveBusyError: If another process is writing.
            ArchiveDiskError: If it cannot be written; what was there before stays.
        """
        with self._lease() as lease:
            return self._keep_up(lease, anew=anew)

    def erase(self, ids: Sequence[str]) -> int:
        """Remove articles, write anew all tables and indexes that had them, and delete every earlier state.

        Who reads an earlier state at that moment is told that something is lacking, and may open the archive anew.
        What is broken off is gone on with when it is called again.

        Returns:
            The number of the snapshot without them.

        Raises:
            ArticleNotFoundError: If one is not stored and never was.
            QueryError: If a tag may have one. Nothing is changed, unless somebody made the tag meanwhile: then the
                articles are removed, and the tag still has them.
            ArchiveBusyError: If another process is writing.
        """
        wanted = list(dict.fromkeys(ids))
        self._check_tags(wanted)
        with failing_clearly(self.place):
            state = self.current(anew=True)
            known = state.changed_since(-1)
        for article_id in wanted:
            if article_id not in known and state.noted(article_id) is None:
                raise ArticleNotFoundError(f"The archive never had an article {article_id!r}.")
        with self.write() as writer:
            for article_id in wanted:
                with suppress(ArticleNotFoundError):
                    writer.remove(article_id)
                    writer.remove(article_id)  # a withdrawal outlives its article
            number = writer.commit()
        with self._lease() as lease:
            self._check_tags(wanted)  # whoever makes one waits for no writer
            self._keep_up(lease, erased=True)
            self._check_tags(wanted)  # made while tables were written anew: it kept what it names
        return number

    def _check_tags(self, ids: Sequence[str]) -> None:
        """Refuse tags that may have some articles.

        Raises:
            QueryError: If there are any.
        """
        with failing_clearly(self.place):
            tags = [name for name, record in self.place.tags().items() if self._may_hold(record, ids)]
        if tags:
            raise QueryError(
                f"The tags {', '.join(tags)} may have what is to be erased, and a tag cannot be changed.",
                f"Delete them, and run this again: dateline tag --delete NAME --index {self.place.address}",
            )

    def _may_hold(self, record: Record, ids: Sequence[str]) -> bool:
        """Tell whether a state or one before it had some articles: rows that were removed are only marked so."""
        tables = Tables(self.place, record.versions, record.dimension)
        try:
            return len(tables.having("changes", "id", ids, ("id",))) > 0
        except FileNotFoundError:  # what cannot be looked at may have them
            return True

    def rebuild(self) -> None:
        """Make the indexes anew; see `StoredArchive.rebuild`."""
        self.keep_up(anew=True)

    def check(self, on_progress: OnProgress = lambda *_: None) -> list[str]:
        """Look at everything that is stored; every sentence is a flaw, and nothing is changed."""
        state = self.current(anew=True)
        return check(state, on_progress) + check_lists(state, self._regime)

    def note(self, name: str) -> bytes | None:
        """Read what is kept beside the tables; see `StoredArchive.note`."""
        with failing_clearly(self.place):
            return self.place.note(name)

    def keep_note(self, name: str, content: bytes) -> None:
        """Keep something beside the tables; see `StoredArchive.keep_note`."""
        with failing_clearly(self.place):
            self.place.replace(f"notes/{name}", content)

    def tags(self) -> dict[str, Record]:
        """The states that are kept under a name."""
        with failing_clearly(self.place):
            return self.place.tags()

    def tag(self, name: str) -> Record:
        """Keep the last committed state under a name.

        Raises:
            QueryError: If there is one of that name.
        """
        record = self.current(anew=True).record
        with failing_clearly(self.place):
            self.place.tag(name, record)
        return record

    def untag(self, name: str) -> None:
        """Keep it no more.

        Raises:
            TagNotFoundError: If there is none of that name.
        """
        with failing_clearly(self.place):
            self.place.untag(name)

    def roll_back(self, name: str) -> tuple[int, str]:
        """Return to a state that is kept under a name, in a line of snapshots of its own.

        Returns:
            The number of the snapshot that this makes, and the tag under which what was there before is kept.

        Raises:
            TagNotFoundError: If there is none of that name.
            ArchiveBusyError: If another process is writing.
        """
        with self._lease(), failing_clearly(self.place):
            last, to = self.current(anew=True).record, self.place.tagged(name)
            kept = f"before-rollback-{datetime.now(UTC):%Y%m%dT%H%M%S}-{last.sequence}"
            self.place.tag(kept, last)
            # Keys are never used twice: what was stored under them may still be held by somebody.
            keys = {kind: max(key, last.last_keys[kind]) for kind, key in to.last_keys.items()}
            number = max(last.number, to.number) + 1
            following = replace(to.after(last), number=number, last_keys=keys, lineage=uuid4().hex)
            self.place.add(following)
            self._become(following)
            return number, kept

    # Inside

    @contextmanager
    def _lease(self) -> Iterator[Lease]:
        """Keep others from writing, in this process and elsewhere."""
        with ExitStack() as stack:
            stack.enter_context(writing_alone(self._writing, self._patience, self.place.address))
            with failing_clearly(self.place):
                lease = stack.enter_context(self.place.lease(self._patience))
            yield lease

    def _keep_up(self, lease: Lease, *, anew: bool = False, erased: bool = False) -> int:
        with failing_clearly(self.place):
            state = self.current(anew=True)
            record = keep_up(state, self._regime, anew=anew, erased=erased)
            if record != state.record:
                lease.check()
                following = record.after(state.record)
                self.place.add(following)
                state = self._become(following)
            kept_for = timedelta(0) if erased else KEPT_FOR
            return clean_up(self.place, state.tables, kept_for, erased=erased)

    def current(self, *, anew: bool = False) -> State:
        """The last committed state.

        Args:
            anew: Look for later records even if that was done a moment ago.
        """
        with self._guard:
            fresh = FRESH_SECONDS if self.place.is_remote else 0.0
            if anew or time.monotonic() - self._looked >= fresh:
                with failing_clearly(self.place):
                    record = self.place.latest(self._state.record.sequence)
                    if record is not None:
                        self._state = self._state.followed_by(record)
                self._looked = time.monotonic()
            return self._state

    def _become(self, record: Record) -> State:
        with self._guard:
            if record.sequence > self._state.record.sequence:
                self._state = self._state.followed_by(record)
            return self._state


def _last(place: Place) -> Record | None:
    with failing_clearly(place):
        return place.latest()


def _made(place: Place, card: ModelCard) -> Record:
    """Make an empty archive, unless somebody else does meanwhile."""
    tables = Tables.create(place, card.dimension)
    record = Record(
        sequence=0,
        commit=uuid4().hex,
        number=0,
        archive_id=uuid4().hex,
        lineage="",
        model=card.name,
        fingerprint=card.fingerprint,
        dimension=card.dimension,
        versions=tables.versions,
        last_keys=dict.fromkeys(("articles", "passages", "texts"), 0),
        totals=dict.fromkeys(TOTALS, 0),
    )
    try:
        place.add(record)
    except ArchiveBusyError:
        record = place.record(0)
    return record
