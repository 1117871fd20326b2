"""Publishing a commit: the views of what will be committed are ready before it is, and become current with it.

The order is: write the new views beside the old ones, commit the database, rename one file. A crash before the
commit leaves the old snapshot with the old views; one between the two leaves views that are one snapshot behind,
with a journal from which whoever comes next brings them up.
"""

import logging
from pathlib import Path

from search.archive.local import generation
from search.archive.local.database import Database
from search.archive.local.failures import disk_error
from search.archive.local.regime import Regime
from search.archive.local.stamp import Stamp
from search.archive.local.views import Views, prepare_views, read_views
from search.errors import ViewDamagedError

_LOG = logging.getLogger(__name__)


class Publisher:
    """Makes the views of each commit of one writer; the caller holds the writer's lock throughout."""

    def __init__(self, folder: Path, database: Database, regime: Regime) -> None:
        self._folder = folder
        self._database = database
        self._regime = regime
        self._latest: Views | None = None
        self._made: Path | None = None

    def prepare(self) -> None:
        """Make the views of what the database says now, before it is committed.

        Raises:
            ArchiveDiskError: If they cannot be written.
        """
        stamp = Stamp.of(self._database.manifest())
        saved, self._latest = self._latest, None  # it is changed in place, so that it is of no use after a failure
        try:
            if saved is None or not stamp.fits(saved.stamp.as_dict()):
                saved = self._saved(stamp)
            self._latest, self._made = prepare_views(self._folder, self._database, stamp, self._regime, saved)
        except OSError as error:
            raise disk_error(self._folder, error) from error

    def publish(self) -> None:
        """Make what was prepared, if anything was, current: its database state is committed."""
        made, self._made = self._made, None
        if made is not None:
            generation.publish(self._folder, made)

    def abandon(self) -> None:
        """Drop what was prepared: it was not committed."""
        made, self._made, self._latest = self._made, None, None
        if made is not None:
            generation.abandon(made)

    def _saved(self, stamp: Stamp) -> Views | None:
        try:
            return read_views(self._folder, stamp, self._regime)
        except ViewDamagedError as error:
            _LOG.warning("%s The index is made anew from the database; no article is lost.", error.problem)
            return None
