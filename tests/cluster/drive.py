"""A run over Ray with an embedder that takes its time: python -m tests.cluster.drive PATH INDEX ADDRESS."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from indexer.cluster import run
from indexer.progress import Progress
from indexer.readers import ReadOptions
from indexer.settings import ClusterSettings
from search.archive import create_archive
from tests.fakes import HashEmbedder

NEEDS_RAY = pytest.mark.skipif(find_spec("ray") is None, reason="make test-cluster installs Ray")
REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600
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


def run_here(paths: str, index: str, **environment: str) -> dict[str, Any]:
    """Index by a cluster of two workers that is started for the run, and tell what became of it."""
    chosen = {
        "PYTHONPATH": str(REPOSITORY),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "DATELINE_RAY_SPARE_CPUS": "0",
        "DATELINE_RAY_WORKERS": "2",
        "DATELINE_RAY_PARTITION_BYTES": "1500",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster.drive", paths, index, "local"],
        env=os.environ | chosen | environment,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(paths: str, index: str, address: str) -> None:
    """Index files or objects, and tell how far it is, at the end what became of it."""
    embedder = HashEmbedder()
    settings = ClusterSettings.load(index=index)

    def tell(progress: Progress) -> None:
        sys.stdout.write(json.dumps([progress.workers, progress.nodes, progress.articles]) + "\n")
        sys.stdout.flush()

    with create_archive(settings.index, embedder.card) as archive:
        report = run.index(
            [Path(paths)], archive, embedder, OPTIONS, tell, address=address, settings=settings, load=SlowEmbedder
        )
    skipped = {Path(one.origin).name: one.reason for one in report.skipped}
    sys.stdout.write(json.dumps({"added": report.added, "skipped": skipped}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
