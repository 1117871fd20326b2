"""The archive on disk: a SQLite database that holds the truth, and the views that are searched."""

from search.archive.local.archive import Archive
from search.archive.local.database import StoredPassage
from search.archive.local.inputs import InputRecord
from search.archive.local.status import ArchiveStatus
from search.archive.local.view_check import ViewReport
from search.archive.local.writer import Outcome, Writer

__all__ = ["Archive", "ArchiveStatus", "InputRecord", "Outcome", "StoredPassage", "ViewReport", "Writer"]
