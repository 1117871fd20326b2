"""A cluster that is started for a run, on this machine: an article that ends whoever embeds it harms no other."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import pipeline
from search.archive import LocalArchive
from tests.cluster.drive import DEADLY, OPTIONS
from tests.fakes import HashEmbedder
from tests.looking import contents_of

pytest.importorskip("ray")

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600

pytestmark = pytest.mark.cluster


def run(news: Path, index: Path) -> dict[str, object]:
    """Index a folder by a cluster of two workers, and tell what became of it."""
    environment = {
        "PYTHONPATH": str(REPOSITORY),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "DATELINE_RAY_SPARE_CPUS": "0",
        "DATELINE_RAY_WORKERS": "2",
        "DATELINE_RAY_PARTITION_BYTES": "1500",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster.drive", str(news), str(index), "local"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_an_article_that_ends_whoever_embeds_it_is_told_and_harms_no_other(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(12):
        text = f"The mayor of borough {number} opened a market on Monday.\n\nIt sells {number} kinds of cheese."
        (news / f"{number:02}.txt").write_text(f"Market {number}\n\n{text}", encoding="utf-8")
    (news / "05.txt").write_text(f"Herbs\n\nThe stall sells {DEADLY}, too, the mayor said.", encoding="utf-8")

    told = run(news, tmp_path / "index")
    assert told["added"] == 11
    assert told["skipped"] == {"05.txt": "ended the worker that had it, 3 times; it is left out of this run."}
    (news / "05.txt").unlink()
    embedder = HashEmbedder()
    with (
        LocalArchive.open(tmp_path / "index") as archive,
        LocalArchive.create(tmp_path / "plain", embedder.card) as plain,
    ):
        pipeline.index([news], plain, embedder, OPTIONS)
        assert contents_of(archive) == contents_of(plain)
