"""The archive on disk: a SQLite database that holds the truth, and the views that are searched."""

from search.archive.archive import Archive
from search.archive.database import StoredPassage
from search.archive.inputs import InputRecord
from search.archive.status import ArchiveStatus
from search.archive.view_check import ViewReport
from search.archive.writing import Outcome, Writer

__all__ = ["Archive", "ArchiveStatus", "InputRecord", "Outcome", "StoredPassage", "ViewReport", "Writer"]
