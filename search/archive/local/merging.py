"""Many passages are put into inverted lists beside the writer and those who ask, for that takes long.

What is made here lies in a folder of its own until a generation takes it up: at once, if the writer's place is
free, or with the next commit. Passages and keys never change, so it holds for any later state of the same line of
snapshots. If the process ends before that, what was begun is left behind and removed by the next who merges.
"""

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from search.archive.local import generation
from search.archive.local.database import Database
from search.archive.local.files import write_atomically
from search.archive.local.generation import Generation
from search.archive.local.marks import Contents, SegmentMark, Stamp
from search.archive.local.segments import SEGMENT_FOLDER, Segment, make_segment, measured, should_merge
from search.archive.local.vectors import Regime
from search.errors import ViewDamagedError

_LOG = logging.getLogger(__name__)
_FOLDER = "merging"
_LOCK_FILE = "merging.lock"
_READY_FILE = "ready.json"

REFUSED = "Inverted lists would find %.3f of the nearest passages. Vectors go on being compared one by one."
"""What is said when lists are not used."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A segment that is ready to take the place of all up to its last passage.

    Attributes:
        folder: Where it lies; None where lists were refused because they find too little.
        mark: What it is.
        probes: Lists that a question has to look at.
        recall: Share of the ten nearest that are found then.
        origin: Of what it was made of; see `search.archive.local.marks.Contents`.
    """

    folder: Path | None
    mark: SegmentMark
    probes: int
    recall: float
    origin: str

    def into(self, before: Contents) -> Contents:
        """The contents of a generation with it in the place of what it was made of."""
        if self.folder is None:
            return replace(before, refused=self.mark.passages, recall=self.recall)
        marks = before.segments
        later = tuple(mark for mark in marks if mark.first > self.mark.last)
        # What was joined across its end is made anew, with all that follows.
        across = any(mark.first <= self.mark.last < mark.last for mark in marks)
        segments = (self.mark,) if across else (self.mark, *later)
        return replace(before, segments=segments, probes=self.probes, recall=self.recall, refused=0)


def is_due(folder: Path, database: Database, regime: Regime) -> bool:
    """Tell whether there is something to merge."""
    with database.reading():
        return _mergeable(folder, database, Stamp.of(database.manifest()), regime) is not None


def merge(folder: Path, database: Database, regime: Regime) -> Merged | None:
    """Put all saved segments of an archive into one with inverted lists, if they should be; it is then ready.

    Nothing is made if another process is at it.

    Args:
        folder: Of the archive.
        database: Of the archive, in no transaction.
        regime: From which sizes on.

    Raises:
        OSError: If it cannot be written.
    """
    with _alone(folder) as alone, database.reading():
        stamp = Stamp.of(database.manifest())
        current = _mergeable(folder, database, stamp, regime)
        if not alone or current is None:
            return None
        shutil.rmtree(folder / _FOLDER, ignore_errors=True)
        last = current.contents.segments[-1].last
        keys = database.passage_keys(0)
        keys = keys[keys <= last]
        listed = [mark for mark in current.contents.segments if mark.lists]
        like = _like(current.folder / SEGMENT_FOLDER / listed[0].name, stamp.dimension) if listed else None
        segment = make_segment(database, keys, stamp.dimension, regime, like.vectors if like else None)
        probes, recall = measured(segment.vectors, regime)
        mark = SegmentMark(int(keys[0]), last, len(keys), segment.vectors.lists)
        refused = recall < regime.recall_needed
        if refused:
            _LOG.warning(REFUSED, recall)
        else:
            segment.save(folder / _FOLDER / mark.name)
        facts = {
            "stamp": stamp.as_dict(),
            "mark": mark,
            "probes": probes,
            "recall": recall,
            "refused": refused,
            "origin": current.contents.origin,
        }
        (folder / _FOLDER).mkdir(exist_ok=True)
        write_atomically(folder / _FOLDER / _READY_FILE, json.dumps(facts).encode())
        return ready(folder, stamp)


def ready(folder: Path, stamp: Stamp) -> Merged | None:
    """Find the segment that is ready for a generation with this stamp, if there is one."""
    try:
        facts = json.loads((folder / _FOLDER / _READY_FILE).read_bytes())
        mark = SegmentMark(*facts["mark"])
        place = None if facts["refused"] else folder / _FOLDER / mark.name
        merged = Merged(place, mark, int(facts["probes"]), float(facts["recall"]), facts["origin"])
        fits = stamp.fits(facts["stamp"]) and facts["stamp"]["snapshot"] <= stamp.snapshot
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return merged if fits and (place is None or place.is_dir()) else None


def discard(folder: Path, contents: Contents) -> None:
    """Remove what was ready if a generation with these contents has taken it up."""
    try:
        mark = SegmentMark(*json.loads((folder / _FOLDER / _READY_FILE).read_bytes())["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if mark in contents.segments or contents.refused == mark.passages:
        shutil.rmtree(folder / _FOLDER, ignore_errors=True)


def clear(folder: Path, patience: float) -> bool:
    """Remove whatever lies ready or was begun; gives whether it could be: not while another process merges.

    Args:
        folder: Of the archive.
        patience: Seconds to wait for whoever merges.
    """
    with _alone(folder, patience) as alone:
        if alone:
            shutil.rmtree(folder / _FOLDER, ignore_errors=True)
        return alone


def _mergeable(folder: Path, database: Database, stamp: Stamp, regime: Regime) -> Generation | None:
    """The current generation, if its segments should be merged."""
    try:
        current = generation.read_current(folder, stamp)
    except ViewDamagedError:
        return None
    if current is None or sum(mark.passages for mark in current.contents.segments) <= regime.exact_limit:
        return None
    return current if should_merge(current.contents, database.count_passages(), regime) else None


@contextmanager
def _alone(folder: Path, patience: float = 0) -> Iterator[bool]:
    """Be the only one who merges; gives whether nobody else is."""
    lock = FileLock(folder / _LOCK_FILE, timeout=patience, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _like(folder: Path, dimension: int) -> Segment | None:
    try:
        return Segment.load(folder, dimension)
    except ViewDamagedError:
        return None
