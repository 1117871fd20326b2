"""How an indexing run goes: the pace of its commits, how far it is, and what became of everything."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.readers import Skipped

COMMIT_SECONDS = 5.0
"""About how long a round takes to be read and embedded before it is committed, in a small archive."""

PASSAGES_A_SECOND_MORE = 20_000
"""With each so many passages in the archive a round takes a second longer, because commits take longer."""

FEWEST_PASSAGES, MOST_PASSAGES = 16, 4_096
"""Bounds of a round, however slow or fast the machine."""

_FIRST_ROUND = 64


class Pace:
    """Says when a round is full, by its passages and its time: every few seconds, so that little can be lost.

    A round has as many passages as would have been read and embedded in its time at the rate of the last one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, first: int = _FIRST_ROUND) -> None:
        """Have a first round of `first` passages, and read the time in seconds from `clock`."""
        self._clock = clock
        self._began = clock()
        self._stored = 0
        self._wanted = first

    @property
    def seconds(self) -> float:
        """About how long a round takes."""
        return COMMIT_SECONDS + self._stored / PASSAGES_A_SECOND_MORE

    def begin(self, stored: int) -> None:
        """Begin the first round, in an archive of so many passages."""
        self._stored = stored
        self._began = self._clock()

    def is_full(self, passages: int) -> bool:
        """Tell whether a round of so many passages should be embedded and committed now."""
        return passages >= self._wanted or self._clock() - self._began >= self.seconds

    def embedded(self, passages: int) -> None:
        """Note that a round of so many passages is ready to be committed."""
        self._stored += passages
        taken = self._clock() - self._began
        if passages and taken > 0:
            self._wanted = max(FEWEST_PASSAGES, min(MOST_PASSAGES, round(passages / taken * self.seconds)))

    def committed(self) -> None:
        """Note that the round is committed; the next begins."""
        self._began = self._clock()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing run is.

    Attributes:
        files: Files finished reading.
        files_found: Files there are.
        passages: Passages embedded.
        passages_expected: Passages there are, as far as can be told.
        reading: The file being read; None while embedding.
        articles: Articles that are done with: stored, or left as they were.
        articles_expected: Articles there are, as far as can be told.
        workers: Workers of a cluster that are ready; 0 without a cluster.
        nodes: On how many machines they are.
    """

    files: int
    files_found: int
    passages: int
    passages_expected: int
    reading: Path | None
    articles: int = 0
    articles_expected: int = 0
    workers: int = 0
    nodes: int = 0

    @property
    def share(self) -> float:
        """How much of the work is done, as far as can be told, from 0 to 1."""
        if not self.passages_expected:
            return self.articles / self.articles_expected if self.articles_expected else 0.0
        return min(1.0, self.passages / self.passages_expected)


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit of an indexing run made durable: whatever happens from now on, it is stored.

    Attributes:
        snapshot: The archive's snapshot from then on.
        article_ids: Of the articles read since the last commit, those left as they were included.
    """

    snapshot: int
    article_ids: tuple[str, ...]


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did and committed.

    Attributes:
        files: Files found.
        unchanged_files: Those that had not changed since they were last read.
        added: Articles new in the archive.
        replaced: Articles stored in place of one with the same id and other content.
        unchanged: Articles read again that had not changed.
        outdated: Older versions of stored articles, which they did not replace.
        expired: Articles of days that were pruned, which were not taken in.
        withdrawn: Articles, stored or not, of which it became known that they must not be used.
        removed: Articles whose file no longer has them.
        passages: Passages embedded.
        skipped: Files and records that could not be read, and why.
        remarked: What there is to say of articles that were read: what was left out, what stood in for what.
        seconds: How long it took.
        snapshot: The archive's snapshot when it was done.
        stopped: Whether it was asked to stop before it was done; the same run again goes on from here.
    """

    files: int = 0
    unchanged_files: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    outdated: int = 0
    expired: int = 0
    withdrawn: int = 0
    removed: int = 0
    passages: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    remarked: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    snapshot: int = 0
    stopped: bool = False

    @property
    def passages_per_second(self) -> float:
        """Passages embedded per second of the whole run."""
        return self.passages / self.seconds if self.seconds else 0.0
