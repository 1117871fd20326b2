"""A run over Ray with an embedder that takes its time: python -m tests.cluster.drive FOLDER INDEX ADDRESS."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.cluster import run
from indexer.progress import Progress
from indexer.readers import ReadOptions
from indexer.settings import ClusterSettings
from search.archive import LocalArchive
from tests.fakes import HashEmbedder

OPTIONS = ReadOptions(now=datetime(2026, 1, 1, tzinfo=UTC), keep_embargoed=True)


DEADLY = "hemlock"
"""A word of texts that end the process which embeds them."""


class SlowEmbedder(HashEmbedder):
    """A `HashEmbedder` that takes as long as a model does, and of some texts dies."""

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        if any(DEADLY in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02 * len(texts))
        return super().embed_passages(texts, on_progress)


def main(folder: Path, index: Path, address: str) -> None:
    """Index a folder, and tell how far it is, at the end what became of it."""
    embedder = HashEmbedder()
    settings = ClusterSettings(index=index)

    def tell(progress: Progress) -> None:
        sys.stdout.write(json.dumps([progress.workers, progress.nodes, progress.articles]) + "\n")
        sys.stdout.flush()

    with LocalArchive.create(index, embedder.card) as archive:
        report = run.index(
            [folder], archive, embedder, OPTIONS, tell, address=address, settings=settings, load=SlowEmbedder
        )
    skipped = {Path(one.origin).name: one.reason for one in report.skipped}
    sys.stdout.write(json.dumps({"added": report.added, "skipped": skipped}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
