"""What is told of an indexing run: how far it is, what it made durable, and what became of everything."""

from dataclasses import dataclass, field
from pathlib import Path

from indexer.readers import Skipped


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
